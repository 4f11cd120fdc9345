#include "lib/settings/jtext.h"

#include <string.h>

#include "lib/json/jcs_write.h"
#include "lib/json/lex.h"

#define BOM "\xef\xbb\xbf"
#define UNIT_DEFAULT "  "
#define UNIT_MAX 16

/* What stands in the plain text for the comma behind a last one: white space
 * that no comment is made to. */
#define LAST_COMMA '\r'

/* --- reading ---------------------------------------------------------------- */

bool jtext_is_blank(struct span text)
{
	const char *at = span_begins(text, BOM) ? text.at + strlen(BOM) :
			 text.at;
	const char *end = text.at + text.len;

	return !text.len || lex_skip_space(at, end) == end;
}

void jtext_begin(struct span text, const char *otherwise, struct buf *out)
{
	if (!jtext_is_blank(text)) {
		buf_put_span(out, text);
		return;
	}
	buf_put_str(out, span_begins(text, BOM) ? BOM : "");
	buf_put_str(out, otherwise);
}

/* Behind the comment that begins here; the same place where none does. One
 * that has no end is left for the reader to refuse. */
static const char *skip_comment(const char *at, const char *end)
{
	size_t stop;

	if (end - at < 2 || at[0] != '/')
		return at;
	if (at[1] == '/') {
		while (at < end && *at != '\n' && *at != '\r')
			at++;
	} else if (at[1] == '*') {
		stop = span_find(span_of(at, (size_t)(end - at)), "*/", 2);
		if (stop != SPAN_NOWHERE)
			at += stop + 2;
	}
	return at;
}

/* The same length, and the same lines. */
static void put_blanks(const char *at, const char *end, struct buf *out)
{
	for (; at < end; at++)
		buf_put_char(out, *at == '\n' ? '\n' : ' ');
}

static void put_plain(struct span text, struct buf *out)
{
	const char *end = text.at + text.len;
	const char *at = text.at;
	const char *next;

	while (at < end) {
		next = skip_comment(at, end);
		if (next > at) {
			put_blanks(at, next, out);
		} else {
			next = *at == '"' ? lex_skip_string(at + 1, end) :
			       at + 1;
			next = next ? next : end;
			buf_put(out, at, (size_t)(next - at));
		}
		at = next;
	}
}

/* A comma with a value before it, and nothing behind. */
static void blank_last_commas(char *at, char *end)
{
	char before = '\0';
	const char *next;

	for (; at < end; at++) {
		if (*at == '"') {
			next = lex_skip_string(at + 1, end);
			at = next ? at + (next - at) - 1 : end - 1;
		} else if (*at == ',' && !strchr("[{,:", before)) {
			next = lex_skip_space(at + 1, end);
			if (next < end && (*next == ']' || *next == '}'))
				*at = LAST_COMMA;
		}
		if (!lex_is_space(*at))
			before = *at;
	}
}

int jtext_read(struct jtext *json, struct span text, bool is_loose,
		   struct err *err)
{
	static const struct jdoc_options strict = {
		.flags = JDOC_BOM_SKIP | JDOC_DUPLICATES_REFUSE,
	};
	int rc;

	jtext_release(json);
	json->text = text;
	if (is_loose)
		put_plain(text, &json->plain);
	else
		buf_put_span(&json->plain, text);
	rc = buf_end(&json->plain, err);
	if (rc < 0)
		return rc;
	if (is_loose && json->plain.len)
		blank_last_commas(json->plain.data,
				  json->plain.data + json->plain.len);
	return jdoc_parse(buf_span(&json->plain), &strict, &json->doc, err);
}

void jtext_release(struct jtext *json)
{
	jdoc_free(json->doc);
	json->doc = NULL;
	buf_release(&json->plain);
}

const struct jval *jtext_root(const struct jtext *json)
{
	return jdoc_root(json->doc);
}

/* --- places ----------------------------------------------------------------- */

static size_t begin_of(const struct jtext *json, const struct jval *value)
{
	return (size_t)(value->raw.at - buf_text(&json->plain));
}

static size_t end_of(const struct jtext *json, const struct jval *value)
{
	return begin_of(json, value) + value->raw.len;
}

static bool is_last_comma(const struct jtext *json, size_t at)
{
	return json->text.at[at] == ',' &&
	       buf_text(&json->plain)[at] == LAST_COMMA;
}

static size_t skip_plain_space(const struct jtext *json, size_t at)
{
	const char *plain = buf_text(&json->plain);

	while (lex_is_space(plain[at]) && !is_last_comma(json, at))
		at++;
	return at;
}

/* Before the blanks that end here. */
static size_t skip_back(const struct jtext *json, size_t at)
{
	while (at && lex_is_space(json->text.at[at - 1]))
		at--;
	return at;
}

static const struct jval *before(const struct jval *container,
				 const struct jval *member)
{
	const struct jval *at = jval_first(container);

	if (at == member)
		return NULL;
	while (at && at->next != member)
		at = at->next;
	return at;
}

