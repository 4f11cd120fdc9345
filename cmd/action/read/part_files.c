#include "cmd/action/read/part_files.h"

#include <string.h>

#include "cmd/action/read/parts.h"
#include "lib/base/utf8.h"
#include "lib/id/cid.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

bool part_is_file(struct span part)
{
	static const char *const types[] = {
		"file", "attachment", "image", "input_image", "input_file",
		"audio", "video", "document"
	};
	unsigned char digest[SHA256_BYTES];
	uint64_t size;
	size_t pos = 0;
	struct span type;
	size_t i;

	if (jcs_find_string(part, "content_type", &type) &&
	    span_ends(type, "asset_pointer"))
		return true;
	for (i = 0; jcs_find_string(part, "type", &type) &&
	     i < sizeof(types) / sizeof(types[0]); i++) {
		if (span_begins(type, types[i]))
			return true;
	}
	return blob_ref_next(part, &pos, digest, &size);
}

/* The first of these members that there is of that type, in the object or one
 * that it holds, as deep as two. */
static bool find_within(struct span object, const char *const *names,
			enum jcs_type type, unsigned depth, struct span *out)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct span value;
	size_t i;

	for (i = 0; names[i]; i++) {
		if (jcs_find(object, names[i], out) &&
		    jcs_type_of(*out) == type)
			return true;
	}
	while (depth && jcs_next(&iter, NULL, &value)) {
		if (jcs_type_of(value) == JCS_OBJECT &&
		    find_within(value, names, type, depth - 1, out))
			return true;
	}
	return false;
}

/* What the first of the names that there are says, else the second's, which
 * say less. */
static void put_first(struct jcs_fields *fields, const char *name,
		      struct span part, const char *const *names,
		      const char *const *else_names)
{
	struct span value;

	if (find_within(part, names, JCS_STRING, 2, &value) ||
	    find_within(part, else_names, JCS_STRING, 2, &value))
		fields_raw(fields, name, value);
	else
		fields_null(fields, name);
}

/* The bytes of what is here and not too large: a picture's in base64, a text
 * as it is. */
static int put_bytes(struct view *view, struct jcs_fields *fields,
		     const unsigned char *digest, bool is_picture,
		     struct err *err)
{
	struct buf bytes = BUF_INIT(PART_IMAGE_MAX);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = false;
	int rc = view_blob(view, digest, &bytes, &is_there, err);

	if (rc == 0 && is_there && is_picture)
		rc = base64_add(&text, bytes.data, bytes.len, err);
	if (rc == 0 && is_there && is_picture)
		fields_text(fields, "data", buf_span(&text));
	else if (rc == 0 && is_there && utf8_is_valid(buf_span(&bytes)))
		fields_text(fields, "text", buf_span(&bytes));
	buf_release(&bytes);
	buf_release(&text);
	return rc;
}

/* Names of what a file is: some say it as a media type, others in a word. */
static const char *const media[] = { "media", "media_type", "mime",
				     "mime_type", "mimeType", NULL };
static const char *const sorts[] = { "file_type", NULL };

static bool is_media(struct span part, const char *begin)
{
	struct span value;

	return (find_within(part, media, JCS_STRING, 2, &value) ||
		find_within(part, sorts, JCS_STRING, 2, &value)) &&
	       span_begins(jcs_string_inner(value), begin);
}

int part_put_file(struct view *view, struct span part, bool with_data,
		  struct buf *out, struct err *err)
{
	static const char *const names[] = { "name", "file_name", "filename",
					     "asset_pointer", "path", "url",
					     NULL };
	static const char *const types[] = { "type", NULL };
	static const char *const sizes[] = { "size", "size_bytes",
					     "file_size", NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	unsigned char digest[SHA256_BYTES];
	char cid[CID_TEXT_MAX];
	struct span value;
	uint64_t size = 0;
	size_t pos = 0;
	int rc = 0;

	put_first(&fields, "name", part, names, types);
	put_first(&fields, "media", part, media, sorts);
	if (blob_ref_next(part, &pos, digest, &size)) {
		cid_text(CID_RAW, digest, cid);
		fields_str(&fields, "blob", cid);
		fields_integer(&fields, "size", (int64_t)size);
		if (view && with_data && size <= PART_IMAGE_MAX &&
		    is_media(part, "image/"))
			rc = put_bytes(view, &fields, digest, true, err);
		else if (view && size <= PART_TEXT_MAX &&
			 is_media(part, "text/"))
			rc = put_bytes(view, &fields, digest, false, err);
	} else {
		fields_null(&fields, "blob");
		if (find_within(part, sizes, JCS_NUMBER, 2, &value))
			fields_raw(&fields, "size", value);
		else
			fields_null(&fields, "size");
	}
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

struct span part_asset_name(struct span state, struct span id)
{
	struct span names = { NULL, 0 };
	struct jcs_iter iter;
	struct span name;
	struct span value;

	(void)jcs_find(state, "asset_names", &names);
	iter = jcs_iter_object(names);
	while (jcs_next(&iter, &name, &value)) {
		if (span_equals(name, id) &&
		    jcs_type_of(value) == JCS_STRING)
			return jcs_string_inner(value);
	}
	return id;
}

int part_each_asset(struct span state, const struct part_visitor *visitor,
		    struct err *err)
{
	struct span assets = { NULL, 0 };
	struct buf part = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span id;
	struct span reference;
	struct span name;
	int rc = 0;

	(void)jcs_find(state, "assets", &assets);
	iter = jcs_iter_object(assets);
	while (rc == 0 && jcs_next(&iter, &id, &reference)) {
		buf_reset(&part);
		name = part_asset_name(state, id);
		buf_putf(&part, "{\"asset\":%.*s,\"name\":\"%.*s\"}",
			 (int)reference.len, reference.at, (int)name.len,
			 name.at);
		rc = buf_end(&part, err);
		if (rc == 0)
			rc = visitor->part(visitor->arg, buf_span(&part),
					   err);
	}
	buf_release(&part);
	return rc;
}

bool part_is_of_asset(struct span state, struct span part)
{
	struct span assets = { NULL, 0 };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	bool is_told = false;
	struct span id;

	(void)jcs_find(state, "assets", &assets);
	iter = jcs_iter_object(assets);
	while (!is_told && jcs_next(&iter, &id, NULL)) {
		buf_reset(&text);
		buf_put_span(&text, id);
		is_told = id.len && buf_end(&text, NULL) == 0 &&
			  span_has(part, buf_text(&text));
	}
	buf_release(&text);
	return is_told;
}
