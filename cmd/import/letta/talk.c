#include "cmd/import/letta/agent.h"

#include <stdio.h>

#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

/* Of a message that the server writes anew when the agent's blocks change. */
#define SYSTEM_KEY "system"

struct talk {
	const struct letta_agent *agent;
	struct chat chat;
	struct letta_said said;
	struct table seen;		/* equal messages, how often */
	struct chat_time created;
	struct chat_time updated;
	struct buf context;		/* canonical items: keys in context */
	struct table in_context;	/* hashes of ids: has it come? */
	size_t found;			/* of these */
	char last[LETTA_KEY_MAX];
	int64_t index;
};

/* "message-12" names a message in this file alone; a uuid names it anywhere. */
static bool is_lasting(struct span id)
{
	return span_begins(id, "message-") && id.len >= 8 + 32;
}

/*
 * The key of a message without a lasting id: what it says and when. Exports
 * number their messages anew, so that the number must not count.
 */
static int hash_message(const struct jval *message, unsigned char *digest,
			struct err *err)
{
	static const char *const members[] = {
		"role", "created_at", "content", "text", "tool_calls",
		"tool_call_id", "tool_returns", "name", "otid", NULL
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	const char *const *name = members;
	const struct jval *value;
	int rc;

	for (; *name; name++) {
		value = jval_get(message, *name);
		buf_put_char(&text, '\n');
		/* What is not said is the same as nothing or an empty list. */
		if (value && !jval_is(value, JVAL_NULL) &&
		    !(jval_is(value, JVAL_ARRAY) && !jval_count(value)))
			buf_fail(&text, jdoc_to_jcs(value, &text, NULL));
	}
	rc = buf_end(&text, err);
	if (rc == 0)
		sha256_of(text.data, text.len, digest);
	buf_release(&text);
	return rc;
}

static int talk_make_key(struct talk *talk, const struct jval *message,
			 struct buf *out, struct err *err)
{
	struct span id = jval_get_text(message, "id");
	unsigned char digest[SHA256_BYTES];
	uint64_t nth;
	int rc;

	if (!talk->index && jval_is_text(jval_get(message, "role"), "system"))
		return buf_add_str(out, SYSTEM_KEY, err);
	if (is_lasting(id)) {
		chat_put_key(out, id);
		return buf_end(out, err);
	}
	rc = hash_message(message, digest, err);
	if (rc < 0)
		return rc;
	rc = table_count(&talk->seen, digest, &nth, err);
	buf_fail(out, hex_add(out, digest, LETTA_KEY_BYTES, NULL));
	if (nth)
		buf_putf(out, ".%llu", (unsigned long long)nth);
	return rc < 0 ? rc : buf_end(out, err);
}

static int find_in_list(struct talk *talk, const char *list, struct err *err)
{
	const struct jval *id = jval_first(jval_get(talk->agent->value, list));
	unsigned char digest[SHA256_BYTES];
	struct span text;
	int rc = 0;

	for (; rc >= 0 && id; id = id->next) {
		text = jval_is(id, JVAL_STRING) ? jval_text(id) : id->raw;
		sha256_of(text.at, text.len, digest);
		rc = table_put(&talk->in_context, digest, 0, err);
	}
	return rc < 0 ? rc : 0;
}

/* The ids that the model reads at present; old files count from the first
 * message. */
static int find_context(struct talk *talk, struct err *err)
{
	int rc = find_in_list(talk, "in_context_message_ids", err);

	return rc < 0 ? rc : find_in_list(talk, "in_context_message_indices",
					  err);
}

static bool is_in_context(struct talk *talk, struct span id)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t is_found = 0;

	sha256_of(id.at, id.len, digest);
	if (!id.len || !table_get(&talk->in_context, digest, &is_found))
		return false;
	talk->found += !is_found;
	return table_put(&talk->in_context, digest, 1, NULL) >= 0;
}

static void add_context(struct talk *talk, const struct jval *message,
			struct span key)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)talk->index);
	if (!is_in_context(talk, span_str(number)) &&
	    !is_in_context(talk, jval_get_text(message, "id")))
		return;
	buf_put_char(&talk->context, talk->context.len ? ',' : '[');
	jcs_put_string(&talk->context, key);
}

static void note_time(struct talk *talk, const struct chat_time *time)
{
	if (time->micros == CHAT_TIME_UNKNOWN)
		return;
	if (talk->created.micros == CHAT_TIME_UNKNOWN)
		talk->created = *time;
	if (time->micros > talk->updated.micros)
		talk->updated = *time;
}

static int put_message(struct talk *talk, const struct jval *message,
		       struct err *err)
{
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	struct chat_message out;
	int rc;

	if (!jval_is(message, JVAL_OBJECT))
		return import_leave_out(talk->agent->source, "a message that "
					"is no object", NULL, err);
	rc = letta_say(message, &talk->said, &out, err);
	if (rc >= 0)
		rc = talk_make_key(talk, message, &key, err);
	if (rc < 0)
		goto out;
	out.key = buf_span(&key);
	if (talk->last[0])
		out.parent = span_str(talk->last);
	out.index = talk->index;
	note_time(talk, &out.created);
	add_context(talk, message, out.key);
	rc = chat_put_message(&talk->chat, &out, err);
	snprintf(talk->last, sizeof(talk->last), "%s", buf_text(&key));
	talk->index++;
out:
	buf_release(&key);
	return rc;
}

static int talk_put_session(struct talk *talk, struct err *err)
{
	struct chat_session session = {
		.provider = LETTA_PROVIDER,
		.key = talk->agent->key,
		.title = jval_get_text(talk->agent->value, "name"),
		.created = talk->created,
		.updated = talk->updated,
		.active = span_of(NULL, 0),
		.model = jval_text(jval_at(talk->agent->value,
					   "llm_config.model")),
	};
	struct jcs_fields native = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (talk->last[0])
		session.active = span_str(talk->last);
	if (talk->context.len) {
		buf_put_char(&talk->context, ']');
		fields_buf(&native, "in_context", &talk->context);
	}
	fields_put(&native, &text);
	session.native = buf_span(&text);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = chat_put_session(&talk->chat, &session, err);
	if (rc == 0 && talk->found < talk->in_context.count)
		rc = import_note(talk->agent->source, err, "messages in "
				 "context that the file does not have: %zu",
				 talk->in_context.count - talk->found);
	jcs_fields_release(&native);
	buf_release(&text);
	return rc;
}

int letta_put_talk(const struct letta_agent *agent, struct err *err)
{
	struct talk talk = {
		.agent = agent, .chat = CHAT_INIT, .said = LETTA_SAID_INIT,
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.in_context = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE,
		.context = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct jval *message = jval_first(jval_get(agent->value,
							 "messages"));
	int rc = 0;

	if (!message)
		return 0;
	talk.chat.construct = agent->construct;
	rc = chat_begin(&talk.chat, agent->job, agent->source, LETTA_PROVIDER,
			agent->key, err);
	if (rc >= 0)
		rc = find_context(&talk, err);
	for (; rc >= 0 && message; message = message->next)
		rc = put_message(&talk, message, err);
	if (rc >= 0)
		rc = talk_put_session(&talk, err);
	chat_release(&talk.chat);
	letta_said_release(&talk.said);
	table_release(&talk.seen);
	table_release(&talk.in_context);
	buf_release(&talk.context);
	return rc;
}
