#include "cmd/import/cursor/lists.h"

#include <stdlib.h>

#include "cmd/import/cursor/folder.h"
#include "cmd/import/database/rows.h"
#include "lib/base/array.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define WORKSPACE_MAX ((size_t)1 << 20)		/* bytes of workspace.json */

const struct database_pairs cursor_items = { "ItemTable", "key", "value" };
const struct database_pairs cursor_chats = { "cursorDiskKV", "key", "value" };

static const struct rows_shape headers = {
	.table = "composerHeaders",
	.json = (const char *const[]){ "value", NULL },
};

static const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };

void cursor_lists_begin(struct cursor_lists *lists, struct cursor_run *run,
			struct database *db)
{
	static const struct cursor_lists empty = {
		.arena = ARENA_INIT,
		.chats = TABLE_INIT(CURSOR_ID_BYTES, TABLE_NO_LIMIT),
		.parents = TABLE_INIT(CURSOR_ID_BYTES, TABLE_NO_LIMIT),
		.folders = TABLE_INIT(CURSOR_ID_BYTES, TABLE_NO_LIMIT),
	};

	*lists = empty;
	lists->run = run;
	lists->db = db;
}

void cursor_lists_release(struct cursor_lists *lists)
{
	arena_release(&lists->arena);
	table_release(&lists->chats);
	table_release(&lists->parents);
	table_release(&lists->folders);
	free(lists->listed.at);
	jdoc_free(lists->entry);
	jdoc_free(lists->row);
}

int cursor_get_item(struct cursor_run *run, struct database *db,
		    const char *key, struct buf *value, struct jdoc **out,
		    struct err *err)
{
	struct err why = ERR_INIT;
	int rc;

	*out = NULL;
	if (!pairs_are_there(db, &cursor_items))
		return 0;
	rc = pairs_get(db, &cursor_items, span_str(key), CURSOR_VALUE_MAX,
		       value, &why);
	if (rc == 0)
		rc = cursor_parse(run, key, buf_span(value), out, err);
	else if (rc == ERR_NOT_FOUND)
		rc = 0;
	else if (rc == ERR_LIMIT)
		rc = import_malformed(run->job, run->source, why.text, 0,
				      span_of(NULL, 0), err);
	else
		rc = cursor_theirs(run, err_copy(err, rc, &why));
	return rc;
}

/* --- entries --------------------------------------------------------------- */

static struct cursor_listed *listed_find(const struct cursor_lists *lists,
				  const struct table *table, struct span key)
{
	unsigned char id[CURSOR_ID_BYTES];
	uint64_t at;

	cursor_id(key, id);
	return key.len && table_get(table, id, &at) ? &lists->listed.at[at] :
		NULL;
}

/* The first that is said counts, as the newer lists are read first. */
static int add(struct cursor_lists *lists, struct table *table,
	       struct span key, const struct cursor_listed *said,
	       struct err *err)
{
	struct cursor_listed listed = *said;
	unsigned char id[CURSOR_ID_BYTES];
	bool is_new = false;
	int rc = array_room(&lists->listed, err);

	if (rc < 0 || !key.len)
		return rc;
	cursor_id(key, id);
	rc = table_add(table, id, lists->listed.n, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	rc = arena_keep(&lists->arena, listed.key, &listed.key, err);
	if (rc == 0 && listed.entry.at)
		rc = arena_keep(&lists->arena, listed.entry, &listed.entry,
				err);
	if (rc == 0 && listed.folder.at)
		rc = arena_keep(&lists->arena, listed.folder, &listed.folder,
				err);
	if (rc == 0)
		lists->listed.at[lists->listed.n++] = listed;
	return rc;
}

static int add_all(struct cursor_lists *lists, const struct jval *root,
		   struct span folder, struct err *err)
{
	const struct jval *all = jval_get(root, "allComposers");
	const struct jval *entry = jval_is(all, JVAL_ARRAY) ?
		jval_first(all) : NULL;
	struct cursor_listed listed = { .folder = folder };
	int rc = 0;

