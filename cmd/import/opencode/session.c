#include "cmd/import/opencode/opencode_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/records/rest.h"
#include "lib/base/array.h"

/* A part or message, as one of the two places has it. */
struct listed {
	const struct jval *value;
	const struct jval *other;	/* the same in the other place */
	struct span id;
	int64_t time;
	size_t order;
};

struct listing {
	struct listed *at;
	size_t n;
	size_t cap;
};

static int compare_ids(const void *a, const void *b)
{
	const struct listed *x = a;
	const struct listed *y = b;
	int order = span_compare(x->id, y->id);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static int compare_times(const void *a, const void *b)
{
	const struct listed *x = a;
	const struct listed *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return compare_ids(a, b);
}

static int compare_orders(const void *a, const void *b)
{
	const struct listed *x = a;
	const struct listed *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

static int list_all(struct listing *list, const struct jval *values,
		    struct err *err)
{
	const struct jval *value = jval_first(values);
	struct opencode_layers layers;
	int rc = 0;

	for (; rc == 0 && value; value = value->next) {
		layers = opencode_layers(value);
		rc = array_room(list, err);
		if (rc < 0)
			break;
		list->at[list->n] = (struct listed){
			.value = value, .order = list->n,
			.time = opencode_time(&layers, "time.created",
					      "time_created").micros,
		};
		list->at[list->n++].id = opencode_id(&layers, "id", "id");
	}
	return rc;
}

/* What both have is one, that of the first place; what has no id is nobody
 * else's. */
static void join(struct listing *list)
{
	size_t n = 0;
	size_t i;

	if (list->n)
		qsort(list->at, list->n, sizeof(*list->at), compare_ids);
	for (i = 0; i < list->n; i++) {
		if (n && list->at[i].id.len &&
		    span_equals(list->at[n - 1].id, list->at[i].id)) {
			list->at[n - 1].other = list->at[i].value;
			continue;
		}
		list->at[n++] = list->at[i];
	}
	list->n = n;
}

/* --- messages -------------------------------------------------------------- */

/* In their order; those of the second place among them by their ids. */
static int put_parts(struct opencode *reading, const struct listed *message,
		     struct err *err)
{
	const struct jval *others = jval_get(message->other, "parts");
	struct listing list = { NULL, 0, 0 };
	size_t i;
	int rc = list_all(&list, jval_get(message->value, "parts"), err);

	if (rc == 0)
		rc = list_all(&list, others, err);
	join(&list);
	if (list.n && !jval_count(others))
		qsort(list.at, list.n, sizeof(*list.at), compare_orders);
	for (i = 0; rc == 0 && i < list.n; i++)
		rc = opencode_put_part(reading, list.at[i].value, err);
	free(list.at);
	return rc;
}

static struct span model_of(struct take *about)
{
	struct span model = take_text(about, "modelID");
	const struct jval *named = jval_at(about->object, "model.modelID");

	return model.len ? model : jval_text(named ? named :
			jval_at(about->object, "model.id"));
}

static const struct take_role roles[] = {
	{ "user", "user" }, { "assistant", "assistant" },
	{ "system", "system" }, { NULL, "assistant" }
};

/* What went wrong, as a person sees it. */
static void put_error(struct opencode *reading, const struct take *about)
{
	const struct jval *error = take_see(about, "error");
	const struct jval *said = jval_at(error, "data.message");

	if (!said)
		said = jval_get(error, "message");
	if (!said)
		said = jval_get(error, "name");
	if (jval_text(said).len)
		part_said(&reading->parts, "error", jval_text(said), NULL);
}

/* When it was last written, as far as either place says. */
static int64_t changed_of(const struct opencode_layers *layers)
{
	int64_t done = chat_time_of_ms(jval_at(layers->inner.object,
					       "time.completed")).micros;
	int64_t row = chat_time_of_ms(jval_get(layers->outer.object,
					       "time_updated")).micros;

	return done > row ? done : row;
}

/* Of one that is torn its begin may say so. */
static bool is_torn_user(const struct opencode_layers *layers)
{
	struct span data = jval_get_text(layers->outer.object, "data");

	return !layers->inner.object && span_has(data, "\"role\":\"user\"");
}

static int find_role(struct opencode *reading, struct opencode_layers *layers,
		     const char **out, struct err *err)
{
	const struct jval *type = jval_get(layers->outer.object, "type");
	const struct jval *role = take_see(&layers->inner, "role");

	*out = "user";
	if (is_torn_user(layers) || (!role && jval_is_text(type, "user")))
		return 0;
	*out = take_role(&layers->inner, "role", roles);
	return !role || !strcmp(*out, "user") || jval_is_text(role, *out) ? 0 :
	       import_skip(reading->source, "a speaker of unknown kind: taken "
			   "as no person", NULL, err);
}

static int begin_message(struct opencode *reading,
			 struct opencode_layers *layers, struct err *err)
{
	const struct blocks blocks = {
		.parts = &reading->parts, .chat = &reading->chat,
	};
	struct take *about = &layers->inner;
	const char *role;
	int rc = find_role(reading, layers, &role, err);

	if (rc < 0)
		return rc;
	parts_reset(&reading->parts);
	jcs_fields_reset(&reading->native);
	buf_reset(&reading->notes);
	buf_reset(&reading->rows);
	buf_reset(&reading->segment);
	reading->results.n = 0;
	reading->message = (struct chat_message){
		.role = role,
		.created = opencode_time(layers, "time.created",
					 "time_created"),
		.model = model_of(about), .changed = changed_of(layers),
	};
	reading->blocks = blocks;
	reading->blocks.is_prompt = !strcmp(reading->message.role, "user");
	reading->began = reading->message.created;
	reading->is_compaction = false;
	reading->is_summary = jval_is(take_see(about, "summary"), JVAL_TRUE);
	opencode_take_nulls(&layers->outer);
	(void)take_same(about, "sessionID", reading->key);
	(void)take_same(&layers->outer, "session_id", reading->key);
	take_done(&layers->outer, take_see(&layers->outer, "parts"));
	take_done(about, take_see(about, "parts"));
	return buf_add_span(&reading->segment, reading->id, err);
}

/* Of a message without parts that has its words in itself. */
static void put_content(struct opencode *reading, struct take *about)
{
	const struct jval *text = take_see(about, "text");

	if (reading->notes.len || reading->results.n)
		return;
	if (jval_is(text, JVAL_STRING))
		blocks_text(&reading->blocks, take_text(about, "text"));
	blocks_put(&reading->blocks, take_any(about, "content"));
}

static bool has_parts(const struct listed *message)
{
	return jval_count(jval_get(message->value, "parts")) ||
	       jval_count(jval_get(message->other, "parts"));
}

static int put_message(struct opencode *reading, const struct listed *message,
		       struct err *err)
{
	struct opencode_layers layers = opencode_layers(message->value);
	char made[32];
	int rc = 0;

	if (!layers.inner.object)
		rc = import_malformed(reading->job, reading->source,
				      "a message that is torn", 0,
				      message->value->raw, err);
	/* Its parts are whole. */
	if (rc < 0 || (!layers.inner.object && !has_parts(message)))
		return rc;
	reading->id = opencode_id(&layers, "id", "id");
	snprintf(made, sizeof(made), "%zu", message->order);
	if (!reading->id.len)
		reading->id = span_str(made);
	rc = begin_message(reading, &layers, err);
	if (rc == 0)
		rc = put_parts(reading, message, err);
	if (rc < 0)
		return rc;
	put_content(reading, &layers.inner);
	put_error(reading, &layers.inner);
	take_rest(&layers.inner, &reading->native);
	take_rest(&layers.outer, &reading->native);
	return opencode_flush(reading, err);
}

/* Parts whose message is gone, as messages of which nothing else is known: of
 * the rows those of one message stand together. */
static int compose_lone(struct opencode *reading, const struct jval *parts,
			struct jdoc **out, struct err *err)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_COPY,
	};
	const struct jval *part = jval_first(parts);
	struct span last = span_of("", 0);
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	struct span id;
	int rc = 0;

	buf_put_char(&json, '[');
	for (; rc == 0 && part; part = part->next) {
		id = jval_get_text(part, "message_id");
		if (json.len > 1 && span_equals(id, last)) {
			buf_put_char(&json, ',');
			buf_put_span(&json, part->raw);
			continue;
		}
		buf_put_str(&json, json.len > 1 ? "]},{\"id\":" : "{\"id\":");
		jcs_put_string(&json, id);
		if (jval_get(part, "time_created")) {
			buf_put_str(&json, ",\"time_created\":");
			buf_put_span(&json, jval_get(part,
						     "time_created")->raw);
		}
		buf_put_str(&json, ",\"data\":{\"lost\":true},\"parts\":[");
		buf_put_span(&json, part->raw);
		last = id;
		rc = import_skip(reading->source, "a message of which only its "
				 "parts are there", NULL, err);
	}
	buf_put_str(&json, json.len > 1 ? "]}]" : "]");
	if (rc == 0)
		rc = buf_end(&json, err);
	if (rc == 0)
		rc = jdoc_parse(buf_span(&json), &options, out, err);
	buf_release(&json);
	return rc;
}

