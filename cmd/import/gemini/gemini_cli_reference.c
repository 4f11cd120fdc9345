#include "cmd/import/gemini/gemini_cli_internal.h"

#include "cmd/import/records/rest.h"

/*
 * What "@a.c" in a prompt stood for follows the words in the same message:
 *
 *	--- Content from referenced files ---
 *	Content from @a.c:
 *	...
 *	--- End of content ---
 *
 * in one text or in several, with pictures between.
 */
#define BEGIN "--- Content from referenced files ---"
#define END "--- End of content ---"
#define NAME "Content from @"

/* Where a line is, or begins, so; SPAN_NOWHERE: none is. */
static size_t find_line(struct span text, const char *words, size_t from)
{
	size_t at = span_find(text, words, from);

	while (at != SPAN_NOWHERE && at && text.at[at - 1] != '\n')
		at = span_find(text, words, at + 1);
	return at;
}

static struct span trim_lines(struct span text)
{
	while (text.len && (*text.at == '\n' || *text.at == '\r'))
		text = span_of(text.at + 1, text.len - 1);
	while (text.len && (text.at[text.len - 1] == '\n' ||
			    text.at[text.len - 1] == '\r'))
		text.len--;
	return text;
}

static void put_file(struct chat *chat, struct parts *parts, struct span name,
		     struct span text)
{
	struct buf ref = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc = chat_add_blob(chat, text, "text/plain;charset=utf-8", &ref,
			       &why);

	part_begin(parts, "file");
	fields_fail(&parts->fields, rc, &why);
	fields_said(&parts->fields, "name", name);
	fields_raw(&parts->fields, "data", buf_span(&ref));
	part_end(parts);
	buf_release(&ref);
}

/* What was gathered, file by file. */
static void put_files(struct chat *chat, struct parts *parts,
		      struct span text)
{
	size_t at = find_line(text, NAME, 0);
	struct span before = text;
	struct span rest;
	struct span name;

	before.len = at == SPAN_NOWHERE ? text.len : at;
	if (trim_lines(before).len)
		part_said(parts, "injected", trim_lines(before), NULL);
	while (at != SPAN_NOWHERE) {
		rest = span_of(text.at + at, text.len - at);
		name = span_take_line(&rest);
		name = span_of(name.at + strlen(NAME),
			       name.len - strlen(NAME));
		if (span_ends(name, ":"))
			name.len--;
		at = find_line(text, NAME, (size_t)(rest.at - text.at));
		if (at != SPAN_NOWHERE)
			rest.len = (size_t)(text.at + at - rest.at);
		put_file(chat, parts, name, trim_lines(rest));
	}
}

bool gemini_cli_reference(struct gemini_cli_reference *reference,
			  struct chat *chat, struct parts *parts,
			  struct span text, struct span *out_said)
{
	size_t at;

	*out_said = text;
	if (!reference->is_open) {
		at = find_line(text, BEGIN, 0);
		if (at == SPAN_NOWHERE)
			return false;
		*out_said = trim_lines(span_of(text.at, at));
		text = span_of(text.at + at + strlen(BEGIN),
			       text.len - at - strlen(BEGIN));
		reference->is_open = true;
	} else {
		*out_said = span_of(NULL, 0);
	}
	at = find_line(text, END, 0);
	buf_put(&reference->text, text.at, at == SPAN_NOWHERE ? text.len :
		at);
	buf_put_char(&reference->text, '\n');
	if (at != SPAN_NOWHERE)
		gemini_cli_reference_end(reference, chat, parts);
	return true;
}

void gemini_cli_reference_end(struct gemini_cli_reference *reference,
			      struct chat *chat, struct parts *parts)
{
	if (reference->is_open && buf_end(&reference->text, NULL) == 0)
		put_files(chat, parts, buf_span(&reference->text));
	reference->is_open = false;
	buf_reset(&reference->text);
}
