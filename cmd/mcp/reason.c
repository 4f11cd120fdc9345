#include "cmd/mcp/reason.h"

#include <string.h>

#include "cmd/mcp/message.h"
#include "cmd/mcp/tool/said.h"
#include "lib/base/text.h"

#define THERE_IS "there is: "

/* What a sentence consists of, between "; " and "; ". */
static struct span take_clause(struct span *rest)
{
	size_t end = span_find(*rest, "; ", 0);
	struct span clause = span_of(rest->at, end == SPAN_NOWHERE ?
				     rest->len : end);
	size_t len = end == SPAN_NOWHERE ? rest->len : end + 2;

	*rest = span_of(rest->at + len, rest->len - len);
	return clause;
}

/* Of an option that refuses its value stays the name, which a tool's argument
 * has too. */
static struct span without_dashes(struct span clause)
{
	size_t colon = span_find(clause, ": ", 0);
	size_t blank = span_find(clause, " ", 0);

	if (!span_begins(clause, "--") || colon == SPAN_NOWHERE ||
	    blank != colon + 1)
		return clause;
	return span_of(clause.at + 2, clause.len - 2);
}

static bool is_command(struct span clause)
{
	return span_has(clause, "'vvault ") || span_has(clause, " --") ||
	       span_begins(clause, "--");
}

/* Names and titles of what may be meant are stored text, and stay out. */
static struct span without_list(struct span clause)
{
	static const char *const before[] = { "': ", " begins so: " };
	size_t i;

	for (i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		size_t at = span_find(clause, before[i], 0);

		if (at != SPAN_NOWHERE)
			clause.len = at + strlen(before[i]) - 2;
	}
	return clause;
}

/* Constructs that there are, by names that are some. */
static void put_list(struct span names, struct buf *out)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);

	while (names.len) {
		size_t end = span_find(names, ", ", 0);
		size_t len = end == SPAN_NOWHERE ? names.len : end;

		buf_reset(&name);
		buf_put_span(&name, span_of(names.at, len));
		len += end == SPAN_NOWHERE ? 0 : 2;
		names = span_of(names.at + len, names.len - len);
		if (buf_end(&name, NULL) == 0 && said_is_name(buf_text(&name)))
			buf_putf(&list, "%s%s", list.len ? ", " : "",
				 buf_text(&name));
	}
	if (list.len)
		buf_putf(out, "; " THERE_IS "%s", buf_text(&list));
	buf_release(&list);
	buf_release(&name);
}

void reason_put_sentence(struct span sentence, struct buf *out)
{
	size_t begin = out->len;

	while (sentence.len) {
		struct span clause = without_dashes(take_clause(&sentence));

		if (is_command(clause))
			continue;
		if (span_begins(clause, THERE_IS)) {
			put_list(span_of(clause.at + strlen(THERE_IS),
					 clause.len - strlen(THERE_IS)), out);
			continue;
		}
		buf_put_str(out, out->len > begin ? "; " : "");
		clause = without_list(clause);
		buf_fail(out, text_escape(out, clause, 0, NULL));
	}
	if (buf_end(out, NULL) == 0 && out->len - begin > FAULT_TEXT_MAX)
		buf_cut(out, begin + text_cut(
				span_of(buf_text(out) + begin,
					out->len - begin),
				FAULT_TEXT_MAX).len);
}

void reason_put(const struct err *why, struct buf *out)
{
	size_t begin = out->len;

	reason_put_sentence(span_str(why->text), out);
	if (out->len == begin)
		buf_putf(out, "it cannot be done here (%s)",
			 err_word(why->code));
}
