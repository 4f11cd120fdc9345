#include "cmd/import/beside/awaited_internal.h"

#include <stdlib.h>

#include "lib/base/array.h"

#define CALL "\"tool_use_id\":\""

int awaited_open(struct import_job *job, struct err *err)
{
	static const struct table table = TABLE_INIT(SHA256_BYTES,
						     TABLE_NO_LIMIT);

	if (job->awaited)
		return 0;
	job->awaited = calloc(1, sizeof(*job->awaited));
	if (!job->awaited)
		return err_set(err, ERR_NOMEM, "out of memory");
	job->awaited->names = table;
	job->awaited->looked = table;
	return 0;
}

void awaited_release(struct import_job *job)
{
	struct awaited *awaited = job->awaited;

	if (!awaited)
		return;
	arena_release(&awaited->arena);
	table_release(&awaited->names);
	table_release(&awaited->looked);
	free(awaited->links.at);
	free(awaited->things.at);
	free(awaited);
	job->awaited = NULL;
}

static bool is_last(const struct awaited *awaited,
		    const struct awaited_thing *thing)
{
	const struct awaited_thing *last = awaited->things.at;

	if (!awaited->things.n)
		return false;
	last += awaited->things.n - 1;
	return span_equals(last->entity, thing->entity) &&
	       span_equals(last->data, thing->data);
}

/* Most things are noted under several names, one behind the other. */
static int keep_thing(struct awaited *awaited, const struct awaited_thing *thing,
		struct err *err)
{
	struct awaited_thing *fresh;
	int rc;

	if (is_last(awaited, thing))
		return 0;
	rc = array_room(&awaited->things, err);
	if (rc < 0)
		return rc;
	fresh = &awaited->things.at[awaited->things.n];
	*fresh = *thing;
	rc = arena_keep(&awaited->arena, thing->entity, &fresh->entity, err);
	if (rc == 0)
		rc = arena_keep(&awaited->arena, thing->data, &fresh->data,
				err);
	awaited->things.n += rc == 0;
	return rc;
}

static int note(struct awaited *awaited, const struct awaited_thing *thing,
		struct span name, struct err *err)
{
	unsigned char id[SHA256_BYTES];
	uint64_t last = AWAITED_NONE;
	int rc = array_room(&awaited->links, err);

	awaited_id(name, id);
	(void)table_get(&awaited->names, id, &last);
	if (rc == 0)
		rc = keep_thing(awaited, thing, err);
	if (rc == 0)
		rc = table_put(&awaited->names, id, awaited->links.n, err);
	if (rc < 0)
		return rc;
	awaited->links.at[awaited->links.n++] = (struct awaited_link){
		awaited->things.n - 1, (size_t)last
	};
	return 0;
}

static struct awaited_thing put_last(const struct chat *chat)
{
	struct awaited_thing thing = {
		buf_span(&chat->entity), buf_span(&chat->data), chat->type, ""
	};

	memcpy(thing.at, chat->at, HLC_TEXT_MAX);
	return thing;
}

int awaited_note(struct chat *chat, struct span name, struct err *err)
{
	const struct awaited_thing thing = put_last(chat);
	int rc = chat->type ? awaited_open(chat->job, err) : 0;

	return rc < 0 || !chat->type ? rc :
		note(chat->job->awaited, &thing, name, err);
}

/* --- names of files -------------------------------------------------------- */

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

static void put_name(struct span session, struct span file, struct buf *out)
{
	buf_put_span(out, session);
	buf_put_char(out, '/');
	buf_put_span(out, file);
}

static int note_file(struct awaited *awaited,
		     const struct awaited_thing *thing, struct span session,
		     struct span file, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	put_name(session, file, &name);
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = note(awaited, thing, buf_span(&name), err);
	buf_release(&name);
	return rc;
}

size_t awaited_find(const struct awaited *awaited, struct span session,
		    struct span file)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	unsigned char id[SHA256_BYTES];
	uint64_t last = AWAITED_NONE;

	put_name(session, file, &name);
	if (buf_end(&name, NULL) == 0) {
		awaited_id(buf_span(&name), id);
		(void)table_get(&awaited->names, id, &last);
	}
	buf_release(&name);
	return (size_t)last;
}

