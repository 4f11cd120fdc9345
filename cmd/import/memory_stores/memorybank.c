#include "cmd/import/memory_stores/memorybank.h"

#include "cmd/import/input/whole.h"
#include "cmd/import/records/memory.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/turns.h"
#include "cmd/import/sniff.h"
#include "lib/time/timestamp.h"

#define MEMORYBANK "memorybank"

struct reading {
	struct import_job *job;
	struct import_source *source;
	const struct jdoc *doc;
	struct memory memory;
	struct turns turns;
	struct buf key;
};

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	return !input->bundle && !input->is_folder &&
	       sniff_mentions(head, "\"history\"") &&
	       sniff_mentions(head, "\"query\"") &&
	       sniff_mentions(head, "\"response\"") &&
	       (sniff_mentions(head, "\"overall_history\"") ||
		sniff_mentions(head, "\"meta_information\""));
}

static struct chat_time day_of(struct span text)
{
	struct chat_time time = CHAT_TIME_NONE;

	if (timestamp_parse(text, &time.micros, &time.flags, NULL) < 0)
		time = (struct chat_time)CHAT_TIME_NONE;
	return time;
}

static int put_turn(struct reading *reading, const struct jval *pair,
		    const char *member, struct chat_message *message,
		    struct err *err)
{
	static const char *const taken[] = { "query", "response", NULL };
	const struct jval *said = jval_get(pair, member);
	struct turns *turns = &reading->turns;
	int rc;

	if (!said || jval_is(said, JVAL_NULL))
		return 0;
	if (jval_is(said, JVAL_STRING))
		part_text(&turns->parts, jval_text(said));
	else
		part_native(&turns->parts, member, said);
	rc = rest_add(&turns->native, pair, taken, err);
	message->visibility = "visible";
	return rc < 0 ? rc : turns_put(turns, message, err);
}

static int put_pair(struct reading *reading, const struct jval *person,
		    const struct jval *pair, struct chat_time day,
		    struct err *err)
{
	struct chat_message asked = {
		.role = "user", .created = day, .name = person->key,
	};
	struct chat_message answered = { .role = "assistant", .created = day };
	int rc;

	if (!jval_is(pair, JVAL_OBJECT))
		return import_leave_out(reading->source, "a turn that is no "
					"object", NULL, err);
	rc = put_turn(reading, pair, "query", &asked, err);
	return rc < 0 ? rc : put_turn(reading, pair, "response", &answered,
				      err);
}

static int put_day(struct reading *reading, const struct jval *person,
		   const struct jval *day, struct err *err)
{
	struct turns *turns = &reading->turns;
	const struct jval *pair = jval_first(day);
	struct chat_session session = {
		.provider = MEMORYBANK, .created = day_of(day->key),
		.updated = CHAT_TIME_NONE,
	};
	int rc;

	if (!import_is_wanted(reading->job, session.created.micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	buf_reset(&reading->key);
	rc = buf_add_span(&reading->key, person->key, err);
	if (rc >= 0)
		rc = buf_add_char(&reading->key, '/', err);
	if (rc >= 0)
		rc = buf_add_span(&reading->key, day->key, err);
	session.key = buf_span(&reading->key);
	session.title = session.key;
	if (rc >= 0)
		rc = turns_begin(turns, reading->job, reading->source,
				 MEMORYBANK, session.key, err);
	for (; rc >= 0 && pair; pair = pair->next)
		rc = put_pair(reading, person, pair, session.created, err);
	return rc < 0 ? rc : turns_end(turns, &session, err);
}

/* What is known of somebody: an object that nothing was said of is none. */
static int put_known(struct reading *reading, const struct jval *person,
		     struct err *err)
{
	static const char *const taken[] = { "history", NULL };
	struct memory *memory = &reading->memory;
	int rc;

	rc = memory_begin(memory, "person/", person->key, err);
	if (rc >= 0)
		rc = memory_says(memory, "identity", person->key, err);
	if (rc >= 0)
		rc = rest_add(&memory->native, person, taken, err);
	return rc < 0 || !memory->native.count ? rc : memory_put(memory, err);
}

static int take_person(struct reading *reading, const struct jval *person,
		       struct err *err)
{
	const struct jval *history = jval_get(person, "history");
	const struct jval *day = jval_first(history);
	int rc = 0;

	if (!jval_is(history, JVAL_OBJECT))
		return import_malformed(reading->job, reading->source,
					"a person without a history",
					jdoc_offset(reading->doc, person),
					person->raw, err);
	for (; rc >= 0 && day; day = day->next)
		rc = put_day(reading, person, day, err);
	return rc < 0 ? rc : put_known(reading, person, err);
}

static int read_bank(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct reading reading = {
		.job = job, .source = source, .turns = TURNS_INIT,
		.memory = MEMORY_INIT(job, source, MEMORYBANK),
		.key = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct jval *person;
	struct jdoc *doc = NULL;
	int rc;

	rc = whole_read(source, &doc, err);
	if (rc)
		return rc;
	reading.doc = doc;
	person = jval_first(jdoc_root(doc));
	if (!jval_is(jdoc_root(doc), JVAL_OBJECT))
		rc = import_refuse(source, "a bank that is no object", NULL,
				   err);
	for (; !rc && person; person = person->next)
		rc = take_person(&reading, person, err);
	turns_release(&reading.turns);
	memory_release(&reading.memory);
	buf_release(&reading.key);
	jdoc_free(doc);
	return rc;
}

const struct importer memorybank_importer = {
	.name = MEMORYBANK,
	.one = "MemoryBank file",
	.many = "MemoryBank files",
	.construct = MEMORYBANK,
	.sniff = sniff,
	.read = read_bank,
};
