/*
 * Looking at the begin of a file: what is it, by its structure? The text may
 * be cut anywhere.
 */
#ifndef VV_CMD_IMPORT_SNIFF_H
#define VV_CMD_IMPORT_SNIFF_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/span.h"

/*
 * Does the JSON object that text begins with have this member? "metadata.uuid"
 * looks into the member metadata. Arrays are passed over, but for the first
 * object in one that the text begins with. Names are compared as they stand,
 * without escapes. False for other text.
 */
bool sniff_has(struct span text, const char *path);

/* The text behind a byte order mark and white space. */
struct span sniff_begin(struct span text);

/* Do these bytes stand in the text, wherever that is? */
static inline bool sniff_mentions(struct span text, const char *bytes)
{
	return span_has(text, bytes);
}

#define SNIFF_LINES_MAX 20

/* The line of this number, from 1 to SNIFF_LINES_MAX, blank ones not counted;
 * absent when there is none. The last one may be torn. */
struct span sniff_line(struct span text, size_t number);

/* sniff_has() of any of the first SNIFF_LINES_MAX lines. */
bool sniff_lines_have(struct span text, const char *path);

/* Is any of the first SNIFF_LINES_MAX lines, as they stand, one of these? */
bool sniff_any_line(struct span text, bool (*is_one)(struct span line));

#define SNIFF_SIGN_MAX 64	/* bytes of a name in signs */

/*
 * Does the text have all these signs, words with blanks between? "x" is a
 * member as sniff_has() finds it, "@x" one of a line (sniff_lines_have()),
 * "*x" a name in quotes that stands anywhere; "x|y" is either of them, "!x|y"
 * none of them.
 */
bool sniff_signs(struct span text, const char *signs);
/* Any of these signs, ended by NULL? */
bool sniff_any(struct span text, const char *const *signs);

/* Is the first line a whole object, and does another begin like one? */
bool sniff_is_lines(struct span text);

/* "UTF-16", "UTF-32": by its mark, or by the zeros of a JSON text; NULL for
 * UTF-8 and for what is no text. */
const char *sniff_encoding(struct span text);

/* "an empty file", "a zip archive", "a JSON object with the members a, b":
 * for a message, escaped. */
void sniff_describe(struct span text, struct buf *out);

#endif
