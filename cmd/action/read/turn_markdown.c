#include "cmd/action/read/turn.h"

#include <string.h>

#include "cmd/export/markdown/beside.h"
#include "lib/json/jcs_scan.h"

/* A text member; nothing where it is null. */
static void put_text(struct buf *out, struct span object, const char *name,
		     const char *before, const char *behind)
{
	struct span value;

	if (!jcs_find(object, name, &value) ||
	    jcs_type_of(value) == JCS_NULL || jcs_is_text(value, ""))
		return;
	buf_put_str(out, before);
	if (jcs_type_of(value) == JCS_STRING)
		buf_fail(out, jcs_string_decode(value, out, NULL));
	else
		buf_put_span(out, value);
	buf_put_str(out, behind);
}

/* What is not here, and the option that brings it. */
static void put_left_out(struct buf *out, struct span session,
			 const char *which, const char *one,
			 const char *option)
{
	struct span left_out;
	struct span n;

	if (!jcs_find(session, "left_out", &left_out) ||
	    !jcs_find(left_out, which, &n) || span_equals(n, span_str("0")))
		return;
	buf_put_str(out, "\n*");
	buf_put_span(out, n);
	buf_putf(out, " %s%s left out: `%s`*\n", one,
		 span_equals(n, span_str("1")) ? "" : "s", option);
}

/* What was said, without the marks of programs. */
static void put_readable(struct buf *out, struct span turn)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;

	if (!jcs_find(turn, "text", &value) ||
	    jcs_type_of(value) != JCS_STRING || jcs_is_text(value, ""))
		return;
	buf_fail(out, jcs_string_decode(value, &text, NULL));
	beside_put_readable(out, buf_span(&text));
	buf_put_char(out, '\n');
	buf_release(&text);
}

/* Each line of a text quoted, behind an empty line. */
static void put_quoted(struct buf *out, struct span value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span rest;

	if (jcs_type_of(value) == JCS_STRING &&
	    jcs_string_decode(value, &text, NULL) == 0)
		buf_put_char(out, '\n');
	rest = buf_span(&text);
	while (rest.len) {
		buf_put_str(out, "> ");
		buf_put_span(out, span_take_line(&rest));
		buf_put_char(out, '\n');
	}
	buf_release(&text);
}

/* What was noted on it. */
static void put_notes(struct buf *out, struct span session)
{
	struct span notes = span_of(NULL, 0);
	struct jcs_iter iter;
	struct span note;

	(void)jcs_find(session, "notes", &notes);
	iter = jcs_iter_object(notes);
	while (jcs_next(&iter, NULL, &note))
		put_quoted(out, note);
}

static void put_head(struct buf *out, struct span session)
{
	size_t start = out->len;

	put_text(out, session, "title", "# ", "\n\n");
	if (out->len == start)
		put_text(out, session, "first", "# ", "\n\n");
	if (out->len == start)
		put_text(out, session, "session", "# ", "\n\n");
	buf_put_str(out, "*");
	put_text(out, session, "provider", "", " · ");
	put_text(out, session, "created", "", " · ");
	put_text(out, session, "messages", "", " messages*\n");
	put_notes(out, session);
	put_left_out(out, session, "thinking", "thought", "--thinking");
	put_left_out(out, session, "hidden", "hidden message", "--all");
}

static void put_tools(struct buf *out, struct span turn)
{
	struct span list;
	struct span item;
	struct span value;
	struct jcs_iter iter;
	bool is_error;

	if (!jcs_find(turn, "tools", &list))
		return;
	iter = jcs_iter_array(list);
	while (jcs_next(&iter, NULL, &item)) {
		put_text(out, item, "kind", "- *", "*");
		put_text(out, item, "name", " **", "**");
		is_error = jcs_find(item, "error", &value) &&
			   jcs_type_of(value) == JCS_TRUE;
		if (!is_error)
			put_text(out, item, "gist", " ", "");
		put_text(out, item, "bytes", ": ",
			 is_error ? " bytes, an error" : " bytes");
		if (is_error)
			put_text(out, item, "gist", ": ", "");
		buf_put_char(out, '\n');
		put_text(out, item, "input", "\n```json\n", "\n```\n");
	}
	buf_put_char(out, '\n');
}

static void put_files(struct buf *out, struct span turn)
{
	struct span list;
	struct span item;
	struct span text;
	struct jcs_iter iter;

	if (!jcs_find(turn, "files", &list))
		return;
	iter = jcs_iter_array(list);
	while (jcs_next(&iter, NULL, &item)) {
		put_text(out, item, "name", "- file ", "");
		put_text(out, item, "media", ", ", "");
		put_text(out, item, "size", ", ", " bytes");
		put_text(out, item, "blob", ": `vvault cat ", "`");
		buf_put_char(out, '\n');
		if (jcs_find(item, "text", &text))
			put_quoted(out, text);
	}
}

static int put_markdown(struct span object, struct buf *out, struct err *err)
{
	struct span value;

	if (jcs_find(object, "document", &value)) {
		put_text(out, object, "title", "# ", "\n\n");
		put_text(out, object, "text", "", "\n");
		return buf_end(out, err);
	}
	if (jcs_find(object, "session", &value)) {
		put_head(out, object);
		return buf_end(out, err);
	}
	put_text(out, object, "role", "\n## ", "");
	put_text(out, object, "name", " ", "");
	put_text(out, object, "created", " · ", "");
	if (jcs_find(object, "branch", &value) &&
	    jcs_type_of(value) == JCS_OBJECT) {
		put_text(out, value, "n", " · ", "");
		put_text(out, value, "of", " of ", "");
	}
	buf_put_str(out, "\n\n");
	put_text(out, object, "thinking", "<details><summary>thinking"
		 "</summary>\n\n", "\n\n</details>\n\n");
	put_readable(out, object);
	put_text(out, object, "beside", "\n", "");
	put_tools(out, object);
	put_files(out, object);
	return buf_end(out, err);
}

int turn_tell(const struct host *host, const char *format,
	      struct jcs_fields *fields, struct err *err)
{
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!strcmp(format, "text"))
		return host_object(host, fields, err);
	rc = jcs_fields_write(fields, &line, err);
	jcs_fields_reset(fields);
	if (rc == 0 && !strcmp(format, "markdown"))
		rc = put_markdown(buf_span(&line), &out, err);
	else if (rc == 0)
		buf_putf(&out, "%s\n", buf_text(&line));
	if (rc == 0)
		rc = buf_end(&out, err);
	if (rc == 0)
		rc = host_bytes(host, buf_span(&out), err);
	buf_release(&line);
	buf_release(&out);
	return rc;
}