	for (; rc == 0 && entry; entry = entry->next) {
		listed.key = jval_get_text(entry, "composerId");
		/* One with all its words in it is read where it stands. */
		listed.is_seen = jval_get(entry, "conversation") != NULL;
		listed.entry = listed.is_seen ? span_of(NULL, 0) : entry->raw;
		rc = add(lists, &lists->chats, listed.key, &listed, err);
	}
	return rc;
}

static int add_row(void *arg, struct span json, struct err *err)
{
	struct cursor_lists *lists = arg;
	struct cursor_listed listed = { .entry = span_of(NULL, 0) };
	struct jdoc *doc = NULL;
	int rc = jdoc_parse(json, &options, &doc, err);

	if (rc < 0)
		return rc == ERR_NOMEM ? rc : 0;
	listed.key = jval_get_text(jdoc_root(doc), "composerId");
	rc = add(lists, &lists->chats, listed.key, &listed, err);
	jdoc_free(doc);
	return cursor_ours(lists->run, rc);
}

static int bad_row(void *arg, const char *why, struct err *err)
{
	struct cursor_lists *lists = arg;

	return cursor_ours(lists->run, import_malformed(
		lists->run->job, lists->run->source, why, 0,
		span_of(NULL, 0), err));
}

int cursor_lists_read(struct cursor_lists *lists, struct err *err)
{
	const struct rows_visitor visitor = { add_row, bad_row, lists };
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc;

	rc = cursor_theirs(lists->run, rows_each(lists->db, &headers,
						 &visitor, err));
	if (rc == 0)
		rc = cursor_get_item(lists->run, lists->db,
				     "composer.composerHeaders", &value, &doc,
				     err);
	if (rc == 0 && doc)
		rc = add_all(lists, jdoc_root(doc), span_of(NULL, 0), err);
	jdoc_free(doc);
	buf_release(&value);
	return rc;
}

/* --- the databases of the projects ----------------------------------------- */

/* What cannot be read beside it is told when it is read itself. */
static int read_project(struct cursor_lists *lists, const char *path,
			struct span folder, struct err *err)
{
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	struct database *db = NULL;
	struct jdoc *doc = NULL;
	int rc = database_open(path, lists->run->source->input.room, &db,
			       &why);

	if (rc == 0)
		rc = pairs_are_there(db, &cursor_items) ?
			pairs_get(db, &cursor_items,
				  span_str("composer.composerData"),
				  CURSOR_VALUE_MAX, &value, &why) :
			ERR_NOT_FOUND;
	if (rc == 0)
		rc = jdoc_parse(buf_span(&value), &options, &doc, &why);
	if (rc == ERR_NOMEM)
		rc = err_copy(err, rc, &why);
	else
		rc = doc ? add_all(lists, jdoc_root(doc), folder, err) : 0;
	jdoc_free(doc);
	database_free(db);
	buf_release(&value);
	return rc;
}

struct projects {
	struct cursor_lists *lists;
	const char *path;
};

static int look_at_project(void *arg, const char *name, enum dir_kind kind,
			   struct err *err)
{
	const struct projects *projects = arg;
	struct cursor_lists *lists = projects->lists;
	struct cursor_listed listed = { .key = span_str(name) };
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	int rc = path_join(&path, projects->path, name, err);

	if (kind != DIR_KIND_DIR || rc < 0)
		goto out;
	rc = path_add(&path, "workspace.json", err);
	if (rc == 0 && file_read_plain(buf_text(&path), WORKSPACE_MAX, &text,
				       NULL) == 0)
		cursor_put_folder(buf_span(&text), &folder);
	if (rc == 0)
		rc = buf_end(&folder, err);
	if (folder.len)
		listed.folder = buf_span(&folder);
	if (rc == 0)
		rc = add(lists, &lists->folders, listed.key, &listed, err);
	if (rc == 0)
		rc = path_join(&path, projects->path, name, err);
	if (rc == 0)
		rc = path_add(&path, CURSOR_STATE, err);
	if (rc == 0 && file_exists(buf_text(&path)))
		rc = read_project(lists, buf_text(&path), listed.folder, err);
out:
	buf_release(&path);
	buf_release(&text);
	buf_release(&folder);
	return rc;
}

/* <User>/workspaceStorage beside <User>/globalStorage/state.vscdb. */
static int read_projects(struct cursor_lists *lists, struct err *err)
{
	const struct import_input *input = &lists->run->source->input;
	struct projects projects = { .lists = lists };
	struct buf path = PATH_BUF_INIT;
	struct buf user = PATH_BUF_INIT;
	int rc = 0;

	if (lists->has_projects || input->archive || input->is_pipe ||
	    !span_ends(span_str(input->path), "globalStorage/" CURSOR_STATE))
		return 0;
	lists->has_projects = true;
	rc = path_parent(&user, input->path, err);
	if (rc == 0)
		rc = path_join(&path, buf_text(&user), "../workspaceStorage",
			       err);
	projects.path = buf_text(&path);
	if (rc == 0 && file_is_dir(projects.path))
		rc = dir_each(projects.path, look_at_project, &projects, err);
	buf_release(&path);
	buf_release(&user);
	return rc;
}

/* --- who called a chat ----------------------------------------------------- */

static int add_called(struct cursor_lists *lists, const struct jval *list,
		      struct span caller, struct err *err)
{
	const struct cursor_listed listed = { .key = caller };
	const struct jval *id = jval_is(list, JVAL_ARRAY) ? jval_first(list) :
		NULL;
	int rc = 0;

