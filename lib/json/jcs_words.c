#include "lib/json/jcs_words.h"

#include <string.h>

#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jdoc.h"

#define LEAD 0xed		/* of three bytes that are a surrogate, ... */
#define SECOND 0xa0		/* ... of which the second is at least so much */

/* The base64 of a source's bytes; absent for what is none. */
static struct span raw_of(struct span value)
{
	struct span raw;

	return jcs_type_of(value) == JCS_OBJECT &&
	       jcs_find_string(value, "$raw", &raw) ? raw : span_of(NULL, 0);
}

static void mend_surrogates(char *text, size_t len)
{
	size_t at;

	for (at = 0; at + 2 < len; at++) {
		if ((unsigned char)text[at] == LEAD &&
		    (unsigned char)text[at + 1] >= SECOND)
			memcpy(text + at, "\xef\xbf\xbd", 3);
	}
}

/* The string that the base64 holds, parsed; NULL where it is none. */
static int parse_raw(struct span raw, struct buf *source, struct jdoc **out,
		     struct err *err)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP,
	};
	struct err why = ERR_INIT;
	int rc = base64_decode(raw, source, &why);

	*out = NULL;
	if (rc == 0 && source->len && source->data[0] == '"')
		rc = jdoc_parse(buf_span(source), &options, out, &why);
	return rc == ERR_NOMEM ? err_copy(err, rc, &why) : 0;
}

bool jcs_is_words(struct span value)
{
	struct buf source = BUF_INIT(BUF_NO_LIMIT);
	bool is_text = jcs_type_of(value) == JCS_STRING;

	if (!is_text && raw_of(value).at)
		is_text = base64_decode(raw_of(value), &source, NULL) == 0 &&
			  source.len && source.data[0] == '"';
	buf_release(&source);
	return is_text;
}

int jcs_words(struct span value, struct buf *out, struct err *err)
{
	struct buf source = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	size_t begin = out->len;
	struct span text;
	int rc;

	if (jcs_type_of(value) == JCS_STRING)
		return jcs_string_decode(value, out, err);
	if (!raw_of(value).at)
		return 0;
	rc = parse_raw(raw_of(value), &source, &doc, err);
	text = doc ? jval_text(jdoc_root(doc)) : span_of(NULL, 0);
	if (rc == 0 && text.len)
		rc = buf_add_span(out, text, err);
	if (rc == 0 && text.len)
		mend_surrogates(out->data + begin, out->len - begin);
	jdoc_free(doc);
	buf_release(&source);
	return rc;
}
