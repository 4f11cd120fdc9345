#include "cmd/browse/talk.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/time/timestamp.h"
#include "lib/time/wall_text.h"

#define FOLDED_BYTES 60		/* of a turn that is folded */
#define TEXT_INDENT 2

void talk_reset(struct talk *talk)
{
	arena_release(&talk->arena);
	talk->n = 0;
	sheet_reset(&talk->sheet, 1, false);
}

void talk_release(struct talk *talk)
{
	talk_reset(talk);
	sheet_release(&talk->sheet);
	free(talk->at);
	talk->at = NULL;
	talk->cap = 0;
}

static int keep_time(struct talk *talk, struct turn *turn, struct span told,
		     const struct wall *wall, struct err *err)
{
	char text[WALL_TEXT_MAX];
	int64_t micros;

	if (timestamp_parse(told, &micros, NULL, NULL) == 0) {
		wall_text_near(wall, micros, text);
		told = span_str(text);
	}
	return arena_keep(&talk->arena, told, &turn->at, err);
}

static enum turn_kind kind_of(const struct jval *object)
{
	struct span visibility = jval_get_text(object, "visibility");

	if (span_equals(visibility, span_str("tool")))
		return TURN_TOOL;
	if (span_equals(visibility, span_str("thinking")))
		return TURN_THINKING;
	return !visibility.len || span_equals(visibility, span_str("visible")) ?
	       TURN_SHOWN : TURN_HIDDEN;
}

static size_t number_of(const struct jval *object, const char *name)
{
	long long number;

	return jval_integer(jval_get(object, name), &number) && number > 0 ?
	       (size_t)number : 0;
}

int talk_add(struct talk *talk, const struct jval *object,
	     const struct wall *wall, struct err *err)
{
	struct arena *arena = &talk->arena;
	struct span name = jval_get_text(object, "name");
	struct turn *turn;
	int rc = array_room(talk, err);

	if (rc < 0)
		return rc;
	turn = &talk->at[talk->n];
	*turn = (struct turn){ .kind = kind_of(object),
			       .nth = number_of(object, "branch"),
			       .of = number_of(object, "branches") };
	(void)!jval_integer(jval_get(object, "index"), &turn->index);
	rc = arena_keep(arena, jval_get_text(object, "entity"), &turn->entity,
			err);
	if (rc == 0)
		rc = arena_keep(arena, name.len ? name :
				jval_get_text(object, "role"), &turn->who,
				err);
	if (rc == 0)
		rc = arena_keep(arena, jval_get_text(object, "model"),
				&turn->model, err);
	if (rc == 0)
		rc = keep_time(talk, turn, jval_get_text(object, "at"), wall,
			       err);
	if (rc == 0)
		rc = arena_keep(arena, jval_get_text(object, "text"),
				&turn->text, err);
	talk->n += rc == 0;
	return rc;
}

static int compare_index(const void *a, const void *b)
{
	long long left = ((const struct turn *)a)->index;
	long long right = ((const struct turn *)b)->index;

	return (left > right) - (left < right);
}

void talk_sort(struct talk *talk)
{
	if (talk->n)
		qsort(talk->at, talk->n, sizeof(*talk->at), compare_index);
}

static bool is_folded(const struct talk *talk, const struct turn *turn)
{
	return turn->kind == TURN_TOOL ? !talk->with_tools :
	       turn->kind != TURN_SHOWN && !talk->with_thinking;
}

static const char *fold_title(const struct turn *turn)
{
	switch (turn->kind) {
	case TURN_TOOL:
		return "+ tool (t): ";
	case TURN_THINKING:
		return "+ thinking (T): ";
	default:
		return "+ hidden (T): ";
	}
}

/* One line of it, and how to see the rest. */
static void put_folded(struct sheet *sheet, const struct turn *turn)
{
	struct span text = turn->text;
	struct span first = span_take_line(&text);

	sheet_str(sheet, STYLE_DIM, fold_title(turn));
	sheet_put(sheet, STYLE_DIM, text_cut(first, FOLDED_BYTES));
	if (text.len || first.len > FOLDED_BYTES)
		sheet_str(sheet, STYLE_DIM, " ...");
	sheet_end(sheet, TEXT_INDENT);
}

static void put_head(struct sheet *sheet, const struct turn *turn)
{
	char branch[64];

	sheet_put(sheet, STYLE_WHO, turn->who.len ? turn->who :
		  span_str("unknown"));
	if (turn->model.len) {
		sheet_str(sheet, STYLE_DIM, "  ");
		sheet_put(sheet, STYLE_DIM, turn->model);
	}
	if (turn->at.len) {
		sheet_str(sheet, STYLE_DIM, "  ");
		sheet_put(sheet, STYLE_DATE, turn->at);
	}
	if (turn->of > 1) {
		snprintf(branch, sizeof(branch), "  branch %zu of %zu",
			 turn->nth, turn->of);
		sheet_str(sheet, STYLE_BOLD, branch);
	}
	sheet_end(sheet, 0);
}

static void put_turn(struct talk *talk, struct turn *turn)
{
	struct sheet *sheet = &talk->sheet;

	turn->line = sheet->n;
	if (is_folded(talk, turn)) {
		put_folded(sheet, turn);
		return;
	}
	put_head(sheet, turn);
	sheet_lines(sheet, turn->kind == TURN_SHOWN ? STYLE_PLAIN : STYLE_DIM,
		    TEXT_INDENT, turn->text);
	sheet_end(sheet, 0);
}

int talk_lay_out(struct talk *talk, size_t width, bool is_ascii,
		 struct err *err)
{
	size_t i;

	sheet_reset(&talk->sheet, width, is_ascii);
	for (i = 0; i < talk->n; i++)
		put_turn(talk, &talk->at[i]);
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
