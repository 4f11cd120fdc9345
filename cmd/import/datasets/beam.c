#include "cmd/import/datasets/beam.h"

#include "cmd/import/records/memory.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"
#include "cmd/import/records/turns.h"
#include "cmd/import/input/values.h"
#include "cmd/import/parse/when.h"

#define BEAM "beam"
#define MARK "->-> "
#define DEPTH_MAX 100

struct reading {
	struct import_job *job;
	struct import_source *source;
	struct turns turns;
	struct buf key;
	struct chat_time created;
	bool has_begun;
};

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	return !input->bundle && !input->is_folder &&
	       sniff_has(head, "batch_number") && sniff_has(head, "turns");
}

static struct chat_time time_of(const struct jval *value)
{
	struct chat_time time = CHAT_TIME_NONE;

	if (when_parse(jval_text(value), &time.micros, &time.flags,
		       NULL) < 0)
		time = (struct chat_time)CHAT_TIME_NONE;
	return time;
}

/* Where the generator's mark begins, at the end of a text; else its end. */
static size_t find_mark(struct span text)
{
	static const size_t len = sizeof(MARK) - 1;
	size_t at = text.len;

	while (at && ((text.at[at - 1] >= '0' && text.at[at - 1] <= '9') ||
		      text.at[at - 1] == ','))
		at--;
	if (at == text.len || at < len ||
	    memcmp(text.at + at - len, MARK, len) != 0)
		return text.len;
	return at - len;
}

static int add_text(struct turns *turns, struct span text, struct err *err)
{
	size_t mark = find_mark(text);
	size_t end = mark;
	int rc = 0;

	if (mark < text.len)
		rc = rest_add_text(&turns->native, "mark",
				   span_of(text.at + mark, text.len - mark),
				   err);
	while (mark < text.len && end && text.at[end - 1] == ' ')
		end--;
	part_text(&turns->parts, span_of(text.at, end));
	return rc;
}

/* The hash of the first message: two chats begin with others. */
static int begin(struct reading *reading, const struct jval *message,
		 struct err *err)
{
	const struct span first[1] = { jval_get_text(message, "content") };
	int rc;

	reading->has_begun = true;
	reading->created = time_of(jval_get(message, "time_anchor"));
	rc = memory_hash_key(first, 1, &reading->key, err);
	return rc < 0 ? rc : turns_begin(&reading->turns, reading->job,
					 reading->source, BEAM,
					 buf_span(&reading->key), err);
}

static int put_turn(struct reading *reading, const struct jval *batch,
		    const struct jval *value, struct err *err)
{
	static const char *const taken[] = { "role", "content", NULL };
	const struct jval *id = jval_get(value, "id");
	struct turns *turns = &reading->turns;
	struct chat_message message = {
		.created = time_of(jval_get(value, "time_anchor")),
		.visibility = "visible",
		.role = jval_is_text(jval_get(value, "role"), "assistant") ?
			"assistant" : "user",
	};
	int rc = 0;

	if (!reading->has_begun)
		rc = begin(reading, value, err);
	if (jval_is(id, JVAL_NUMBER))
		message.key = id->raw;
	if (rc >= 0)
		rc = add_text(turns, jval_get_text(value, "content"), err);
	if (rc >= 0)
		rc = rest_add_value(&turns->native, "batch_number",
				    jval_get(batch, "batch_number"), err);
	if (rc >= 0)
		rc = rest_add(&turns->native, value, taken, err);
	return rc < 0 ? rc : turns_put(turns, &message, err);
}

static int take_batch(void *arg, const struct source_value *given,
		      struct err *err)
{
	const struct jval *list = jval_get(given->value, "turns");
	const struct jval *turn = jval_first(list);
	struct reading *reading = arg;
	const struct jval *message;
	int rc = 0;

	if (!jval_is(list, JVAL_ARRAY))
		return import_malformed(reading->job, reading->source,
					"a batch without turns",
					given->offset, given->text, err);
	for (; rc >= 0 && turn; turn = turn->next) {
		message = jval_first(turn);
		for (; rc >= 0 && message; message = message->next)
			rc = jval_get_text(message, "content").at ?
				put_turn(reading, given->value, message,
					 err) :
				import_leave_out(reading->source, "a message "
						 "without text", NULL, err);
	}
	return rc;
}

static int read_chat(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct reading reading = {
		.job = job, .source = source, .turns = TURNS_INIT,
		.key = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct values_visitor visitor = { take_batch, &reading };
	struct chat_session session = {
		.provider = BEAM, .updated = CHAT_TIME_NONE,
	};
	int rc;

	rc = values_each(job, source, NULL, DEPTH_MAX, &visitor, err);
	session.key = buf_span(&reading.key);
	session.created = reading.created;
	if (rc == 0 && reading.has_begun)
		rc = turns_end(&reading.turns, &session, err);
	turns_release(&reading.turns);
	buf_release(&reading.key);
	return rc;
}

const struct importer beam_importer = {
	.name = BEAM,
	.one = "BEAM chat",
	.many = "BEAM chats",
	.construct = BEAM,
	.sniff = sniff,
	.read = read_chat,
};
