#include "cmd/import/datasets/locomo.h"

#include "cmd/import/records/rest.h"
#include "cmd/import/records/seen.h"
#include "cmd/import/sniff.h"
#include "cmd/import/records/turns.h"
#include "cmd/import/input/values.h"
#include "cmd/import/parse/when.h"

#define LOCOMO "locomo"
#define SESSION "session_"
#define DATE "_date_time"
#define DEPTH_MAX 100

struct reading {
	struct import_job *job;
	struct import_source *source;
	struct turns turns;
	struct seen seen;
	struct buf sample;
	struct buf key;
};

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->bundle || input->is_folder)
		return false;
	return sniff_has(head, "conversation.speaker_a") ||
	       (sniff_has(head, "qa") && sniff_mentions(head, "\"evidence\"") &&
		sniff_mentions(head, "\"category\""));
}

static bool ends_with(struct span text, const char *end)
{
	size_t len = strlen(end);

	return text.len >= len && !memcmp(text.at + text.len - len, end, len);
}

/* "session_3_date_time" of "session_3"; a day's minute, without zone. */
static int time_of(struct reading *reading, const struct jval *talk,
		   const struct jval *list, struct chat_time *out,
		   struct err *err)
{
	struct span text;
	int rc;

	buf_reset(&reading->key);
	rc = buf_add_span(&reading->key, list->key, err);
	if (rc >= 0)
		rc = buf_add_str(&reading->key, DATE, err);
	*out = (struct chat_time)CHAT_TIME_NONE;
	text = jval_text(jval_get_span(talk, buf_span(&reading->key)));
	if (rc >= 0 && when_parse(text, &out->micros, &out->flags, NULL) < 0)
		*out = (struct chat_time)CHAT_TIME_NONE;
	return rc;
}

static int put_turn(struct reading *reading, const struct jval *turn,
		    struct span user, struct chat_time time, struct err *err)
{
	static const char *const taken[] = {
		"speaker", "text", "dia_id", NULL
	};
	struct turns *turns = &reading->turns;
	struct chat_message message = {
		.key = jval_get_text(turn, "dia_id"),
		.name = jval_get_text(turn, "speaker"),
		.created = time, .visibility = "visible",
	};
	struct span text = jval_get_text(turn, "text");
	int rc;

	message.role = span_equals(message.name, user) ? "user" : "assistant";
	if (text.at)
		part_text(&turns->parts, text);
	rc = rest_add(&turns->native, turn, taken, err);
	return rc < 0 ? rc : turns_put(turns, &message, err);
}

static int put_session(struct reading *reading, const struct jval *talk,
		       const struct jval *list, struct err *err)
{
	struct chat_session session = {
		.provider = LOCOMO, .updated = CHAT_TIME_NONE,
	};
	struct span user = jval_get_text(talk, "speaker_a");
	const struct jval *turn = jval_first(list);
	int rc;

	rc = time_of(reading, talk, list, &session.created, err);
	if (rc >= 0 && !import_is_wanted(reading->job,
					 session.created.micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	buf_reset(&reading->key);
	if (rc >= 0)
		rc = buf_add_span(&reading->key, buf_span(&reading->sample),
				  err);
	if (rc >= 0)
		rc = buf_add_char(&reading->key, '/', err);
	if (rc >= 0)
		rc = buf_add_span(&reading->key, list->key, err);
	session.key = buf_span(&reading->key);
	if (rc >= 0)
		rc = turns_begin(&reading->turns, reading->job,
				 reading->source, LOCOMO, session.key, err);
	for (; rc >= 0 && turn; turn = turn->next)
		rc = jval_is(turn, JVAL_OBJECT) ?
			put_turn(reading, turn, user, session.created, err) :
			import_leave_out(reading->source, "a turn that is no "
					 "object", NULL, err);
	return rc < 0 ? rc : turns_end(&reading->turns, &session, err);
}

static int take_talk(struct reading *reading, const struct jval *talk,
		     struct err *err)
{
	const struct jval *member = jval_first(talk);
	int rc = 0;

	for (; rc >= 0 && member; member = member->next) {
		if (span_begins(member->key, SESSION) &&
		    jval_is(member, JVAL_ARRAY))
			rc = put_session(reading, talk, member, err);
		else if (!ends_with(member->key, DATE) &&
			 !span_begins(member->key, "speaker_"))
			rc = import_leave_out(reading->source, "a member of a "
					      "conversation that is no "
					      "session", NULL, err);
	}
	return rc;
}

/* The questions, and what somebody derived from the talks. */
static int leave_out_rest(struct reading *reading, const struct jval *sample,
			  struct err *err)
{
	const struct jval *member = jval_first(sample);
	int rc = 0;

	for (; rc >= 0 && member; member = member->next) {
		if (!span_equals(member->key, span_str("conversation")) &&
		    !span_equals(member->key, span_str("sample_id")))
			rc = import_leave_out(reading->source, "questions and "
					      "summaries of a benchmark",
					      NULL, err);
	}
	return rc;
}

static int take_sample(void *arg, const struct source_value *given,
		       struct err *err)
{
	const struct jval *talk = jval_get(given->value, "conversation");
	struct reading *reading = arg;
	int rc;

	if (!jval_is(talk, JVAL_OBJECT))
		return import_malformed(reading->job, reading->source,
					"a sample without a conversation",
					given->offset, given->text, err);
	rc = seen_key(&reading->seen, given->value,
		      jval_get_text(given->value, "sample_id"),
		      &reading->sample, err);
	if (rc == 0)
		return import_leave_out(reading->source, "a sample that "
					"stands before", NULL, err);
	if (rc >= 0)
		rc = take_talk(reading, talk, err);
	return rc < 0 ? rc : leave_out_rest(reading, given->value, err);
}

static int read_samples(struct import_job *job, struct import_source *source,
			struct err *err)
{
	struct reading reading = {
		.job = job, .source = source, .turns = TURNS_INIT,
		.seen = SEEN_INIT, .sample = BUF_INIT(BUF_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct values_visitor visitor = { take_sample, &reading };
	int rc;

	rc = values_each(job, source, NULL, DEPTH_MAX, &visitor, err);
	turns_release(&reading.turns);
	seen_release(&reading.seen);
	buf_release(&reading.sample);
	buf_release(&reading.key);
	return rc;
}

const struct importer locomo_importer = {
	.name = LOCOMO,
	.one = "LoCoMo file",
	.many = "LoCoMo files",
	.construct = LOCOMO,
	.sniff = sniff,
	.read = read_samples,
};
