#include "cmd/export/plain.h"

#include "lib/base/utf8.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "objects/blob/blob.h"

#define REFERENCE "{\"$blob\":\""
#define PLAIN_MAX ((size_t)1 << 30)
#define NESTED_MAX 16		/* blobs in blobs; none of ours go deeper */

/* Inside a string the quotes of one would be escaped. */
struct span export_next_blob(struct span text)
{
	size_t at = span_find(text, REFERENCE, 0);
	size_t end = at == SPAN_NOWHERE ? at : span_find(text, "}", at);

	return end == SPAN_NOWHERE ? span_of(NULL, 0) :
	       span_of(text.at + at, end + 1 - at);
}

/* What the reference stands for; is_json: may hold further ones. */
static int add_blob(struct view *view, struct span reference, struct buf *out,
		    bool *is_json, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct buf bytes = BUF_INIT(PLAIN_MAX);
	struct span media = { NULL, 0 };
	uint64_t size = 0;
	bool is_there;
	bool is_text;
	int rc;

	jcs_find_string(reference, "media", &media);
	is_text = span_begins(media, "text/plain");
	if (!blob_ref_parse(reference, digest, &size) || size > PLAIN_MAX ||
	    !(is_text || span_equals(media, span_str("application/json"))))
		return buf_add_span(out, reference, err);
	rc = view_blob(view, digest, &bytes, &is_there, err);
	if (!is_there || (is_text && !utf8_is_valid(buf_span(&bytes))))
		buf_put_span(out, reference);
	else if (is_text)
		jcs_put_string(out, buf_span(&bytes));
	else
		buf_put_span(out, buf_span(&bytes));
	if (rc == 0)
		rc = buf_end(out, err);
	*is_json |= is_there && !is_text;
	buf_release(&bytes);
	return rc;
}

/* One layer of blobs put in place. */
static int put_back(struct view *view, struct span text, struct buf *out,
		    bool *is_json, struct err *err)
{
	struct span reference;
	size_t before;
	int rc = 0;

	while (rc == 0 && (reference = export_next_blob(text)).len) {
		before = (size_t)(reference.at - text.at);
		buf_put(out, text.at, before);
		rc = add_blob(view, reference, out, is_json, err);
		text = span_of(reference.at + reference.len,
			       text.len - before - reference.len);
	}
	buf_put_span(out, text);
	return rc < 0 ? rc : buf_end(out, err);
}

int export_plain(struct view *view, struct span value, struct buf *out,
		 struct err *err)
{
	struct buf layers[2] = { BUF_INIT(PLAIN_MAX), BUF_INIT(PLAIN_MAX) };
	bool has_more = export_next_blob(value).len;
	size_t depth;
	int rc = 0;

	for (depth = 0; rc == 0 && has_more; depth++) {
		struct buf *layer = &layers[depth % 2];

		has_more = false;
		if (depth == NESTED_MAX)
			rc = err_set(err, ERR_CORRUPT, "blobs within blobs "
				     "within blobs, %d deep", NESTED_MAX);
		buf_reset(layer);
		if (rc == 0)
			rc = put_back(view, value, layer, &has_more, err);
		value = buf_span(layer);
	}
	buf_reset(out);
	if (rc == 0)
		rc = jdoc_from_jcs(value, out, err);
	buf_release(&layers[0]);
	buf_release(&layers[1]);
	return rc;
}

int export_doc(struct view *view, struct span value, struct jdoc **out,
	       struct err *err)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_NAN_OK | JDOC_COPY,
	};
	struct buf text = BUF_INIT(PLAIN_MAX);
	int rc;

	rc = export_plain(view, value, &text, err);
	if (rc == 0)
		rc = jdoc_parse(buf_span(&text), &options, out, err);
	buf_release(&text);
	return rc;
}
