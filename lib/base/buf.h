/*
 * A growing byte buffer with a stated maximum.
 */
#ifndef VV_LIB_BASE_BUF_H
#define VV_LIB_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * data is NUL-terminated one byte behind len whenever data is not NULL, so
 * text may be handed to functions that want a string. Never read cap.
 */
struct buf {
	char *data;
	size_t len;		/* bytes in use */
	size_t cap;
	size_t max;		/* len never passes this */
	int failed;		/* of a buf_put() before, or 0 */
};

#define BUF_INIT(max_bytes) { NULL, 0, 0, (max_bytes), 0 }
#define BUF_NO_LIMIT ((size_t)1 << 40)

/* Room for more bytes behind len. ERR_LIMIT past max, ERR_NOMEM. */
MUST_USE int buf_reserve(struct buf *buf, size_t more, struct err *err);

/* Append; a failure leaves the buffer as it was. ERR_LIMIT, ERR_NOMEM. */
MUST_USE int buf_add(struct buf *buf, const void *bytes, size_t len,
		     struct err *err);
MUST_USE int buf_add_str(struct buf *buf, const char *text, struct err *err);
MUST_USE int buf_add_span(struct buf *buf, struct span span, struct err *err);
MUST_USE int buf_add_char(struct buf *buf, char c, struct err *err);
MUST_USE int buf_add_u32(struct buf *buf, uint32_t value, struct err *err);
MUST_USE int buf_printf(struct buf *buf, struct err *err, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/*
 * The same for text that is built: after a failure each does nothing, and
 * buf_end() tells the first one. So it is asked once, at the end, and what was
 * built is looked at only if all is well.
 */
void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_put_str(struct buf *buf, const char *text);
void buf_put_span(struct buf *buf, struct span span);
void buf_put_char(struct buf *buf, char c);
void buf_put_u32(struct buf *buf, uint32_t value);
void buf_putf(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* For builders of other things: what rc says, unless it is 0, is the buffer's
 * failure from now on. */
void buf_fail(struct buf *buf, int rc);
/* 0, or the first failure of a buf_put(). It stays until the buffer is reset
 * or released. */
MUST_USE int buf_end(const struct buf *buf, struct err *err);
/* The same for what was put behind the first start bytes: with a failure it
 * goes, and the failure with it. */
MUST_USE int buf_settle(struct buf *buf, size_t start, struct err *err);

/* The bytes in use, borrowed until the buffer changes. */
struct span buf_span(const struct buf *buf);

/* The text, never NULL ("" when empty), borrowed until the buffer changes. */
const char *buf_text(const struct buf *buf);

/* Forget what lies behind the first len bytes; len is at most buf->len. */
void buf_cut(struct buf *buf, size_t len);

/* Forget the content and what failed, keep the memory. */
void buf_reset(struct buf *buf);

/* Overwrite the whole memory with zeros, then release it. */
void buf_wipe(struct buf *buf);

/* Free; the buffer is empty and usable again. Accepts an empty buffer. */
void buf_release(struct buf *buf);

#endif