static int put_messages(struct opencode *reading, const struct jval *value,
			const struct jval *files, struct span until,
			struct buf *active, struct err *err)
{
	struct listing list = { NULL, 0, 0 };
	struct jdoc *lone = NULL;
	size_t i;
	int rc = list_all(&list, jval_get(value, "messages"), err);

	if (rc == 0)
		rc = list_all(&list, jval_get(files, "messages"), err);
	if (rc == 0 && !list.n)
		rc = list_all(&list, jval_get(value, "entries"), err);
	if (rc == 0 && jval_count(jval_get(value, "lone")))
		rc = compose_lone(reading, jval_get(value, "lone"), &lone,
				  err);
	if (rc == 0 && lone)
		rc = list_all(&list, jdoc_root(lone), err);
	join(&list);
	if (list.n)
		qsort(list.at, list.n, sizeof(*list.at), compare_times);
	for (i = 0; rc == 0 && i < list.n; i++) {
		/* What was taken back is not shown any more. */
		if (until.len && span_equals(list.at[i].id, until))
			buf_put_span(active, buf_span(&reading->last));
		rc = put_message(reading, &list.at[i], err);
	}
	if (!active->len)
		buf_put_span(active, buf_span(&reading->last));
	free(list.at);
	jdoc_free(lone);
	return rc < 0 ? rc : buf_end(active, err);
}

