#include "cmd/action/resume/make_internal.h"

#include "cmd/export/export.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "objects/blob/blob.h"

/* Bytes of a blob: a text, or canonical JSON. Without a view, or where they
 * lack, it stays what refers to it. */
static int put_blob(struct making *making, struct span value, struct buf *out)
{
	struct view *view = making->transcript->view;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span media;
	int rc = !view ? 0 :
		 export_text(view, value, &text, making->err);

	if (rc == 0 && (!view || span_equals(buf_span(&text), value)))
		buf_put_span(out, value);
	else if (rc == 0 && jcs_find_string(value, "media", &media) &&
		 span_begins(media, "application/json"))
		buf_put_span(out, buf_span(&text));
	else if (rc == 0)
		jcs_put_string(out, buf_span(&text));
	buf_release(&text);
	return rc;
}

static bool is_blob(struct span value)
{
	struct span ref;

	return jcs_find(value, "$blob", &ref) &&
	       jcs_type_of(ref) == JCS_STRING;
}

/* Nested no deeper than records are (JCS_DEPTH_MAX). */
int making_value(struct making *making, struct span value, struct buf *out)
{
	enum jcs_type type = jcs_type_of(value);
	bool is_object = type == JCS_OBJECT;
	struct jcs_iter iter;
	struct span name;
	struct span inner;
	size_t n = 0;
	int rc = 0;

	if (jcs_is_words(value) && is_object) {
		buf_reset(&making->text);
		rc = jcs_words(value, &making->text, making->err);
		jcs_put_string(out, buf_span(&making->text));
		return rc;
	}
	if (is_object && is_blob(value))
		return put_blob(making, value, out);
	if (!is_object && type != JCS_ARRAY) {
		buf_put_span(out, value);
		return 0;
	}
	iter = is_object ? jcs_iter_object(value) : jcs_iter_array(value);
	buf_put_char(out, is_object ? '{' : '[');
	while (rc == 0 && jcs_next(&iter, &name, &inner)) {
		buf_put_str(out, n++ ? "," : "");
		if (is_object)
			buf_putf(out, "\"%.*s\":", (int)name.len, name.at);
		rc = making_value(making, inner, out);
	}
	buf_put_char(out, is_object ? '}' : ']');
	return rc;
}

int making_keep(struct making *making, struct span text, struct span *out)
{
	struct buf clean = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (making->wish->redacts)
		rc = secrets_out_of_text(text, &clean, &making->secrets,
					 making->err);
	if (rc == 0)
		rc = arena_keep(&making->made->arena, clean.len ?
				buf_span(&clean) : text, out, making->err);
	buf_release(&clean);
	return rc;
}

int making_keep_json(struct making *making, struct span json,
		     struct span *out)
{
	struct buf clean = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (making->wish->redacts)
		rc = secrets_out_of_json(json, &clean, &making->secrets,
					 making->err);
	if (rc == 0)
		rc = arena_keep(&making->made->arena, clean.len ?
				buf_span(&clean) : json, out, making->err);
	buf_release(&clean);
	return rc;
}

/* A block of a text, or one that is no more than what it shows. */
static int put_block(struct making *making, struct span block,
		     struct buf *out)
{
	struct span text;

	if (jcs_type_of(block) == JCS_OBJECT &&
	    jcs_find(block, "text", &text))
		block = text;
	if (out->len)
		buf_put_str(out, "\n\n");
	return jcs_is_words(block) || is_blob(block) ?
		making_words(making, block, out) :
		making_value(making, block, out);
}

int making_words(struct making *making, struct span value, struct buf *out)
{
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span block;
	int rc = 0;

	if (jcs_is_words(value))
		return jcs_words(value, out, making->err);
	if (jcs_type_of(value) == JCS_OBJECT && is_blob(value)) {
		rc = put_blob(making, value, &json);
		if (rc == 0 && jcs_is_words(buf_span(&json)))
			rc = jcs_words(buf_span(&json), out, making->err);
		else
			buf_put_span(out, buf_span(&json));
		buf_release(&json);
		return rc;
	}
	if (jcs_type_of(value) != JCS_ARRAY)
		return making_value(making, value, out);
	iter = jcs_iter_array(value);
	while (rc == 0 && jcs_next(&iter, NULL, &block))
		rc = put_block(making, block, out);
	return rc;
}