/* Where its key begins, in an object. */
static size_t member_begin(const struct jtext *json,
			   const struct jval *container,
			   const struct jval *member)
{
	const struct jval *last = before(container, member);
	size_t at = last ? end_of(json, last) : begin_of(json, container);

	/* Behind the comma, or the bracket. */
	at = skip_plain_space(json, at) + 1;
	return skip_plain_space(json, at);
}

/* --- layout ----------------------------------------------------------------- */

struct layout {
	struct span indent;	/* of the lines of the piece */
	struct span outer;	/* of the line that its container begins in */
	struct span unit;
	const char *line_end;
};

/* The blanks that the line begins with in which this place is. */
static struct span indent_at(struct span text, size_t at)
{
	size_t begin = at;
	size_t end;

	while (begin && text.at[begin - 1] != '\n')
		begin--;
	for (end = begin; end < text.len; end++) {
		if (text.at[end] != ' ' && text.at[end] != '\t')
			break;
	}
	return span_of(text.at + begin, end - begin);
}

/* Does nothing but blanks stand before it on its line? */
static bool is_first_on_line(struct span text, size_t at)
{
	struct span indent = indent_at(text, at);

	return indent.at > text.at && indent.at + indent.len == text.at + at;
}

/* One step of indentation: that of the first member of all. */
static struct span unit_of(const struct jtext *json)
{
	const struct jval *root = jtext_root(json);
	struct span indent;
	size_t at;

	if (!jval_count(root))
		return span_str(UNIT_DEFAULT);
	at = member_begin(json, root, jval_first(root));
	indent = indent_at(json->text, at);
	if (!indent.len || indent.len > UNIT_MAX ||
	    !is_first_on_line(json->text, at))
		return span_str(UNIT_DEFAULT);
	return indent;
}

static const char *line_end_of(struct span text)
{
	const char *end = text.len ? memchr(text.at, '\n', text.len) : NULL;

	return end && end > text.at && end[-1] == '\r' ? "\r\n" : "\n";
}

static void put_jtext_line(struct buf *out, const struct layout *layout,
		     unsigned depth)
{
	buf_put_str(out, layout->line_end);
	buf_put_span(out, layout->indent);
	while (depth--)
		buf_put_span(out, layout->unit);
}

static bool is_flat(const struct jval *value)
{
	const struct jval *one;

	for (one = jval_first(value); one; one = one->next) {
		if (jval_is(one, JVAL_OBJECT) || jval_is(one, JVAL_ARRAY))
			return false;
	}
	return jval_is(value, JVAL_ARRAY) || !jval_count(value);
}

/* A level for each of the pieces' own containers, of which there are few. */
static void put_jtext_value(struct buf *out, const struct layout *layout,
		      unsigned depth, const struct jval *value)
{
	bool is_object = jval_is(value, JVAL_OBJECT);
	bool has_lines = !is_flat(value);
	const struct jval *one;

	if (!is_object && !jval_is(value, JVAL_ARRAY)) {
		buf_put_span(out, value->raw);
		return;
	}
	buf_put_char(out, is_object ? '{' : '[');
	for (one = jval_first(value); one; one = one->next) {
		if (has_lines)
			put_jtext_line(out, layout, depth + 1);
		if (is_object) {
			jcs_put_string(out, one->key);
			buf_put_str(out, ": ");
		}
		put_jtext_value(out, layout, depth + 1, one);
		if (one->next)
			buf_put_str(out, has_lines ? "," : ", ");
	}
	if (has_lines)
		put_jtext_line(out, layout, depth);
	buf_put_char(out, is_object ? '}' : ']');
}

static void put_piece(struct buf *out, const struct layout *layout,
		      const char *key, struct span value)
{
	struct jdoc *doc = NULL;

	put_jtext_line(out, layout, 0);
	if (key) {
		jcs_put_string(out, span_str(key));
		buf_put_str(out, ": ");
	}
	buf_fail(out, jdoc_parse(value, &(struct jdoc_options){ .flags = 0 },
				 &doc, NULL));
	if (doc)
		put_jtext_value(out, layout, 0, jdoc_root(doc));
	jdoc_free(doc);
}

/* --- changing --------------------------------------------------------------- */

static const struct jval *last_of(const struct jval *container)
{
	const struct jval *last = jval_first(container);

	while (last && last->next)
		last = last->next;
	return last;
}

/* own: where the lines of the piece begin, if no other member tells. */
static void lay_out(const struct jtext *json,
		    const struct jval *container, struct buf *own,
		    struct layout *out)
{
	const struct jval *last = last_of(container);
	size_t at = last ? member_begin(json, container, last) : 0;

	out->line_end = line_end_of(json->text);
	out->unit = unit_of(json);
	out->outer = indent_at(json->text, begin_of(json, container));
	if (last && is_first_on_line(json->text, at)) {
		out->indent = indent_at(json->text, at);
		return;
	}
	buf_put_span(own, out->outer);
	buf_put_span(own, out->unit);
	out->indent = buf_span(own);
}

static void put_jtext_text(const struct jtext *json, size_t from, size_t to,
		     struct buf *out)
{
	buf_put(out, json->text.at + from, to - from);
}