bool awaited_is_cut(struct span text)
{
	static const char *const words[] = {
		"<persisted-output>", "Output too large", "output too large",
		"truncated", "Truncated",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (span_has(text, words[i]))
			return true;
	}
	return false;
}

static int note_calls(struct awaited *awaited,
		      const struct awaited_thing *thing, struct span session,
		      struct err *err)
{
	struct span data = thing->data;
	size_t at = awaited_is_cut(data) ? span_find(data, CALL, 0) : SPAN_NOWHERE;
	struct span id;
	const char *end;
	int rc = 0;

	while (rc == 0 && at != SPAN_NOWHERE) {
		at += strlen(CALL);
		end = memchr(data.at + at, '"', data.len - at);
		if (!end)
			break;
		id = span_of(data.at + at, (size_t)(end - data.at) - at);
		rc = note_file(awaited, thing, session, id, err);
		at = span_find(data, CALL, at + id.len);
	}
	return rc;
}

/* A session that was forked says the file of the one that it comes from, and
 * so may the program of an agent. */
static int note_names(struct awaited *awaited,
		      const struct awaited_thing *thing, struct span session,
		      const char *folder, struct err *err)
{
	struct span data = thing->data;
	struct span last = { NULL, 0 };
	struct span file;
	struct span path;
	struct span holders[3];
	size_t at = span_find(data, folder, 0);
	size_t begin;
	size_t i;
	int rc = 0;

	for (; rc == 0 && at != SPAN_NOWHERE;
	     at = span_find(data, folder, at)) {
		begin = at;
		at += strlen(folder);
		if (!slash_len(data, at))
			continue;
		path = span_of(data.at + at, data.len - at);
		file = file_name(path);
		/* Folders of this name in one another have the same file. */
		at = (size_t)(file.at - data.at) + file.len;
		/* Most messages say it twice. */
		if (!file.len || span_equals(file, last))
			continue;
		holders[0] = session;
		holders[1] = folder_name(data, begin);
		holders[2] = inner_folder(path);
		last = file;
		for (i = 0; rc == 0 && i < 3; i++) {
			if (!i || (holders[i].len &&
				   !span_equals(holders[i], session)))
				rc = note_file(awaited, thing, holders[i],
					       file, err);
		}
	}
	return rc;
}

int awaited_note_thing(struct awaited *awaited,
		       const struct awaited_thing *thing,
		       struct span session, const char *folder,
		       struct err *err)
{
	int rc = note_calls(awaited, thing, session, err);

	return rc < 0 ? rc : note_names(awaited, thing, session, folder, err);
}

int awaited_note_files(struct chat *chat, struct span session,
		       const char *folder, struct err *err)
{
	const struct awaited_thing thing = put_last(chat);
	int rc = chat->type ? awaited_open(chat->job, err) : 0;

	return rc < 0 || !chat->type ? rc :
		awaited_note_thing(chat->job->awaited, &thing, session,
				   folder, err);
}

int awaited_look(struct import_job *job, struct span what,
		 bool *out_is_first, struct err *err)
{
	unsigned char id[SHA256_BYTES];
	int rc = awaited_open(job, err);

	awaited_id(what, id);
	return rc < 0 ? rc : table_include(&job->awaited->looked, id,
					   out_is_first, err);
}

struct span awaited_get(const struct import_job *job, struct span name,
			char out_at[HLC_TEXT_MAX])
{
	const struct awaited *awaited = job->awaited;
	const struct awaited_thing *thing;
	unsigned char id[SHA256_BYTES];
	uint64_t last;

	awaited_id(name, id);
	if (!awaited || !table_get(&awaited->names, id, &last))
		return span_of(NULL, 0);
	thing = &awaited->things.at[awaited->links.at[last].thing];
	memcpy(out_at, thing->at, HLC_TEXT_MAX);
	return thing->data;
}
