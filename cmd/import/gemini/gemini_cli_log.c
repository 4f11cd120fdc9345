#include "cmd/import/gemini/gemini_cli_internal.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"

void gemini_cli_log_release(struct gemini_cli_log *log)
{
	free(log->messages);
	free(log->standing);
	table_release(&log->ids);
	arena_release(&log->arena);
}

struct span gemini_cli_key(const struct jval *message,
			   char room[GEMINI_CLI_KEY_MAX])
{
	struct span id = jval_get_text(message, "id");
	unsigned char digest[SHA256_BYTES];

	if (id.len)
		return id;
	sha256_of(message->raw.at, message->raw.len, digest);
	hex_text(digest, SHA256_BYTES / 2, room);
	return span_str(room);
}

static struct span home(const struct gemini_cli_place *place,
			const struct jval *value, uint64_t *out_offset)
{
	uint64_t offset = place->offset +
			  (uint64_t)(value->raw.at - place->from);

	*out_offset = offset;
	return span_of(place->source.at + offset, value->raw.len);
}

static int stand(struct gemini_cli_log *log, size_t message, struct err *err)
{
	void *list = log->standing;
	int rc;

	rc = array_grow(&list, &log->standing_cap, log->standing_n,
			sizeof(*log->standing), err);
	log->standing = list;
	if (rc < 0)
		return rc;
	log->messages[message].parent = log->standing_n ?
		log->standing[log->standing_n - 1] : GEMINI_CLI_NONE;
	log->messages[message].at = log->standing_n;
	log->standing[log->standing_n++] = message;
	return 0;
}

static bool is_standing(const struct gemini_cli_log *log, size_t message)
{
	size_t at = log->messages[message].at;

	return at < log->standing_n && log->standing[at] == message;
}

static int add_message(struct gemini_cli_log *log, struct err *err)
{
	void *list = log->messages;
	int rc;

	rc = array_grow(&list, &log->cap, log->n, sizeof(*log->messages),
			err);
	log->messages = list;
	return rc;
}

static int say(struct gemini_cli_log *log, const struct jval *value,
	       const struct gemini_cli_place *place, struct err *err)
{
	unsigned char id[SHA256_BYTES];
	char room[GEMINI_CLI_KEY_MAX];
	struct span key = gemini_cli_key(value, room);
	struct gemini_cli_message *message;
	uint64_t at = log->n;
	int rc = 0;

	sha256_of(key.at, key.len, id);
	if (!table_get(&log->ids, id, &at)) {
		rc = add_message(log, err);
		if (rc >= 0)
			rc = table_put(&log->ids, id, at, err);
		if (rc < 0)
			return rc;
		log->messages[log->n++].at = GEMINI_CLI_NONE;
	}
	message = &log->messages[at];
	message->text = home(place, value, &message->offset);
	return is_standing(log, at) ? 0 : stand(log, at, err);
}

/* From this message on nothing is seen any more; of one that is not there,
 * the program makes the begin. */
static void rewind_to(struct gemini_cli_log *log, struct span key)
{
	unsigned char id[SHA256_BYTES];
	uint64_t at;

	sha256_of(key.at, key.len, id);
	if (table_get(&log->ids, id, &at) && is_standing(log, at))
		log->standing_n = log->messages[at].at;
	else
		log->standing_n = 0;
}

static int set_member(struct gemini_cli_log *log, const struct jval *value,
		      const struct gemini_cli_place *place, struct err *err)
{
	struct gemini_cli_member *member = log->members;
	uint64_t offset;
	char *key;
	size_t i;

	for (i = 0; i < log->members_n; i++) {
		if (span_equals(log->members[i].key, value->key))
			break;
	}
	if (i == GEMINI_CLI_MEMBERS_MAX || !utf8_is_valid(value->key))
		return 0;
	member += i;
	if (i == log->members_n) {
		key = arena_alloc(&log->arena, value->key.len + 1);
		if (!key)
			return err_set(err, ERR_NOMEM, "out of memory");
		memcpy(key, value->key.at, value->key.len);
		member->key = span_of(key, value->key.len);
		log->members_n++;
	}
	member->text = home(place, value, &offset);
	return 0;
}

/* Everything of an object: its messages are those that the model now sees. */
static int set_members(struct gemini_cli_log *log, const struct jval *object,
		       const struct gemini_cli_place *place, struct err *err)
{
	const struct jval *member;
	const struct jval *message;
	int rc = 0;

	for (member = jval_first(object); rc >= 0 && member;
	     member = member->next) {
		if (!span_equals(member->key, span_str("messages")) ||
		    !jval_is(member, JVAL_ARRAY)) {
			rc = set_member(log, member, place, err);
			continue;
		}
		log->standing_n = 0;
		message = jval_first(member);
		for (; rc >= 0 && message; message = message->next)
			rc = say(log, message, place, err);
	}
	return rc;
}

int gemini_cli_take(struct gemini_cli_log *log, const struct jval *value,
		    const struct gemini_cli_place *place, struct err *err)
{
	const struct jval *set = jval_get(value, "$set");
	const struct jval *to = jval_get(value, "$rewindTo");
	int rc;

	if (jval_is(set, JVAL_OBJECT)) {
		rc = set_members(log, set, place, err);
	} else if (jval_is(to, JVAL_STRING)) {
		rewind_to(log, jval_text(to));
		rc = 0;
	} else if (jval_get(value, "type") &&
		   (jval_get(value, "id") || jval_get(value, "content"))) {
		rc = say(log, value, place, err);
	} else if (jval_get(value, "sessionId") ||
		   jval_is(jval_get(value, "messages"), JVAL_ARRAY)) {
		rc = set_members(log, value, place, err);
	} else {
		return 0;
	}
	return rc < 0 ? rc : 1;
}

int gemini_cli_about(const struct gemini_cli_log *log, struct buf *out,
		     struct err *err)
{
	const struct gemini_cli_member *member;
	size_t i;
	int rc;

	rc = buf_add_char(out, '{', err);
	for (i = 0; rc >= 0 && i < log->members_n; i++) {
		member = &log->members[i];
		if (i)
			rc = buf_add_char(out, ',', err);
		if (rc >= 0)
			rc = jcs_add_string(out, member->key, err);
		if (rc >= 0)
			rc = buf_add_char(out, ':', err);
		if (rc >= 0)
			rc = buf_add_span(out, member->text, err);
	}
	return rc < 0 ? rc : buf_add_char(out, '}', err);
}
