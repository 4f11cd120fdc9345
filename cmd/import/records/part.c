#include "cmd/import/records/part.h"

#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "lib/id/encode.h"

#define MEDIA_MAX 128

void parts_reset(struct parts *parts)
{
	buf_reset(&parts->content);
	buf_reset(&parts->list);
	jcs_fields_reset(&parts->fields);
	err_clear(&parts->err);
	parts->count = 0;
	parts->is_plain = true;
}

void parts_release(struct parts *parts)
{
	buf_release(&parts->content);
	buf_release(&parts->list);
	jcs_fields_release(&parts->fields);
}

void part_begin(struct parts *parts, const char *type)
{
	jcs_fields_reset(&parts->fields);
	parts->is_plain = false;
	fields_str(&parts->fields, "type", type);
}

void part_begin_from(struct parts *parts, const char *type, size_t start)
{
	part_begin(parts, type);
	fields_integer(&parts->fields, "start", (int64_t)start);
	fields_integer(&parts->fields, "end", (int64_t)parts->content.len);
}

void part_end(struct parts *parts)
{
	buf_put_char(&parts->list, parts->count ? ',' : '[');
	parts->count++;
	(void)!jcs_fields_write(&parts->fields, &parts->list, &parts->err);
}

void part_place(struct buf *content, struct span text,
		struct jcs_fields *fields)
{
	if (content->len)
		buf_put_str(content, "\n\n");
	fields_integer(fields, "start", (int64_t)content->len);
	buf_put_span(content, text);
	fields_integer(fields, "end", (int64_t)content->len);
}

void part_text(struct parts *parts, struct span text)
{
	bool is_plain = parts->is_plain && !parts->count;
	size_t start = parts->content.len;

	buf_put_span(&parts->content, text);
	part_begin_from(parts, "text", start);
	part_end(parts);
	parts->is_plain = is_plain;
}

void part_said(struct parts *parts, const char *type, struct span text,
	       const struct take *rest)
{
	part_begin(parts, type);
	fields_said(&parts->fields, "text", text);
	if (rest)
		take_rest_under(rest, "native", &parts->fields);
	part_end(parts);
}

void part_native(struct parts *parts, const char *type,
		 const struct jval *value)
{
	part_begin(parts, type);
	fields_value(&parts->fields, "native", value);
	part_end(parts);
}

void part_rest(struct parts *parts, const char *type, const struct take *take)
{
	part_begin(parts, type);
	take_rest_under(take, "native", &parts->fields);
	part_end(parts);
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

bool part_bytes64(struct parts *parts, struct chat *chat, const char *name,
		  struct span base64, struct span media)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf ref = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	char type[MEDIA_MAX];
	bool is_taken = false;
	int rc;

	rc = base64_decode_wrapped(base64, &bytes, &why);
	if (rc < 0 && rc != ERR_INVALID)
		fields_fail(&parts->fields, rc, &why);
	if (rc < 0 || !bytes.len)
		goto out;
	rc = chat_add_blob(chat, buf_span(&bytes), media_name(media, type),
			   &ref, &why);
	fields_fail(&parts->fields, rc, &why);
	fields_raw(&parts->fields, name, buf_span(&ref));
	is_taken = true;
out:
	buf_release(&bytes);
	buf_release(&ref);
	return is_taken;
}

void part_base64(struct parts *parts, struct chat *chat, const char *name,
		 struct take *take, const char *member, struct span media)
{
	const struct jval *text = take_see(take, member);

	if (part_bytes64(parts, chat, name, jval_text(text), media))
		take_done(take, text);
}

int parts_list(struct parts *parts, struct span *out, struct err *err)
{
	size_t len = parts->list.len;
	int rc = buf_end(&parts->content, err);

	*out = span_of(NULL, 0);
	if (rc == 0 && parts->err.code)
		rc = err_set(err, (enum err_code)parts->err.code, "%s",
			     parts->err.text);
	if (rc < 0 || !parts->count || parts->is_plain)
		return rc;
	if (len && parts->list.data[len - 1] != ']')
		buf_put_char(&parts->list, ']');
	*out = buf_span(&parts->list);
	return buf_end(&parts->list, err);
}
