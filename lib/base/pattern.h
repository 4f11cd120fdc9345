/*
 * Patterns: Perl's regular expressions (PCRE2), or a text as it stands, looked
 * for in lines of UTF-8. What a pattern may cost is bounded: one that would
 * try for ever ends with an error.
 */
#ifndef VV_LIB_BASE_PATTERN_H
#define VV_LIB_BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define PATTERN_BYTES_MAX 4096

#define PATTERN_LITERAL 1u	/* the text as it stands */
#define PATTERN_NO_CASE 2u
#define PATTERN_WORDS 4u	/* between what are no letters, digits or _ */

struct pattern;

/* ERR_INVALID: not UTF-8, or no expression, with the place; ERR_LIMIT: too
 * large. */
MUST_USE int pattern_new(struct span text, unsigned flags,
			 struct pattern **out, struct err *err);
void pattern_free(struct pattern *pattern);

/* Where it was found in a line: bytes, which may be none. */
struct pattern_match {
	bool is_found;
	size_t start, end;
};

/*
 * Find it in a line from byte *from on, which moves behind it; where there is
 * none, is_found is false. Bytes that are no UTF-8 match nothing. ERR_LIMIT:
 * it would take too many steps, or too much memory.
 */
MUST_USE int pattern_find(struct pattern *pattern, struct span line,
			  size_t *from, struct pattern_match *out,
			  struct err *err);

/*
 * Append the longest run of ASCII letters and digits, in lower case, that
 * every match has to hold, of those that is_fit says are of use; nothing where
 * that cannot be told. All of the expression's own words are understood or end
 * the search for it.
 */
MUST_USE int pattern_needs(const struct pattern *pattern,
			   bool (*is_fit)(const char *run), struct buf *out,
			   struct err *err);

#endif
