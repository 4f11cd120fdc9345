#include "cmd/browse/view/talk.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/base/array.h"

void talk_reset(struct talk *talk, size_t width, bool is_ascii)
{
	arena_release(&talk->arena);
	talk->n = 0;
	talk->named = 0;
	talk->left_out = 0;
	sheet_reset(&talk->sheet, width, is_ascii);
}

void talk_release(struct talk *talk)
{
	talk_reset(talk, 1, false);
	sheet_release(&talk->sheet);
	free(talk->at);
	talk->at = NULL;
	talk->cap = 0;
}

static size_t number_of(const struct jval *object, const char *name)
{
	long long number;

	return jval_integer(jval_get(object, name), &number) && number > 0 ?
	       (size_t)number : 0;
}

int talk_add(struct talk *talk, const struct jval *object, struct err *err)
{
	const struct jval *branch = jval_get(object, "branch");
	const struct jval *left_out = jval_get(object, "left_out");
	struct span entity = jval_get_text(object, "entity");
	bool is_named = jval_is(jval_get(object, "named"), JVAL_TRUE);
	struct turn *turn;
	int rc = array_room(talk, err);

	if (rc < 0)
		return rc;
	if (left_out)
		talk->left_out = number_of(left_out, "thinking") +
				 number_of(left_out, "hidden");
	if (talk->named == talk->n && !is_named)
		talk->named++;
	turn = &talk->at[talk->n];
	*turn = (struct turn){ .nth = number_of(branch, "n"),
			       .of = number_of(branch, "of"),
			       .line = talk->sheet.n };
	rc = arena_keep(&talk->arena, entity.len ? entity :
			jval_get_text(object, "session"), &turn->entity, err);
	talk->n += rc == 0;
	return rc;
}

int talk_add_text(struct talk *talk, struct span text, struct err *err)
{
	struct sheet *sheet = &talk->sheet;
	char more[64];

	sheet_ansi(sheet, text);
	if (talk->n == 1 && talk->left_out) {
		snprintf(more, sizeof(more), "%zu hidden or thinking: T shows "
			 "them", talk->left_out);
		sheet_str(sheet, STYLE_DIM, more);
		sheet_end(sheet, 0);
	}
	return sheet_close(&talk->sheet, err);
}

size_t talk_turn_at(const struct talk *talk, size_t line)
{
	size_t low = 0;
	size_t high = talk->n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (talk->at[middle].line <= line)
			low = middle;
		else
			high = middle;
	}
	return low;
}

size_t talk_find(const struct talk *talk, struct span entity)
{
	size_t i;

	for (i = 0; i < talk->n; i++) {
		if (span_equals(talk->at[i].entity, entity))
			break;
	}
	return i;
}

struct span talk_branch(const struct talk *talk)
{
	size_t i = talk->n;

	while (i && talk->at[i - 1].of < 2)
		i--;
	i -= i > 0;
	return talk->n ? talk->at[i].entity : span_of("", 0);
}
