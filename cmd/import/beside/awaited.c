#include "cmd/import/beside/awaited.h"

#include <stdlib.h>

#include "cmd/import/beside/awaited_text.h"
#include "cmd/import/input/media.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/records/lineage.h"
#include "lib/base/arena.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "refs/view/view.h"

struct item {
	struct span entity;
	struct span data;		/* canonical */
	char at[HLC_TEXT_MAX];
	const char *type;
	size_t next;			/* of the same name; SIZE_MAX */
};

struct awaited {
	struct arena arena;
	struct table names;		/* -> the last item of it */
	struct {
		struct item *at;
		size_t n;
		size_t cap;
	} items;
};

static void name_id(struct span name, unsigned char out[SHA256_BYTES])
{
	sha256_of(name.at, name.len, out);
}

static int open_awaited(struct import_job *job, struct err *err)
{
	static const struct table table = TABLE_INIT(SHA256_BYTES,
						     TABLE_NO_LIMIT);

	if (job->awaited)
		return 0;
	job->awaited = calloc(1, sizeof(*job->awaited));
	if (!job->awaited)
		return err_set(err, ERR_NOMEM, "out of memory");
	job->awaited->names = table;
	return 0;
}

void awaited_release(struct import_job *job)
{
	if (!job->awaited)
		return;
	arena_release(&job->awaited->arena);
	table_release(&job->awaited->names);
	free(job->awaited->items.at);
	free(job->awaited);
	job->awaited = NULL;
}

static int note(struct awaited *awaited, const struct item *item,
		struct span name, struct err *err)
{
	unsigned char id[SHA256_BYTES];
	uint64_t last = SIZE_MAX;
	int rc = array_room(&awaited->items, err);

	name_id(name, id);
	(void)table_get(&awaited->names, id, &last);
	if (rc == 0)
		rc = table_put(&awaited->names, id, awaited->items.n, err);
	if (rc < 0)
		return rc;
	awaited->items.at[awaited->items.n] = *item;
	awaited->items.at[awaited->items.n++].next = (size_t)last;
	return 0;
}

int awaited_note(struct chat *chat, struct span name, struct err *err)
{
	struct item item = { .type = chat->type };
	int rc = item.type ? open_awaited(chat->job, err) : 0;

	if (rc < 0 || !item.type)
		return rc;
	memcpy(item.at, chat->at, HLC_TEXT_MAX);
	rc = arena_keep(&chat->job->awaited->arena, buf_span(&chat->entity),
			&item.entity, err);
	if (rc == 0)
		rc = arena_keep(&chat->job->awaited->arena,
				buf_span(&chat->data), &item.data, err);
	return rc < 0 ? rc : note(chat->job->awaited, &item, name, err);
}

/* How many bytes a slash of either kind takes in canonical JSON; 0: there is
 * none. */
static size_t slash_len(struct span text, size_t at)
{
	if (at < text.len && text.at[at] == '/')
		return 1;
	return at + 1 < text.len && text.at[at] == '\\' &&
	       text.at[at + 1] == '\\' ? 2 : 0;
}

static bool ends_path(char c)
{
	return c == '"' || c == '\\' || (unsigned char)c <= ' ';
}

/* The last name of a path that goes on here, which is in a sentence. */
static struct span file_name(struct span text)
{
	size_t begin = 0;
	size_t len = slash_len(text, 0);
	size_t i;

	for (i = 0; i < text.len && (len || !ends_path(text.at[i]));) {
		i += len ? len : 1;
		begin = len ? i : begin;
		len = slash_len(text, i);
	}
	while (i > begin && strchr(".,;:)]>'`", text.at[i - 1]))
		i--;
	return span_of(text.at + begin, i - begin);
}

/* The name of the folder that holds one which begins here. */
static struct span folder_name(struct span text, size_t at)
{
	size_t end;

	while (at && (text.at[at - 1] == '/' || text.at[at - 1] == '\\'))
		at--;
	end = at;
	while (at && text.at[at - 1] != '/' && !ends_path(text.at[at - 1]))
		at--;
	return span_of(text.at + at, end - at);
}

