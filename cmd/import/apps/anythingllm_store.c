#include "cmd/import/apps/anythingllm.h"

#include <stdio.h>

#include "cmd/import/records/rest.h"

static const struct rows_shape chat_shape = {
	.table = "workspace_chats",
	.json = (const char *const[]){ "response", NULL },
	.order = (const char *const[]){ "id", NULL },
	.member = "chats",
	.column = "workspaceId",
};

static const struct rows_shape thread_shape = {
	.table = "workspace_threads",
	.order = (const char *const[]){ "id", NULL },
	.member = "threads",
	.column = "workspace_id",
};

static const struct rows_shape workspace_shape = {
	.table = "workspaces",
	.order = (const char *const[]){ "id", NULL },
	.inner = (const struct rows_shape *const[]){
		&chat_shape, &thread_shape, NULL
	},
};

/* What was said in a workspace that is not there any more. */
static const struct rows_shape orphan_shape = {
	.table = "workspace_chats",
	.json = (const char *const[]){ "response", NULL },
	.order = (const char *const[]){ "id", NULL },
	.where = "workspaceId IS NULL OR workspaceId NOT IN (SELECT id FROM workspaces)",
};

static struct span number_of(const struct jval *value)
{
	return jval_is(value, JVAL_NUMBER) ? value->raw : jval_text(value);
}

/* A chat stands in a thread, in the session of a program that asked, or in
 * neither. */
static void name_thread(const struct jval *row, struct span out[2])
{
	out[0] = number_of(jval_get(row, "thread_id"));
	out[1] = number_of(jval_get(row, "api_session_id"));
}

/* SHA-256 of their numbers -> where they are; a workspace may have many. */
static int index_threads(const struct jval *threads, struct table *out,
			 struct err *err)
{
	const struct jval *thread = jval_first(threads);
	unsigned char digest[SHA256_BYTES];
	struct span id;
	int rc = 0;

	for (; rc == 0 && thread; thread = thread->next) {
		id = number_of(jval_get(thread, "id"));
		sha256_of(id.at, id.len, digest);
		rc = table_add(out, digest, (uint64_t)(uintptr_t)thread, NULL,
			       err);
	}
	return rc;
}

static const struct jval *find_thread(const struct flat *flat,
				      struct span id)
{
	const struct app *app = flat->own;
	unsigned char digest[SHA256_BYTES];
	uint64_t at = 0;

	sha256_of(id.at, id.len, digest);
	return table_get(app->own, digest, &at) ?
		(const struct jval *)(uintptr_t)at : NULL;
}

/* "<workspace>/<thread>", by their slugs; what has none is called by its
 * number. */
static int put_key(const struct jval *workspace, const struct jval *row,
		   const struct jval *thread, struct buf *out,
		   struct err *err)
{
	struct span names[2] = { { NULL, 0 }, { NULL, 0 } };
	struct span slug = jval_get_text(workspace, "slug");

	name_thread(row, names);
	if (slug.len) {
		buf_put_span(out, slug);
	} else {
		struct span id = number_of(jval_get(row, "workspaceId"));

		buf_put_str(out, "workspace-");
		buf_put_span(out, id.len ? id : span_str("none"));
	}
	if (names[0].len) {
		buf_put_char(out, '/');
		buf_put_span(out, jval_get_text(thread, "slug").len ?
			     jval_get_text(thread, "slug") : names[0]);
	}
	if (names[1].len) {
		buf_put_char(out, '/');
		buf_put_span(out, names[1]);
	}
	return buf_end(out, err);
}

/* A thread says less of itself than its workspace does: both are kept. */
static void keep_workspace(struct flat *flat, struct take *workspace,
			   bool is_item)
{
	take_done(workspace, take_see(workspace, "chats"));
	take_done(workspace, take_see(workspace, "threads"));
	take_done(workspace, take_see(workspace, "openAiPrompt"));
	if (!is_item)
		take_rest_under(workspace, "workspace", &flat->native);
}

static int put_thread(struct flat *flat, const struct anythingllm_row *rows,
		      size_t n, struct err *err)
{
	const struct jval *workspace = flat->given->value;
	struct span id = number_of(jval_get(rows->value, "thread_id"));
	const struct jval *thread = id.len ? find_thread(flat, id) : NULL;
	struct take around = take_begin(workspace);
	struct flat_item item;
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	struct app_talk talk = {
		.item = &item, .value = rows->value,
		.system = jval_get_text(workspace, "openAiPrompt"),
	};
	size_t i;
	int rc = flat_item(flat, flat->format->session, thread ? thread :
			   workspace, &item, err);

	if (rc >= 0)
		rc = put_key(workspace, rows->value, thread, &key, err);
	item.text[FLAT_KEY] = buf_span(&key);
	if (!item.text[FLAT_MODEL].len)
		item.text[FLAT_MODEL] = jval_get_text(workspace, "chatModel");
	keep_workspace(flat, thread ? &around : &item.take, !thread);
	for (i = 0; rc >= 0 && i < n; i++)
		rc = anythingllm_add(flat, rows[i].value, err);
	if (rc >= 0)
		rc = app_talk(flat, &talk, err);
	else
		app_forget(flat);
	buf_release(&key);
	return rc;
}

/* A workspace with its chats and threads, each conversation in turn. */
static int put_chats(struct flat *flat, const struct source_value *given,
		     void (*name)(const struct jval *row,
				  struct span out[2]), struct err *err)
{
	struct anythingllm_groups groups = ANYTHINGLLM_GROUPS_INIT;
	struct table threads = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	struct app *app = flat->own;
	int rc;

	flat->given = given;
	app->own = &threads;
	rc = index_threads(jval_get(given->value, "threads"), &threads, err);
	if (rc >= 0)
		rc = anythingllm_group(flat, jval_get(given->value, "chats"),
				       name, &groups, err);
	if (rc >= 0)
		rc = anythingllm_each(flat, &groups, put_thread, err);
	app->own = NULL;
	table_release(&threads);
	anythingllm_groups_release(&groups);
	return rc;
}

static int take_workspace(void *arg, const struct source_value *given,
			  struct err *err)
{
	return put_chats(arg, given, name_thread, err);
}

static int take_orphan(void *arg, const struct source_value *given,
		       struct err *err)
{
	struct buf *json = arg;

	buf_put_str(json, json->len ? "," : "{\"chats\":[");
	buf_put_span(json, given->text);
	return buf_end(json, err);
}

static void name_place(const struct jval *row, struct span out[2])
{
	out[0] = number_of(jval_get(row, "workspaceId"));
	out[1] = number_of(jval_get(row, "thread_id"));
}

static int take_orphans(void *arg, const struct source_value *given,
			struct err *err)
{
	return put_chats(arg, given, name_place, err);
}

static int give_store(struct flat *flat, struct err *err)
{
	const struct values_visitor workspaces = { take_workspace, flat };
	const struct values_visitor all = { take_orphans, flat };
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	const struct values_visitor orphans = { take_orphan, &json };
	int rc = rows_values(flat->job, flat->source, &workspace_shape,
			     &workspaces, err);

	if (rc >= 0)
		rc = rows_values(flat->job, flat->source, &orphan_shape,
				 &orphans, err);
	if (rc >= 0 && json.len) {
		buf_put_str(&json, "]}");
		rc = buf_end(&json, err);
		if (rc >= 0)
			rc = value_give(flat->job, flat->source,
					buf_span(&json), 0, &all, err);
	}
	buf_release(&json);
	return rc;
}

int anythingllm_read_store(struct import_job *job,
			   struct import_source *source, struct err *err)
{
	return app_read_given(job, source, give_store, err);
}
