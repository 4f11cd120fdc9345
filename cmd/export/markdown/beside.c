#include "cmd/export/markdown/beside.h"

#include "lib/json/jcs_scan.h"

#define MARK_BEGIN "\xee\x88\x80"
#define MARK_END "\xee\x88\x81"
#define MARK_MAX 1024		/* longer ones are none */

static bool is_of_type(struct span part, const char *type)
{
	struct span value;

	return jcs_type_of(part) == JCS_OBJECT &&
	       jcs_find(part, "type", &value) && jcs_is_text(value, type);
}

bool beside_has(struct span part)
{
	return is_of_type(part, "source") || is_of_type(part, "prompt") ||
	       is_of_type(part, "canvas");
}

/* A member's text in one line, with a backslash before what Markdown would
 * take for a mark of its own. */
static void put_escaped(struct buf *out, struct span part, const char *name)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	size_t i;

	if (jcs_find(part, name, &value) &&
	    jcs_type_of(value) == JCS_STRING)
		buf_fail(out, jcs_string_decode(value, &text, NULL));
	for (i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c && strchr("\\[]<>*_`", c))
			buf_put_char(out, '\\');
		buf_put_char(out, c == '\n' || c == '\r' ? ' ' : c);
	}
	buf_release(&text);
}

/* An address as the target of a link; one that cannot be is no link. */
static void put_source(struct buf *out, struct span part)
{
	struct buf url = BUF_INIT(BUF_NO_LIMIT);
	struct span value = { NULL, 0 };
	struct span title;
	bool is_link;

	if (jcs_find(part, "url", &value) && jcs_type_of(value) == JCS_STRING)
		buf_fail(out, jcs_string_decode(value, &url, NULL));
	value = buf_span(&url);
	is_link = span_find(value, "://", 0) != SPAN_NOWHERE &&
		  span_find(value, ">", 0) == SPAN_NOWHERE &&
		  span_find(value, "<", 0) == SPAN_NOWHERE &&
		  span_find(value, "\n", 0) == SPAN_NOWHERE;
	buf_put_str(out, "- ");
	if (jcs_find(part, "title", &title)) {
		buf_put_str(out, is_link ? "[" : "");
		put_escaped(out, part, "title");
		buf_put_str(out, is_link ? "]" : " ");
	}
	if (is_link)
		buf_putf(out, jcs_find(part, "title", &title) ? "(<%.*s>)" :
			 "<%.*s>", (int)value.len, value.at);
	else
		put_escaped(out, part, "url");
	buf_put_char(out, '\n');
	buf_release(&url);
}

static void put_canvas(struct buf *out, struct span part)
{
	struct span value;
	int64_t version;

	buf_put_str(out, "*Document ");
	put_escaped(out, part, "title");
	if (jcs_find(part, "version", &value) &&
	    jcs_integer(value, &version) && version > 0)
		buf_putf(out, "%sversion %lld", jcs_find(part, "title",
			 &value) ? ", " : "", (long long)version);
	buf_put_str(out, "*\n");
}

int beside_put(struct span state, struct buf *out, struct err *err)
{
	struct span parts = { NULL, 0 };
	struct jcs_iter iter;
	struct span part;
	bool has_sources = false;

	(void)jcs_find(state, "parts", &parts);
	iter = jcs_iter_array(parts);
	while (jcs_next(&iter, NULL, &part)) {
		if (is_of_type(part, "canvas")) {
			put_canvas(out, part);
		} else if (is_of_type(part, "prompt")) {
			buf_put_str(out, "*Made of:* ");
			put_escaped(out, part, "text");
			buf_put_char(out, '\n');
		}
	}
	iter = jcs_iter_array(parts);
	while (jcs_next(&iter, NULL, &part)) {
		if (!is_of_type(part, "source"))
			continue;
		if (!has_sources)
			buf_put_str(out, out->len ? "\nSources:\n\n" :
				    "Sources:\n\n");
		has_sources = true;
		put_source(out, part);
	}
	return buf_end(out, err);
}

void beside_put_readable(struct buf *out, struct span text)
{
	size_t begin;
	size_t end;

	while ((begin = span_find(text, MARK_BEGIN, 0)) != SPAN_NOWHERE) {
		end = span_find(text, MARK_END, begin);
		if (end == SPAN_NOWHERE || end - begin > MARK_MAX)
			break;
		buf_put(out, text.at, begin && text.at[begin - 1] == ' ' ?
			begin - 1 : begin);
		end += sizeof(MARK_END) - 1;
		text = span_of(text.at + end, text.len - end);
	}
	buf_put_span(out, text);
}
