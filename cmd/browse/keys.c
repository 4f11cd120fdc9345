#include "cmd/browse/keys.h"

#include "lib/base/utf8.h"

static void asks_anew(struct model *model)
{
	model->wish = WISH_FIND;
}

static void up(struct model *model)
{
	model_step(model, -1);
}

static void down(struct model *model)
{
	model_step(model, 1);
}

static long page_of(const struct model *model)
{
	size_t rows = model_layout(model).list_rows;

	return rows > 1 ? (long)rows - 1 : 1;
}

static void page_up(struct model *model)
{
	model_step(model, -page_of(model));
}

static void page_down(struct model *model)
{
	model_step(model, page_of(model));
}

static void first(struct model *model)
{
	model_step(model, -(long)model->hits.n);
}

static void last(struct model *model)
{
	model_step(model, (long)model->hits.n);
}

static void to_list(struct model *model)
{
	model->place = PLACE_LIST;
}

static void to_search(struct model *model)
{
	model->place = PLACE_SEARCH;
}

static void left(struct model *model)
{
	edit_move(&model->query, EDIT_LEFT);
}

static void right(struct model *model)
{
	edit_move(&model->query, EDIT_RIGHT);
}

static void begin(struct model *model)
{
	edit_move(&model->query, EDIT_BEGIN);
}

static void end(struct model *model)
{
	edit_move(&model->query, EDIT_END);
}

static void erase(struct model *model)
{
	edit_erase(&model->query);
	asks_anew(model);
}

static void erase_word(struct model *model)
{
	edit_erase_word(&model->query);
	asks_anew(model);
}

static void clear(struct model *model)
{
	edit_clear(&model->query);
	asks_anew(model);
}

static void toggle_all(struct model *model)
{
	model->with_all = !model->with_all;
	asks_anew(model);
}

static void help(struct model *model)
{
	model->before_help = model->place;
	model->place = PLACE_HELP;
	model->help_top = 0;
}

static void help_up(struct model *model)
{
	model->help_top -= model->help_top > 0;
}

static void help_down(struct model *model)
{
	model->help_top++;
}

static void help_end(struct model *model)
{
	model->place = model->before_help;
}

static void quit(struct model *model)
{
	model->wish = WISH_QUIT;
}

static void suspend(struct model *model)
{
	model->wish = WISH_SUSPEND;
}

static void redraw(struct model *model)
{
	model->wish = WISH_REDRAW;
}

#define PLACES_SHOWN (PLACE_SEARCH | PLACE_LIST)
#define PLACES_ALL (PLACES_SHOWN | PLACE_HELP)

const struct binding key_table[] = {
	{ PLACES_SHOWN, { PRESS_UP, PRESS_CTRL('P') }, "one up", up },
	{ PLACES_SHOWN, { PRESS_DOWN, PRESS_CTRL('N') }, "one down", down },
	{ PLACES_SHOWN, { PRESS_PAGE_UP }, "a screen up", page_up },
	{ PLACES_SHOWN, { PRESS_PAGE_DOWN }, "a screen down", page_down },
	{ PLACE_SEARCH, { PRESS_TAB, PRESS_ESCAPE }, "to the list", to_list },
	{ PLACE_SEARCH, { PRESS_LEFT, PRESS_CTRL('B') },
	  "one character back", left },
	{ PLACE_SEARCH, { PRESS_RIGHT, PRESS_CTRL('F') },
	  "one character on", right },
	{ PLACE_SEARCH, { PRESS_HOME, PRESS_CTRL('A') },
	  "to the begin of the line", begin },
	{ PLACE_SEARCH, { PRESS_END, PRESS_CTRL('E') },
	  "to the end of the line", end },
	{ PLACE_SEARCH, { PRESS_ERASE, PRESS_CTRL('H') },
	  "delete the character before", erase },
	{ PLACE_SEARCH, { PRESS_CTRL('W') }, "delete the word before",
	  erase_word },
	{ PLACES_SHOWN, { PRESS_CTRL('U') }, "look for nothing: the newest "
	  "sessions", clear },
	{ PLACE_LIST, { 'k' }, "one up", up },
	{ PLACE_LIST, { 'j' }, "one down", down },
	{ PLACE_LIST, { 'g', PRESS_HOME }, "the first", first },
	{ PLACE_LIST, { 'G', PRESS_END }, "the last", last },
	{ PLACE_LIST, { '/', PRESS_TAB, PRESS_ESCAPE }, "to the search line",
	  to_search },
	{ PLACE_LIST, { 'a' }, "look through hidden, thinking and tools, too; "
	  "or no longer", toggle_all },
	{ PLACE_LIST, { '?', PRESS_F1 }, "list the keys", help },
	{ PLACE_SEARCH, { PRESS_F1 }, "list the keys (? where nothing is typed)",
	  help },
	{ PLACE_HELP, { PRESS_UP, 'k', PRESS_CTRL('P') }, "one up", help_up },
	{ PLACE_HELP, { PRESS_DOWN, 'j', PRESS_CTRL('N') }, "one down",
	  help_down },
	{ PLACE_HELP, { PRESS_ESCAPE, 'q', '?' }, "back", help_end },
	{ PLACE_LIST, { 'q' }, "quit", quit },
	{ PLACES_ALL, { PRESS_CTRL('C') }, "quit", quit },
	{ PLACES_ALL, { PRESS_CTRL('Z') }, "stop for a while; fg goes on",
	  suspend },
	{ PLACES_ALL, { PRESS_CTRL('L') }, "draw anew", redraw },
	{ 0, { 0 }, NULL, NULL },
};

