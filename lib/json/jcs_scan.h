/*
 * Reading canonical JSON (RFC 8785, "JCS") in place: checks and cursors that
 * build no tree, allocate nothing and do not recurse.
 */
#ifndef VV_LIB_JSON_JCS_SCAN_H
#define VV_LIB_JSON_JCS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define JCS_DEPTH_MAX 64	/* containers inside each other */

enum jcs_type {
	JCS_NONE,		/* empty span: no value */
	JCS_OBJECT,
	JCS_ARRAY,
	JCS_STRING,
	JCS_NUMBER,
	JCS_TRUE,
	JCS_FALSE,
	JCS_NULL
};

/* Both point into the scanned text. */
struct jcs_member {
	struct span name;	/* between the quotes, escapes as they stand */
	struct span value;	/* JSON text, quotes of a string included */
};

/*
 * Succeed when text is exactly one JSON value in canonical form: no white
 * space, members sorted by UTF-16 code units and none twice, escapes minimal
 * and in their one spelling, well-formed UTF-8, canonical numbers, nothing
 * behind the value.
 *
 * ERR_INVALID "... at byte N" (counted from 0), ERR_LIMIT past JCS_DEPTH_MAX.
 */
MUST_USE int jcs_check(struct span text, struct err *err);

/*
 * The same check of a text that must be an object, and in the same pass its
 * members, in their order. ERR_LIMIT as well when there are more than max.
 */
MUST_USE int jcs_object_scan(struct span text, struct jcs_member *members,
			     size_t max, size_t *out_count, struct err *err);

/*
 * The rest is for text that has passed a check above, or that jcs_write.h
 * made. Other text gives wrong answers, but is never read out of bounds.
 */
enum jcs_type jcs_type_of(struct span value);

/* A cursor over the members of an object or the items of an array. */
struct jcs_iter {
	const char *at;
	const char *end;
	bool is_object;
};

/* A value of another type than asked for has no members or items. */
struct jcs_iter jcs_iter_object(struct span object);
struct jcs_iter jcs_iter_array(struct span array);

/*
 * Step to the next member or item; false at the end. name as in struct
 * jcs_member, absent for an array; either pointer may be NULL.
 */
bool jcs_next(struct jcs_iter *iter, struct span *name, struct span *value);

/*
 * Find a member of this object (not of inner ones). name is plain ASCII that
 * needs no escape. False, and *value absent, when there is none.
 */
bool jcs_find(struct span object, const char *name, struct span *value);

/* jcs_find, and the value is a string: *text is what stands between quotes. */
bool jcs_find_string(struct span object, const char *name, struct span *text);

/* Text between the quotes of a string value; absent for other values. */
struct span jcs_string_inner(struct span value);

/* True for a string value without escapes: its inner text is the text. */
bool jcs_string_is_plain(struct span value);

/* Append the text of a string value, escapes resolved. ERR_INVALID else. */
MUST_USE int jcs_string_decode(struct span value, struct buf *out,
			       struct err *err);

/* Append the text of a member's name (or any inner text), escapes resolved. */
MUST_USE int jcs_inner_decode(struct span inner, struct buf *out,
			      struct err *err);

/* True when value is an integer of magnitude up to 2^53; *out is it then. */
bool jcs_integer(struct span value, int64_t *out);

/* True when value is a string whose text is exactly this plain ASCII. */
bool jcs_is_text(struct span value, const char *text);

#endif
