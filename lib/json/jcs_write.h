/*
 * Writing canonical JSON (RFC 8785, "JCS") piece by piece into a buffer.
 */
#ifndef VV_LIB_JSON_JCS_WRITE_H
#define VV_LIB_JSON_JCS_WRITE_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * Append text as a string with quotes and the escapes that it needs.
 * ERR_INVALID when text is not well-formed UTF-8; ERR_LIMIT, ERR_NOMEM.
 * A failure leaves the buffer as it was; so do the next two.
 */
MUST_USE int jcs_add_string(struct buf *buf, struct span text,
			    struct err *err);

/* ERR_INVALID for NaN and the infinities. */
MUST_USE int jcs_add_number(struct buf *buf, double value, struct err *err);

/* ERR_INVALID beyond 2^53 in magnitude. */
MUST_USE int jcs_add_integer(struct buf *buf, int64_t value, struct err *err);

/*
 * Members of one object, added in any order and written sorted. Everything
 * added is copied, so the caller's buffers may go. Names are text, not yet
 * escaped, and well-formed UTF-8 (else ERR_INVALID).
 */
struct jcs_field {
	size_t name;		/* offsets into text: name, then value */
	size_t name_len;
	size_t value;
	size_t value_len;
};

struct jcs_fields {
	struct buf text;
	struct jcs_field *list;
	size_t count;
	size_t cap;
	struct err err;		/* of the first fields_...() that failed */
};

#define JCS_FIELDS_INIT { BUF_INIT(BUF_NO_LIMIT), NULL, 0, 0, ERR_INIT }

/*
 * Add a member: after a failure each of these does nothing, and
 * jcs_fields_write() or fields_end() tells the first one, once, at the end.
 * value is canonical JSON text already (not checked).
 */
void fields_add(struct jcs_fields *fields, struct span name,
		struct span value);

/* The same with a name that is a C string, and with values of one type. */
void fields_raw(struct jcs_fields *fields, const char *name,
		struct span value);
void fields_text(struct jcs_fields *fields, const char *name,
		 struct span text);
void fields_str(struct jcs_fields *fields, const char *name,
		const char *text);
void fields_integer(struct jcs_fields *fields, const char *name,
		    int64_t value);
void fields_number(struct jcs_fields *fields, const char *name, double value);
void fields_bool(struct jcs_fields *fields, const char *name, int value);
void fields_null(struct jcs_fields *fields, const char *name);
/* The object that is built of inner, or canonical text that was built; a
 * failure of theirs is the failure from now on. */
void fields_object(struct jcs_fields *fields, const char *name,
		   struct jcs_fields *inner);
void fields_buf(struct jcs_fields *fields, const char *name,
		const struct buf *value);
/*
 * A member whose value the caller appends to the text that is returned (NULL:
 * after a failure), with fields->err for what fails; then fields_close() keeps
 * it, or forgets it when rc is negative, which is the failure from now on.
 */
struct buf *fields_open(struct jcs_fields *fields, struct span name);
void fields_close(struct jcs_fields *fields, int rc);
/* For builders of values: what rc says, with the text of why (may be NULL),
 * unless it is 0, is the failure from now on. */
void fields_fail(struct jcs_fields *fields, int rc, const struct err *why);
MUST_USE int fields_end(const struct jcs_fields *fields, struct err *err);

/* The same in text that is built (buf_end()). */
void jcs_put_string(struct buf *buf, struct span text);

/*
 * Append "{...}" with the members sorted. ERR_INVALID when a name was added
 * twice; a failure of fields_...() before. The collected fields stay, so that
 * it can be written again.
 */
MUST_USE int jcs_fields_write(struct jcs_fields *fields, struct buf *out,
			      struct err *err);

/* Forget the fields, keep the memory. */
void jcs_fields_reset(struct jcs_fields *fields);

void jcs_fields_release(struct jcs_fields *fields);

#endif