void key_put_name(uint32_t key, struct buf *out)
{
	static const char *const names[] = {
		"Up", "Down", "Left", "Right", "Home", "End", "Page Up",
		"Page Down", "F1"
	};
	char bytes[UTF8_MAX];

	if (key >= PRESS_UP && key < PRESS_OTHER)
		buf_put_str(out, names[key - PRESS_UP]);
	else if (key >= PRESS_OTHER)
		buf_put_str(out, "this key");
	else if (key == PRESS_ENTER)
		buf_put_str(out, "Enter");
	else if (key == PRESS_TAB)
		buf_put_str(out, "Tab");
	else if (key == PRESS_ESCAPE)
		buf_put_str(out, "Esc");
	else if (key == PRESS_ERASE)
		buf_put_str(out, "Backspace");
	else if (key == ' ')
		buf_put_str(out, "Space");
	else if (key < ' ')
		buf_putf(out, "Ctrl-%c", (char)(key + '@'));
	else
		buf_put(out, bytes, utf8_encode(key, bytes));
}

static const struct binding *find_binding(const struct model *model,
					  uint32_t key)
{
	const struct binding *binding = key_table;
	size_t i;

	for (; binding->help; binding++) {
		if (!(binding->places & model->place))
			continue;
		for (i = 0; i < BINDING_KEYS; i++) {
			if (binding->keys[i] && binding->keys[i] == key)
				return binding;
		}
	}
	return NULL;
}

static bool is_typed(const struct model *model, uint32_t key)
{
	return model->place == PLACE_SEARCH && key >= ' ' &&
	       key != PRESS_ERASE && key < PRESS_UP &&
	       !(key == '?' && !model->query.text.len);
}

static void say_unknown(struct model *model, uint32_t key)
{
	struct buf sentence = BUF_INIT(BUF_NO_LIMIT);

	key_put_name(key, &sentence);
	buf_put_str(&sentence, " means nothing here; ");
	buf_put_str(&sentence, model->place == PLACE_SEARCH ? "F1" : "?");
	buf_put_str(&sentence, " lists the keys");
	model_say(model, true, buf_span(&sentence));
	buf_release(&sentence);
}

void key_press(struct model *model, uint32_t key)
{
	const struct binding *binding = find_binding(model, key);

	model->wish = WISH_NONE;
	model_say(model, false, span_of("", 0));
	if (binding) {
		binding->act(model);
	} else if (is_typed(model, key)) {
		edit_insert(&model->query, key);
		asks_anew(model);
	} else if (key == '?' && model->place == PLACE_SEARCH) {
		help(model);
	} else {
		say_unknown(model, key);
	}
}
