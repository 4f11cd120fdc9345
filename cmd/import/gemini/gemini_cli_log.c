#include "cmd/import/gemini/gemini_cli_internal.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"

#define KEY_MAX 40

void gemini_cli_log_release(struct gemini_cli_log *log)
{
	free(log->messages.at);
	free(log->standing.at);
	table_release(&log->ids);
	arena_release(&log->arena);
}

static struct span key_of(const struct jval *message, char room[KEY_MAX])
{
	struct span id = jval_get_text(message, "id");
	unsigned char digest[SHA256_BYTES];

	if (id.len)
		return id;
	sha256_of(message->raw.at, message->raw.len, digest);
	hex_text(digest, SHA256_BYTES / 2, room);
	return span_str(room);
}

/* The bytes of a value in the source, in the place of others. */
static uint64_t home(struct gemini_cli_log *log,
		     const struct gemini_cli_place *place,
		     const struct jval *value, struct span *text)
{
	uint64_t offset = place->offset +
			  (uint64_t)(value->raw.at - place->from);
	struct span now = span_of(place->source.at + offset, value->raw.len);

	log->replaced += text->at && !span_equals(*text, now);
	*text = now;
	return offset;
}

static int stand(struct gemini_cli_log *log, size_t message, struct err *err)
{
	struct gemini_cli_message *standing = &log->messages.at[message];
	int rc = array_room(&log->standing, err);

	if (rc < 0)
		return rc;
	standing->parent = log->standing.n ?
		log->standing.at[log->standing.n - 1] : GEMINI_CLI_NONE;
	standing->at = log->standing.n;
	log->standing.at[log->standing.n++] = message;
	return 0;
}

static bool is_standing(const struct gemini_cli_log *log, size_t message)
{
	size_t at = log->messages.at[message].at;

	return at < log->standing.n && log->standing.at[at] == message;
}

static int add_message(struct gemini_cli_log *log, const unsigned char *id,
		       struct span key, struct err *err)
{
	struct gemini_cli_message message = { .at = GEMINI_CLI_NONE };
	int rc = array_room(&log->messages, err);

	if (rc == 0)
		rc = table_put(&log->ids, id, log->messages.n, err);
	if (rc >= 0)
		rc = arena_keep(&log->arena, key, &message.key, err);
	if (rc == 0)
		log->messages.at[log->messages.n++] = message;
	return rc;
}

static int say(struct gemini_cli_log *log, const struct jval *value,
	       const struct gemini_cli_place *place, struct err *err)
{
	unsigned char id[SHA256_BYTES];
	char room[KEY_MAX];
	struct span key = key_of(value, room);
	struct gemini_cli_message *message;
	uint64_t at = log->messages.n;
	int rc = 0;

	sha256_of(key.at, key.len, id);
	if (!table_get(&log->ids, id, &at))
		rc = add_message(log, id, key, err);
	if (rc < 0)
		return rc;
	message = &log->messages.at[at];
	message->offset = home(log, place, value, &message->text);
	return is_standing(log, at) ? 0 : stand(log, at, err);
}

/* From this message on nothing is seen any more; of one that is not there,
 * the program makes the begin. */
static void rewind_to(struct gemini_cli_log *log, struct span key,
		      const char **out_reason)
{
	unsigned char id[SHA256_BYTES];
	uint64_t at;

	sha256_of(key.at, key.len, id);
	if (table_get(&log->ids, id, &at) && is_standing(log, at)) {
		log->standing.n = log->messages.at[at].at;
		return;
	}
	log->standing.n = 0;
	*out_reason = "a rewind to a message that does not stand";
}

static int set_member(struct gemini_cli_log *log, const struct jval *value,
		      const struct gemini_cli_place *place,
		      const char **out_reason, struct err *err)
{
	struct gemini_cli_member *member = log->members;
	struct gemini_cli_member *end = member + log->members_n;
	int rc = 0;

	while (member < end && !span_equals(member->key, value->key))
		member++;
	if (!utf8_is_valid(value->key) ||
	    member == log->members + GEMINI_CLI_MEMBERS_MAX) {
		*out_reason = "a field of a session that has too many, or "
			"whose name is no text";
		return 0;
	}
	if (member == end)
		rc = arena_keep(&log->arena, value->key, &member->key, err);
	if (rc < 0)
		return rc;
	log->members_n += member == end;
	(void)home(log, place, value, &member->text);
	return 0;
}

/* Everything of an object: its messages are those that the model now sees. */
static int set_members(struct gemini_cli_log *log, const struct jval *object,
		       const struct gemini_cli_place *place,
		       const char **out_reason, struct err *err)
{
	const struct jval *member = jval_first(object);
	const struct jval *message;
	int rc = 0;

	for (; rc == 0 && member; member = member->next) {
		if (!span_equals(member->key, span_str("messages")) ||
		    !jval_is(member, JVAL_ARRAY)) {
			rc = set_member(log, member, place, out_reason, err);
			continue;
		}
		log->standing.n = 0;
		message = jval_first(member);
		for (; rc == 0 && message; message = message->next)
			rc = say(log, message, place, err);
	}
	return rc;
}

bool gemini_cli_is_session(const struct jval *value)
{
	return jval_get(value, "sessionId") ||
	       jval_is(jval_get(value, "messages"), JVAL_ARRAY);
}

int gemini_cli_take(struct gemini_cli_log *log, const struct jval *value,
		    const struct gemini_cli_place *place,
		    const char **out_reason, struct err *err)
{
	const struct jval *set = jval_get(value, "$set");
	const struct jval *to = jval_get(value, "$rewindTo");
	bool is_change = jval_is(set, JVAL_OBJECT) || jval_is(to, JVAL_STRING);

	if (is_change && jval_count(value) > 1)
		*out_reason = "what stands beside a change in a line of the "
			"log";
	if (jval_is(set, JVAL_OBJECT))
		return set_members(log, set, place, out_reason, err);
	if (is_change)
		rewind_to(log, jval_text(to), out_reason);
	else if (jval_get(value, "type") &&
		 (jval_get(value, "id") || jval_get(value, "content")))
		return say(log, value, place, err);
	else if (gemini_cli_is_session(value))
		return set_members(log, value, place, out_reason, err);
	else
		*out_reason = "a line of the log of a kind that is not known "
			"here";
	return 0;
}

void gemini_cli_about(const struct gemini_cli_log *log, struct buf *out)
{
	const struct gemini_cli_member *member = log->members;

	buf_put_char(out, '{');
	for (; member < log->members + log->members_n; member++) {
		if (member > log->members)
			buf_put_char(out, ',');
		jcs_put_string(out, member->key);
		buf_put_char(out, ':');
		buf_put_span(out, member->text);
	}
	buf_put_char(out, '}');
}
