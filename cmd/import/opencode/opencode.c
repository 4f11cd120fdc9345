#include "cmd/import/opencode/opencode_internal.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/input/from_database.h"
#include "cmd/import/input/whole.h"

/* --- what a session is in the database ------------------------------------- */

/* Tables of accounts, credentials and of what was shared hold secrets; what
 * happened (event) is what became of it, told again. */
static const struct rows_shape part_shape = {
	.table = "part", .member = "parts", .column = "message_id",
	.order = (const char *const[]){ "id", NULL },
	.json = (const char *const[]){ "data", NULL },
};

/* Of messages that are not there. */
static const struct rows_shape lone_shape = {
	.table = "part", .member = "lone", .column = "session_id",
	.orphans = "parts",
	.order = (const char *const[]){ "message_id", "id", NULL },
	.json = (const char *const[]){ "data", NULL },
	.where = "message_id NOT IN (SELECT id FROM message)",
};

static const struct rows_shape message_shape = {
	.table = "message", .member = "messages", .column = "session_id",
	.orphans = "messages",
	.order = (const char *const[]){ "time_created", "id", NULL },
	.json = (const char *const[]){ "data", NULL },
	.inner = (const struct rows_shape *const[]){ &part_shape, NULL },
};

static const struct rows_shape todo_shape = {
	.table = "todo", .member = "todo", .column = "session_id",
	.order = (const char *const[]){ "position", NULL },
};

static const struct rows_shape project_shape = {
	.table = "project", .member = "project", .column = "id",
	.of = "project_id", .is_one = true,
	.json = (const char *const[]){ "sandboxes", "commands", NULL },
};

static const struct rows_shape input_shape = {
	.table = "session_input", .member = "inputs", .column = "session_id",
	.order = (const char *const[]){ "time_created", "id", NULL },
	.json = (const char *const[]){ "prompt", "delivery", NULL },
};

/* What newer versions may keep instead of messages. */
static const struct rows_shape entry_shape = {
	.table = "session_message", .member = "entries",
	.column = "session_id",
	.order = (const char *const[]){ "seq", NULL },
	.json = (const char *const[]){ "data", NULL },
};

static const struct rows_shape session_shape = {
	.table = "session",
	.order = (const char *const[]){ "time_created", "id", NULL },
	.json = (const char *const[]){
		"summary_diffs", "revert", "permission", "model", "metadata",
		NULL
	},
	.inner = (const struct rows_shape *const[]){
		&message_shape, &todo_shape, &project_shape, &input_shape,
		&entry_shape, &lone_shape, NULL
	},
};

/* --- reading --------------------------------------------------------------- */

struct both {
	struct opencode reading;
	struct opencode_store store;
	struct buf composed;
	/* Of a session in files: what the database has of it. */
	const struct jval *files;
	bool was_found;
};

static int parse_composed(const struct both *both, struct jdoc **out,
			  struct err *err)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
	};

	return jdoc_parse(buf_span(&both->composed), &options, out, err);
}

/* A row, with what lies in files of the same session. */
static int take_row(void *arg, const struct source_value *given,
		    struct err *err)
{
	struct both *both = arg;
	struct jdoc *doc = NULL;
	int rc = opencode_compose(&both->store, jval_get_text(given->value,
							      "id"),
				  span_of(NULL, 0), &both->composed, err);

	if (rc == 0 && both->composed.len)
		rc = parse_composed(both, &doc, err);
	if (rc == 0)
		rc = opencode_put(&both->reading, given->value,
				  doc ? jdoc_root(doc) : NULL, err);
	jdoc_free(doc);
	return rc;
}

static int read_database(struct both *both, struct err *err)
{
	const struct values_visitor visitor = { take_row, both };

	return rows_values(both->reading.job, both->reading.source,
			   &session_shape, &visitor, err);
}

/* The row of a session that was read from files. */
static int take_same_row(void *arg, struct span json, struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct both *both = arg;
	struct jdoc *doc = NULL;
	int rc = jdoc_parse(json, &options, &doc, err);

	both->was_found = true;
	if (rc == 0)
		rc = opencode_put(&both->reading, jdoc_root(doc), both->files,
				  err);
	jdoc_free(doc);
	return rc;
}

