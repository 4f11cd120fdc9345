#include "cmd/import/records/chat.h"

#include "cmd/import/parse/when.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/time/timestamp.h"

#define KEY_MAX_BYTES 160

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
