/*
 * Zed: a database of threads, each of them one JSON document, compressed or
 * not; a thread that was exported is that document. It has no times but those
 * of the whole.
 */
#include "cmd/import/agents/agents.h"
#include "cmd/import/agents/clock.h"
#include "cmd/import/agents/zed_internal.h"
#include "cmd/import/input/from_database.h"
#include "cmd/import/records/rest.h"

static const struct rows_shape thread_shape = {
	.table = "threads",
	.order = (const char *const[]){ "updated_at", "id", NULL },
	.json = (const char *const[]){ "data", NULL },
};

/* The folder that was opened first: paths on lines, and the places that they
 * had, "1,0". */
static struct span first_folder(const struct take *row)
{
	struct span paths = jval_text(take_see(row, "folder_paths"));
	struct span order = jval_text(take_see(row, "folder_paths_order"));
	struct span first = { NULL, 0 };
	size_t at = 0;

	while (paths.len) {
		struct span path = span_take_line(&paths);

		if (!first.at || (at < order.len && order.at[at] == '0' &&
				  (at + 1 == order.len ||
				   order.at[at + 1] == ',')))
			first = path;
		while (at < order.len && order.at[at++] != ',')
			;
	}
	return first;
}

/* What the row says again is not kept twice. */
static void read_about(struct flat *flat, struct take *row,
		       struct take *thread)
{
	static const struct chat_session none = {
		.created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE,
	};
	struct chat_session *session = &flat->session;
	struct chat_time updated = clock_utc(take_see(row, "updated_at"));

	*session = none;
	session->title = take_text(thread, "title");
	if (!session->title.len)
		session->title = take_text(thread, "summary");
	if (!session->title.len)
		session->title = take_text(row, "summary");
	(void)take_same(row, "summary", session->title);
	session->updated = take_time_as(thread, "updated_at", clock_utc);
	if (session->updated.micros == CHAT_TIME_UNKNOWN)
		session->updated = updated;
	if (session->updated.micros == updated.micros)
		(void)take_time_as(row, "updated_at", clock_utc);
	session->created = take_time_as(row, "created_at", clock_utc);
	session->parent = take_filled(row, "parent_id");
	if (!session->parent.len)
		session->parent = jval_text(jval_at(thread->object,
			"subagent_context.parent_thread_id"));
	if (!session->parent.len)
		session->parent = span_of(NULL, 0);
	session->model = jval_text(jval_at(thread->object, "model.model"));
	if (!session->model.len)
		session->model = span_of(NULL, 0);
}

/* The id of its row; one that was exported has none but that of the first
 * thing that was asked, which stays as it grows. */
static struct span id_of(struct take *row, const struct jval *messages)
{
	struct span id = take_filled(row, "id");
	const struct jval *at = jval_first(messages);

	for (; at && !id.len; at = at->next)
		id = jval_text(jval_at(at, "User.id"));
	return id;
}

static int put_thread(struct flat *flat, struct take *row,
		      struct take *thread, struct err *err)
{
	const struct jval *messages = take_any(thread, "messages");
	struct zed_thread at = { flat, { NULL, 0 }, 0 };
	const struct jval *message = jval_first(messages);
	struct span folder = first_folder(row);
	bool is_new;
	int rc;

	rc = flat_make_key(flat, flat->given->value, id_of(row, messages),
			   &is_new, err);
	if (rc == 0 && !is_new)
		return flat_leave_out(flat, "a thread that stands before",
				      err);
	if (rc == 0)
		rc = flat_begin(flat, err);
	for (; rc == 0 && message; message = message->next)
		rc = zed_message(&at, message, err);
	if (folder.len)
		fields_said(&flat->native, "cwd", folder);
	take_rest(row, &flat->native);
	take_rest(thread, &flat->native);
	return rc < 0 ? rc : flat_end(flat, err);
}

/* What could not be unpacked, or is no JSON, comes as bytes or as a text. */
static bool is_unread(const struct jval *data)
{
	return !jval_is(data, JVAL_OBJECT) || jval_get(data, "$base64");
}

static int zed_value(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	bool is_row = jval_get(value, "data_type") != NULL;
	const struct jval *data = is_row ? jval_get(value, "data") : value;
	struct take row = take_begin(is_row ? value : NULL);
	struct take thread = take_begin(data);

	if (!jval_is(jval_get(data, "messages"), JVAL_ARRAY))
		return flat_malformed(flat, is_unread(data) ?
				      "a thread whose data are cut or damaged" :
				      "a thread without messages", value, err);
	(void)take_any(&row, "data_type");
	take_done(&row, is_row ? data : NULL);
	read_about(flat, &row, &thread);
	if (!import_is_wanted(flat->job, flat->session.updated.micros))
		return flat_leave_out(flat, FLAT_OLD, err);
	return put_thread(flat, &row, &thread, err);
}

static const struct flat_format zed_format = {
	.provider = "zed",
	.rows = &thread_shape,
	.value = zed_value,
};

const struct importer zed_importer = {
	.name = "zed",
	.one = "thread of Zed",
	.many = "threads of Zed",
	.construct = "zed",
	.signs = (const char *const[]){
		"updated_at messages title|summary "
		"detailed_summary|detailed_summary_state|"
		"initial_project_snapshot|*User",
		NULL
	},
	.tables = (const char *const[]){
		"threads id summary updated_at data_type data", NULL
	},
	.read = flat_read,
	.flat = &zed_format,
	.is_of_agents = true,
};
