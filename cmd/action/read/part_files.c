#include "cmd/action/read/part_files.h"

#include <string.h>

#include "cmd/action/read/parts.h"
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

static void put_first(struct jcs_fields *fields, const char *name,
		      struct span part, const char *const *names,
		      enum jcs_type type)
{
	struct span value;

	if (find_within(part, names, type, 2, &value))
		fields_raw(fields, name, value);
	else
		fields_null(fields, name);
}

/* The bytes of a picture that is here and not too large. */
static int put_data(struct view *view, struct jcs_fields *fields,
		    const unsigned char *digest, struct err *err)
{
	struct buf bytes = BUF_INIT(PART_IMAGE_MAX);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = false;
	int rc = view_blob(view, digest, &bytes, &is_there, err);

	if (rc == 0 && is_there)
		rc = base64_add(&text, bytes.data, bytes.len, err);
	if (rc == 0 && is_there)
		fields_text(fields, "data", buf_span(&text));
	buf_release(&bytes);
	buf_release(&text);
	return rc;
}

static bool is_picture(struct span part)
{
	static const char *const names[] = { "media", "media_type", "mime",
					     "mime_type", "file_type", NULL };
	struct span value;

	return find_within(part, names, JCS_STRING, 2, &value) &&
	       span_begins(jcs_string_inner(value), "image/");
}

int part_put_file(struct view *view, struct span part, bool with_data,
		  struct buf *out, struct err *err)
{
	static const char *const names[] = { "name", "file_name", "filename",
					     "asset_pointer", "path", "url",
					     "type", NULL };
	static const char *const media[] = { "media", "media_type", "mime",
					     "mime_type", "mimeType",
					     "file_type", NULL };
	static const char *const sizes[] = { "size", "size_bytes",
					     "file_size", NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	unsigned char digest[SHA256_BYTES];
	char cid[CID_TEXT_MAX];
	uint64_t size = 0;
	size_t pos = 0;
	int rc = 0;

	put_first(&fields, "name", part, names, JCS_STRING);
	put_first(&fields, "media", part, media, JCS_STRING);
	if (blob_ref_next(part, &pos, digest, &size)) {
		cid_text(CID_RAW, digest, cid);
		fields_str(&fields, "blob", cid);
		fields_integer(&fields, "size", (int64_t)size);
		if (with_data && size <= PART_IMAGE_MAX && is_picture(part))
			rc = put_data(view, &fields, digest, err);
	} else {
		fields_null(&fields, "blob");
		put_first(&fields, "size", part, sizes, JCS_NUMBER);
	}
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}
