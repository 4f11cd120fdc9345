#include "cmd/import/cursor/cursor.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/cursor/chats.h"
#include "cmd/import/cursor/folder.h"
#include "cmd/import/cursor/prompts.h"
#include "cmd/import/identity/lineage.h"
#include "cmd/import/input/from_database.h"
#include "cmd/import/input/known_parts.h"

/* --- what stands among the settings ---------------------------------------- */

/* Chats that the list of a project holds with all their words. */
static int put_listed(struct cursor_state *state, const struct jval *root,
		      struct span folder, struct err *err)
{
	const struct jval *all = jval_get(root, "allComposers");
	const struct jval *entry = jval_is(all, JVAL_ARRAY) ?
		jval_first(all) : NULL;
	struct cursor_talk talk = { .header = { .cwd = folder } };
	int rc = 0;

	for (; rc == 0 && entry; entry = entry->next) {
		talk.key = jval_get_text(entry, "composerId");
		talk.composer = entry;
		if (talk.key.len && jval_count(jval_get(entry,
							"conversation")))
			rc = cursor_put_talk(&state->run, &talk, err);
	}
	return rc;
}

/* What is known to be chats, and cannot be read. */
static const struct {
	const char *key;
	const char *reason;
} closed[] = {
	{ "interactive.sessions", "chats in a form of VS Code's first panel "
	  "that is not known here" },
	{ "memento/icube-ai-agent-storage", "a list of Trae's chats, whose "
	  "words lie in a database that it encrypts" },
};

static int tell_closed(struct cursor_state *state, struct err *err)
{
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof(closed) / sizeof(*closed); i++) {
		rc = cursor_get_item(&state->run, state->db, closed[i].key,
				     &value, &doc, err);
		if (rc == 0 && doc && jval_count(jdoc_root(doc)))
			rc = import_skip(state->run.source, closed[i].reason,
					 NULL, err);
		jdoc_free(doc);
	}
	buf_release(&value);
	return rc;
}

static int read_tabs(struct cursor_state *state, const struct jval *root,
		     struct span cwd, struct err *err)
{
	return cursor_put_tabs(&state->run, root, cwd, err);
}

static int read_prompts(struct cursor_state *state, const struct jval *root,
			struct span cwd, struct err *err)
{
	return cursor_put_prompts(&state->run, root, cwd, err);
}

/* In this order: what chats say no list of prompts says again. */
static const struct {
	const char *key;
	int (*read)(struct cursor_state *state, const struct jval *root,
		    struct span cwd, struct err *err);
} items[] = {
	{ "workbench.panel.aichat.view.aichat.chatdata", read_tabs },
	{ "composer.composerData", put_listed },
	{ "aiService.prompts", read_prompts },
	{ "icube-ai-agent-storage-input-history", read_prompts },
};

static int read_items(struct cursor_state *state, struct err *err)
{
	struct cursor_run *run = &state->run;
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct span cwd = { NULL, 0 };
	struct jdoc *doc = NULL;
	size_t i;
	int rc;

	cursor_put_folder(beside_get(run->source, "workspace"), &folder);
	rc = buf_end(&folder, err);
	if (folder.len)
		cwd = buf_span(&folder);
	for (i = 0; rc == 0 && i < sizeof(items) / sizeof(*items); i++) {
		rc = cursor_get_item(run, state->db, items[i].key, &value,
				     &doc, err);
		if (rc == 0 && doc)
			rc = items[i].read(state, jdoc_root(doc), cwd, err);
		jdoc_free(doc);
	}
	buf_release(&folder);
	buf_release(&value);
	return rc < 0 ? rc : tell_closed(state, err);
}

/* --- the source ------------------------------------------------------------ */

static int find_program(const struct import_source *source,
			const char **out, struct err *err)
{
	struct buf place = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc = beside_place(&source->input, &place, &why);

	*out = cursor_program(buf_span(&place));
	buf_release(&place);
	return rc == ERR_NOMEM ? err_copy(err, rc, &why) : 0;
}

static int identify_state(struct import_job *job, struct import_source *source,
			  struct err *err)
{
	const char *program = "";
	int rc = find_program(source, &program, err);

	return rc < 0 ? rc : import_name(job, source, span_str(program), err);
}

static int read_all(struct cursor_state *state, struct err *err)
{
	int rc = 0;

	/* The transcripts beside are Cursor's. */
	if (!strcmp(state->run.provider, CURSOR_PROVIDER))
		rc = lineage_get(state->run.job, CURSOR_PROVIDER,
				 &state->lineage, err);
	if (rc == 0)
		rc = cursor_said_begin(&state->run, err);
	if (rc == 0)
		rc = cursor_read_chats(state, err);
	if (rc == 0)
		rc = read_items(state, err);
	return rc < 0 ? rc : known_parts_settle(state->run.job,
						state->run.source, err);
}

static int read_state(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct cursor_state state = {
		.seen = TABLE_INIT(CURSOR_ID_BYTES, TABLE_NO_LIMIT),
		.prints = CURSOR_PRINTS_INIT,
		.value = BUF_INIT(BUF_NO_LIMIT), .key = BUF_INIT(BUF_NO_LIMIT),
	};
	const char *program = "";
	struct err why = ERR_INIT;
	int rc = find_program(source, &program, err);

	if (rc < 0)
		return rc;
	rc = input_database(&source->input, &state.db, &why);
	if (rc < 0)
		return database_tell(job, source, rc, &why, err);
	cursor_run_begin(&state.run, job, source, program);
	cursor_lists_begin(&state.lists, &state.run, state.db);
	rc = read_all(&state, &why);
	rc = state.run.is_theirs ?
		database_tell(job, source, rc, &why, err) :
		err_copy(err, rc, &why);
	database_query_free(state.one);
	cursor_prints_release(&state.prints);
	cursor_lists_release(&state.lists);
	cursor_run_release(&state.run);
	table_release(&state.seen);
	buf_release(&state.key);
	buf_release(&state.value);
	return rc;
}

const struct importer cursor_importer = {
	.name = "cursor",
	.one = "database of Cursor",
	.many = "databases of Cursor",
	.construct = "cursor",
	.tables = (const char *const[]){ "ItemTable key value", NULL },
	.place = cursor_place,
	.beside = cursor_beside,
	.identify = identify_state,
	.read = read_state,
	.is_of_agents = true,
	.has_settings = true,
};
