#include "cmd/import/gemini/gemini_cli_internal.h"

#include <stdlib.h>

#include "cmd/import/records/prose.h"
#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"

#define KEY_MAX 40

void gemini_cli_log_release(struct gemini_cli_log *log)
{
	free(log->messages.at);
	free(log->standing.at);
	table_release(&log->ids);
	table_release(&log->answered);
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

static int add_to(struct gemini_cli_list *list, size_t message,
		  struct err *err)
{
	int rc = array_room(list, err);

	if (rc == 0)
		list->at[list->n++] = message;
	return rc;
}

static int stand(struct gemini_cli_log *log, size_t message, struct err *err)
{
	struct gemini_cli_message *standing = &log->messages.at[message];

	standing->parent = log->standing.n ?
		log->standing.at[log->standing.n - 1] : GEMINI_CLI_NONE;
	standing->at = log->standing.n;
	return add_to(&log->standing, message, err);
}

static bool is_standing(const struct gemini_cli_log *log, size_t message)
{
	size_t at = log->messages.at[message].at;

	return at < log->standing.n && log->standing.at[at] == message;
}

static int add_message(struct gemini_cli_log *log, const unsigned char *id,
		       struct span key, struct err *err)
{
	struct gemini_cli_message message = {
		.at = GEMINI_CLI_NONE, .created = CHAT_TIME_NONE,
		.parent = GEMINI_CLI_NONE
	};
	int rc = array_room(&log->messages, err);

	if (rc == 0)
		rc = table_put(&log->ids, id, log->messages.n, err);
	if (rc >= 0)
		rc = arena_keep(&log->arena, key, &message.key, err);
	if (rc == 0)
		log->messages.at[log->messages.n++] = message;
	return rc;
}

static bool is_filled(const struct jval *value)
{
	return value && !jval_is(value, JVAL_NULL) &&
	       (!jval_is(value, JVAL_ARRAY) || jval_count(value));
}

/* What a message that was only repeated lacks. */
static unsigned fullness_of(const struct jval *message)
{
	static const char *const names[] = { "model", "tokens", "thoughts",
					     "toolCalls" };
	unsigned full = 0;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		full += is_filled(jval_get(message, names[i]));
	return full;
}

static void id_of(struct span text, unsigned char out[SHA256_BYTES])
{
	sha256_of(text.at, text.len, out);
}

static int note_answers(struct gemini_cli_log *log,
			const struct jval *message, struct err *err)
{
	const struct jval *call = jval_first(jval_get(message, "toolCalls"));
	unsigned char id[SHA256_BYTES];
	struct span text;
	int rc = 0;

	for (; rc == 0 && call; call = call->next) {
		text = jval_get_text(call, "id");
		id_of(text, id);
		if (text.len && is_filled(jval_get(call, "result")))
			rc = table_include(&log->answered, id, NULL, err);
	}
	return rc;
}

bool gemini_cli_is_answered(const struct gemini_cli_log *log, struct span id)
{
	unsigned char key[SHA256_BYTES];

	id_of(id, key);
	return table_get(&log->answered, key, NULL);
}

/* Whatever the log says anew of a message; *out is its number. */
static int say(struct gemini_cli_log *log, const struct jval *value,
	       const struct gemini_cli_place *place, size_t *out,
	       struct err *err)
{
	unsigned char id[SHA256_BYTES];
	char room[KEY_MAX];
	struct span key = key_of(value, room);
	struct gemini_cli_message *message;
	unsigned fullness = fullness_of(value);
	uint64_t at = log->messages.n;
	int rc = 0;

	id_of(key, id);
	if (!table_get(&log->ids, id, &at))
		rc = add_message(log, id, key, err);
	if (rc == 0)
		rc = note_answers(log, value, err);
	if (rc < 0)
		return rc;
	*out = (size_t)at;
	message = &log->messages.at[at];
	if (message->created.micros == CHAT_TIME_UNKNOWN)
		message->created = chat_time_of(jval_get(value, "timestamp"));
	if (message->text.at && fullness < message->fullness) {
		log->replaced++;
		return 0;
	}
	message->fullness = fullness;
	message->offset = home(log, place, value, &message->text);
	return 0;
}

static int say_one(struct gemini_cli_log *log, const struct jval *value,
		   const struct gemini_cli_place *place, struct err *err)
{
	size_t at = GEMINI_CLI_NONE;
	int rc = say(log, value, place, &at, err);

	return rc < 0 || is_standing(log, at) ? rc : stand(log, at, err);
}

/* Behind the others, unless it stands. */
static int stand_once(struct gemini_cli_log *log, size_t message,
		      struct err *err)
{
	if (is_standing(log, message))
		return 0;
	log->messages.at[message].at = log->standing.n;
	return add_to(&log->standing, message, err);
}

/* Put the way together anew: the standing ones before `until`, with those of
 * the list that are new each before the next one that stood. */
static int merge(struct gemini_cli_log *log,
		 const struct gemini_cli_list *list, size_t until,
		 struct err *err)
{
	struct gemini_cli_list old = log->standing;
	size_t next = 0;	/* of the old ones */
	size_t fresh = 0;	/* of the list, where those wait that are new */
	size_t i;
	int rc = 0;

	log->standing = (struct gemini_cli_list){ NULL, 0, 0 };
	for (i = 0; rc == 0 && i < list->n; i++) {
		size_t at = log->messages.at[list->at[i]].at;

		if (at >= until || old.at[at] != list->at[i])
			continue;
		for (; rc == 0 && next < at; next++)
			rc = stand_once(log, old.at[next], err);
		for (; rc == 0 && fresh <= i; fresh++)
			rc = stand_once(log, list->at[fresh], err);
	}
	for (; rc == 0 && next < until; next++)
		rc = stand_once(log, old.at[next], err);
	for (; rc == 0 && fresh < list->n; fresh++)
		rc = stand_once(log, list->at[fresh], err);
	free(old.at);
	return rc;
}

/* Who follows whom. */
static void link_standing(struct gemini_cli_log *log)
{
	const struct gemini_cli_list *standing = &log->standing;
	size_t i;

	for (i = 0; i < standing->n; i++) {
		log->messages.at[standing->at[i]].parent = i ?
			standing->at[i - 1] : GEMINI_CLI_NONE;
	}
}

/*
 * From now on the model sees these. What stood behind the last of them that
 * stood is gone, as after a rewind; what stood before it was compressed away
 * from the model, and the person saw it all the same. Where none of them stood,
 * all that did was compressed.
 */
static int restand(struct gemini_cli_log *log,
		   const struct gemini_cli_list *list, struct err *err)
{
	size_t until = 0;
	size_t i;
	int rc;

	for (i = 0; i < list->n; i++) {
		if (is_standing(log, list->at[i]) &&
		    until <= log->messages.at[list->at[i]].at)
			until = log->messages.at[list->at[i]].at + 1;
	}
	if (until) {
		rc = merge(log, list, until, err);
	} else {
		for (i = 0, rc = 0; rc == 0 && i < list->n; i++)
			rc = stand_once(log, list->at[i], err);
	}
	link_standing(log);
	return rc;
}

/* From this message on nothing is seen any more; of one that was taken back,
 * the program makes the begin. One that was lost takes nothing back: it would
 * hide all that was said. */
static void rewind_to(struct gemini_cli_log *log, struct span key,
		      const char **out_reason)
{
	unsigned char id[SHA256_BYTES];
	uint64_t at;

	id_of(key, id);
	if (!table_get(&log->ids, id, &at)) {
		log->has_lost = true;
		*out_reason = "a rewind to a message that is not there";
		return;
	}
	if (is_standing(log, at)) {
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

/*
 * The messages that the model now sees. A session that is resumed begins with
 * what the program says alone, before it says all the others anew.
 */
static int set_messages(struct gemini_cli_log *log,
			const struct jval *messages,
			const struct gemini_cli_place *place, struct err *err)
{
	struct gemini_cli_list list = { NULL, 0, 0 };
	const struct jval *message = jval_first(messages);
	bool is_begin = log->standing.n > 0;
	size_t at = GEMINI_CLI_NONE;
	int rc = 0;

	for (; rc == 0 && message; message = message->next) {
		is_begin &= gemini_cli_is_injected(message);
		rc = say(log, message, place, &at, err);
		if (rc == 0)
			rc = add_to(&list, at, err);
	}
	if (rc == 0 && !is_begin)
		rc = restand(log, &list, err);
	free(list.at);
	return rc;
}

/* Everything of an object. A header that comes again, as on a resume, tells
 * neither when the session began nor how it is called. */
static int set_members(struct gemini_cli_log *log, const struct jval *object,
		       const struct gemini_cli_place *place,
		       bool is_again, const char **out_reason,
		       struct err *err)
{
	const struct jval *member = jval_first(object);
	int rc = 0;

	for (; rc == 0 && member; member = member->next) {
		if (span_equals(member->key, span_str("messages")) &&
		    jval_is(member, JVAL_ARRAY))
			rc = set_messages(log, member, place, err);
		else if (!is_again ||
			 (!span_equals(member->key, span_str("startTime")) &&
			  !span_equals(member->key, span_str("sessionId"))))
			rc = set_member(log, member, place, out_reason, err);
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
		return set_members(log, set, place, false, out_reason, err);
	if (is_change)
		rewind_to(log, jval_text(to), out_reason);
	else if (jval_get(value, "type") &&
		 (jval_get(value, "id") || jval_get(value, "content")))
		return say_one(log, value, place, err);
	else if (gemini_cli_is_session(value))
		return set_members(log, value, place, log->members_n > 0,
				   out_reason, err);
	/* Whatever it is, what is said in it is told. */
	else if (jval_is(value, JVAL_OBJECT) && prose_is_in(value))
		return say_one(log, value, place, err);
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
