/*
 * Text from outside, made safe for a terminal.
 */
#ifndef VV_LIB_BASE_TEXT_H
#define VV_LIB_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

enum text_escape_flags {
	TEXT_KEEP_LINES = 1	/* '\n' and '\t' pass through */
};

/*
 * Append text with everything escaped that could steer a terminal or mislead
 * the eye: control characters (C0, DEL, C1), line separators, bidirectional
 * overrides and isolates, what has no width (but for the two joiners that
 * scripts and emoji need), tags. Written as
 * \n \r \t \e, \u{202e}, and \xff for a byte that is not UTF-8; '\\' itself
 * is left alone, this is for people. flags: enum text_escape_flags.
 */
MUST_USE int text_escape(struct buf *buf, struct span text, unsigned flags,
			 struct err *err);

/*
 * Length in bytes of the UTF-8 character at the start of the text, 0 when it
 * is none (too long, surrogate, beyond U+10FFFF, cut off). out may be NULL.
 */
size_t text_utf8_next(struct span text, unsigned long *out);

bool text_is_utf8(struct span text);

/*
 * The longest prefix of at most max_len bytes that does not cut a character;
 * the text must be UTF-8.
 */
struct span text_cut(struct span text, size_t max_len);

/* Make it one line of at most max bytes: blanks and line ends in a row are one
 * blank, and none stands at an end. */
void text_one_line(struct buf *text, size_t max);

#endif
