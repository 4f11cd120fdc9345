/*
 * A reader for ordinary JSON documents (capsules, exports, settings): a tree
 * in an arena that keeps where and how each value stood in its source.
 */
#ifndef VV_LIB_JSON_JDOC_H
#define VV_LIB_JSON_JDOC_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define JDOC_DEPTH_DEFAULT 200

enum jdoc_flags {
	/* Refuse an object that has a key twice; else the last one wins. */
	JDOC_DUPLICATES_REFUSE = 1,
	/* Take NaN, Infinity and -Infinity, which Python writes. */
	JDOC_NAN_OK = 2,
	/* Keep lone surrogates (as WTF-8) instead of refusing them. */
	JDOC_SURROGATES_KEEP = 4,
	/* Skip a UTF-8 byte order mark instead of refusing it. */
	JDOC_BOM_SKIP = 8,
	/* Copy the source; else the caller keeps it alive and unchanged. */
	JDOC_COPY = 16
};

/* A text may have so many values whatever its length, and one more for each so
 * many bytes of it: memory goes with them, and text that means something has
 * fewer. */
#define JDOC_VALUES_FREE ((size_t)1 << 20)
#define JDOC_VALUE_BYTES ((size_t)8)

/* All zero is a fair choice: of any length, default depth, strict. */
struct jdoc_options {
	size_t max_bytes;	/* of the source; 0: no limit */
	size_t max_depth;	/* of containers; 0: JDOC_DEPTH_DEFAULT */
	unsigned flags;		/* enum jdoc_flags */
	size_t max_values;	/* 0: as many as the text may have */
};

enum jval_type {
	JVAL_NULL,
	JVAL_FALSE,
	JVAL_TRUE,
	JVAL_NUMBER,		/* NaN and the infinities too, if taken */
	JVAL_STRING,
	JVAL_ARRAY,
	JVAL_OBJECT
};

enum jval_marks {
	JVAL_IS_INTEGER = 1,	/* number without fraction and exponent */
	JVAL_IS_NAN = 2,	/* NaN, Infinity or -Infinity */
	JVAL_TEXT_WTF = 4,	/* string with a lone surrogate */
	JVAL_KEY_WTF = 8,	/* this member's own key has one */
	JVAL_MEMBER_WTF = 16	/* object: a key of a member has one */
};

/* Read-only for callers; lives as long as its document. */
struct jval {
	enum jval_type type;
	unsigned marks;		/* enum jval_marks */
	struct span raw;	/* the bytes of the source, quotes included */
	struct span key;	/* decoded, may hold NUL; absent in arrays */
	const struct jval *next;	/* next in the same container */
	union {
		struct span text;	/* string, decoded, may hold NUL */
		struct {
			const struct jval *first;	/* source order */
			size_t count;
			/* big objects: members by byte order of key */
			const struct jval *const *sorted;
		} in;			/* array, object */
	} as;
};

struct jdoc;

/*
 * Parse exactly one JSON value with white space around it. Duplicate keys:
 * the last value wins, stands where it stood, and is counted.
 *
 * ERR_INVALID or ERR_LIMIT (bytes, depth, values), "... at line L, column C
 * (byte N)": lines and columns from 1, bytes from 0, columns in bytes.
 * ERR_NOMEM.
 */
MUST_USE int jdoc_parse(struct span text, const struct jdoc_options *options,
			struct jdoc **out, struct err *err);

/*
 * Parse the first value of text and report how many bytes it took with the
 * white space before it; what follows is not looked at. options->max_bytes
 * bounds those bytes. ERR_NOT_FOUND when there is only white space.
 */
MUST_USE int jdoc_parse_prefix(struct span text,
			       const struct jdoc_options *options,
			       struct jdoc **out, size_t *out_used,
			       struct err *err);

/* Accepts NULL. */
void jdoc_free(struct jdoc *doc);

const struct jval *jdoc_root(const struct jdoc *doc);

/* Members dropped because a later one had the same key. */
size_t jdoc_duplicates(const struct jdoc *doc);

/* Where the value begins in the source, in bytes. */
size_t jdoc_offset(const struct jdoc *doc, const struct jval *value);

/* All jval_ functions accept NULL as a value that is not there. */

/*
 * The member of that name; NULL when there is none or it is no object. Fast
 * in large objects too.
 */
const struct jval *jval_get(const struct jval *object, const char *name);
const struct jval *jval_get_span(const struct jval *object, struct span name);

/*
 * Walk a path such as "metadata.uuid" or "mapping.3.id": names of members
 * and, in arrays, indexes from 0, with dots between. NULL when it ends early.
 */
