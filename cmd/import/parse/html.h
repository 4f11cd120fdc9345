/*
 * HTML as a row of tags and texts, as exports hold it: read once from front
 * to back, whatever it is, without a tree.
 */
#ifndef VV_CMD_IMPORT_PARSE_HTML_H
#define VV_CMD_IMPORT_PARSE_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

enum html_kind {
	HTML_TEXT,
	HTML_START,	/* <name ...>, also <name .../> */
	HTML_END	/* </name> */
};

struct html_token {
	enum html_kind kind;
	struct span whole;	/* as it stands; a text with its entities */
	struct span name;	/* of a tag, in any case: html_is() */
	struct span attributes;	/* of a start tag, as they stand */
};

struct html_reader {
	struct span html;	/* borrowed, as all spans of its tokens */
	size_t at;		/* of the next token */
	struct span skipped;	/* element whose content is left out */
	bool ignores_quotes;
	bool has_only_text;
};

#define HTML_READER_INIT(text) { (text), 0, { NULL, 0 }, false, false }

/*
 * The next token; false at the end. Comments, declarations and what stands
 * in script, style and title is left out. A '<' that begins no tag is text,
 * and so is all behind a tag that never ends. The whole takes linear time.
 */
bool html_next(struct html_reader *reader, struct html_token *out);

/* Is it a tag of this (lower-case) name? */
bool html_is(const struct html_token *token, const char *name);

/*
 * The value of a start tag's attribute as it stands, with entities; empty
 * for one without value, absent (at NULL) when there is none. name is lower
 * case.
 */
struct span html_attribute(const struct html_token *token, const char *name);

/* Is this word one of the classes of the start tag? */
bool html_has_class(const struct html_token *token, const char *word);

/*
 * Append text with its entities replaced: the named ones of HTML 4 and those
 * of HTML 5 that occur, and numbers (U+FFFD for what is no character). What
 * is no entity stays. Bytes that are no UTF-8 stay as they are.
 */
MUST_USE int html_decode(struct span text, struct buf *out, struct err *err);

/*
 * Append a fragment as text for people, much as it would be written in
 * Markdown: a line or paragraph for each block, "- " and "1. " for lists,
 * "## " for headings, fences around <pre>, backticks around <code>,
 * " (address)" behind a link that does not show it, " | " between cells.
 * Runs of white space are one space except in <pre>; &nbsp; is a space.
 * Neither begins nor ends with white space. Never more than ten times as
 * long as the HTML. A failure appends nothing.
 */
MUST_USE int html_to_text(struct span html, struct buf *out, struct err *err);

#endif
