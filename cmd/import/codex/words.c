#include "cmd/import/codex/codex.h"

#include <stdio.h>

#include "cmd/import/records/injected.h"

static struct span text_of(const struct jval *piece)
{
	return jval_is(piece, JVAL_STRING) ? jval_text(piece) :
		jval_get_text(piece, "text");
}

void codex_put_text(const struct jval *content, struct buf *out)
{
	const struct jval *piece = NULL;
	struct span text;

	if (jval_is(content, JVAL_ARRAY))
		piece = jval_first(content);
	else
		codex_put_piece(out, jval_text(content));
	for (; piece; piece = piece->next) {
		text = text_of(piece);
		codex_put_piece(out, text);
	}
}

void codex_put_piece(struct buf *out, struct span text)
{
	if (text.len && out->len)
		buf_put_str(out, "\n\n");
	buf_put_span(out, text);
}

bool codex_is_around_picture(struct span text)
{
	return span_begins(text, "<image name=") ||
	       span_equals(text, span_str("<image>")) ||
	       span_equals(text, span_str("</image>"));
}

void codex_put_typed(const struct jval *content, struct buf *out)
{
	const struct jval *piece = NULL;
	struct span text;

	if (jval_is(content, JVAL_ARRAY))
		piece = jval_first(content);
	else
		buf_put_span(out, jval_text(content));
	for (; piece; piece = piece->next) {
		text = text_of(piece);
		if (!codex_is_around_picture(text))
			buf_put_span(out, text);
	}
}

/* Is all of it between <some_name> and </some_name>? Nobody types that. */
static bool is_in_tags(struct span text)
{
	const char *end = text.len && text.at[0] == '<' ?
		memchr(text.at, '>', text.len < 64 ? text.len : 64) : NULL;
	size_t len = end ? (size_t)(end - text.at) : 0;
	const char *close;

	if (len < 2 || text.len < 2 * len + 3 ||
	    !memchr(text.at, '_', len) || memchr(text.at, ' ', len))
		return false;
	close = text.at + text.len - len - 2;
	return close[0] == '<' && close[1] == '/' &&
	       !memcmp(close + 2, text.at + 1, len);
}

int codex_judge_words(struct span text, bool *out_is_injected,
		      struct err *err)
{
	struct buf said = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	text = span_trim(text, SPAN_BLANKS);
	*out_is_injected = !codex_shell_command(text).at && is_in_tags(text);
	if (*out_is_injected || codex_shell_command(text).at || !text.len)
		return 0;
	rc = injected_words(text, &said, err);
	*out_is_injected = rc == 0 && !said.len;
	buf_release(&said);
	return rc;
}

/* An editor says first what is open in it. */
struct span codex_request(struct span text)
{
	static const char mark[] = "## My request for Codex:";
	size_t at;

	if (!span_begins(span_trim(text, SPAN_BLANKS), "# "))
		return span_of(NULL, 0);
	at = span_find(text, mark, 0);
	if (at == SPAN_NOWHERE || (at && text.at[at - 1] != '\n'))
		return span_of(NULL, 0);
	at += strlen(mark);
	return span_trim(span_of(text.at + at, text.len - at), SPAN_BLANKS);
}

struct span codex_inside(struct span text, const char *tag)
{
	char mark[64];
	size_t from;
	size_t to;

	snprintf(mark, sizeof(mark), "<%s>", tag);
	from = span_find(text, mark, 0);
	if (from == SPAN_NOWHERE)
		return span_of(NULL, 0);
	from += strlen(mark);
	snprintf(mark, sizeof(mark), "</%s>", tag);
	to = span_find(text, mark, from);
	if (to == SPAN_NOWHERE)
		return span_of(NULL, 0);
	return span_trim(span_of(text.at + from, to - from), SPAN_BLANKS);
}

struct span codex_shell_command(struct span text)
{
	return span_begins(span_trim(text, SPAN_BLANKS), "<user_shell_command>") ?
		codex_inside(text, "command") : span_of(NULL, 0);
}

enum codex_author codex_author_of(const struct jval *payload)
{
	const struct jval *piece = jval_first(jval_at(payload,
		"internal_chat_message_metadata_passthrough."
		"content_item_metadata"));
	enum codex_author author = CODEX_UNTOLD;
	const struct jval *type;

	for (; piece; piece = piece->next) {
		type = jval_at(piece, "provenance.type");
		if (jval_is_text(type, "user"))
			return CODEX_PERSON;
		if (jval_is(type, JVAL_STRING))
			author = CODEX_PROGRAM;
	}
	return author;
}
