#include "cmd/import/cline/cline_internal.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/records/rest.h"

/*
 * Agents that a session calls are sessions of their own, named
 * "<session>__<agent>" or, in a team, "<session>__teamtask__<agent>__<what>".
 */
static struct span parent_of(struct span key)
{
	static const char *const marks[] = {
		"__teamtask__", "__teammate__", "__sub__", "__agent_",
	};
	size_t found = 0;
	size_t at;
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		at = span_find(key, marks[i], 0);
		while (at != SPAN_NOWHERE) {
			found = at > found ? at : found;
			at = span_find(key, marks[i], at + 1);
		}
	}
	if (!found) {
		at = span_find(key, "__", 0);
		found = at == SPAN_NOWHERE ? 0 : at;
	}
	return found ? span_of(key.at, found) : span_of(NULL, 0);
}

static int session_each(struct cline_reading *reading, const struct jval *list,
		    struct err *err)
{
	const struct jval *at = jval_is(list, JVAL_ARRAY) ? jval_first(list) :
		NULL;
	struct cline_around around = { 0, CHAT_TIME_NONE, { NULL, 0 } };
	int rc = 0;

	for (; rc == 0 && at; at = at->next, around.place++) {
		if (jval_is(at, JVAL_OBJECT))
			rc = cline_message(reading, at, &around, err);
		else
			rc = import_malformed(reading->job, reading->source,
					      "a message that is no object",
					      (uint64_t)(at->raw.at -
							 reading->source->input
							 .head.data),
					      at->raw, err);
	}
	return rc;
}

/* What the program told the model first, as a message: it is the same for
 * long, while what is said of a session changes with each turn. */
static int put_system(struct cline_reading *reading, struct span text,
		      const struct jval *messages, struct err *err)
{
	const struct cline_turn turn = {
		.key = span_str("system_prompt"), .role = "system",
		.visibility = "hidden",
		.created = chat_time_of_ms(jval_get(jval_first(messages),
						    "ts")),
	};

	if (!text.len)
		return 0;
	part_text(&reading->parts, text);
	return cline_put_turn(reading, &turn, err);
}

/* What the two files say of the session beside what is taken of them. */
static void session_about(const struct take *messages, const struct take *manifest,
		      struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	take_rest(manifest, &fields);
	take_rest_under(messages, "messages", &fields);
	fields_put(&fields, out);
	jcs_fields_release(&fields);
}

static int session_put(struct cline_reading *reading, struct span key,
		       struct take *messages, struct take *manifest,
		       struct err *err)
{
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	struct chat_session session = {
		.provider = reading->provider, .key = key,
		.created = take_time(manifest, "started_at"),
		.updated = take_time(messages, "updated_at"),
		.model = take_text(manifest, "model"),
		.parent = jval_text(jval_at(messages->object,
					    "origin.parentThreadId")),
	};
	struct span said = jval_get_text(take_see(manifest, "metadata"),
					 "title");
	int rc;

	if (!said.len)
		said = jval_get_text(manifest->object, "prompt");
	cline_put_title(said.len ? said : buf_span(&reading->title), &title);
	if (!session.parent.len)
		session.parent = parent_of(key);
	if (!session.model.len)
		session.model = buf_span(&reading->model);
	if (session.created.micros == CHAT_TIME_UNKNOWN)
		session.created = reading->first;
	if (session.updated.micros == CHAT_TIME_UNKNOWN)
		session.updated = reading->latest;
	if (reading->last.len)
		session.active = buf_span(&reading->last);
	session_about(messages, manifest, &native);
	rc = buf_end(&native, err);
	session.native = buf_span(&native);
	if (rc == 0)
		rc = buf_end(&title, err);
	session.title = buf_span(&title);
	if (rc == 0)
		rc = chat_put_session(&reading->chat, &session, err);
	buf_release(&native);
	buf_release(&title);
	return rc;
}

int cline_read_session(struct cline_reading *reading, const struct jval *root,
		       struct err *err)
{
	struct take take = take_begin(root);
	struct span key = take_filled(&take, "sessionId");
	struct jdoc *doc = NULL;
	struct take manifest;
	int rc;

	if (!key.len)
		key = beside_get(reading->source, "stem");
	if (!key.len)
		return import_leave_out(reading->source, "a session without "
					"sessionId", NULL, err);
	if (!import_is_wanted(reading->job, chat_time_of(
			take_see(&take, "updated_at")).micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	rc = cline_beside_doc(reading, "manifest", &doc, err);
	manifest = take_begin(doc ? jdoc_root(doc) : NULL);
	if (rc == 0)
		rc = chat_begin(&reading->chat, reading->job, reading->source,
				reading->provider, key, err);
	if (rc == 0)
		rc = put_system(reading, take_text(&take, "system_prompt"),
				take_see(&take, "messages"), err);
	if (rc == 0)
		rc = session_each(reading, take_value(&take, "messages",
						  JVAL_ARRAY), err);
	(void)take_same(&manifest, "session_id", key);
	if (rc == 0)
		rc = session_put(reading, key, &take, &manifest, err);
	jdoc_free(doc);
	return rc;
}

int cline_read_manifest(struct cline_reading *reading, const struct jval *root,
			struct err *err)
{
	struct take manifest = take_begin(root);
	struct take none = take_begin(NULL);
	struct span key = take_filled(&manifest, "session_id");
	int rc;

	if (!key.len)
		return import_leave_out(reading->source, "a session without "
					"session_id", NULL, err);
	rc = chat_begin(&reading->chat, reading->job, reading->source,
			reading->provider, key, err);
	return rc < 0 ? rc : session_put(reading, key, &none, &manifest, err);
}
