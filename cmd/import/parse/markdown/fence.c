#include "cmd/import/parse/markdown/fence.h"

static bool is_fence_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct fence fence_of(struct span line)
{
	struct fence fence = { 0, 0, true };
	size_t i = 0;
	size_t begin;

	while (i < line.len && is_fence_blank(line.at[i]))
		i++;
	begin = i;
	if (i == line.len || (line.at[i] != '`' && line.at[i] != '~'))
		return fence;
	while (i < line.len && line.at[i] == line.at[begin])
		i++;
	if (i - begin < FENCE_MIN)
		return fence;
	fence.len = i - begin < FENCE_MAX ? i - begin : FENCE_MAX;
	fence.mark = line.at[begin];
	for (; i < line.len; i++) {
		fence.is_bare &= is_fence_blank(line.at[i]);
		/* Code between backticks on one line is no fence. */
		if (fence.mark == '`' && line.at[i] == '`')
			fence.mark = 0;
	}
	return fence;
}

bool fence_closes(const struct fence *fence, const struct fence *open)
{
	return fence->mark && fence->mark == open->mark && fence->is_bare &&
	       fence->len >= open->len;
}