/* --- the session ----------------------------------------------------------- */

static int put_session(struct opencode *reading,
		       struct opencode_layers *layers, struct span active,
		       struct err *err)
{
	struct take *about = &layers->inner;
	struct span cwd = take_text(about, "directory");
	struct chat_session session = {
		.provider = reading->program, .key = reading->key,
		.title = take_text(about, "title"),
		.created = opencode_time(layers, "time.created",
					 "time_created"),
		.updated = opencode_time(layers, "time.updated",
					 "time_updated"),
		.active = active, .model = model_of(about),
		.parent = opencode_id(layers, "parentID", "parent_id"),
	};
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	opencode_take_nulls(about);
	jcs_fields_reset(&reading->native);
	fields_said(&reading->native, "cwd", cwd);
	take_rest(about, &reading->native);
	take_rest(&layers->outer, &reading->native);
	fields_put(&reading->native, &native);
	rc = buf_end(&native, err);
	if (native.len)
		session.native = buf_span(&native);
	if (!session.active.len)
		session.active = span_of(NULL, 0);
	if (rc == 0)
		rc = chat_put_session(&reading->chat, &session, err);
	jcs_fields_reset(&reading->native);
	buf_release(&native);
	return rc;
}

int opencode_put(struct opencode *reading, const struct jval *value,
		 const struct jval *files, struct err *err)
{
	struct opencode_layers layers = opencode_layers(value);
	struct opencode_layers seen = layers;
	struct buf active = BUF_INIT(BUF_NO_LIMIT);
	struct span until = jval_text(jval_at(layers.inner.object,
					      "revert.messageID"));
	int64_t updated = opencode_time(&seen, "time.updated",
					"time_updated").micros;
	int rc;

	reading->key = opencode_id(&layers, "id", "id");
	if (!reading->key.len)
		return import_malformed(reading->job, reading->source,
					"a session without an id", 0,
					value->raw, err);
	if (!import_is_wanted(reading->job, updated))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	take_done(&layers.inner, take_see(&layers.inner, "messages"));
	take_done(&layers.outer, take_see(&layers.outer, "messages"));
	if (!jval_count(take_see(&layers.inner, "entries")) ||
	    !(jval_count(jval_get(value, "messages")) +
	      jval_count(jval_get(files, "messages"))))
		take_done(&layers.inner, take_see(&layers.inner, "entries"));
	take_done(&layers.inner, take_see(&layers.inner, "lone"));
	if (!jval_count(take_see(&layers.inner, "inputs")))
		take_done(&layers.inner, take_see(&layers.inner, "inputs"));
	if (!jval_count(take_see(&layers.inner, "todo")))
		take_done(&layers.inner, take_see(&layers.inner, "todo"));
	reading->index = 0;
	buf_reset(&reading->last);
	rc = chat_begin(&reading->chat, reading->job, reading->source,
			reading->program, reading->key, err);
	if (rc == 0)
		rc = put_messages(reading, value, files, until, &active, err);
	if (rc == 0)
		rc = put_session(reading, &layers, buf_span(&active), err);
	buf_release(&active);
	return rc;
}

void opencode_init(struct opencode *reading, struct import_job *job,
		   struct import_source *source)
{
	const struct opencode empty = {
		.job = job, .source = source,
		.program = opencode_program(source),
		.chat = CHAT_INIT, .last = BUF_INIT(BUF_NO_LIMIT),
		.parts = PARTS_INIT, .segment = BUF_INIT(BUF_NO_LIMIT),
		.native = JCS_FIELDS_INIT,
		.native_text = BUF_INIT(BUF_NO_LIMIT),
		.notes = BUF_INIT(BUF_NO_LIMIT),
		.rows = BUF_INIT(BUF_NO_LIMIT),
	};

	*reading = empty;
}

void opencode_release(struct opencode *reading)
{
	chat_release(&reading->chat);
	parts_release(&reading->parts);
	jcs_fields_release(&reading->native);
	buf_release(&reading->last);
	buf_release(&reading->segment);
	buf_release(&reading->native_text);
	buf_release(&reading->notes);
	buf_release(&reading->rows);
	free(reading->results.at);
}
