#include "cmd/import/database/rows.h"

#include <inttypes.h>
#include <math.h>

#include "cmd/import/parse/zstd_feed.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"

#define BLOCK_BYTES ((size_t)64 << 10)

static void put_real(double value, struct buf *out)
{
	size_t start = out->len;
	struct span text;

	if (isinf(value)) {
		buf_put_str(out, value < 0 ? "-9e999" : "9e999");
		return;
	}
	buf_fail(out, jcs_add_number(out, value, NULL));
	if (out->failed)
		return;
	text = span_of(out->data + start, out->len - start);
	if (!span_has(text, ".") && !span_has(text, "e"))
		buf_put_str(out, ".0");
}

static void put_bytes(struct span bytes, struct buf *out)
{
	buf_put_str(out, "{\"$base64\":\"");
	buf_fail(out, base64_add(out, bytes.at, bytes.len, NULL));
	buf_put_str(out, "\"}");
}

/* Whole JSON in place of itself, without what stands around it. */
static int put_json(struct span text, struct buf *out, bool *out_is_one,
		    struct err *err)
{
	const struct jdoc_options options = {
		.max_depth = ROWS_DEPTH_MAX,
		.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
	};
	struct jdoc *doc = NULL;
	int rc = jdoc_parse(text, &options, &doc, NULL);

	*out_is_one = rc == 0;
	if (rc == ERR_NOMEM)
		return err_set(err, rc, "out of memory");
	if (rc == 0)
		buf_put_span(out, jdoc_root(doc)->raw);
	jdoc_free(doc);
	return buf_end(out, err);
}

static int read_bytes(void *arg, void *bytes, size_t len, size_t *out_len,
		      struct err *err)
{
	struct span *left = arg;

	(void)err;
	len = len < left->len ? len : left->len;
	if (len)
		memcpy(bytes, left->at, len);
	*left = span_of(left->at + len, left->len - len);
	*out_len = len;
	return 0;
}

static int unpack(struct span bytes, struct buf *out, struct err *err)
{
	struct zstd_feed *packed = NULL;
	struct span left = bytes;
	struct feed feed = { read_bytes, &left };
	size_t len = 1;
	int rc = zstd_feed_new(feed, &packed, err);

	if (rc == 0)
		feed = zstd_feed_of(packed);
	while (rc == 0 && len) {
		rc = buf_reserve(out, BLOCK_BYTES, err);
		if (rc == 0)
			rc = feed.read(feed.arg, out->data + out->len,
				       BLOCK_BYTES, &len, err);
		if (rc == 0)
			out->len += len;
	}
	zstd_feed_free(packed);
	return rc;
}

/* Torn, it stays as it is. */
static int put_packed(struct span bytes, struct buf *out, struct err *err)
{
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	const struct database_value value = { .type = DATABASE_BLOB };
	struct database_value unpacked = value;
	int rc = unpack(bytes, &plain, NULL);

	if (rc == 0) {
		unpacked.bytes = buf_span(&plain);
		rc = rows_put_value(&unpacked, true, out, err);
	} else if (rc == ERR_NOMEM) {
		rc = err_set(err, rc, "out of memory");
	} else {
		put_bytes(bytes, out);
		rc = buf_end(out, err);
	}
	buf_release(&plain);
	return rc;
}

static bool is_like_json(struct span bytes)
{
	return bytes.len && (bytes.at[0] == '{' || bytes.at[0] == '[') &&
	       !memchr(bytes.at, '\0', bytes.len);
}

static int put_chars(struct span bytes, bool is_blob, bool is_json,
		     struct buf *out, struct err *err);

/* A text in which some bytes are none: what can be read of it is read. */
static int put_mended(struct span bytes, bool is_json, struct buf *out,
		      struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t good;
	int rc;

	while (bytes.len) {
		good = utf8_valid_prefix(bytes);
		buf_put(&text, bytes.at, good);
		if (good < bytes.len) {
			buf_put_str(&text, "\xef\xbf\xbd");
			good++;
		}
		bytes = span_of(bytes.at + good, bytes.len - good);
	}
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = put_chars(buf_span(&text), false, is_json, out, err);
	buf_release(&text);
	return rc;
}

static int put_chars(struct span bytes, bool is_blob, bool is_json,
		    struct buf *out, struct err *err)
{
	bool is_done = false;
	int rc;

	if (is_json && zstd_feed_is_magic(bytes))
		return put_packed(bytes, out, err);
	if (is_json) {
		rc = put_json(bytes, out, &is_done, err);
		if (rc < 0 || is_done)
			return rc;
	}
	if (utf8_is_valid(bytes) &&
	    !(is_blob && memchr(bytes.at, '\0', bytes.len)))
		jcs_put_string(out, bytes);
	else if (!is_blob || (is_json && is_like_json(bytes)))
		return put_mended(bytes, is_json, out, err);
	else
		put_bytes(bytes, out);
	return buf_end(out, err);
}

int rows_put_value(const struct database_value *value, bool is_json,
		   struct buf *out, struct err *err)
{
	switch (value->type) {
	case DATABASE_INTEGER:
		buf_putf(out, "%" PRId64, value->integer);
		break;
	case DATABASE_REAL:
		put_real(value->real, out);
		break;
	case DATABASE_TEXT:
	case DATABASE_BLOB:
		return put_chars(value->bytes, value->type == DATABASE_BLOB,
				is_json, out, err);
	default:
		buf_put_str(out, "null");
		break;
	}
	return buf_end(out, err);
}
