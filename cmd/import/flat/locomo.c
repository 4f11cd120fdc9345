/*
 * The LoCoMo benchmark: each of a sample's sessions is one, the first speaker
 * its user. Questions and what was derived from the talks are left out.
 */
#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"

#define DATE "_date_time"

static bool is_session(const struct jval *member)
{
	return span_begins(member->key, "session_") &&
	       jval_is(member, JVAL_ARRAY);
}

/* Of "session_3" at "session_3_date_time": a day's minute, without zone. */
static int date_session(struct flat *flat, const struct jval *talk,
			const struct jval *list, struct err *err)
{
	const struct chat_session session = { .updated = CHAT_TIME_NONE };

	buf_reset(&flat->text);
	buf_put_span(&flat->text, list->key);
	buf_put_str(&flat->text, DATE);
	flat->session = session;
	flat->session.created = chat_time_said(jval_text(
		jval_get_span(talk, buf_span(&flat->text))));
	return buf_end(&flat->text, err);
}

static int locomo_session(struct flat *flat, const struct jval *talk,
			  const struct jval *list, struct err *err)
{
	int rc = date_session(flat, talk, list, err);

	if (rc < 0)
		return rc;
	if (!import_is_wanted(flat->job, flat->session.created.micros))
		return flat_leave_out(flat, FLAT_OLD, err);
	buf_put_char(&flat->next_key, '/');
	buf_put_span(&flat->next_key, list->key);
	rc = flat_begin(flat, err);
	if (rc >= 0)
		rc = flat_turns(flat, list, err);
	return rc < 0 ? rc : flat_end(flat, err);
}

static int locomo_say(struct flat *flat, struct flat_item *turn,
		      struct chat_message *message, struct err *err)
{
	struct span user = jval_text(jval_at(flat->given->value,
					     "conversation.speaker_a"));

	(void)err;
	message->role = span_equals(message->name, user) ? "user" :
		"assistant";
	message->created = flat->session.created;
	flat_say(flat, turn);
	return 0;
}

/* Does anybody of that name speak in the talk? */
static bool has_speaker(const struct jval *talk, struct span name)
{
	const struct jval *member = jval_first(talk);
	const struct jval *turn;

	for (; member; member = member->next) {
		turn = is_session(member) ? jval_first(member) : NULL;
		for (; turn; turn = turn->next) {
			if (span_equals(jval_get_text(turn, "speaker"), name))
				return true;
		}
	}
	return false;
}

/* Is all of it in the sessions? */
static bool is_known(const struct jval *talk, const struct jval *member)
{
	struct span key = member->key;
	struct chat_time time;

	if (span_ends(key, DATE)) {
		key.len -= strlen(DATE);
		time = chat_time_said(jval_text(member));
		return jval_get_span(talk, key) &&
		       is_session(jval_get_span(talk, key)) &&
		       chat_time_is_whole(&time);
	}
	return span_begins(member->key, "speaker_") &&
	       has_speaker(talk, jval_text(member));
}

static int read_talk(struct flat *flat, const struct jval *talk,
		     struct err *err)
{
	const struct jval *member = jval_first(talk);
	size_t len = flat->next_key.len;
	int rc = 0;

	for (; rc >= 0 && member; member = member->next) {
		buf_cut(&flat->next_key, len);
		if (is_session(member))
			rc = locomo_session(flat, talk, member, err);
		else if (!is_known(talk, member))
			rc = flat_leave_out(flat, "a member of a conversation "
					    "that is no session", err);
	}
	return rc;
}

static int locomo_sample(struct flat *flat, struct err *err)
{
	const struct jval *sample = flat->given->value;
	const struct jval *talk = jval_get(sample, "conversation");
	const struct jval *id = jval_get(sample, "sample_id");
	const struct jval *member = jval_first(sample);
	bool is_new;
	int rc;

	if (!jval_is(talk, JVAL_OBJECT))
		return flat_malformed(flat, "a sample without a conversation",
				      sample, err);
	rc = flat_make_key(flat, sample, jval_text(id), &is_new, err);
	if (rc == 0 && !is_new)
		return flat_leave_out(flat, "a sample that stands before",
				      err);
	if (rc >= 0)
		rc = read_talk(flat, talk, err);
	for (; rc >= 0 && member; member = member->next) {
		if (member != talk &&
		    (member != id || !jval_is(id, JVAL_STRING) ||
		     jval_text(id).len > FLAT_KEY_SHOWN))
			rc = flat_leave_out(flat, "questions and summaries of "
					    "a benchmark", err);
	}
	return rc;
}

static const struct flat_row turn_rows[] = {
	{ FLAT_KEY, "dia_id", FLAT_TAKEN },
	{ FLAT_NAME, "speaker", FLAT_TAKEN },
	{ FLAT_SAID, "text", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_format locomo_format = {
	.provider = "locomo",
	.value = locomo_sample,
	.turn = turn_rows,
	.no_turn = "a turn that is no object",
	.say = locomo_say,
};

const struct importer locomo_importer = {
	.name = "locomo",
	.one = "LoCoMo file",
	.many = "LoCoMo files",
	.construct = "locomo",
	.signs = (const char *const[]){
		"conversation.speaker_a", "qa *evidence *category", NULL
	},
	.read = flat_read,
	.flat = &locomo_format,
};
