#include "lib/json/jdoc.h"

#include <string.h>

#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "lib/json/lex.h"
#include "lib/json/number.h"

#define RAW_BEGIN "{\"$raw\":"

struct restore {
	const char *at;
	const char *end;
	struct buf *out;
	struct err *err;
};

/* The bytes of a "$raw" must be one value and nothing else. */
static int check_raw(struct span bytes, struct err *err)
{
	struct jdoc_options options = { 0 };
	struct jdoc *doc;
	bool is_whole;
	int rc;

	/* It was read once with a bound of the reader's choice. */
	options.max_depth = bytes.len + 1;
	options.flags = JDOC_NAN_OK | JDOC_SURROGATES_KEEP;
	rc = jdoc_parse(bytes, &options, &doc, err);
	if (rc < 0) {
		err_prefix(err, "'$raw' holds no JSON");
		return rc;
	}
	is_whole = span_equals(jdoc_root(doc)->raw, bytes);
	jdoc_free(doc);
	if (!is_whole)
		return err_set(err, ERR_INVALID,
			       "'$raw' holds white space around its value");
	return 0;
}

static int put_raw(struct restore *restore)
{
	size_t before = restore->out->len;
	const char *from = restore->at + strlen(RAW_BEGIN);
	const char *behind;
	int rc;

	if (from >= restore->end || *from != '"')
		return err_set(restore->err, ERR_INVALID,
			       "'$raw' is not a string");
	behind = lex_skip_string(from + 1, restore->end);
	if (behind >= restore->end || *behind != '}')
		return err_set(restore->err, ERR_INVALID,
			       "'$raw' does not stand alone");
	rc = base64_decode(span_of(from + 1, (size_t)(behind - from) - 2),
			   restore->out, restore->err);
	if (rc < 0)
		return rc;
	restore->at = behind + 1;
	return check_raw(span_of(restore->out->data + before,
				 restore->out->len - before), restore->err);
}

static int put_string(struct restore *restore)
{
	const char *from = restore->at;
	const char *behind = lex_skip_string(from + 1, restore->end);
	struct span text = span_of(from, (size_t)(behind - from));
	bool is_key = behind < restore->end && *behind == ':';

	restore->at = behind;
	if (is_key && span_equals(text, span_str("\"$raw\"")))
		return err_set(restore->err, ERR_INVALID,
			       "'$raw' does not stand alone");
	if (is_key && span_begins(text, "\"$$")) {
		buf_put_char(restore->out, '"');
		text = span_of(text.at + 2, text.len - 2);
	}
	buf_put_span(restore->out, text);
	return 0;
}

/*
 * An integer beyond 2^53 that stands as a number was not one in the source,
 * or it would be a "$raw": the fraction tells the next reader so.
 */
static void put_number(struct restore *restore)
{
	const char *from = restore->at;
	bool is_integer = false;
	struct span text;

	while (restore->at < restore->end && lex_is_number_byte(*restore->at))
		restore->at++;
	text = span_of(from, (size_t)(restore->at - from));
	buf_put_span(restore->out, text);
	if (number_is_json(text, &is_integer) && is_integer &&
	    !number_is_exact(text))
		buf_put_str(restore->out, ".0");
}

static int put_next(struct restore *restore)
{
	struct span rest = span_of(restore->at,
				   (size_t)(restore->end - restore->at));

	if (*restore->at == '"')
		return put_string(restore);
	if (span_begins(rest, RAW_BEGIN))
		return put_raw(restore);
	if (rest.at[0] == '-' || (rest.at[0] >= '0' && rest.at[0] <= '9')) {
		put_number(restore);
	} else {
		buf_put_char(restore->out, rest.at[0]);
		restore->at++;
	}
	return 0;
}

int jdoc_from_jcs(struct span canonical, struct buf *out, struct err *err)
{
	struct restore restore = { canonical.at, canonical.at, out, err };
	size_t before = out->len;
	int rc = jcs_check(canonical, err);

	if (rc < 0)
		return rc;
	restore.end += canonical.len;
	while (rc == 0 && restore.at < restore.end)
		rc = put_next(&restore);
	buf_fail(out, rc);
	return buf_settle(out, before, err);
}

/* What a string of this text has between its quotes. */
static void put_inner(struct buf *json, struct span text)
{
	size_t start = json->len;

	jcs_put_string(json, text);
	if (json->failed)
		return;
	memmove(json->data + start, json->data + start + 1,
		json->len - start - 2);
	buf_cut(json, json->len - 2);
}

int jdoc_add_text(struct buf *json, struct span text, struct err *err)
{
	size_t before = json->len;
	uint32_t point;
	size_t len;

	buf_put_char(json, '"');
	while (text.len) {
		len = utf8_valid_prefix(text);
		if (len) {
			put_inner(json, span_of(text.at, len));
		} else {
			len = utf8_decode_wtf(text, &point);
			if (!len) {
				buf_fail(json, ERR_INVALID);
				break;
			}
			buf_putf(json, "\\u%04x", (unsigned)point);
		}
		text = span_of(text.at + len, text.len - len);
	}
	buf_put_char(json, '"');
	return buf_settle(json, before, err);
}
