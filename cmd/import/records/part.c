#include "cmd/import/records/part.h"

#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

#define MEDIA_MAX 128

void parts_reset(struct parts *parts)
{
	buf_reset(&parts->content);
	buf_reset(&parts->list);
	buf_reset(&parts->value);
	jcs_fields_reset(&parts->fields);
	parts->count = 0;
	parts->is_plain = true;
}

void parts_release(struct parts *parts)
{
	buf_release(&parts->content);
	buf_release(&parts->list);
	buf_release(&parts->value);
	jcs_fields_release(&parts->fields);
}

int part_begin(struct parts *parts, const char *type, struct err *err)
{
	jcs_fields_reset(&parts->fields);
	parts->is_plain = false;
	return jcs_fields_text(&parts->fields, "type", span_str(type), err);
}

int part_begin_from(struct parts *parts, const char *type, size_t start,
		    struct err *err)
{
	int rc = part_begin(parts, type, err);

	if (rc >= 0)
		rc = jcs_fields_integer(&parts->fields, "start",
					(int64_t)start, err);
	return rc < 0 ? rc :
		jcs_fields_integer(&parts->fields, "end",
				   (int64_t)parts->content.len, err);
}

int part_end(struct parts *parts, struct err *err)
{
	int rc = buf_add_char(&parts->list, parts->count ? ',' : '[', err);

	parts->count++;
	return rc < 0 ? rc : jcs_fields_write(&parts->fields, &parts->list,
					      err);
}

int part_text(struct parts *parts, struct span text, struct err *err)
{
	bool is_plain = parts->is_plain && !parts->count;
	size_t start = parts->content.len;
	int rc;

	rc = buf_add_span(&parts->content, text, err);
	if (rc >= 0)
		rc = part_begin_from(parts, "text", start, err);
	if (rc >= 0)
		rc = part_end(parts, err);
	parts->is_plain = is_plain;
	return rc;
}

int part_said(struct parts *parts, const char *type, struct span text,
	      struct err *err)
{
	int rc = part_begin(parts, type, err);

	if (rc >= 0)
		rc = rest_add_text(&parts->fields, "text", text, err);
	return rc < 0 ? rc : part_end(parts, err);
}

int part_native(struct parts *parts, const char *type,
		const struct jval *value, const char *const *taken,
		struct err *err)
{
	int rc = part_begin(parts, type, err);

	if (rc >= 0)
		rc = jval_is(value, JVAL_OBJECT) ?
			rest_add_under(&parts->fields, "native", value, taken,
				       err) :
			rest_add_value(&parts->fields, "native", value, err);
	return rc < 0 ? rc : part_end(parts, err);
}

/* A media type as its source says it, where it can be one. */
static const char *media_name(struct span media, char out[MEDIA_MAX])
{
	size_t i;

	for (i = 0; i < media.len && i + 1 < MEDIA_MAX; i++) {
		if (media.at[i] <= ' ' || media.at[i] > '~')
			break;
		out[i] = media.at[i];
	}
	out[i] = '\0';
	return i && i == media.len ? out : "application/octet-stream";
}

int part_base64(struct parts *parts, struct chat *chat, const char *name,
		struct span text, struct span media, struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	char type[MEDIA_MAX];
	int rc;

	rc = base64_decode_wrapped(text, &bytes, &why);
	if (rc == ERR_INVALID || (rc >= 0 && !bytes.len)) {
		buf_release(&bytes);
		return 0;
	}
	if (rc < 0)
		rc = err_set(err, (enum err_code)rc, "%s", why.text);
	buf_reset(&parts->value);
	if (rc >= 0)
		rc = chat_add_blob(chat, buf_span(&bytes),
				   media_name(media, type), &parts->value,
				   err);
	if (rc >= 0)
		rc = jcs_fields_raw(&parts->fields, name,
				    buf_span(&parts->value), err);
	buf_release(&bytes);
	return rc < 0 ? rc : 1;
}

int parts_list(struct parts *parts, struct span *out, struct err *err)
{
	size_t len = parts->list.len;
	int rc;

	*out = span_of(NULL, 0);
	if (!parts->count || parts->is_plain)
		return 0;
	if (len && parts->list.data[len - 1] == ']') {
		*out = buf_span(&parts->list);
		return 0;
	}
	rc = buf_add_char(&parts->list, ']', err);
	if (rc >= 0)
		*out = buf_span(&parts->list);
	return rc;
}
