/*
 * Reading: how a conversation is laid out, and the ways through it.
 */
#include "tests/unit/cmd/browse/drawn.h"

static const struct wall utc;

static void add_turn(struct talk *talk, const char *json)
{
	struct jdoc_options options = { .flags = JDOC_COPY };
	struct jdoc *doc;

	if (jdoc_parse(span_str(json), &options, &doc, NULL) < 0 ||
	    talk_add(talk, jdoc_root(doc), &utc, NULL) < 0)
		bail_out("not a turn: %s", json);
	jdoc_free(doc);
}

static void make_model(struct model *model, size_t rows, size_t cols)
{
	struct hit hit = { .construct = span_str("nova"),
			   .session = span_str("session:t:1"),
			   .title = span_str("The garden") };
	struct talk talk = TALK_INIT;

	*model = (struct model)MODEL_INIT;
	model_resize(model, rows, cols);
	add_turn(&talk, "{\"entity\":\"a\",\"role\":\"user\",\"at\":"
		 "\"2024-05-01T10:00:00Z\",\"text\":\"When shall we plant the"
		 " tomatoes?\\n\\n\\tin rows\"}");
	add_turn(&talk, "{\"entity\":\"b\",\"role\":\"tool\",\"visibility\":"
		 "\"tool\",\"text\":\"first line\\nsecond line\"}");
	add_turn(&talk, "{\"entity\":\"c\",\"visibility\":\"thinking\","
		 "\"text\":\"I wonder\"}");
	add_turn(&talk, "{\"entity\":\"d\",\"name\":\"Ada\",\"model\":"
		 "\"m-1\",\"text\":\"In May.\\u001b[2J\",\"branch\":2,"
		 "\"branches\":3}");
	add_turn(&talk, "{\"entity\":\"e\",\"text\":\"1\\n2\\n3\\n4\\n5\\n"
		 "6\\n7\\n8\\n9\\n10\\n11\\n12 TOMATO\\n13\"}");
	model_set_session(model, &hit);
	model_take_talk(model, &talk, span_str("a"));
}

static void test_layout(void)
{
	struct model model;

	make_model(&model, 24, 40);
	draw_model(&model);
	ok(strstr(row_text(0), "The garden  nova") == row_text(0), "the title");
	ok(!strncmp(row_text(1), "user  ", 6), "who");
	is_str(row_text(2), "  When shall we plant the tomatoes?", "what");
	is_str(row_text(3), "", "its empty line");
	is_str(row_text(4), "      in rows", "a tab");
	is_str(row_text(6), "  + tool (t): first line ...", "a tool is folded");
	is_str(row_text(7), "  + thinking (T): I wonder", "so is thinking");
	is_str(row_text(8), "Ada  m-1  branch 2 of 3", "a branch");
	is_str(row_text(9), "  In May.\\e[2J", "escaped");
	key_press(&model, 't');
	key_press(&model, 'T');
	draw_model(&model);
	ok(screen_has("second line") && screen_has("  I wonder"), "unfolded");
	key_press(&model, 't');
	draw_model(&model);
	ok(!screen_has("second line"), "folded again");
	model_resize(&model, 24, 24);
	draw_model(&model);
	is_str(row_text(2), "  When shall we plant", "a narrow line");
	is_str(row_text(3), "  the tomatoes?", "goes on");
	model_release(&model);
}

static void test_ways(void)
{
	struct model model;

	make_model(&model, 10, 40);
	key_press(&model, 'J');
	draw_model(&model);
	is_str(row_text(1), "  + tool (t): first line ...", "the next message");
	key_press(&model, 'K');
	is_int(model.line, 0, "the one before");
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
	is_str(styled_text(2, STYLE_MARK), "tomato", "marked as it is typed");
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
	   span_equals(model.fork, span_str("d")), "the next branch");
	key_press(&model, '[');
	is_int(model.branch, 1, "the one before");
	key_press(&model, 'G');
	model_resize(&model, 8, 40);
	key_press(&model, 'G');
	key_press(&model, ']');
	ok(model.wish == WISH_NONE && model.is_error, "none on the screen");
	key_press(&model, 'y');
	is_int(model.wish, WISH_COPY, "copy");
	ok(span_equals(model_entity(&model), span_str("e")), "of this one");
	model_release(&model);
}

static void test_text(void)
{
	struct model model;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	make_model(&model, 24, 40);
	sheet_text(&model.talk.sheet, &text);
	ok(strstr(buf_text(&text), "  When shall we plant the tomatoes?\n\n"
		  "      in rows\n\n  + tool"), "as text");
	buf_release(&text);
	model_release(&model);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	test_layout();
	test_ways();
	test_find();
	test_branch();
	test_text();
	grid_release(&drawn);
	return done_testing();
}