	for (; rc == 0 && id; id = id->next) {
		if (!span_equals(jval_text(id), caller))
			rc = add(lists, &lists->parents, jval_text(id),
				 &listed, err);
	}
	return rc;
}

static int look_at_caller(void *arg, const struct database_pair *pair,
			  struct err *err)
{
	struct cursor_lists *lists = arg;
	struct span caller = span_of(strchr(pair->key.at, ':') + 1, 0);
	struct jdoc *doc = NULL;
	int rc;

	caller.len = pair->key.len - (size_t)(caller.at - pair->key.at);
	if (!span_has(pair->value, "omposerIds\":[\""))
		return 0;
	rc = jdoc_parse(pair->value, &options, &doc, NULL);
	if (rc < 0)
		return rc == ERR_NOMEM ?
		       err_set(err, rc, "out of memory") : 0;
	rc = add_called(lists, jval_get(jdoc_root(doc), "subComposerIds"),
			caller, err);
	if (rc == 0)
		rc = add_called(lists, jval_get(jdoc_root(doc),
						"subagentComposerIds"),
				caller, err);
	jdoc_free(doc);
	return cursor_ours(lists->run, rc);
}

/* Asked for the first that does not say itself who called it. */
static int read_parents(struct cursor_lists *lists, struct err *err)
{
	const struct pairs_visitor visitor = { look_at_caller, lists,
					       CURSOR_VALUE_MAX };

	if (lists->has_parents || !pairs_are_there(lists->db, &cursor_chats))
		return 0;
	lists->has_parents = true;
	return cursor_theirs(lists->run, pairs_each(
		lists->db, &cursor_chats, "composerData:", &visitor, err));
}

static bool is_called(const struct jval *said)
{
	long long number = 0;

	return jval_is(jval_get(said, "isSubagent"), JVAL_TRUE) ||
	       (jval_integer(jval_get(said, "isSubagent"), &number) &&
		number) ||
	       jval_is(jval_get(said, "isBestOfNSubcomposer"), JVAL_TRUE) ||
	       jval_get_text(said, "subagentTypeName").len ||
	       jval_is(jval_get(said, "subagentInfo"), JVAL_OBJECT);
}

static bool names_caller(const struct jval *said)
{
	return jval_get_text(said, "parentComposerId").len ||
	       jval_text(jval_at(said, "subagentInfo.parentComposerId")).len;
}

static int find_parent(struct cursor_lists *lists, struct span key,
		       const struct jval *composer, struct cursor_header *out,
		       struct err *err)
{
	const struct cursor_listed *listed;
	int rc;

	if (names_caller(composer) || names_caller(out->value) ||
	    (!is_called(composer) && !is_called(out->value) &&
	     !is_called(out->row)))
		return 0;
	rc = read_parents(lists, err);
	listed = listed_find(lists, &lists->parents, key);
	if (rc == 0 && listed)
		out->parent = listed->key;
	return rc;
}

/* --- asking ---------------------------------------------------------------- */

static int keep_row(void *arg, struct span json, struct err *err)
{
	struct cursor_lists *lists = arg;
	const struct jdoc_options copied = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_COPY
	};

	return lists->row ? 0 : cursor_ours(
		lists->run, jdoc_parse(json, &copied, &lists->row, err));
}

