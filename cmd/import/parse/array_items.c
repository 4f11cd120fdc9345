#include "cmd/import/parse/array_items.h"

#include <stdlib.h>

#include "cmd/import/parse/brackets.h"
#include "cmd/import/parse/window.h"
#include "lib/json/lex.h"

_Static_assert(WINDOW_PAD_BYTES >= BRACKETS_STEP, "a step reads the padding");

enum place {
	AT_BEGIN,
	AT_FIRST,	/* behind the bracket that opens the array */
	AT_NEXT,	/* behind an item */
	AT_LONE,	/* before the only value */
	AT_LAST,	/* behind it, or behind the array without a member */
	AT_MEMBERS,	/* behind the array that is a member */
	AT_END
};

struct array_items {
	struct window window;
	struct buf member;	/* with its quotes; empty: none */
	enum place place;
	uint64_t index;
	uint64_t others;	/* members beside it, so far */
};

int array_items_new(struct feed feed, const char *member,
		   struct array_items **out, struct err *err)
{
	static const struct window empty = WINDOW_INIT;
	static const struct buf no_name = BUF_INIT(4096);
	struct array_items *items = calloc(1, sizeof(*items));
	int rc = 0;

	if (!items)
		return err_set(err, ERR_NOMEM, "out of memory");
	items->window = empty;
	items->window.feed = feed;
	items->member = no_name;
	if (member)
		rc = buf_printf(&items->member, err, "\"%s\"", member);
	if (rc < 0) {
		array_items_free(items);
		return rc;
	}
	*out = items;
	return 0;
}

void array_items_free(struct array_items *items)
{
	if (!items)
		return;
	window_release(&items->window);
	buf_release(&items->member);
	free(items);
}

static int fail_cut(const struct array_items *items, struct err *err)
{
	unsigned long long end = items->window.base + items->window.held.len;

	return err_set(err, ERR_CORRUPT, "the JSON text is cut short (byte "
		       "%llu)", end);
}

static int fail_here(const struct array_items *items, const char *what,
		     struct err *err)
{
	return err_set(err, ERR_INVALID, "%s (byte %llu)", what,
		       (unsigned long long)window_offset(&items->window));
}

/* The next byte that is no space stays; *out is 0 at the end of the feed,
 * and for a NUL, which is wrong wherever it stands. */
static int peek_byte(struct array_items *items, char *out, struct err *err)
{
	struct window *window = &items->window;
	int rc = 0;

	for (;;) {
		while (window_left(window) && lex_is_space(*window_text(window)))
			window->at++;
		window->keep = window->at;
		if (window_left(window) || window->is_end || rc < 0)
			break;
		rc = window_more(window, err);
	}
	*out = window_left(window) ? *window_text(window) : '\0';
	return rc;
}

/* Take this byte behind white space. */
static int expect(struct array_items *items, char want, const char *what,
		  struct err *err)
{
	char c;
	int rc = peek_byte(items, &c, err);

	if (rc < 0)
		return rc;
	if (!window_left(&items->window))
		return fail_cut(items, err);
	if (c != want)
		return fail_here(items, what, err);
	items->window.at++;
	return 0;
}

/* A value on its way past. */
struct passing {
	struct brackets brackets;
	bool is_scalar;		/* number, word, or what pretends to be */
	bool is_long;		/* longer than was to be held: was let go */
};

static bool ends_scalar(char c)
{
	return lex_is_space(c) || (c && strchr(",]}:[{\"", c));
}

/* Step on through what the window holds; true at the value's end. */
static bool pass_some(struct passing *passing, struct window *window)
{
	size_t left = window_left(window);
	size_t used = 0;

	if (passing->is_scalar) {
		while (used < left && !ends_scalar(window_text(window)[used]))
			used++;
		window->at += used;
		return used < left;
	}
	if (window->is_end)
		left += (0 - left) % BRACKETS_STEP;	/* into the padding */
	else
		left -= left % BRACKETS_STEP;
	used = brackets_scan(&passing->brackets, window_text(window), left);
	left = left < window_left(window) ? left : window_left(window);
	window->at += used ? used : left;
	return used > 0;
}

/*
 * Pass over the value that begins here, and hold it if it is not longer than
 * max. *out: FOUND_BAD when it was longer; FOUND_END when the feed ends in it.
 */
static int pass_value(struct array_items *items, size_t max, enum found *out,
		      struct err *err)
{
	struct window *window = &items->window;
	struct passing passing;
	char first = *window_text(window);
	bool is_done;
	int rc = 0;

	memset(&passing, 0, sizeof(passing));
	passing.is_scalar = !strchr("{[\"", first) || !first;
	if (passing.is_scalar && ends_scalar(first))
		return fail_here(items, "no value", err);
	brackets_begin(&passing.brackets, first);
	window->keep = window->at;
	for (;;) {
		is_done = pass_some(&passing, window);
		if (passing.is_long || window->at - window->keep > max) {
			passing.is_long = true;
			window->keep = window->at;
		}
		if (is_done || (window->is_end && !window_left(window)))
			break;
		if (passing.brackets.depth > BRACKETS_DEPTH_MAX)
			return err_set(err, ERR_LIMIT, "nested too deep (byte "
				       "%llu)", (unsigned long long)
				       window_offset(window));
		rc = window_more(window, err);
		if (rc < 0)
			return rc;
	}
	if (!is_done && !(passing.is_scalar && items->place == AT_LONE))
		*out = FOUND_END;
	else
		*out = passing.is_long ? FOUND_BAD : FOUND_ONE;
	return 0;
}

/* The name of a member and its colon; *out_is_it when it is the one. */
static int pass_name(struct array_items *items, bool *out_is_it,
		     struct err *err)
{
	enum found found = FOUND_END;
	char c;
	int rc = peek_byte(items, &c, err);