void jtext_put(const struct jtext *json,
		   const struct jval *container, const char *key,
		   struct span value, struct buf *out)
{
	const struct jval *last = last_of(container);
	size_t open = begin_of(json, container) + 1;
	size_t close = end_of(json, container) - 1;
	size_t content = skip_back(json, close);
	size_t end = last ? end_of(json, last) : open;
	size_t comma = skip_plain_space(json, end);
	bool has_last_comma = last && is_last_comma(json, comma);
	struct buf own = BUF_INIT(BUF_NO_LIMIT);
	struct layout layout;

	lay_out(json, container, &own, &layout);
	put_jtext_text(json, 0, end, out);
	if (last && !has_last_comma)
		buf_put_char(out, ',');
	put_jtext_text(json, end, content, out);
	put_piece(out, &layout, key, value);
	if (has_last_comma)
		buf_put_char(out, ',');
	/* Only blanks were in it: its bracket gets a line of its own. */
	if (content == open) {
		buf_put_str(out, layout.line_end);
		buf_put_span(out, layout.outer);
		content = close;
	}
	put_jtext_text(json, content, json->text.len, out);
	buf_fail(out, own.failed);
	buf_release(&own);
}

void jtext_cut(const struct jtext *json,
		   const struct jval *container, const struct jval *gone,
		   struct buf *out)
{
	const struct jval *last = before(container, gone);
	size_t open = begin_of(json, container) + 1;
	size_t close = end_of(json, container) - 1;
	size_t begin = skip_back(json, member_begin(json, container, gone));
	size_t end = end_of(json, gone);
	size_t comma = skip_plain_space(json, end);

	if (json->text.at[comma] == ',') {
		put_jtext_text(json, 0, begin, out);
		put_jtext_text(json, comma + 1, json->text.len, out);
	} else if (last) {
		comma = skip_plain_space(json, end_of(json, last));
		put_jtext_text(json, 0, comma, out);
		put_jtext_text(json, comma + 1, begin, out);
		put_jtext_text(json, end, json->text.len, out);
	} else {
		put_jtext_text(json, 0, begin, out);
		put_jtext_text(json, begin == open && skip_back(json,
								close) == end ?
			 close : end, json->text.len, out);
	}
}

void jtext_swap(const struct jtext *json, const struct jval *value,
		    struct span with, struct buf *out)
{
	put_jtext_text(json, 0, begin_of(json, value), out);
	buf_put_span(out, with);
	put_jtext_text(json, end_of(json, value), json->text.len, out);
}

/* The value in the containers that are not there yet, but for the first. */
static void wrap(const struct jtext_place *missing, struct span value,
		 struct buf *out)
{
	size_t i;

	for (i = 1; i < missing->names_n; i++) {
		buf_put_char(out, '{');
		jcs_put_string(out, span_str(missing->names[i]));
		buf_put_char(out, ':');
	}
	buf_put_char(out, missing->key ? '{' : '[');
	if (missing->key) {
		jcs_put_string(out, span_str(missing->key));
		buf_put_char(out, ':');
	}
	buf_put_span(out, value);
	buf_put_char(out, missing->key ? '}' : ']');
	for (i = 1; i < missing->names_n; i++)
		buf_put_char(out, '}');
}

static int check_shape(const struct jval *value, bool is_list,
		       const char *name, struct err *err)
{
	if (jval_is(value, is_list ? JVAL_ARRAY : JVAL_OBJECT))
		return 0;
	return err_set(err, ERR_INVALID, "'%s' is no %s there", name,
		       is_list ? "array" : "object");
}

/* The innermost container that is there. *missing: what is not. */
static int descend(const struct jtext *json, const struct jtext_place *place,
		   struct jtext_place *missing, const struct jval **out,
		   struct err *err)
{
	const struct jval *at = jtext_root(json);
	const struct jval *next;
	bool is_list = !place->names_n && !place->key;
	int rc = check_shape(at, is_list, "the whole", err);

	*missing = *place;
	while (rc == 0 && missing->names_n) {
		next = jval_get(at, *missing->names);
		if (!next)
			break;
		is_list = missing->names_n == 1 && !place->key;
		rc = check_shape(next, is_list, *missing->names, err);
		at = next;
		missing->names++;
		missing->names_n--;
	}
	*out = at;
	return rc;
}

int jtext_add(const struct jtext *json, const struct jtext_place *place,
	      struct span value, struct buf *out, struct err *err)
{
	struct buf wrapped = BUF_INIT(BUF_NO_LIMIT);
	struct jtext_place missing;
	const struct jval *in;
	int rc = descend(json, place, &missing, &in, err);

	if (rc < 0)
		return rc;
	if (missing.names_n) {
		wrap(&missing, value, &wrapped);
		jtext_put(json, in, *missing.names, buf_span(&wrapped), out);
		buf_fail(out, wrapped.failed);
	} else {
		jtext_put(json, in, place->key, value, out);
	}
	buf_release(&wrapped);
	return buf_end(out, err);
}
