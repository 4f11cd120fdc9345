/*
 * Keys, the line that is typed, and what it asks for.
 */
#include "cmd/browse/view/asked.h"
#include "tests/unit/cmd/browse/view/drawn.h"

static void reads(const char *line, bool is_typing, const char *words)
{
	struct asked asked = ASKED_INIT;

	is_int(asked_read(span_str(line), is_typing, &asked, NULL), 0, line);
	is_str(asked.words, words, "its words");
	asked_release(&asked);
}

static void test_asked(void)
{
	struct asked asked = ASKED_INIT;
	struct buf line = BUF_INIT(BUF_NO_LIMIT);

	reads("", true, "");
	reads("  rain  snow ", true, "rain snow");
	reads("rain tom", true, "rain tom tom*");
	reads("rain tom", false, "rain tom");
	reads("rain t", true, "rain t");
	reads("role:user to", true, "to to*");
	reads("\"old gre", true, "\"old gre\"");
	reads("title:garden", false, "title:garden");
	reads("role:", true, "");
	reads("-tom", true, "-tom");
	is_int(asked_read(span_str("a role:user since:\"2 weeks ago\" role:tool"),
			  false, &asked, NULL), 0, "filters");
	is_str(asked_filter(&asked, "role"), "tool", "the last one counts");
	is_str(asked_filter(&asked, "since"), "2 weeks ago", "with blanks");
	ok(!asked_filter(&asked, "kind"), "not given");
	asked_change(span_str("a role:user b"), "role", span_str("x y"), &line);
	is_str(buf_text(&line), "a b role:\"x y\" ", "a filter is changed");
	buf_release(&line);
	asked_release(&asked);
}

static void test_edit(void)
{
	struct edit edit = EDIT_INIT;

	edit_insert(&edit, 'a');
	edit_insert(&edit, 0xe9);
	edit_insert(&edit, 'e');
	edit_insert(&edit, 0x301);
	edit_move(&edit, EDIT_LEFT);
	edit_insert(&edit, 0x4e2d);
	is_str(buf_text(&edit.text), "a\xc3\xa9\xe4\xb8\xad" "e\xcc\x81",
	       "before a character with its mark");
	edit_move(&edit, EDIT_RIGHT);
	edit_erase(&edit);
	edit_erase(&edit);
	is_str(buf_text(&edit.text), "a\xc3\xa9", "characters go whole");
	edit_move(&edit, EDIT_BEGIN);
	edit_erase(&edit);
	edit_move(&edit, EDIT_LEFT);
	is_int(edit.at, 0, "nothing before the begin");
	edit_set(&edit, span_str("one two  "));
	edit_erase_word(&edit);
	is_str(buf_text(&edit.text), "one ", "a word");
	edit_release(&edit);
}

/* Every key of the table stands in help, which is all that there is. */
static void test_help(void)
{
	const struct binding *binding;
	struct model model = MODEL_INIT;
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	model_resize(&model, 150, 100);
	key_press(&model, '?');
	is_int(model.place, PLACE_HELP, "? where nothing is typed");
	draw_model(&model);
	for (binding = key_table; binding->help; binding++) {
		ok(screen_has(binding->help), "help: %s", binding->help);
		for (i = 0; i < BINDING_KEYS && binding->keys[i]; i++) {
			buf_reset(&name);
			key_put_name(binding->keys[i], &name);
			ok(screen_has(buf_text(&name)), "help: %s",
			   buf_text(&name));
		}
	}
	key_press(&model, PRESS_ESCAPE);
	is_int(model.place, PLACE_SEARCH, "back");
	buf_release(&name);
	model_release(&model);
}

/* No key twice in one place. */
static void test_table(void)
{
	const struct binding *a;
	const struct binding *b;
	size_t i;
	size_t j;
	size_t twice = 0;

	for (a = key_table; a->help; a++) {
		for (b = a + 1; b->help; b++) {
			for (i = 0; i < BINDING_KEYS * BINDING_KEYS; i++) {
				j = i / BINDING_KEYS;
				twice += a->places & b->places && a->keys[j] &&
					 a->keys[j] ==
					 b->keys[i % BINDING_KEYS];
			}
		}
	}
	is_int(twice, 0, "no key means two things");
}

static void test_press(void)
{
	struct model model = MODEL_INIT;

	model_resize(&model, 24, 80);
	press_text(&model, "why?");
	is_str(buf_text(&model.query.text), "why?", "? is typed behind words");
	is_int(model.wish, WISH_FIND, "and looked for");
	key_press(&model, PRESS_OTHER);
	ok(model.is_error && strstr(buf_text(&model.status), "F1"),
	   "an unknown key is told");
	key_press(&model, PRESS_ESCAPE);
	is_int(model.place, PLACE_LIST, "to the list");
	ok(!model.status.len, "what was told goes with the next key");
	key_press(&model, 'q');
	is_int(model.wish, WISH_QUIT, "q quits");
	key_press(&model, 'a');
	is_str(buf_text(&model.query.text), "why? all:yes ", "all of it");
	is_int(model.wish, WISH_FIND, "is looked through");
	key_press(&model, 'a');
	is_str(buf_text(&model.query.text), "why? ", "no longer");
	key_press(&model, PRESS_CTRL('U'));
	is_int(model.query.text.len, 0, "nothing is asked");
	model_release(&model);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	test_asked();
	test_edit();
	test_help();
	test_table();
	test_press();
	grid_release(&drawn);
	return done_testing();
}
