#include "cmd/import/vvault/chatty_lines.h"

#include <stdlib.h>

#include "cmd/import/parse/markdown/fence.h"
#include "lib/base/array.h"

void chatty_lines_release(struct chatty_lines *lines)
{
	free(lines->at);
	lines->at = NULL;
	lines->n = 0;
}

struct span chatty_line_at(const struct chatty_lines *lines, size_t at)
{
	return span_of(lines->text.at + lines->at[at].begin,
		       lines->at[at].len);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

bool chatty_line_is_empty(const struct chatty_lines *lines, size_t at)
{
	struct span line = chatty_line_at(lines, at);
	size_t i;

	for (i = 0; i < line.len; i++) {
		if (!is_blank(line.at[i]))
			return false;
	}
	return true;
}

/* A fence may open behind a speaker's name, too. */
static struct fence opening_of(struct span line)
{
	struct fence fence = fence_of(line);
	struct chatty_head head;

	if (fence.mark)
		return fence;
	head = chatty_head_of(line);
	return head.dialect == CHATTY_NONE ? fence : fence_of(head.rest);
}

/* The line that closes it; lines->n when none does. */
static size_t closing_line(const struct chatty_lines *lines, size_t from,
			   const struct fence *open)
{
	struct fence fence;
	size_t i;

	for (i = from; i < lines->n; i++) {
		fence = fence_of(chatty_line_at(lines, i));
		if (fence_closes(&fence, open))
			break;
	}
	return i;
}

/*
 * One that is never closed opens nothing, or it would swallow the rest; nor
 * does a longer one of its mark behind it, so the search for an end that is
 * not there is made but a few times.
 */
static void mark_fences(struct chatty_lines *lines)
{
	size_t open_ended[2] = { FENCE_MAX + 1, FENCE_MAX + 1 };
	struct fence fence;
	size_t close;
	size_t i;

	for (i = 0; i < lines->n; i++) {
		fence = opening_of(chatty_line_at(lines, i));
		if (!fence.mark || fence.len >= open_ended[fence.mark == '~'])
			continue;
		close = closing_line(lines, i + 1, &fence);
		if (close == lines->n) {
			open_ended[fence.mark == '~'] = fence.len;
			continue;
		}
		while (i < close)
			lines->at[++i].is_fenced = true;
	}
}

int chatty_lines_split(struct chatty_lines *lines, struct span text,
		       struct err *err)
{
	const char *end = text.at + text.len;
	const char *at = text.at;
	const char *newline;
	int rc = 0;

	lines->text = text;
	if (text.len > CHATTY_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "the transcript is larger than "
			       "%zu MiB", CHATTY_MAX_BYTES >> 20);
	while (rc >= 0 && at < end) {
		rc = array_room(lines, err);
		if (rc < 0)
			break;
		newline = memchr(at, '\n', (size_t)(end - at));
		newline = newline ? newline : end;
		lines->at[lines->n].begin = (uint32_t)(at - text.at);
		lines->at[lines->n].len = (uint32_t)(newline - at);
		lines->at[lines->n++].is_fenced = false;
		at = newline + (newline < end);
	}
	if (rc >= 0)
		mark_fences(lines);
	return rc;
}
