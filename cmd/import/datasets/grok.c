#include "cmd/import/datasets/grok.h"

#include "cmd/import/input/values.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/seen.h"
#include "cmd/import/records/turns.h"
#include "cmd/import/sniff.h"

#define GROK "grok"
#define DEPTH_MAX 200

struct reading {
	struct import_job *job;
	struct import_source *source;
	struct turns turns;
	struct seen seen;
	struct buf key;
	bool is_tree;			/* responses name what they answer */
	bool has_choice;
};

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	return !input->bundle && !input->is_folder &&
	       sniff_has(head, "conversations") &&
	       sniff_mentions(head, "\"responses\"") &&
	       sniff_mentions(head, "\"conversation\"");
}

/* ISO 8601, or what a database writes: {"$date":{"$numberLong":"<ms>"}}. */
static struct chat_time time_of(const struct jval *value)
{
	const struct jval *date = jval_get(value, "$date");
	const struct jval *ms = jval_get(date, "$numberLong");

	if (ms)
		return chat_time_of_ms(ms);
	if (jval_is(date, JVAL_NUMBER))
		return chat_time_of_ms(date);
	return chat_time_of(date ? date : value);
}

static const struct jval *inner(const struct jval *item)
{
	const struct jval *response = jval_get(item, "response");

	return jval_is(response, JVAL_OBJECT) ? response : item;
}

static struct span id_of(const struct jval *response)
{
	struct span id = jval_get_text(response, "_id");

	return id.len ? id : jval_get_text(response, "id");
}

static bool is_word(struct span text, const char *word)
{
	size_t i;

	for (i = 0; i < text.len && word[i]; i++) {
		if ((text.at[i] | 0x20) != word[i])
			return false;
	}
	return i == text.len && !word[i];
}

static const char *role_of(struct span sender)
{
	if (is_word(sender, "assistant"))
		return "assistant";
	return is_word(sender, "system") ? "system" : "user";
}

/* What it answers: nobody, somebody that it names, or the one before. */
static void find_parent(struct reading *reading, const struct jval *response,
			struct chat_message *message)
{
	struct buf *last = &reading->turns.last;

	if (!reading->is_tree)
		return;
	message->parent = jval_get_text(response, "parent_response_id");
	reading->has_choice |= last->len &&
		!span_equals(message->parent, buf_span(last));
	if (!message->parent.len) {
		message->parent = span_of(NULL, 0);
		buf_reset(last);
	}
}

static int put_turn(struct reading *reading, const struct jval *item,
		    struct err *err)
{
	static const char *const taken[] = {
		"message", "create_time", "parent_response_id", "_id", NULL
	};
	static const char *const around[] = { "response", NULL };
	const struct jval *response = inner(item);
	struct turns *turns = &reading->turns;
	struct chat_message message = {
		.created = time_of(jval_get(response, "create_time")),
		.visibility = "visible",
		.model = jval_get_text(response, "model"),
		.role = role_of(jval_get_text(response, "sender")),
		.key = id_of(response),
	};
	const struct jval *said = jval_get(response, "message");
	int rc = 0;

	find_parent(reading, response, &message);
	if (jval_is(said, JVAL_STRING))
		rc = part_text(&turns->parts, jval_text(said), err);
	else if (said && !jval_is(said, JVAL_NULL))
		rc = part_native(&turns->parts, "message", said, NULL, err);
	if (rc >= 0)
		rc = rest_add(&turns->native, response, taken, err);
	if (rc >= 0 && item != response)
		rc = rest_add_under(&turns->native, "around", item, around,
				    err);
	return rc < 0 ? rc : turns_put(turns, &message, err);
}

static bool is_tree(const struct jval *item)
{
	while (item && !jval_get_text(inner(item), "parent_response_id").len)
		item = item->next;
	return item != NULL;
}

static int put_talk(struct reading *reading, const struct jval *value,
		    struct err *err)
{
	static const char *const taken[] = {
		"title", "create_time", "modify_time", NULL
	};
	const struct jval *about = jval_get(value, "conversation");
	const struct jval *item = jval_first(jval_get(value, "responses"));
	struct turns *turns = &reading->turns;
	struct chat_session session = {
		.provider = GROK, .key = buf_span(&reading->key),
		.title = jval_get_text(about, "title"),
		.created = time_of(jval_get(about, "create_time")),
		.updated = time_of(jval_get(about, "modify_time")),
	};
	int rc;

	reading->is_tree = is_tree(item);
	reading->has_choice = false;
	rc = turns_begin(turns, reading->job, reading->source, GROK,
			 session.key, err);
	for (; rc >= 0 && item; item = item->next)
		rc = jval_is(item, JVAL_OBJECT) ?
			put_turn(reading, item, err) :
			import_leave_out(reading->source, "a response that is "
					 "no object", NULL, err);
	session.is_guessed = reading->has_choice;
	reading->source->guessed += session.is_guessed;
	if (rc >= 0)
		rc = rest_add(&turns->native, about, taken, err);
	return rc < 0 ? rc : turns_end(turns, &session, err);
}

static int take_value(void *arg, const struct source_value *given,
		      struct err *err)
{
	const struct jval *about = jval_get(given->value, "conversation");
	struct reading *reading = arg;
	struct chat_time updated = time_of(jval_get(about, "modify_time"));
	int rc;

	if (!jval_is(about, JVAL_OBJECT) ||
	    !jval_is(jval_get(given->value, "responses"), JVAL_ARRAY))
		return import_malformed(reading->job, reading->source,
					"a conversation without responses",
					given->offset, given->text, err);
	if (updated.micros == CHAT_TIME_UNKNOWN)
		updated = time_of(jval_get(about, "create_time"));
	if (!import_is_wanted(reading->job, updated.micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	rc = seen_key(&reading->seen, given->value, id_of(about),
		      &reading->key, err);
	if (rc == 0)
		return import_leave_out(reading->source, "a conversation that "
					"stands before", NULL, err);
	return rc < 0 ? rc : put_talk(reading, given->value, err);
}

static int read_talks(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct reading reading = {
		.job = job, .source = source, .turns = TURNS_INIT,
		.seen = SEEN_INIT, .key = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct values_visitor visitor = { take_value, &reading };
	int rc;

	rc = values_each(job, source, "conversations", DEPTH_MAX, &visitor,
			 err);
	if (rc == 0)
		rc = import_note(source, err, "only its conversations are "
				 "read: not the projects, tasks and pictures "
				 "that such a file may have beside them");
	turns_release(&reading.turns);
	seen_release(&reading.seen);
	buf_release(&reading.key);
	return rc;
}

const struct importer grok_importer = {
	.name = GROK,
	.one = "Grok export",
	.many = "Grok exports",
	.construct = GROK,
	.sniff = sniff,
	.read = read_talks,
};
