/*
 * Warp: a row for each conversation, its tasks, each the bytes of a message of
 * Protocol Buffers, and the questions that were asked. Where an older version
 * has kept no tasks, only the questions are there. A task of another task is a
 * session of its own.
 */
#include "cmd/import/agents/agents.h"
#include "cmd/import/agents/clock.h"
#include "cmd/import/agents/warp/warp_internal.h"
#include "cmd/import/records/rest.h"

#define NO_ANSWERS \
	"a conversation of which Warp has kept the questions alone"

/* --- tables ---------------------------------------------------------------- */

#define QUERIES(of_column) {						\
	.table = "ai_queries", .member = "queries",			\
	.column = "conversation_id", .of = of_column,			\
	.order = (const char *const[]){ "start_ts", "id", NULL },	\
	.json = (const char *const[]){ "input", "output_status", NULL } }

static const struct rows_shape query_rows = QUERIES("conversation_id");

static const struct rows_shape task_rows = {
	.table = "agent_tasks", .member = "tasks",
	.column = "conversation_id", .of = "conversation_id",
	.order = (const char *const[]){ "id", NULL },
	.json = (const char *const[]){ "task", NULL },
	.decode = warp_decode_task,
};

static const struct rows_shape conversation_shape = {
	.table = "agent_conversations",
	.order = (const char *const[]){ "id", NULL },
	.json = (const char *const[]){
		"conversation_data", "summary", NULL
	},
	.inner = (const struct rows_shape *const[]){
		&task_rows, &query_rows, NULL
	},
};

/* Of each conversation that has no row the first question, with all of them. */
#define FIRST_ONES "id IN (SELECT min(id) FROM ai_queries " \
	"GROUP BY conversation_id)"

static const struct rows_shape asked_shape = {
	.table = "ai_queries", .where = FIRST_ONES,
	.order = (const char *const[]){ "start_ts", "id", NULL },
	.inner = (const struct rows_shape *const[]){ &query_rows, NULL },
};

static const struct rows_shape orphan_shape = {
	.table = "ai_queries",
	.where = FIRST_ONES " AND conversation_id NOT IN (SELECT "
		"conversation_id FROM agent_conversations WHERE "
		"conversation_id IS NOT NULL)",
	.order = (const char *const[]){ "start_ts", "id", NULL },
	.inner = (const struct rows_shape *const[]){ &query_rows, NULL },
};

/* --- sessions -------------------------------------------------------------- */

static void widen(struct chat_session *session, const struct jval *when)
{
	struct chat_time time = clock_utc(when);

	if (time.micros == CHAT_TIME_UNKNOWN)
		return;
	if (session->created.micros == CHAT_TIME_UNKNOWN ||
	    time.micros < session->created.micros)
		session->created = time;
	if (time.micros > session->updated.micros)
		session->updated = time;
}

static void widen_by(struct chat_session *session, const struct jval *list,
		     const char *name)
{
	const struct jval *at = jval_first(list);

	for (; at; at = at->next)
		widen(session, jval_get(at, name));
}

static struct span first_text(const struct jval *list, const char *name)
{
	const struct jval *at = jval_first(list);
	struct span text = { NULL, 0 };

	for (; at && !text.len; at = at->next)
		text = jval_get_text(at, name);
	return text.len ? text : span_of(NULL, 0);
}

static const struct chat_session new_session = {
	.created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE,
};

static int open_session(struct flat *flat, const struct jval *value,
			struct span id, bool *out_is_open, struct err *err)
{
	bool is_new;
	int rc;

	*out_is_open = false;
	if (!import_is_wanted(flat->job, flat->session.updated.micros))
		return flat_leave_out(flat, FLAT_OLD, err);
	rc = flat_make_key(flat, value, id, &is_new, err);
	if (rc == 0 && !is_new)
		return flat_leave_out(flat, "a conversation that stands "
				      "before", err);
	*out_is_open = rc == 0;
	return rc < 0 ? rc : flat_begin(flat, err);
}

