/*
 * What the view looks like, at several sizes, whatever stands in it.
 */
#include "tests/unit/cmd/browse/view/drawn.h"

static void make_model(struct model *model, size_t rows, size_t cols)
{
	struct hits hits = HITS_INIT;

	*model = (struct model)MODEL_INIT;
	add_hit(&hits, "{\"construct\":\"nova\",\"entity\":\"message:t:1/a\","
		"\"session\":\"session:t:1\",\"title\":\"The garden\","
		"\"at\":\"2024-05-01T10:00:00.000000Z\",\"role\":\"user\","
		"\"snippet\":\"plant the roses\",\"marks\":[[10,15]],"
		"\"nth\":1}");
	add_hit(&hits, "{\"construct\":\"nova\",\"entity\":\"message:t:1/b\","
		"\"session\":\"session:t:1\",\"title\":\"The garden\","
		"\"at\":null,\"role\":\"assistant\",\"nth\":2,"
		"\"snippet\":\"\\u001b[2J\\u202e \\u5e83\\u5cf6 e\\u0301\\u0300"
		"\\u0302x\",\"marks\":[[900,901]]}");
	model_take_hits(model, &hits, false);
	model_resize(model, rows, cols);
}

static void test_list(void)
{
	struct model model;

	make_model(&model, 24, 80);
	draw_model(&model);
	ok(strstr(row_text(1), "2 hits") == row_text(1), "how many");
	is_str(row_text(2), "> 2024-05-01  The garden                "
	       "user: plant the roses", "the first hit");
	is_str(styled_text(2, STYLE_MARK | STYLE_REVERSE), "roses",
	       "the word is marked");
	is_str(styled_text(12, STYLE_MARK), "", "nothing is in the rule");
	is_str(row_text(13), "  user: plant the roses", "what is known of it");
	is_str(styled_text(13, STYLE_MARK), "roses", "marked there, too");
	ok(strstr(row_text(3), "undated") && !strstr(row_text(3), "garden"),
	   "the title stands once");
	model_step(&model, 1);
	draw_model(&model);
	is_str(styled_text(2, STYLE_MARK), "roses", "marked, not chosen");
	ok(!strncmp(row_text(3), "> ", 2), "the next one is chosen");
	model_release(&model);
}

static void test_from_outside(void)
{
	struct model model;
	size_t row;
	size_t col;
	bool is_clean = true;

	make_model(&model, 24, 100);
	draw_model(&model);
	ok(strstr(row_text(3), "\\e[2J\\u{202e} \xe5\xba\x83\xe5\xb3\xb6 "
		  "e\xcc\x81\xcc\x80x"), "escaped, wide, combining");
	drawn.is_ascii = true;
	draw_model(&model);
	ok(strstr(row_text(3), "\\e[2J\\u{202e} ?? e???x"), "in ASCII");
	for (row = 0; row < drawn.rows; row++) {
		for (col = 0; col < drawn.cols; col++) {
			uint32_t point = grid_cell(&drawn, row, col)->point;

			is_clean &= point >= ' ' && point < 0x7f;
		}
	}
	ok(is_clean, "ASCII all over the screen");
	drawn.is_ascii = false;
	model_release(&model);
}

static void test_sizes(void)
{
	struct model model;
	size_t rows;
	size_t cols;

	for (rows = 0; rows < 40; rows += rows < 12 ? 1 : 9) {
		for (cols = 0; cols < 130; cols += cols < 30 ? 1 : 23) {
			make_model(&model, rows, cols);
			draw_model(&model);
			press_text(&model, "a\ttext\xc3");
			draw_model(&model);
			model.place = PLACE_HELP;
			draw_model(&model);
			model_release(&model);
		}
	}
	make_model(&model, 5, 24);
	draw_model(&model);
	ok(strstr(row_text(0), "too small: 24x6"), "too small is said");
	model_resize(&model, 6, 24);
	draw_model(&model);
	ok(!strncmp(row_text(0), "Search:", 7) && screen_has("> 2024-05-01"),
	   "the least size shows a hit");
	model_release(&model);
}