static int tell_bad_row(void *arg, const char *why, struct err *err)
{
	struct both *both = arg;

	return import_malformed(both->reading.job, both->reading.source, why,
				0, span_of(NULL, 0), err);
}

/* The database of the same program, beside `storage`; not in an archive, where
 * it would be unpacked for each session. */
static int find_row(struct both *both, struct span id, struct err *err)
{
	const struct rows_visitor visitor = {
		take_same_row, tell_bad_row, both
	};
	const struct import_input *input = &both->reading.source->input;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct database *db = NULL;
	size_t len = both->store.top.len;
	int rc;

	if (input->archive || len <= strlen("storage/"))
		return 0;
	buf_put(&path, both->store.top.data, len - strlen("storage/"));
	buf_putf(&path, "%s.db", both->reading.program);
	rc = buf_end(&path, err);
	/* One that cannot be read has nothing: it is told as a source. */
	if (rc == 0 && database_open(buf_text(&path), input->room, &db,
				     NULL) == 0)
		rc = rows_of(db, &session_shape, "id", id, &visitor, err);
	database_free(db);
	buf_release(&path);
	return rc;
}

static int read_files(struct both *both, const struct jval *info,
		      struct err *err)
{
	struct span id = jval_get_text(info, "id");
	struct jdoc *doc = NULL;
	int rc = opencode_compose(&both->store, id, info->raw,
				  &both->composed, err);

	if (rc == 0)
		rc = parse_composed(both, &doc, err);
	if (rc < 0)
		return rc;
	both->files = jdoc_root(doc);
	rc = find_row(both, id, err);
	if (rc == 0 && !both->was_found)
		rc = opencode_put(&both->reading, both->files, NULL, err);
	jdoc_free(doc);
	return rc;
}

/* A session that has its messages alone: it is known by its id. */
static int read_orphan(struct both *both, struct span id, struct err *err)
{
	const struct jdoc_options options = { .flags = 0 };
	struct buf info = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc;

	buf_put_str(&info, "{\"id\":");
	jcs_put_string(&info, id);
	buf_put_char(&info, '}');
	rc = buf_end(&info, err);
	if (rc == 0)
		rc = jdoc_parse(buf_span(&info), &options, &doc, err);
	if (rc == 0)
		rc = read_files(both, jdoc_root(doc), err);
	jdoc_free(doc);
	buf_release(&info);
	return rc;
}

static int read_document(struct both *both, struct err *err)
{
	struct span orphan = beside_get(both->reading.source, "orphan");
	struct jdoc *doc = NULL;
	const struct jval *root;
	int rc;

	if (orphan.at)
		return read_orphan(both, orphan, err);
	rc = whole_read(both->reading.source, &doc, err);
	if (rc)
		return rc;
	root = jdoc_root(doc);
	rc = jval_get(root, "messages") ?
		opencode_put(&both->reading, root, NULL, err) :
		read_files(both, root, err);
	jdoc_free(doc);
	return rc;
}

static int opencode_read(struct import_job *job, struct import_source *source,
			 struct err *err)
{
	bool is_database = database_is_magic(buf_span(&source->input.head));
	struct both both = { .composed = BUF_INIT(BUF_NO_LIMIT) };
	int rc;

	opencode_init(&both.reading, job, source);
	rc = opencode_store_find(&both.store, job, source, is_database, err);
	if (rc == 0)
		rc = is_database ? read_database(&both, err) :
		     read_document(&both, err);
	opencode_store_release(&both.store);
	opencode_release(&both.reading);
	buf_release(&both.composed);
	return rc;
}

static int opencode_identify(struct import_job *job,
			     struct import_source *source, struct err *err)
{
	return import_name(job, source, span_str(opencode_program(source)),
			   err);
}

const struct importer opencode_importer = {
	.name = "opencode",
	.one = "store of OpenCode or Kilo",
	.many = "stores of OpenCode or Kilo",
	.construct = "opencode",
	.signs = (const char *const[]){
		"info.slug info.projectID messages",
		"id projectID directory slug|version !messages", NULL
	},
	.tables = (const char *const[]){
		"session id directory title; message session_id data; "
		"part message_id data", NULL
	},
	.home = &opencode_home,
	.place = opencode_place,
	.beside = opencode_beside,
	.identify = opencode_identify,
	.read = opencode_read,
	.is_of_agents = true,
};