static int put_messages(struct flat *flat, struct take *task,
			struct err *err)
{
	const struct jval *at = jval_first(take_value(task, "messages",
						      JVAL_ARRAY));
	int rc = 0;

	for (; rc == 0 && at; at = at->next)
		rc = warp_put_message(flat, at, err);
	return rc;
}

/* One that is no message of this kind comes as its bytes. */
static bool is_unread(const struct jval *row)
{
	const struct jval *task = jval_get(row, "task");

	return !jval_is(task, JVAL_OBJECT) || jval_get(task, "$base64");
}

static bool is_inner(const struct jval *row)
{
	return jval_text(jval_at(row, "task.dependencies.parent_task_id")).len;
}

/* A task that another one has begun. */
static int put_inner(struct flat *flat, const struct jval *row,
		     struct span conversation, struct err *err)
{
	struct take about = take_begin(row);
	struct take task = take_inner(&about, "task");
	struct span id = take_filled(&task, "id");
	bool is_open;
	int rc;

	flat->session = new_session;
	flat->session.title = take_text(&task, "description");
	flat->session.parent = conversation;
	widen_by(&flat->session, take_see(&task, "messages"), "timestamp");
	rc = open_session(flat, row, id.len ? id : jval_text(take_see(&about,
			  "task_id")), &is_open, err);
	if (rc < 0 || !is_open)
		return rc;
	rc = put_messages(flat, &task, err);
	take_rest(&about, &flat->native);
	take_rest_under(&task, "task", &flat->native);
	return rc < 0 ? rc : flat_end(flat, err);
}

/* The tasks of the conversation itself; those that cannot be read are told,
 * and stay. */
static int put_tasks(struct flat *flat, const struct jval *tasks,
		     size_t *out_n, struct err *err)
{
	const struct jval *at = jval_first(tasks);
	struct take task;
	int rc = 0;

	for (; rc == 0 && at; at = at->next) {
		task = take_begin(jval_get(at, "task"));
		if (is_unread(at))
			rc = flat_malformed(flat, "a task that cannot be read",
					    at, err);
		else if (!is_inner(at))
			rc = put_messages(flat, &task, err);
		*out_n += !is_unread(at);
	}
	return rc;
}

/* What is told of tasks beside their messages. */
static void keep_tasks(struct flat *flat, const struct jval *tasks)
{
	const struct jval *at = jval_first(tasks);
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct take task;

	for (; at; at = at->next) {
		task = take_begin(jval_get(at, "task"));
		if (!task.object || is_inner(at))
			continue;
		(void)take_value(&task, "messages", JVAL_ARRAY);
		buf_put_char(&list, list.len ? ',' : '[');
		if (take_left(&task, NULL))
			take_put(&task, &list);
		else
			buf_put_str(&list, "{}");
	}
	if (list.len) {
		buf_put_char(&list, ']');
		fields_buf(&flat->native, "tasks", &list);
	}
	buf_release(&list);
}

static int put_queries(struct flat *flat, const struct jval *queries,
		       struct err *err)
{
	const struct jval *at = jval_first(queries);
	int rc = import_skip(flat->source, NO_ANSWERS, NULL, err);

	for (; rc == 0 && at; at = at->next)
		rc = warp_put_query(flat, at, err);
	return rc;
}

static int put_talk(struct flat *flat, struct take *row, struct err *err)
{
	const struct jval *tasks = take_any(row, "tasks");
	const struct jval *queries = take_any(row, "queries");
	struct span cwd = jval_text(jval_at(row->object,
		"summary.initial_working_directory"));
	size_t n = 0;
	int rc = put_tasks(flat, tasks, &n, err);

	if (rc == 0 && !n)
		rc = put_queries(flat, queries, err);
	else if (jval_count(queries))
		fields_value(&flat->native, "queries", queries);
	keep_tasks(flat, tasks);
	if (!cwd.len)
		cwd = first_text(queries, "working_directory");
	fields_said(&flat->native, "cwd", cwd);
	/* A row that is itself a question stands among them. */
	if (!take_see(row, "exchange_id"))
		take_rest(row, &flat->native);
	return rc < 0 ? rc : flat_end(flat, err);
}

