#include "cmd/import/cline/cline_internal.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/session_title.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

/* A task whose folder has another name is known by how it begins. */
static int put_task_key(const struct cline_reading *reading,
			const struct take *item, const struct jval *list,
			struct buf *out, struct err *err)
{
	struct span id = jval_get_text(item->object, "id");
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	unsigned char hash[SHA256_BYTES];
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	int rc = 0;

	if (!id.len)
		id = beside_get(reading->source, "task");
	buf_put_span(out, id);
	if (!id.len) {
		rc = jdoc_to_jcs(jval_first(list), &text, err);
		sha256_of(text.data, text.len, hash);
		hex_text(hash, SHA256_BYTES, hex);
		buf_put_str(out, hex);
	}
	buf_release(&text);
	return rc < 0 ? rc : buf_end(out, err);
}

static int task_each(struct cline_reading *reading, const struct jval *list,
		    struct cline_panel *panel, struct err *err)
{
	const struct jval *at = jval_first(list);
	struct cline_around around;
	size_t place = 0;
	int rc = 0;

	for (; rc == 0 && at; at = at->next, place++) {
		rc = cline_panel_put(panel, reading, place, err);
		around = cline_panel_around(panel, place);
		around.place = place;
		if (rc == 0 && jval_is(at, JVAL_OBJECT))
			rc = cline_message(reading, at, &around, err);
		else if (rc == 0)
			rc = import_malformed(reading->job, reading->source,
					      "a message that is no object", 0,
					      at->raw, err);
	}
	return rc < 0 ? rc : cline_panel_put(panel, reading, SIZE_MAX, err);
}

/* The model that was used last, as the task's metadata have it. */
static struct span model_in(const struct jval *metadata)
{
	const struct jval *at = jval_first(jval_get(metadata, "model_usage"));
	struct span model = { NULL, 0 };

	for (; at; at = at->next) {
		struct span one = jval_get_text(at, "model_id");

		if (one.len)
			model = one;
	}
	return model;
}

static void task_about(const struct cline_reading *reading, struct take *item,
		      const struct jval *metadata, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span cwd = take_text(item, "workspace");

	if (!cwd.len)
		cwd = take_text(item, "cwdOnTaskInitialization");
	if (!cwd.len)
		cwd = buf_span(&reading->cwd);
	if (cwd.len)
		fields_said(&fields, "cwd", cwd);
	fields_said(&fields, "todo", beside_get(reading->source, "todo"));
	fields_value(&fields, "task_metadata", metadata);
	take_rest_under(item, "history_item", &fields);
	fields_put(&fields, out);
	jcs_fields_release(&fields);
}

static int task_put(struct cline_reading *reading, struct span key,
		    struct take *item, const struct jval *metadata,
		    struct err *err)
{
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	struct chat_session session = {
		.provider = reading->provider, .key = key,
		.created = reading->first,
		.updated = take_time_as(item, "ts", chat_time_of_ms),
		.model = model_in(metadata),
		.parent = take_filled(item, "parentTaskId"),
	};
	struct span task = jval_get_text(item->object, "task");
	int rc;

	(void)take_same(item, "id", key);
	cline_put_title(task.len ? task : buf_span(&reading->title), &title);
	if (!session.model.len)
		session.model = buf_span(&reading->model);
	if (session.updated.micros == CHAT_TIME_UNKNOWN)
		session.updated = reading->latest;
	if (reading->last.len)
		session.active = buf_span(&reading->last);
	task_about(reading, item, metadata, &native);
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

/* The time of the last item is that of the whole. */
static int64_t last_time(const struct jval *list)
{
	struct chat_time time = CHAT_TIME_NONE;
	const struct jval *at;

	for (at = jval_first(list); at; at = at->next) {
		struct chat_time one = chat_time_of_ms(jval_get(at, "ts"));

		if (one.micros != CHAT_TIME_UNKNOWN)
			time = one;
	}
	return time.micros;
}

static int read_between(struct cline_reading *reading, struct span key,
			const struct jval *messages, const struct jval *items,
			struct err *err)
{
	struct cline_panel *panel = NULL;
	int rc;

	rc = chat_begin(&reading->chat, reading->job, reading->source,
			reading->provider, key, err);
	if (rc == 0 && items)
		rc = cline_panel_new(items, messages, &panel, err);
	if (rc == 0)
		rc = task_each(reading, messages, panel, err);
	cline_panel_free(panel);
	return rc;
}

int cline_read_task(struct cline_reading *reading,
		    const struct jval *messages, const struct jval *items,
		    struct err *err)
{
	const struct jval *list = jval_count(messages) ? messages : items;
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *item_doc = NULL;
	struct jdoc *metadata = NULL;
	struct take item;
	int rc;

	reading->is_task = true;
	if (!import_is_wanted(reading->job, last_time(items ? items :
						      messages)))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	rc = cline_beside_doc(reading, "item", &item_doc, err);
	if (rc == 0)
		rc = cline_beside_doc(reading, "metadata", &metadata, err);
	item = take_begin(item_doc ? jdoc_root(item_doc) : NULL);
	if (rc == 0)
		rc = put_task_key(reading, &item, list, &key, err);
	if (rc == 0)
		rc = read_between(reading, buf_span(&key), messages, items,
				  err);
	if (rc == 0)
		rc = task_put(reading, buf_span(&key), &item,
			      metadata ? jdoc_root(metadata) : NULL, err);
	jdoc_free(item_doc);
	jdoc_free(metadata);
	buf_release(&key);
	return rc;
}

/* --- lists of tasks -------------------------------------------------------- */

static int task_listed(struct cline_reading *reading, const struct jval *entry,
		      struct err *err)
{
	struct take take = take_begin(entry);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct session_title title = {
		.provider = reading->provider,
		.session = take_filled(&take, "id"),
		.time = take_time_as(&take, "ts", chat_time_of_ms),
		.cwd = take_text(&take, "workspace"), .rest = &take,
	};
	int rc;

	if (!title.session.len)
		return import_leave_out(reading->source, "a task without id",
					NULL, err);
	if (!import_is_wanted(reading->job, title.time.micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	if (!title.cwd.len)
		title.cwd = take_text(&take, "cwdOnTaskInitialization");
	if (!title.cwd.len)
		title.cwd = span_of(NULL, 0);
	cline_put_title(jval_get_text(entry, "task"), &name);
	rc = buf_end(&name, err);
	title.title = buf_span(&name);
	if (rc == 0)
		rc = session_title_put(reading->job, reading->source, &title,
				       err);
	buf_release(&name);
	return rc;
}

int cline_read_list(struct cline_reading *reading, const struct jval *list,
		    struct err *err)
{
	const struct jval *at = jval_is(list, JVAL_ARRAY) ? jval_first(list) :
		NULL;
	int rc = 0;

	if (jval_is(list, JVAL_OBJECT))
		return task_listed(reading, list, err);
	for (; rc == 0 && at; at = at->next)
		rc = task_listed(reading, at, err);
	return rc;
}