static void test_scroll(void)
{
	struct model model = MODEL_INIT;
	struct hits hits = HITS_INIT;
	char json[64];
	int i;

	for (i = 0; i < 100; i++) {
		snprintf(json, sizeof(json), "{\"title\":\"title %d.\"}", i);
		add_hit(&hits, json);
	}
	model_take_hits(&model, &hits, false);
	model_resize(&model, 24, 80);
	model_step(&model, 55);
	draw_model(&model);
	ok(screen_has("> undated     title 55."), "the choice is in sight");
	model_step(&model, 1000);
	draw_model(&model);
	ok(screen_has("> undated     title 99."), "the last one");
	model_resize(&model, 8, 80);
	draw_model(&model);
	ok(screen_has("> undated     title 99."), "also when it shrinks");
	model_step(&model, -1000);
	draw_model(&model);
	is_int(model.top, 0, "back at the top");
	model_release(&model);
}

/* Whoever has gone through what came gets more, at the same place. */
static void test_more(void)
{
	struct model model = MODEL_INIT;
	char json[64];
	int round;
	int i;

	for (round = 0; round < 2; round++) {
		struct hits hits = HITS_INIT;

		for (i = 0; i < 25 + 5 * round; i++) {
			snprintf(json, sizeof(json), "{\"entity\":\"e%d\"}",
				 round ? 29 - i : i);
			add_hit(&hits, json);
		}
		model_take_hits(&model, &hits, false);
		model_resize(&model, 24, 80);
		draw_model(&model);
		if (round)
			break;
		ok(screen_has("the best 25 hits"), "there may be more");
		model_step(&model, 23);
		is_int(model.wish, WISH_NONE, "not yet");
		model_step(&model, 1);
		is_int(model.wish, WISH_MORE, "more of them");
	}
	ok(screen_has("30 hits") && !screen_has("best"), "that is all");
	is_int(model.cursor, 5, "the same is chosen");
	model_release(&model);
}

static void test_empty(void)
{
	struct model model = MODEL_INIT;

	model_resize(&model, 24, 80);
	model.are_sessions = true;
	draw_model(&model);
	ok(!screen_has("vvault import"), "not before that is known");
	model.has_hits = true;
	draw_model(&model);
	ok(screen_has("vvault import"), "what to do with an empty vault");
	model.are_sessions = false;
	draw_model(&model);
	ok(screen_has("nothing found"), "nothing found");
	model_say(&model, true, span_str("it is broken\nhere"));
	draw_model(&model);
	is_str(row_text(23), "it is broken\\nhere", "an error, on one line");
	model_release(&model);
}

/* What the hit is part of, once it has come. */
static void test_preview(void)
{
	struct jdoc_options options = { .flags = JDOC_COPY };
	struct model model;
	struct talk talk = TALK_INIT;
	struct jdoc *doc;
	int i;

	make_model(&model, 24, 80);
	ok(!model_has_preview(&model), "not yet");
	talk_reset(&talk, 80, false);
	for (i = 0; i < 3; i++) {
		if (jdoc_parse(span_str(i == 1 ? "{\"named\":true}" : "{}"),
			       &options, &doc, NULL) < 0 ||
		    talk_add(&talk, jdoc_root(doc), NULL) < 0 ||
		    talk_add_text(&talk, span_str("1\n2\n3\n4\n5\n6\n"
						  "the Roses\n"), NULL) < 0)
			bail_out("no preview");
		jdoc_free(doc);
	}
	model_take_preview(&model, &talk, model_hit(&model));
	draw_model(&model);
	is_str(row_text(13), "5", "some of what comes before");
	is_str(row_text(16), "1", "the hit");
	is_str(styled_text(22, STYLE_MARK), "Roses", "its words marked");
	model_step(&model, 1);
	ok(!model_has_preview(&model), "of another there is none");
	model_release(&model);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	test_list();
	test_from_outside();
	test_sizes();
	test_scroll();
	test_more();
	test_empty();
	test_preview();
	grid_release(&drawn);
	return done_testing();
}