static struct span title_of(const struct jval *value)
{
	static const char *const places[] = {
		"summary.title", "conversation_data.display_title",
		"conversation_data.agent_name", NULL
	};
	struct span title = { NULL, 0 };
	const struct jval *at = jval_first(jval_get(value, "tasks"));
	size_t i;

	for (i = 0; places[i] && !title.len; i++)
		title = jval_text(jval_at(value, places[i]));
	for (; at && !title.len; at = at->next) {
		if (!is_inner(at))
			title = jval_text(jval_at(at, "task.description"));
	}
	return title.len ? title : span_of(NULL, 0);
}

static void learn(struct flat *flat, const struct jval *value)
{
	struct chat_session *session = &flat->session;
	const struct jval *task = jval_first(jval_get(value, "tasks"));
	struct span parent = jval_text(jval_at(value,
		"conversation_data.parent_conversation_id"));

	*session = new_session;
	session->title = title_of(value);
	session->model = first_text(jval_get(value, "queries"), "model_id");
	if (parent.len)
		session->parent = parent;
	widen_by(session, jval_get(value, "queries"), "start_ts");
	for (; task; task = task->next)
		widen_by(session, jval_at(task, "task.messages"),
			 "timestamp");
	widen(session, jval_get(value, "last_modified_at"));
}

static int warp_value(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	struct take row = take_begin(value);
	const struct jval *at = jval_first(jval_get(value, "tasks"));
	struct span id = take_filled(&row, "conversation_id");
	bool is_open;
	int rc;

	if (!id.len)
		return flat_malformed(flat, "a conversation without an id",
				      value, err);
	learn(flat, value);
	rc = open_session(flat, value, id, &is_open, err);
	if (rc == 0 && is_open)
		rc = put_talk(flat, &row, err);
	for (; rc == 0 && is_open && at; at = at->next) {
		if (is_inner(at))
			rc = put_inner(flat, at, id, err);
	}
	return rc;
}

/* --- the database ---------------------------------------------------------- */

static int give_value(void *arg, const struct source_value *given,
		      struct err *err)
{
	struct flat *flat = arg;

	flat->given = given;
	return warp_value(flat, err);
}

static int give_all(struct flat *flat, struct err *err)
{
	const struct values_visitor visitor = { give_value, flat };
	struct import_source *source = flat->source;
	struct err why = ERR_INIT;
	struct database *db = NULL;
	bool has_rows;
	int rc = input_database(&source->input, &db, &why);

	if (rc < 0)
		return database_tell(flat->job, source, rc, &why, err);
	has_rows = database_has(db, "agent_conversations conversation_id");
	if (has_rows)
		rc = rows_values(flat->job, source, &conversation_shape,
				 &visitor, err);
	if (rc == 0 && database_has(db, "ai_queries conversation_id"))
		rc = rows_values(flat->job, source, has_rows ? &orphan_shape :
				 &asked_shape, &visitor, err);
	return rc;
}

static int read_warp(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	return flat_read_given(job, source, NULL, give_all, err);
}

static const struct flat_format warp_format = {
	.provider = "warp",
	.value = warp_value,
	.no_turn = "a message that is no object",
};

const struct importer warp_importer = {
	.name = "warp",
	.one = "database of Warp",
	.many = "databases of Warp",
	.construct = "warp",
	.tables = (const char *const[]){
		"agent_conversations conversation_id conversation_data "
		"last_modified_at",
		"ai_queries exchange_id conversation_id start_ts input", NULL
	},
	.read = read_warp,
	.flat = &warp_format,
	.is_of_agents = true,
};