/* The session in whose own folder the file is: "session-<id>/<file>" behind
 * the one of all. */
static struct span inner_folder(struct span text)
{
	size_t begin = slash_len(text, 0);
	size_t len = begin;
	struct span name;

	while (len < text.len && !slash_len(text, len) &&
	       !ends_path(text.at[len]))
		len++;
	name = span_of(text.at + begin, len - begin);
	if (!slash_len(text, len))
		return span_of(NULL, 0);
	return span_begins(name, "session-") ?
		span_of(name.at + strlen("session-"),
			name.len - strlen("session-")) : name;
}

static int note_file(struct chat *chat, struct span session, struct span file,
		     struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_span(&name, session);
	buf_put_char(&name, '/');
	buf_put_span(&name, file);
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = awaited_note(chat, buf_span(&name), err);
	buf_release(&name);
	return rc;
}

/* A session that was forked says the file of the one that it comes from, and
 * so may the program of an agent. */
int awaited_note_files(struct chat *chat, struct span session,
		       const char *folder, struct err *err)
{
	struct span data = buf_span(&chat->data);
	struct span last = { NULL, 0 };
	struct span file;
	struct span path;
	struct span holders[2];
	size_t at = span_find(data, folder, 0);
	size_t i;
	int rc = 0;

	for (; rc == 0 && at != SPAN_NOWHERE;
	     at = span_find(data, folder, at)) {
		holders[0] = folder_name(data, at);
		at += strlen(folder);
		path = span_of(data.at + at, data.len - at);
		holders[1] = inner_folder(path);
		file = file_name(path);
		/* Most messages say it twice. */
		if (!file.len || !slash_len(data, at) ||
		    span_equals(file, last))
			continue;
		last = file;
		rc = note_file(chat, session, file, err);
		for (i = 0; rc == 0 && i < 2; i++) {
			if (holders[i].len && !span_equals(holders[i], session))
				rc = note_file(chat, holders[i], file, err);
		}
	}
	return rc;
}

static size_t find_item(const struct import_job *job, struct span name)
{
	unsigned char id[SHA256_BYTES];
	uint64_t last = SIZE_MAX;

	name_id(name, id);
	if (job->awaited)
		(void)table_get(&job->awaited->names, id, &last);
	return (size_t)last;
}

struct span awaited_get(const struct import_job *job, struct span name)
{
	size_t at = find_item(job, name);

	return at == SIZE_MAX ? span_of(NULL, 0) :
		job->awaited->items.at[at].data;
}

/* --- putting --------------------------------------------------------------- */

struct putting {
	struct awaited_text to;
	bool is_found;
};

/* On top of what the message says so far; data is what it says then. */
static int put_whole(struct putting *putting, const struct item *item,
		     struct buf *data, struct err *err)
{
	struct record_parts parts = {
		.type = item->type, .entity = item->entity, .at = item->at,
	};
	bool is_there = false;
	int rc;

	rc = awaited_text(&putting->to, item->data, data, &is_there, err);
	if (rc < 0 || !is_there)
		return rc;
	putting->is_found = true;
	parts.data = buf_span(data);
	return !data->len ? 0 : import_put(putting->to.job, putting->to.source, NULL, &parts, err);
}

/* Another file of the same message stands on this one. */
static int put_items(struct putting *putting, size_t at, struct err *err)
{
	struct awaited *awaited = putting->to.job->awaited;
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct span whole;
	size_t i;
	int rc = 0;

	for (; rc == 0 && at != SIZE_MAX; at = awaited->items.at[at].next) {
		buf_reset(&data);
		rc = put_whole(putting, &awaited->items.at[at], &data, err);
		if (rc < 0 || !data.len)
			continue;
		rc = arena_keep(&awaited->arena, buf_span(&data), &whole, err);
		for (i = 0; rc == 0 && i < awaited->items.n; i++) {
			if (span_equals(awaited->items.at[i].entity,
					awaited->items.at[at].entity))
				awaited->items.at[i].data = whole;
		}
	}
	buf_release(&data);
	return rc;
}

