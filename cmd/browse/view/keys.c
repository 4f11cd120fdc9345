#include "cmd/browse/view/keys.h"

#include "cmd/browse/view/asked.h"
#include "lib/base/utf8.h"

static void asks_anew(struct model *model)
{
	model->most = MODEL_HITS;
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

/* What is being typed. */
static struct edit *line_of(struct model *model)
{
	return model->place == PLACE_FIND ? &model->found : &model->query;
}

/* It has changed. */
static void changed_line(struct model *model)
{
	if (model->place != PLACE_FIND)
		asks_anew(model);
}

static void left(struct model *model)
{
	edit_move(line_of(model), EDIT_LEFT);
}

static void right(struct model *model)
{
	edit_move(line_of(model), EDIT_RIGHT);
}

static void begin(struct model *model)
{
	edit_move(line_of(model), EDIT_BEGIN);
}

static void end(struct model *model)
{
	edit_move(line_of(model), EDIT_END);
}

static void erase(struct model *model)
{
	edit_erase(line_of(model));
	changed_line(model);
}

static void erase_word(struct model *model)
{
	edit_erase_word(line_of(model));
	changed_line(model);
}

static void clear(struct model *model)
{
	edit_clear(line_of(model));
	changed_line(model);
}

/* Set a filter in the search line, or take it out where it is set so. */
static void toggle_filter(struct model *model, const char *name,
			  struct span value)
{
	struct span line = buf_span(&model->query.text);
	struct buf changed = BUF_INIT(BUF_NO_LIMIT);
	struct asked asked = ASKED_INIT;
	const char *is;

	if (asked_read(line, false, &asked, NULL) == 0) {
		is = asked_filter(&asked, name);
		if (is && span_equals(span_str(is), value))
			value = span_of("", 0);
		asked_change(line, name, value, &changed);
		edit_set(&model->query, buf_span(&changed));
	}
	buf_release(&changed);
	asked_release(&asked);
	asks_anew(model);
}

static void toggle_all(struct model *model)
{
	toggle_filter(model, "all", span_str("yes"));
}

static void toggle_user(struct model *model)
{
	toggle_filter(model, "role", span_str("user"));
}

static void toggle_construct(struct model *model)
{
	const struct hit *hit = model_hit(model);

	if (hit)
		toggle_filter(model, "construct", hit->construct);
}

static void toggle_session(struct model *model)
{
	const struct hit *hit = model_hit(model);

	if (hit && hit->session.len)
		toggle_filter(model, "session", hit->session);
}

static void read_it(struct model *model)
{
	model->wish = WISH_READ;
}

static void line_up(struct model *model)
{
	model_scroll_to(model, model->line - (model->line > 0));
}

static void line_down(struct model *model)
{
	model_scroll_to(model, model->line + 1);
}

static size_t screenful(const struct model *model)
{
	size_t rows = model_read_rows(model);

	return rows > 2 ? rows - 2 : 1;
}

static void screen_up(struct model *model)
{
	size_t by = screenful(model);

	model_scroll_to(model, model->line > by ? model->line - by : 0);
}

static void screen_down(struct model *model)
{
	model_scroll_to(model, model->line + screenful(model));
}

static void top(struct model *model)
{
	model_scroll_to(model, 0);
}

static void bottom(struct model *model)
{
	model_scroll_to(model, model->talk.sheet.n);
}

static void turn_up(struct model *model)
{
	size_t turn = model_turn(model);

	model_turn_to(model, turn ? turn - 1 : 0);
}

static void turn_down(struct model *model)
{
	model_turn_to(model, model_turn(model) + 1);
}

static void fork_up(struct model *model)
{
	model_fork(model, true);
}

static void fork_down(struct model *model)
{
	model_fork(model, false);
}

static void tools(struct model *model)
{
	model->with_tools = !model->with_tools;
	model->wish = WISH_READ_AGAIN;
}

static void thinking(struct model *model)
{
	model->with_thinking = !model->with_thinking;
	model->wish = WISH_READ_AGAIN;
}

static void to_find(struct model *model)
{
	edit_clear(&model->found);
	model->finds_words = false;
	model->place = PLACE_FIND;
}

static void seek_on(struct model *model)
{
	model_seek(model, false);
}

static void seek_back(struct model *model)
{
	model_seek(model, true);
}

static void find_typed(struct model *model)
{
	model->place = PLACE_READ;
	/* The line at the top may be it. */
	model->match = model->line + model->talk.sheet.n - 1;
	model_seek(model, false);
}

static void find_not(struct model *model)
{
	edit_clear(&model->found);
	model->place = PLACE_READ;
}

static void back_to_list(struct model *model)
{
	model->place = PLACE_LIST;
}

static void branch_back(struct model *model)
{
	model_branch(model, true);
}

static void branch_on(struct model *model)
{
	model_branch(model, false);
}

static void pager(struct model *model)
{
	model->wish = WISH_PAGER;
}

static void browser(struct model *model)
{
	model->wish = WISH_BROWSER;
}

static void copy(struct model *model)
{
	model->wish = WISH_COPY;
}

static void help(struct model *model)
{
	model->before_help = model->place;
	model->place = PLACE_HELP;
	model->help_top = 0;
}

static size_t help_lines(void);

static void help_scroll(struct model *model, size_t down, size_t up)
{
	size_t rows = model_read_rows(model) + 1;
	size_t lines = help_lines();
	size_t last = lines > rows ? lines - rows : 0;

	model->help_top += down;
	model->help_top -= up < model->help_top ? up : model->help_top;
	model->help_top = model->help_top < last ? model->help_top : last;
}

static void help_up(struct model *model)
{
	help_scroll(model, 0, 1);
}

static void help_down(struct model *model)
{
	help_scroll(model, 1, 0);
}

static void help_page_up(struct model *model)
{
	help_scroll(model, 0, screenful(model));
}

static void help_page_down(struct model *model)
{
	help_scroll(model, screenful(model), 0);
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

#define PLACES_LISTED (PLACE_SEARCH | PLACE_LIST)
#define PLACES_TYPED (PLACE_SEARCH | PLACE_FIND)
#define PLACES_ALL (PLACES_LISTED | PLACE_READ | PLACE_FIND | PLACE_HELP)

const struct binding key_table[] = {
	{ PLACES_LISTED, { PRESS_UP, PRESS_CTRL('P') }, "one up", up },
	{ PLACES_LISTED, { PRESS_DOWN, PRESS_CTRL('N') }, "one down", down },
	{ PLACES_LISTED, { PRESS_PAGE_UP }, "a screen up", page_up },
	{ PLACES_LISTED, { PRESS_PAGE_DOWN }, "a screen down", page_down },
	{ PLACES_LISTED, { PRESS_ENTER }, "read it", read_it },
	{ PLACE_SEARCH, { PRESS_TAB, PRESS_ESCAPE }, "to the list", to_list },
	{ PLACE_FIND, { PRESS_ENTER }, "look for it", find_typed },
	{ PLACE_FIND, { PRESS_ESCAPE }, "look for nothing", find_not },
	{ PLACES_TYPED, { PRESS_LEFT, PRESS_CTRL('B') },
	  "one character back", left },
	{ PLACES_TYPED, { PRESS_RIGHT, PRESS_CTRL('F') },
	  "one character on", right },
	{ PLACES_TYPED, { PRESS_HOME, PRESS_CTRL('A') },
	  "to the begin of the line", begin },
	{ PLACES_TYPED, { PRESS_END, PRESS_CTRL('E') },
	  "to the end of the line", end },
	{ PLACES_TYPED, { PRESS_ERASE, PRESS_CTRL('H') },
	  "delete the character before", erase },
	{ PLACES_TYPED, { PRESS_CTRL('W') }, "delete the word before",
	  erase_word },
	{ PLACES_TYPED | PLACE_LIST, { PRESS_CTRL('U') }, "empty the line",
	  clear },
	{ PLACE_LIST, { 'k' }, "one up", up },
	{ PLACE_LIST, { 'j' }, "one down", down },
	{ PLACE_LIST, { 'g', PRESS_HOME }, "the first", first },
	{ PLACE_LIST, { 'G', PRESS_END }, "the last", last },
	{ PLACE_LIST, { '/', PRESS_TAB, PRESS_ESCAPE }, "to the search line",
	  to_search },
	{ PLACE_LIST, { 'u' }, "what users said alone, or no longer",
	  toggle_user },
	{ PLACE_LIST, { 's' }, "in this session alone, or no longer",
	  toggle_session },
	{ PLACE_LIST, { 'c' }, "in this construct alone, or no longer",
	  toggle_construct },
	{ PLACE_LIST, { 'a' }, "also hidden, thinking and tools, or no longer",
	  toggle_all },
	{ PLACE_READ, { PRESS_UP, 'k' }, "a line up", line_up },
	{ PLACE_READ, { PRESS_DOWN, 'j', PRESS_ENTER }, "a line down",
	  line_down },
	{ PLACE_READ, { PRESS_PAGE_UP, 'b' }, "a screen up", screen_up },
	{ PLACE_READ, { PRESS_PAGE_DOWN, ' ' }, "a screen down", screen_down },
	{ PLACE_READ, { PRESS_HOME, 'g' }, "to the begin", top },
	{ PLACE_READ, { PRESS_END, 'G' }, "to the end", bottom },
	{ PLACE_READ, { 'K' }, "the message before", turn_up },
	{ PLACE_READ, { 'J' }, "the next message", turn_down },
	{ PLACE_READ, { '{' }, "the fork before", fork_up },
	{ PLACE_READ, { '}' }, "the next fork", fork_down },
	{ PLACE_READ, { '/' }, "look for words in it", to_find },
	{ PLACE_READ, { 'n' }, "the next place that has them", seek_on },
	{ PLACE_READ, { 'N' }, "the place before", seek_back },
	{ PLACE_READ, { '[' }, "the branch before, where it forks",
	  branch_back },
	{ PLACE_READ, { ']' }, "the next branch", branch_on },
	{ PLACE_READ, { 't' }, "unfold tools, or fold them", tools },
	{ PLACE_READ, { 'T' }, "unfold thinking and what is hidden, or fold it",
	  thinking },
	{ PLACE_READ, { 'p' }, "read it in the pager", pager },
	{ PLACE_READ, { 'o' }, "open it in a browser", browser },
	{ PLACE_READ | PLACE_LIST, { 'y' }, "copy the id of the message", copy },
	{ PLACE_READ, { PRESS_ESCAPE, PRESS_LEFT }, "back to the list",
	  back_to_list },
	{ PLACE_LIST | PLACE_READ, { '?', PRESS_F1 }, "list the keys", help },
	{ PLACE_SEARCH, { PRESS_F1 }, "list the keys (? where nothing is typed)",
	  help },
	{ PLACE_HELP, { PRESS_UP, 'k', PRESS_CTRL('P') }, "one up", help_up },
	{ PLACE_HELP, { PRESS_DOWN, 'j', PRESS_CTRL('N') }, "one down",
	  help_down },
	{ PLACE_HELP, { PRESS_PAGE_UP, 'b' }, "a screen up", help_page_up },
	{ PLACE_HELP, { PRESS_PAGE_DOWN, ' ' }, "a screen down",
	  help_page_down },
	{ PLACE_HELP, { PRESS_ESCAPE, 'q', '?', PRESS_F1 }, "back",
	  help_end },
	{ PLACE_LIST | PLACE_READ, { 'q' }, "quit", quit },
	{ PLACES_ALL, { PRESS_CTRL('C') }, "quit", quit },
	{ PLACES_ALL, { PRESS_CTRL('Z') }, "stop for a while; fg goes on",
	  suspend },
	{ PLACES_ALL, { PRESS_CTRL('L') }, "draw anew", redraw },
	{ 0, { 0 }, NULL, NULL },
};

const struct key_part key_parts[] = {
	{ PLACE_SEARCH, "While typing what is looked for" },
	{ PLACE_LIST, "In the list" },
	{ PLACE_READ, "While reading" },
	{ PLACE_FIND, "While typing what to look for in it" },
	{ PLACE_HELP, "In this list of keys" },
	{ 0, NULL },
};

static size_t help_lines(void)
{
	const struct key_part *part;
	const struct binding *binding;
	size_t n = 0;

	for (part = key_parts; part->title; part++) {
		n++;
		for (binding = key_table; binding->help; binding++)
			n += (binding->places & part->place) != 0;
	}
	return n;
}

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
	return model->place & PLACES_TYPED && key >= ' ' &&
	       key != PRESS_ERASE && key < PRESS_UP &&
	       !(key == '?' && model->place == PLACE_SEARCH &&
		 !model->query.text.len);
}

static void say_unknown(struct model *model, uint32_t key)
{
	struct buf sentence = BUF_INIT(BUF_NO_LIMIT);

	key_put_name(key, &sentence);
	buf_put_str(&sentence, " means nothing here; ");
	buf_put_str(&sentence, model->place & PLACES_TYPED ? "F1" : "?");
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
		edit_insert(line_of(model), key);
		changed_line(model);
	} else if (key == '?' && model->place == PLACE_SEARCH) {
		help(model);
	} else {
		say_unknown(model, key);
	}
}