const struct jval *jval_at(const struct jval *value, const char *path);

/* First child in source order, to be followed by ->next; else NULL. */
const struct jval *jval_first(const struct jval *container);
size_t jval_count(const struct jval *container);
const struct jval *jval_item(const struct jval *array, size_t index);

#define JVAL_WALK_LEVELS 16

/*
 * All that lies in a value, in source order, each before what lies in it; what
 * is more than JVAL_WALK_LEVELS below is not seen.
 *
 *	struct jval_walk walk = jval_walk_begin(value);
 *
 *	while ((at = jval_walk_next(&walk)))
 *		...
 */
struct jval_walk {
	const struct jval *next[JVAL_WALK_LEVELS];
	size_t depth;
	const struct jval *last;	/* to be entered; NULL: not */
};

struct jval_walk jval_walk_begin(const struct jval *value);
const struct jval *jval_walk_next(struct jval_walk *walk);
/* Leave out what lies in the one that came last. */
void jval_walk_skip(struct jval_walk *walk);

/* JVAL_NULL for NULL. */
enum jval_type jval_type_of(const struct jval *value);
bool jval_is(const struct jval *value, enum jval_type type);

/* Decoded text of a string; absent (at NULL) for anything else. */
struct span jval_text(const struct jval *value);

/* jval_text of a member. */
struct span jval_get_text(const struct jval *object, const char *name);

/* True when the string's text is exactly this. */
bool jval_is_text(const struct jval *value, const char *text);

/* True when it is a number; *out its nearest double, finite. */
bool jval_number(const struct jval *value, double *out);

/* True when it is an integer that int64_t holds ("3", not "3.0"). */
bool jval_integer(const struct jval *value, long long *out);

/*
 * A value of this depth below the written one stands as "$raw", so that a
 * record can hold it some levels down and stay below JCS_DEPTH_MAX.
 */
#define JDOC_JCS_DEPTH_MAX 48

/*
 * Append the value as canonical JSON (jcs_scan.h). What that form cannot
 * hold stands as {"$raw":"<base64 of its bytes in the source>"}: integers
 * beyond 2^53, numbers that a double turns into infinity or zero or that have
 * more digits than one tells apart (17), NaN and infinities, strings with lone
 * surrogates, objects with such a key, containers too deep. A key that begins
 * with "$" gets another "$" in front. ERR_LIMIT, ERR_NOMEM; out then holds
 * what it held before.
 */
MUST_USE int jdoc_to_jcs(const struct jval *value, struct buf *out,
			 struct err *err);

/*
 * The same of what becomes a field of a record: there a null means that there
 * is no such field, so one that is the value or a member of an object in it
 * (not in an array, which is one value) stands as "$raw" too.
 */
MUST_USE int jdoc_to_data(const struct jval *value, struct buf *out,
			  struct err *err);

/* An object without some of its members, as jdoc_to_jcs() or jdoc_to_data()
 * have it. */
MUST_USE int jdoc_to_jcs_without(const struct jval *object,
				 const struct jval *const *without, size_t n,
				 bool keeps_nulls, struct buf *out,
				 struct err *err);

/*
 * The inverse of both: append canonical text as plain JSON, with "$raw" bytes put
 * back verbatim and doubled "$" undone. Numbers keep their canonical form
 * (with ".0" behind integers beyond 2^53, which were no integers, or they
 * would be a "$raw"), keys their canonical order; other "$" members stay as
 * they are. So jdoc_to_jcs of the result is the canonical text again.
 * ERR_INVALID when the text is not canonical, a "$raw" does not stand alone
 * in its object, or does not hold one JSON value.
 */
MUST_USE int jdoc_from_jcs(struct span canonical, struct buf *out,
			   struct err *err);

/*
 * Append text as a JSON string, which need not be canonical: lone surrogates
 * (WTF-8) become escapes. ERR_INVALID for bytes that are no WTF-8.
 */
MUST_USE int jdoc_add_text(struct buf *json, struct span text,
			   struct err *err);

/* Leave out or replace one member while writing: object.member below root. */
struct jdoc_edit {
	const char *object;
	const char *member;
	const char *instead;	/* JSON text; NULL: leave the member out */
};

/*
 * Append the value as Python's json.dumps(value, sort_keys=True) writes it:
 * ", " and ": ", ASCII only, keys by code point, numbers as in the source.
 * The edit may be NULL. ERR_LIMIT, ERR_NOMEM; out is then as before.
 */
MUST_USE int jdoc_to_python(const struct jval *value,
			    const struct jdoc_edit *edit, struct buf *out,
			    struct err *err);

#endif
