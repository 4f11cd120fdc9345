#include "cmd/import/records/chat.h"

#include "cmd/import/parse/when.h"
#include "cmd/import/records/rest.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"

#define KEY_MAX_BYTES 160
#define MEDIA_TEXT "text/plain;charset=utf-8"
#define DEPTH_MAX 8	/* what lies deeper is copied as it is */

struct chat_time chat_time_read(int rc, int64_t micros, unsigned flags)
{
	struct chat_time time = CHAT_TIME_NONE;

	if (rc < 0)
		return time;
	if (flags & TIMESTAMP_UNUSUAL)
		time.flags = TIMESTAMP_UNUSUAL;
	else
		time = (struct chat_time){ micros, flags };
	return time;
}

bool chat_time_is_whole(const struct chat_time *time)
{
	return time->micros != CHAT_TIME_UNKNOWN &&
	       !(time->flags & TIMESTAMP_CUT);
}

void chat_time_count(struct import_source *source,
		     const struct chat_time *time)
{
	source->unknown_times += time->micros == CHAT_TIME_UNKNOWN;
	source->unlikely_times += time->flags & TIMESTAMP_UNUSUAL ? 1 : 0;
}

struct chat_time chat_time_of(const struct jval *value)
{
	int64_t micros = 0;
	unsigned flags = 0;
	int rc = -1;

	if (jval_is(value, JVAL_STRING))
		rc = timestamp_parse(jval_text(value), &micros, &flags, NULL);
	else if (jval_is(value, JVAL_NUMBER))
		rc = timestamp_from_decimal_seconds(value->raw, &micros,
						    &flags, NULL);
	/* Zero is what programs write that do not know. */
	if (jval_is(value, JVAL_NUMBER) && !micros)
		rc = -1;
	return chat_time_read(rc, micros, flags);
}

struct chat_time chat_time_of_ms(const struct jval *value)
{
	const struct chat_time none = CHAT_TIME_NONE;
	struct span text = jval_is(value, JVAL_STRING) ? jval_text(value) :
		jval_is(value, JVAL_NUMBER) ? value->raw : span_of(NULL, 0);
	int64_t micros = 0;
	unsigned flags = 0;
	size_t i;
	int rc;

	if (text.len < 4 || text.len > 16)
		return none;
	for (i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return none;
	}
	rc = when_from_number(text, WHEN_MILLISECONDS, &micros, &flags, NULL);
	return chat_time_read(rc, micros, flags);
}

struct chat_time chat_time_said(struct span text)
{
	int64_t micros = 0;
	unsigned flags = 0;
	int rc = when_parse(text, &micros, &flags, NULL);

	return chat_time_read(rc, micros, flags);
}

static bool stands(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c && strchr("-_.:+@=,~", c));
}

void chat_put_key(struct buf *out, struct span key)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[SHA256_BYTES];
	size_t start = out->len;
	size_t i;

	for (i = 0; i < key.len && out->len - start <= KEY_MAX_BYTES; i++) {
		unsigned char c = (unsigned char)key.at[i];

		if (stands(c))
			buf_put_char(out, (char)c);
		else
			buf_putf(out, "%%%c%c", digits[c >> 4],
				 digits[c & 15]);
	}
	if (out->failed || (key.len && out->len - start <= KEY_MAX_BYTES))
		return;
	buf_cut(out, start);
	sha256_of(key.at, key.len, digest);
	buf_put_str(out, "sha256-");
	buf_fail(out, hex_add(out, digest, sizeof(digest), NULL));
}

void chat_put_text(struct buf *out, struct span text)
{
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	int rc = out->failed ? 0 : jcs_add_string(out, text, NULL);

	if (rc != ERR_INVALID) {
		buf_fail(out, rc);
		return;
	}
	buf_fail(&json, jdoc_add_text(&json, text, NULL));
	buf_put_str(out, "{\"$raw\":\"");
	buf_fail(out, base64_add(out, json.data, json.len, NULL));
	buf_put_str(out, "\"}");
	buf_fail(out, json.failed);
	buf_release(&json);
}