	if (rc == 0 && c != '"')
		return window_left(&items->window) ?
		       fail_here(items, "no name of a member", err) :
		       fail_cut(items, err);
	if (rc == 0)
		rc = pass_value(items, items->member.len, &found, err);
	if (rc < 0)
		return rc;
	if (found == FOUND_END)
		return fail_cut(items, err);
	*out_is_it = found == FOUND_ONE &&
		     span_equals(window_kept(&items->window),
				 buf_span(&items->member));
	return expect(items, ':', "no colon", err);
}

/* The value behind a name; the array that is wanted is only opened. */
static int open_member(struct array_items *items, bool is_it, bool is_first,
		       struct err *err)
{
	enum found found = FOUND_END;
	char c;
	int rc = peek_byte(items, &c, err);

	if (rc < 0)
		return rc;
	if (!window_left(&items->window))
		return fail_cut(items, err);
	if (is_it && !is_first)
		return fail_here(items, "the member stands there twice", err);
	if (is_it && c != '[')
		return fail_here(items, "the member is no array", err);
	if (is_it) {
		items->window.at++;
		return 0;
	}
	items->others++;
	rc = pass_value(items, 0, &found, err);
	return rc == 0 && found == FOUND_END ? fail_cut(items, err) : rc;
}

/*
 * Go through the members, up to the array that is wanted (*is_it) or the end
 * of the object. is_first: from its begin, else from behind that array.
 */
static int walk_members(struct array_items *items, bool is_first, bool *is_it,
			struct err *err)
{
	bool needs_comma = !is_first;
	char c;
	int rc = 0;

	*is_it = false;
	while (rc == 0 && !*is_it) {
		rc = peek_byte(items, &c, err);
		if (rc == 0 && c == '}') {
			items->window.at++;
			return 0;
		}
		if (rc == 0 && needs_comma)
			rc = expect(items, ',', "no comma", err);
		if (rc == 0)
			rc = pass_name(items, is_it, err);
		if (rc == 0)
			rc = open_member(items, *is_it, is_first, err);
		needs_comma = true;
	}
	return rc;
}

uint64_t array_items_others(const struct array_items *items)
{
	return items->others;
}

static int begin(struct array_items *items, struct err *err)
{
	bool is_it = false;
	char c;
	int rc = window_skip_bom(&items->window, err);

	if (rc == 0)
		rc = peek_byte(items, &c, err);
	if (rc < 0)
		return rc;
	if (!window_left(&items->window))
		return fail_cut(items, err);
	items->place = AT_FIRST;
	if (items->member.len) {
		rc = expect(items, '{', "the JSON text is no object", err);
		if (rc == 0)
			rc = walk_members(items, true, &is_it, err);
		if (rc == 0 && !is_it)
			rc = err_set(err, ERR_NOT_FOUND, "there is no member "
				     "%s", buf_text(&items->member));
		return rc;
	}
	if (c == '[')
		items->window.at++;
	else
		items->place = AT_LONE;
	return 0;
}

/* Before an item, or behind the array. */
static int find_item(struct array_items *items, bool *out_is_item,
		     struct err *err)
{
	char c;
	int rc = peek_byte(items, &c, err);

	if (rc < 0)
		return rc;
	*out_is_item = c != ']';
	if (c == ']') {
		items->window.at++;
		items->place = items->member.len ? AT_MEMBERS : AT_LAST;
		return 0;
	}
	if (items->place == AT_NEXT)
		rc = expect(items, ',', "no comma", err);
	if (rc == 0)
		rc = peek_byte(items, &c, err);
	if (rc == 0 && !window_left(&items->window))
		rc = fail_cut(items, err);
	return rc;
}

/* Nothing may follow. */
static int finish(struct array_items *items, struct err *err)
{
	bool is_it;
	char c;
	int rc = 0;

	if (items->place == AT_MEMBERS)
		rc = walk_members(items, false, &is_it, err);
	items->place = AT_END;
	if (rc == 0)
		rc = peek_byte(items, &c, err);
	if (rc == 0 && window_left(&items->window))
		rc = fail_here(items, "more text behind the JSON text", err);
	return rc;
}

static int take_item(struct array_items *items, struct array_item *out,
		     struct err *err)
{
	bool is_lone = items->place == AT_LONE;
	enum found found = FOUND_END;
	int rc;

	out->offset = window_offset(&items->window);
	out->index = items->index++;
	out->text = span_of(NULL, 0);
	rc = pass_value(items, ARRAY_ITEM_MAX, &found, err);
	if (rc < 0)
		return rc;
	if (found == FOUND_BAD)
		out->long_len = window_offset(&items->window) - out->offset;
	else if (items->window.keep < items->window.at)
		out->text = window_kept(&items->window);
	items->place = is_lone ? AT_LAST : AT_NEXT;
	out->found = found;
	return found == FOUND_END ? fail_cut(items, err) : 0;
}

static int next(struct array_items *items, struct array_item *out,
		struct err *err)
{
	bool is_item;
	int rc = 0;

	if (items->place == AT_BEGIN)
		rc = begin(items, err);
	if (rc < 0 || items->place == AT_END)
		return rc;
	is_item = items->place == AT_LONE;
	if (items->place == AT_FIRST || items->place == AT_NEXT)
		rc = find_item(items, &is_item, err);
	if (rc < 0)
		return rc;
	return is_item ? take_item(items, out, err) : finish(items, err);
}

int array_items_next(struct array_items *items, struct array_item *out,
		    struct err *err)
{
	int rc;

	memset(out, 0, sizeof(*out));
	rc = next(items, out, err);
	if (rc < 0 || out->found == FOUND_END)
		items->place = AT_END;
	return rc;
}
