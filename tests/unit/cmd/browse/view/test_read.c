/*
 * Reading: how a conversation is laid out, and the ways through it.
 */
#include "tests/unit/cmd/browse/view/drawn.h"

static void add_turn(struct talk *talk, const char *json, const char *text)
{
	struct jdoc_options options = { .flags = JDOC_COPY };
	struct jdoc *doc;

	if (jdoc_parse(span_str(json), &options, &doc, NULL) < 0 ||
	    talk_add(talk, jdoc_root(doc), NULL) < 0 ||
	    talk_add_text(talk, span_str(text), NULL) < 0)
		bail_out("not a turn: %s", json);
	jdoc_free(doc);
}

static void make_talk(struct talk *talk, size_t cols)
{
	talk_reset(talk, cols, false);
	add_turn(talk, "{\"left_out\":{\"hidden\":1,\"thinking\":2},"
		 "\"session\":\"session:t:1\"}",
		 "\033[1mThe garden\033[m\n2 messages\n");
	add_turn(talk, "{\"entity\":\"message:a\"}",
		 "\n\033[36;1muser\033[m  today\nWhen shall we plant the "
		 "tomatoes?\n\n\tin rows\n");
	add_turn(talk, "{\"entity\":\"message:b\",\"branch\":{\"n\":2,"
		 "\"of\":3},\"named\":true}",
		 "\n\033[36mAda\033[m\n\033[2Jtorn \033[31m\033[9;4mlink"
		 "\033[39m\033]8;;http://x\033\\text\033[");
	add_turn(talk, "{\"entity\":\"message:c\"}", "\n1\n2\n3\n4\n5\n6\n"
		 "7\n8\n9\n10\n11\n12 TOMATO\n13\n");
}

static void make_model(struct model *model, size_t rows, size_t cols)
{
	struct hit hit = { .construct = span_str("nova"),
			   .session = span_str("session:t:1"),
			   .title = span_str("The garden") };
	struct talk talk = TALK_INIT;

	*model = (struct model)MODEL_INIT;
	model_resize(model, rows, cols);
	make_talk(&talk, cols);
	model_set_session(model, &hit);
	model_take_talk(model, &talk, span_str("session:t:1"));
	model->place = PLACE_READ;
}

static void test_layout(void)
{
	struct model model;

	make_model(&model, 24, 40);
	draw_model(&model);
	ok(strstr(row_text(0), "The garden  nova") == row_text(0), "the title");
	is_str(styled_text(1, STYLE_BOLD), "The garden", "of the session");
	is_str(row_text(3), "3 hidden or thinking: T shows them", "the rest");
	is_str(styled_text(5, STYLE_WHO | STYLE_BOLD), "user", "who");
	is_str(row_text(6), "When shall we plant the tomatoes?", "what");
	is_str(row_text(7), "", "its empty line");
	is_str(row_text(8), "    in rows", "a tab");
	is_str(styled_text(11, 1 | STYLE_DIM | STYLE_UNDERLINE), "link",
	       "styles add up");
	ok(!strncmp(row_text(11), "torn link", 9), "other sequences are gone");
	model_resize(&model, 24, 24);
	draw_model(&model);
	is_str(row_text(6), "When shall we plant the", "cut until it comes anew");
	model_release(&model);
}

/* Where reading begins, and by what a branch is named. */
static void test_begin(void)
{
	struct model model;
	struct talk talk = TALK_INIT;

	make_model(&model, 6, 40);
	is_int(model.line, 0, "at the begin");
	make_talk(&talk, 40);
	is_int(talk.named, 2, "the one that was asked for");
	model_take_talk(&model, &talk, span_of("", 0));
	is_int(model.line, model.talk.at[2].line, "there");
	make_talk(&talk, 40);
	model_take_talk(&model, &talk, span_str("message:a"));
	is_int(model.line, model.talk.at[1].line, "at a message");
	ok(span_equals(talk_branch(&model.talk), span_str("message:b")),
	   "the last fork names the branch");
	talk_reset(&talk, 40, false);
	add_turn(&talk, "{\"session\":\"session:t:1\"}", "x\n");
	ok(span_equals(talk_branch(&talk), span_str("session:t:1")),
	   "without one the session does");
	is_int(talk.named, 1, "none is named");
	talk_release(&talk);
	model_release(&model);
}

static void test_ways(void)
{
	struct model model;

	make_model(&model, 10, 40);
	key_press(&model, 'J');
	draw_model(&model);
	ok(!strncmp(row_text(2), "user  today", 11), "the next message");
	key_press(&model, 'K');
	is_int(model.line, 0, "the one before");
	key_press(&model, 't');
	ok(model.with_tools && model.wish == WISH_READ_AGAIN, "tools");
	key_press(&model, ' ');
	is_int(model.line, 6, "a screen on");
	key_press(&model, 'G');
	draw_model(&model);
	ok(screen_has("100%") && screen_has("13"), "the end");
	key_press(&model, 'b');
	key_press(&model, 'b');
	key_press(&model, 'b');
	is_int(model.line, 0, "and back");
	key_press(&model, PRESS_ESCAPE);
	is_int(model.place, PLACE_LIST, "to the list");
	model_release(&model);
}

static void test_find(void)
{
	struct model model;
	size_t first;

	make_model(&model, 10, 40);
	press_text(&model, "/tomato");
	draw_model(&model);
	is_str(styled_text(6, STYLE_MARK), "tomato", "marked as it is typed");
	ok(drawn.cursor_row == 9 && drawn.cursor_col == 12, "the cursor");
	key_press(&model, PRESS_ENTER);
	first = model.match;
	is_int(model.line, 0, "it is on the screen already");
	key_press(&model, 'n');
	draw_model(&model);
	ok(model.match > first && screen_has("12 TOMATO"), "the next one");
	key_press(&model, 'n');
	is_int(model.match, first, "around");
	key_press(&model, 'N');
	draw_model(&model);
	ok(screen_has("12 TOMATO"), "and back");
	press_text(&model, "/nowhere\r");
	ok(model.is_error, "not found");
	model_release(&model);
}

static void test_branch(void)
{
	struct model model;

	make_model(&model, 24, 40);
	key_press(&model, ']');
	ok(model.wish == WISH_BRANCH && model.branch == 3 &&
	   span_equals(model.fork, span_str("message:b")), "the next branch");
	key_press(&model, '[');
	is_int(model.branch, 1, "the one before");
	key_press(&model, 'G');
	model_resize(&model, 8, 40);
	key_press(&model, 'G');
	key_press(&model, ']');
	ok(model.wish == WISH_NONE && model.is_error, "none on the screen");
	key_press(&model, 'y');
	is_int(model.wish, WISH_COPY, "copy");
	ok(span_equals(model_entity(&model), span_str("message:c")), "of this one");
	model_release(&model);
}

static void test_text(void)
{
	struct model model;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	make_model(&model, 24, 40);
	sheet_text(&model.talk.sheet, &text);
	ok(strstr(buf_text(&text), "When shall we plant the tomatoes?\n\n"
		  "    in rows\n\nAda\n"), "as text");
	buf_release(&text);
	model_release(&model);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	test_layout();
	test_begin();
	test_ways();
	test_find();
	test_branch();
	test_text();
	grid_release(&drawn);
	return done_testing();
}