/* What is no text is one of base64 before it is a blob. */
static bool is_long(struct span text)
{
	return text.len > CHAT_LONG_BYTES && utf8_is_valid(text);
}

static void put_text(struct chat *chat, struct span text, struct buf *out)
{
	struct err why = ERR_INIT;

	if (chat->job->keeps_long)
		jcs_put_string(out, text);
	else
		buf_fail(out, chat_add_blob(chat, text, MEDIA_TEXT, out,
					    &why));
}

void chat_field_text(struct chat *chat, const char *name, struct span text)
{
	struct buf ref = BUF_INIT(BUF_NO_LIMIT);

	if (!is_long(text)) {
		fields_said(&chat->fields, name, text);
		return;
	}
	put_text(chat, text, &ref);
	fields_buf(&chat->fields, name, &ref);
	buf_release(&ref);
}

static void put_string(struct chat *chat, struct span value, struct buf *out)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	buf_fail(out, jcs_string_decode(value, &text, NULL));
	put_text(chat, buf_span(&text), out);
	buf_release(&text);
}

/* Recursion goes as deep as canonical JSON does. */
static void put_value(struct chat *chat, struct span value, struct buf *out)
{
	enum jcs_type type = jcs_type_of(value);
	bool is_object = type == JCS_OBJECT;
	size_t begin = out->len + 1;
	struct jcs_iter iter;
	struct span name = { NULL, 0 };
	struct span inner;

	if (value.len <= CHAT_LONG_BYTES || (type != JCS_STRING && !is_object &&
					type != JCS_ARRAY)) {
		buf_put_span(out, value);
		return;
	}
	if (type == JCS_STRING) {
		put_string(chat, value, out);
		return;
	}
	iter = is_object ? jcs_iter_object(value) : jcs_iter_array(value);
	buf_put_char(out, is_object ? '{' : '[');
	while (jcs_next(&iter, &name, &inner)) {
		if (out->len > begin)
			buf_put_char(out, ',');
		if (is_object)
			buf_putf(out, "\"%.*s\":", (int)name.len, name.at);
		put_value(chat, inner, out);
	}
	buf_put_char(out, is_object ? '}' : ']');
}

void chat_field_value(struct chat *chat, const char *name, struct span value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (value.len <= CHAT_LONG_BYTES) {
		fields_raw(&chat->fields, name, value);
		return;
	}
	put_value(chat, value, &text);
	fields_buf(&chat->fields, name, &text);
	buf_release(&text);
}

static void put_any(struct chat *chat, const struct jval *value,
		    unsigned depth, struct buf *out);

static void put_object(struct chat *chat, const struct jval *object,
		       unsigned depth, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct jval *member;
	struct buf value = BUF_INIT(BUF_NO_LIMIT);

	for (member = jval_first(object); member; member = member->next) {
		if (member->raw.len <= CHAT_LONG_BYTES ||
		    span_begins(member->key, "$")) {
			fields_member(&fields, member);
			continue;
		}
		buf_reset(&value);
		put_any(chat, member, depth + 1, &value);
		fields_fail(&fields, buf_end(&value, NULL), NULL);
		fields_add(&fields, member->key, buf_span(&value));
	}
	buf_fail(out, jcs_fields_write(&fields, out, NULL));
	jcs_fields_release(&fields);
	buf_release(&value);
}

static void put_any(struct chat *chat, const struct jval *value,
		    unsigned depth, struct buf *out)
{
	if (jval_is(value, JVAL_STRING) && is_long(jval_text(value)))
		put_text(chat, jval_text(value), out);
	else if (jval_is(value, JVAL_OBJECT) && value->raw.len > CHAT_LONG_BYTES &&
		 !(value->marks & JVAL_MEMBER_WTF) && depth < DEPTH_MAX)
		put_object(chat, value, depth, out);
	else
		buf_fail(out, jdoc_to_jcs(value, out, NULL));
}

void chat_put_value(struct chat *chat, const struct jval *value, struct buf *out)
{
	put_any(chat, value, 0, out);
}
