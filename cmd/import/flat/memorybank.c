/*
 * MemoryBank: people and what they said on which day. Each day is a session,
 * memorybank:<name>/<day>; what else is known of them a memory each.
 */
#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"

/* One side of a pair, where it says something. */
static int put_side(struct flat *flat, const struct jval *pair,
		    const char *side, struct chat_message message,
		    struct err *err)
{
	struct flat_item turn = {
		.take = take_begin(pair), .said = jval_get(pair, side),
		.said_at = side,
	};

	if (!turn.said || jval_is(turn.said, JVAL_NULL))
		return 0;
	(void)take_any(&turn.take, "query");
	(void)take_any(&turn.take, "response");
	message.created = flat->session.created;
	message.visibility = "visible";
	flat_say(flat, &turn);
	take_rest(&turn.take, &flat->native);
	return flat_put(flat, &message, err);
}

static int put_pair(struct flat *flat, const struct jval *person,
		    const struct jval *pair, struct err *err)
{
	const struct chat_message asked = {
		.role = "user", .name = person->key,
	};
	const struct chat_message answered = { .role = "assistant" };
	int64_t before = flat->index;
	int rc;

	if (!jval_is(pair, JVAL_OBJECT))
		return flat_leave_out(flat, "a turn that is no object", err);
	rc = put_side(flat, pair, "query", asked, err);
	if (rc >= 0)
		rc = put_side(flat, pair, "response", answered, err);
	return rc < 0 || flat->index > before ? rc :
		flat_leave_out(flat, "a turn where nobody says anything",
			       err);
}

static int put_day(struct flat *flat, const struct jval *person,
		   const struct jval *day, struct err *err)
{
	const struct jval *pair = jval_first(day);
	const struct chat_session session = {
		.created = chat_time_said(day->key), .updated = CHAT_TIME_NONE,
	};
	int rc;

	if (!jval_is(day, JVAL_ARRAY))
		return flat_malformed(flat, "a day that is no list of turns",
				      day, err);
	if (!import_is_wanted(flat->job, session.created.micros))
		return flat_leave_out(flat, FLAT_OLD, err);
	flat->session = session;
	buf_reset(&flat->next_key);
	buf_put_span(&flat->next_key, person->key);
	buf_put_char(&flat->next_key, '/');
	buf_put_span(&flat->next_key, day->key);
	rc = flat_begin(flat, err);
	for (; rc >= 0 && pair; pair = pair->next)
		rc = put_pair(flat, person, pair, err);
	flat->session.title = buf_span(&flat->key);
	return rc < 0 ? rc : flat_end(flat, err);
}

/* What is known of somebody: an object that nothing was said of is none. */
static int put_known(struct flat *flat, const struct jval *person,
		     const struct jval *history, struct err *err)
{
	struct take take = take_begin(person);

	take_done(&take, history);
	flat_memory_begin(flat, "person/", person->key);
	flat_memory_says(flat, "identity", person->key);
	take_rest(&take, &flat->native);
	return jval_count(person) > 1 ? flat_memory_put(flat, err) : 0;
}

static int read_person(struct flat *flat, const struct jval *person,
		       struct err *err)
{
	const struct jval *history = jval_get(person, "history");
	const struct jval *day = jval_first(history);
	int rc = 0;

	if (!jval_is(history, JVAL_OBJECT))
		return flat_malformed(flat, "a person without a history",
				      person, err);
	for (; rc >= 0 && day; day = day->next)
		rc = put_day(flat, person, day, err);
	return rc < 0 ? rc : put_known(flat, person, history, err);
}

static int read_bank(struct flat *flat, struct err *err)
{
	const struct jval *person = jval_first(flat->given->value);
	int rc = 0;

	if (!jval_is(flat->given->value, JVAL_OBJECT))
		return import_refuse(flat->source, "a bank that is no object",
				     NULL, err);
	for (; rc >= 0 && person; person = person->next)
		rc = read_person(flat, person, err);
	return rc;
}

static const struct flat_format memorybank_format = {
	.provider = "memorybank",
	.document = "",
	.value = read_bank,
};

const struct importer memorybank_importer = {
	.name = "memorybank",
	.one = "MemoryBank file",
	.many = "MemoryBank files",
	.construct = "memorybank",
	.signs = (const char *const[]){
		"*history *query *response *overall_history|*meta_information",
		NULL
	},
	.read = flat_read,
	.flat = &memorybank_format,
};
