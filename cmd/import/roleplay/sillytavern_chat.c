#include "cmd/import/roleplay/sillytavern_internal.h"

#include <stdio.h>

#include "cmd/import/parse/when.h"
#include "lib/id/encode.h"

static struct chat_session empty_session(void)
{
	struct chat_session session = {
		.created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE,
	};

	return session;
}

int tavern_begin(struct tavern *tavern, struct import_job *job,
		 struct import_source *source, struct err *err)
{
	tavern->session.key = buf_span(&tavern->session_key);
	tavern->session.provider = TAVERN_PROVIDER;
	tavern->parent[0] = '\0';
	tavern->shown[0] = '\0';
	tavern->index = 0;
	return chat_begin(&tavern->chat, job, source, TAVERN_PROVIDER,
			  tavern->session.key, err);
}

void tavern_hash(struct buf *out, const struct span *texts, size_t n)
{
	unsigned char digest[SHA256_BYTES];

	sha256_of_list(texts, n, digest);
	buf_fail(out, hex_add(out, digest, TAVERN_KEY_BYTES, NULL));
}

static int sillytavern_chat_make_key(struct tavern *tavern,
				     const struct chat_message *message,
				     bool is_user, char out[TAVERN_KEY_MAX],
				     struct err *err)
{
	const struct span texts[3] = {
		span_str(is_user ? "user" : "other"), message->name,
		message->content,
	};
	unsigned char digest[SHA256_BYTES];
	char hex[TAVERN_KEY_BYTES * 2 + 1];
	uint64_t nth;
	int rc;

	sha256_of_list(texts, 3, digest);
	rc = table_count(&tavern->seen, digest, &nth, err);
	if (rc < 0)
		return rc;
	hex_text(digest, TAVERN_KEY_BYTES, hex);
	if (nth)
		snprintf(out, TAVERN_KEY_MAX, "%s.%llu", hex,
			 (unsigned long long)nth);
	else
		snprintf(out, TAVERN_KEY_MAX, "%s", hex);
	return 0;
}

int tavern_join(struct tavern *tavern, struct span name, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct buf *list = &tavern->participants;
	bool is_new;
	int rc;

	if (!name.len)
		return 0;
	sha256_of(name.at, name.len, digest);
	rc = table_include(&tavern->names, digest, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	if (list->len)
		buf_put_char(list, ',');
	chat_put_text(list, name);
	return buf_end(list, err);
}

int tavern_say(struct tavern *tavern, struct chat_message *message,
	       bool is_user, bool is_shown, struct err *err)
{
	struct chat_time *updated = &tavern->session.updated;
	struct chat_time *created = &tavern->session.created;
	char key[TAVERN_KEY_MAX];
	size_t before = tavern->names.count;
	int rc;

	rc = sillytavern_chat_make_key(tavern, message, is_user, key, err);
	if (rc < 0)
		return rc;
	message->key = span_str(key);
	if (tavern->parent[0])
		message->parent = span_str(tavern->parent);
	message->index = tavern->index;
	if (is_shown)
		memcpy(tavern->shown, key, sizeof(key));
	if (message->created.micros != CHAT_TIME_UNKNOWN) {
		if (message->created.micros > updated->micros)
			*updated = message->created;
		if (created->micros == CHAT_TIME_UNKNOWN)
			*created = message->created;
	}
	/* A narrator is nobody. */
	if (strcmp(message->role, "system"))
		rc = tavern_join(tavern, message->name, err);
	if (rc >= 0 && !is_user)
		tavern->speakers += tavern->names.count - before;
	return rc < 0 ? rc : chat_put_message(&tavern->chat, message, err);
}

void tavern_turn_end(struct tavern *tavern)
{
	if (tavern->shown[0])
		memcpy(tavern->parent, tavern->shown, sizeof(tavern->parent));
	tavern->shown[0] = '\0';
	tavern->index++;
}

int tavern_end(struct tavern *tavern, struct err *err)
{
	struct chat_session *session = &tavern->session;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&list, "[%s]", buf_text(&tavern->participants));
	if (tavern->participants.len)
		session->participants = buf_span(&list);
	if (tavern->parent[0])
		session->active = span_str(tavern->parent);
	if (tavern->session_title.len)
		session->title = buf_span(&tavern->session_title);
	if (tavern->session_parent.len)
		session->parent = buf_span(&tavern->session_parent);
	session->native = buf_span(&tavern->session_native);
	rc = buf_end(&list, err);
	if (rc == 0)
		rc = buf_end(&tavern->session_title, err);
	if (rc == 0)
		rc = buf_end(&tavern->session_parent, err);
	if (rc == 0)
		rc = chat_put_session(&tavern->chat, session, err);
	buf_release(&list);
	table_reset(&tavern->seen);
	table_reset(&tavern->names);
	buf_reset(&tavern->participants);
	buf_reset(&tavern->session_key);
	buf_reset(&tavern->session_title);
	buf_reset(&tavern->session_parent);
	buf_reset(&tavern->session_native);
	tavern->session = empty_session();
	tavern->speakers = 0;
	tavern->misnamed = 0;
	return rc;
}

void tavern_release(struct tavern *tavern)
{
	chat_release(&tavern->chat);
	table_release(&tavern->seen);
	table_release(&tavern->names);
	buf_release(&tavern->participants);
	buf_release(&tavern->session_key);
	buf_release(&tavern->session_title);
	buf_release(&tavern->session_parent);
	buf_release(&tavern->session_native);
	parts_release(&tavern->parts);
	buf_release(&tavern->native);
	jcs_fields_release(&tavern->fields);
	buf_release(&tavern->value);
}

static bool is_digits(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	}
	return text.len > 0;
}

struct chat_time tavern_time(const struct jval *value)
{
	struct span text = jval_text(value);
	int64_t micros = 0;
	unsigned flags = 0;
	int rc = ERR_INVALID;

	if (jval_is(value, JVAL_NUMBER))
		text = value->raw;
	if (jval_is(value, JVAL_NUMBER) || is_digits(text))
		rc = when_from_number(text, WHEN_MILLISECONDS, &micros,
				      &flags, NULL);
	else if (text.len)
		rc = when_parse(text, &micros, &flags, NULL);
	/* Zero is what programs write that do not know. */
	return chat_time_read(micros ? rc : ERR_INVALID, micros, flags);
}

struct span tavern_text(const struct jval *value)
{
	if (jval_is(value, JVAL_OBJECT))
		value = jval_get(value, "message");
	return jval_text(value);
}