static int find_row(struct cursor_lists *lists, struct span key,
		    struct cursor_header *out, struct err *err)
{
	const struct rows_visitor visitor = { keep_row, bad_row, lists };
	struct err why = ERR_INIT;
	int rc;

	jdoc_free(lists->row);
	lists->row = NULL;
	rc = rows_of(lists->db, &headers, "composerId", key, &visitor, &why);
	/* That the table is damaged was told when all of it was read. */
	if (rc < 0 && rc != ERR_CORRUPT)
		return cursor_theirs(lists->run, err_copy(err, rc, &why));
	if (!lists->row)
		return 0;
	out->row = jdoc_root(lists->row);
	out->value = jval_get(out->row, "value");
	return 0;
}

int cursor_lists_row(struct cursor_lists *lists, struct span key,
		     const struct jval **out, struct err *err)
{
	struct cursor_header header = { .row = NULL };
	int rc = find_row(lists, key, &header, err);

	*out = header.row;
	return rc;
}

void cursor_lists_see(struct cursor_lists *lists, struct span key)
{
	struct cursor_listed *listed = listed_find(lists, &lists->chats, key);

	if (listed)
		listed->is_seen = true;
}

static struct span folder_of(const struct cursor_lists *lists,
			     const struct jval *said)
{
	static const char *const ids[] = {
		"workspaceIdentifier.id", "workspaceId", NULL
	};
	struct span folder = jval_text(jval_at(said,
					"workspaceIdentifier.uri.fsPath"));
	const struct cursor_listed *listed;
	size_t i;

	if (!folder.len)
		folder = jval_text(jval_at(said,
					   "workspaceIdentifier.uri.path"));
	for (i = 0; ids[i] && !folder.len; i++) {
		listed = listed_find(lists, &lists->folders,
			      jval_text(jval_at(said, ids[i])));
		if (listed)
			folder = listed->folder;
	}
	return folder;
}

static int find_folder(struct cursor_lists *lists, struct span key,
		       const struct jval *composer, struct cursor_header *out,
		       struct err *err)
{
	const struct jval *const said[] = { out->value, composer, out->row };
	const struct cursor_listed *listed;
	size_t i;
	int rc;

	for (i = 0; i < 3 && !out->cwd.len; i++)
		out->cwd = folder_of(lists, said[i]);
	if (out->cwd.len)
		return 0;
	rc = read_projects(lists, err);
	for (i = 0; i < 3 && rc == 0 && !out->cwd.len; i++)
		out->cwd = folder_of(lists, said[i]);
	listed = listed_find(lists, &lists->chats, key);
	if (listed && !out->cwd.len)
		out->cwd = listed->folder;
	return rc;
}

static int find_entry(struct cursor_lists *lists, struct span key,
		      struct cursor_header *out, struct err *err)
{
	struct cursor_listed *listed = listed_find(lists, &lists->chats, key);
	int rc;

	jdoc_free(lists->entry);
	lists->entry = NULL;
	if (listed)
		listed->is_seen = true;
	if (out->value || !listed || !listed->entry.len)
		return 0;
	rc = jdoc_parse(listed->entry, &options, &lists->entry, err);
	if (rc == 0)
		out->value = jdoc_root(lists->entry);
	return rc;
}

int cursor_lists_find(struct cursor_lists *lists, struct span key,
		      const struct jval *composer, struct cursor_header *out,
		      struct err *err)
{
	const struct cursor_header none = { .value = NULL };
	int rc;

	*out = none;
	rc = find_row(lists, key, out, err);
	if (rc == 0)
		rc = find_entry(lists, key, out, err);
	if (rc == 0 && !out->value)
		rc = read_projects(lists, err);
	if (rc == 0 && !out->value)
		rc = find_entry(lists, key, out, err);
	if (rc == 0)
		rc = find_folder(lists, key, composer, out, err);
	return rc < 0 ? rc : find_parent(lists, key, composer, out, err);
}

uint64_t cursor_lists_unseen(const struct cursor_lists *lists)
{
	uint64_t unseen = 0;
	size_t i;

	for (i = 0; i < lists->chats.count; i++)
		unseen += !lists->listed.at[
			table_value_at(&lists->chats, i)].is_seen;
	return unseen;
}