static int look_at_message(void *arg, const struct view_entity *entity,
			   struct err *err)
{
	struct putting *putting = arg;
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct item item = {
		.entity = entity->entity, .data = entity->state,
		.type = "message:create",
	};
	const struct fold_record *newest;
	int rc;

	if (!span_begins(entity->entity, "message:") || !entity->state.at ||
	    !awaited_is_named(putting->to.file, entity->state))
		return 0;
	newest = view_newest(entity);
	memcpy(item.at, newest->record.at.at, HLC_TEXT);
	rc = put_whole(putting, &item, &data, err);
	buf_release(&data);
	return rc;
}

static int look_in_session(struct putting *putting, struct view *view,
			   struct span session, struct err *err)
{
	const struct view_visitor visitor = { look_at_message, putting };
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&entity, "session:%s:", putting->to.file->provider);
	chat_put_key(&entity, session);
	rc = buf_end(&entity, err);
	if (rc == 0)
		rc = view_home(view, buf_span(&entity), &visitor, err);
	buf_release(&entity);
	return rc;
}

/* Is this a session of an agent of the file's session? */
static bool is_agent(const struct awaited_file *file, struct span session)
{
	return session.len > file->session.len &&
	       span_equals(span_of(session.at, file->session.len),
			   file->session) &&
	       session.at[file->session.len] == ':';
}

static struct span whole_key(struct span key)
{
	return key;
}

static int look_in_agents(struct putting *putting, struct view *view,
			  struct err *err)
{
	struct lineage *lineage = NULL;
	uint32_t i;
	int rc;

	rc = lineage_get(putting->to.job, putting->to.file->provider, &lineage, err);
	if (rc == 0)
		rc = lineage_look(lineage, putting->to.job,
				  putting->to.source->construct, whole_key, err);
	for (i = 0; rc == 0 && i < lineage_count(lineage) &&
	     !putting->is_found; i++) {
		if (is_agent(putting->to.file, lineage_key(lineage, i)))
			rc = look_in_session(putting, view,
					     lineage_key(lineage, i), err);
	}
	return rc;
}

static int look_in_vault(struct putting *putting, struct err *err)
{
	struct err why = ERR_INIT;
	struct view *view = NULL;
	int rc;

	if (putting->to.job->sink)
		return 0;
	rc = view_open(putting->to.job->vault, putting->to.source->construct, &view,
		       &why);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc < 0)
		return err_copy(err, rc, &why);
	rc = look_in_session(putting, view, putting->to.file->session, err);
	if (rc == 0 && !putting->is_found)
		rc = look_in_agents(putting, view, err);
	view_free(view);
	return rc;
}

int awaited_put(struct import_job *job, struct import_source *source,
		const struct awaited_file *file, bool *out_is_found,
		struct err *err)
{
	struct putting putting = { { job, source, file }, false };
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_span(&name, file->session);
	buf_put_char(&name, '/');
	buf_put_span(&name, file->name);
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = put_items(&putting, find_item(job, buf_span(&name)), err);
	if (rc == 0 && !putting.is_found)
		rc = look_in_vault(&putting, err);
	*out_is_found = putting.is_found;
	buf_release(&name);
	return rc;
}

int awaited_read(struct import_job *job, struct import_source *source,
		 const struct awaited_file *about, struct err *err)
{
	struct awaited_file file = *about;
	bool is_found = false;
	int rc = whole_load(source, WHOLE_MAX_BYTES, err);

	if (rc)
		return rc;
	file.bytes = buf_span(&source->input.head);
	file.media = media_of_file(file.name.at, file.bytes);
	rc = awaited_put(job, source, &file, &is_found, err);
	if (rc < 0 || is_found)
		return rc;
	/* It is looked at again when its session has come. */
	source->is_unfinished = true;
	return import_leave_out(source, "what a tool gave, of a call that is "
				"in no session here: it comes with its "
				"session", NULL, err);
}
