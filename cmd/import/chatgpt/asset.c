#include "cmd/import/chatgpt/asset.h"

#include <stdlib.h>

#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/chatgpt/run.h"
#include "cmd/import/input/media.h"
#include "cmd/import/records/rest.h"
#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/id/hash.h"
#include "objects/record/kinds.h"
#include "refs/view/view.h"

void chatgpt_assets_release(struct chatgpt_assets *assets)
{
	free(assets->at);
	assets->at = NULL;
	assets->n = assets->cap = 0;
	buf_release(&assets->words);
	table_release(&assets->missing);
}

/*
 * The file of an id: "<id>-<name>", "<id>.<suffix>" or the id alone. One id
 * may begin another, so what stands behind it is part of the question.
 */
static size_t find_file(struct chatgpt_run *run, struct span id)
{
	static const char behind[] = "-._";
	struct file_pool *pool = run->assets.pool;
	char prefix[256];
	const char *at;
	size_t file;

	if (!id.len || id.len + 2 > sizeof(prefix))
		return FILE_POOL_NONE;
	memcpy(prefix, id.at, id.len);
	for (at = behind; *at; at++) {
		prefix[id.len] = *at;
		file = file_pool_find(pool, run->source,
				 span_of(prefix, id.len + 1));
		if (file != FILE_POOL_NONE)
			return file;
	}
	file = file_pool_find(pool, run->source, id);
	return file != FILE_POOL_NONE &&
	       strlen(file_pool_at(pool, file)->base) == id.len ? file : FILE_POOL_NONE;
}

static size_t put_word(struct buf *words, struct span word)
{
	size_t at = words->len;

	buf_put_span(words, word);
	buf_put_char(words, '\0');
	return at;
}

/* What the exports call it, or the message, or the file itself. */
static struct span asset_name(struct chatgpt_run *run, struct span id,
			   struct span said, size_t file)
{
	struct span called = file_pool_called(run->assets.pool, id);
	const char *base;

	if (called.len || file == FILE_POOL_NONE)
		return called;
	base = file_pool_at(run->assets.pool, file)->base;
	if (said.len || !base[id.len] || !base[id.len + 1] ||
	    base[id.len] == '.')
		return said;
	return span_str(base + id.len + 1);
}

/* A message that shows a file: its entity, or its key, of which most messages
 * need no entity made; when it was said, the construct (NULL: the source's),
 * and what it calls the file itself. */
struct shower {
	struct span entity;
	struct span key;
	const struct jval *time;
	const char *construct;
	struct span called;
	const struct jval *assets;	/* of one that is in the vault */
	bool is_old;			/* it is */
};

/* file: or FILE_POOL_NONE, of which a name is known. */
static int add_wish(struct chatgpt_run *run, const struct shower *shower,
		    struct span id, size_t file, struct err *err)
{
	struct chatgpt_assets *assets = &run->assets;
	struct chatgpt_wish wish = {
		.file = file, .created = chatgpt_time(shower->time),
	};
	int rc = array_room(assets, err);

	if (rc < 0)
		return rc;
	if (file != FILE_POOL_NONE)
		file_pool_at(assets->pool, file)->is_used = true;
	wish.entity = assets->words.len;
	if (shower->key.at)
		chat_put_entity(CHATGPT_PROVIDER, run->conversation,
				shower->key, &assets->words);
	(void)put_word(&assets->words, shower->entity);
	wish.id = put_word(&assets->words, id);
	wish.name = put_word(&assets->words, asset_name(run, id, shower->called,
						     file));
	wish.construct = put_word(&assets->words, span_str(
		shower->construct ? shower->construct : ""));
	assets->at[assets->n++] = wish;
	return buf_end(&assets->words, err);
}

static bool is_id(struct span id)
{
	return id.len && !memchr(id.at, '\0', id.len) && utf8_is_valid(id);
}

/* A message of the vault: the file is of use if the source has it and the
 * message has not. */
static int wish_again(struct chatgpt_run *run, const struct shower *shower,
		      struct span id, size_t at, struct err *err)
{
	struct pool_file *file = at == FILE_POOL_NONE ? NULL :
				 file_pool_at(run->assets.pool, at);

	if (!file || file->source != run->source)
		return 0;
	file->is_used = true;
	return jval_get_span(shower->assets, id) ? 0 :
		add_wish(run, shower, id, at, err);
}

/* What is named twice by one message is wished for once: see the sorting. */
static int wish(struct chatgpt_run *run, const struct shower *shower,
		struct span id, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	size_t file;
	int rc;

	if (!is_id(id))
		return 0;
	file = find_file(run, id);
	if (shower->is_old)
		return wish_again(run, shower, id, file, err);
	if (file != FILE_POOL_NONE)
		return add_wish(run, shower, id, file, err);
	sha256_of(id.at, id.len, digest);
	rc = table_include(&run->assets.missing, digest, NULL, err);
	return rc < 0 || !file_pool_called(run->assets.pool, id).len ? rc :
		add_wish(run, shower, id, file, err);
}

/* file-service://file-x, sediment://file_x, sediment://<hash>#file_x#p_0.png;
 * absent for other texts. */
static struct span id_of_pointer(struct span text)
{
	static const char *const schemes[] = {
		"file-service://", "sediment://"
	};
	const char *hash;
	size_t i;

	for (i = 0; i < 2 && !span_begins(text, schemes[i]); i++)
		;
	if (i == 2)
		return span_of(NULL, 0);
	text = span_of(text.at + strlen(schemes[i]),
		       text.len - strlen(schemes[i]));
	while ((hash = text.len ? memchr(text.at, '#', text.len) : NULL)) {
		if (span_begins(text, "file"))
			return span_of(text.at, (size_t)(hash - text.at));
		hash++;
		text = span_of(hash, text.len - (size_t)(hash - text.at));
	}
	return text;
}

/* All pointers below a value. */
static int find_pointers(struct chatgpt_run *run, struct shower *shower,
			 const struct jval *value, struct err *err)
{
	struct jval_walk walk = jval_walk_begin(value);
	const struct jval *at;
	int rc = 0;

	shower->called = span_of(NULL, 0);
	while (rc >= 0 && (at = jval_walk_next(&walk))) {
		if (jval_is(at, JVAL_STRING))
			rc = wish(run, shower, id_of_pointer(jval_text(at)),
				  err);
	}
	return rc;
}

/* Attachments are said with their names, so they come first. */
static int find_all(struct chatgpt_run *run, struct shower *shower,
		    const struct jval *content, const struct jval *metadata,
		    struct err *err)
{
	const struct jval *item = jval_get(metadata, "attachments");
	int rc = 0;

	item = jval_is(item, JVAL_ARRAY) ? jval_first(item) : NULL;
	for (; rc >= 0 && item; item = item->next) {
		shower->called = jval_get_text(item, "name");
		rc = wish(run, shower, jval_get_text(item, "id"), err);
	}
	if (rc >= 0)
		rc = find_pointers(run, shower, content, err);
	if (rc >= 0)
		rc = find_pointers(run, shower,
				   jval_get(metadata, "aggregate_result"),
				   err);
	return rc;
}

int chatgpt_assets_find(struct chatgpt_run *run, const struct jval *message,
			struct span key, struct err *err)
{
	struct shower shower = {
		.time = jval_get(message, "create_time"),
		.construct = run->chat.construct, .key = key,
	};

	return find_all(run, &shower, jval_get(message, "content"),
			jval_get(message, "metadata"), err);
}

/* {"asset_names":{id:name},"assets":{id:reference}}, as far as there are. */
static int put_record(struct chatgpt_run *run, const struct chatgpt_wish *wish,
		      struct span reference, struct err *err)
{
	const char *words = buf_text(&run->assets.words);
	struct record_parts parts = { .type = "message:create" };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields inner = JCS_FIELDS_INIT;
	char at[HLC_TEXT_MAX];
	int rc;

	chat_time_at(&wish->created, at);
	if (words[wish->name])
		fields_said(&inner, words + wish->id,
			    span_str(words + wish->name));
	fields_inner(&fields, "asset_names", &inner);
	if (reference.len)
		fields_raw(&inner, words + wish->id, reference);
	fields_inner(&fields, "assets", &inner);
	buf_reset(&run->parts);
	rc = jcs_fields_write(&fields, &run->parts, err);
	jcs_fields_release(&fields);
	jcs_fields_release(&inner);
	if (rc < 0)
		return rc;
	parts.entity = span_str(words + wish->entity);
	parts.at = at;
	parts.data = buf_span(&run->parts);
	return import_put(run->job, run->source, run->chat.construct, &parts,
			  err);
}

/* The bytes are in run->text, or the file cannot be read: then said so. */
static int load(struct chatgpt_run *run, size_t file, bool *out_is_there,
		struct err *err)
{
	const char *name = file_pool_at(run->assets.pool, file)->file.name;
	struct err why = ERR_INIT;
	int rc;

	*out_is_there = false;
	rc = file_pool_load(run->assets.pool, file, CHATGPT_ASSET_MAX, &run->text,
		       &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc == ERR_LIMIT)
		return import_leave_out(run->source, "files of more than 512 "
					"MiB", name, err);
	if (rc < 0)
		return import_leave_out(run->source, "files that cannot be "
					"read", name, err);
	*out_is_there = true;
	return 0;
}

/* What is named comes before what is not, and is the one that is put. */
static int compare_wishes(const void *a, const void *b)
{
	const struct chatgpt_wish *left = a;
	const struct chatgpt_wish *right = b;

	if (left->file != right->file)
		return left->file < right->file ? -1 : 1;
	return (left->entity > right->entity) - (left->entity < right->entity);
}

/* Is it of the same message, file and id as the one before? */
static bool is_repeated(const struct chatgpt_assets *assets, size_t i)
{
	const struct chatgpt_wish *wish = &assets->at[i];
	const char *words = buf_text(&assets->words);

	return i && wish[-1].file == wish->file &&
	       !strcmp(words + wish[-1].entity, words + wish->entity) &&
	       !strcmp(words + wish[-1].id, words + wish->id);
}

static int put_wish(struct chatgpt_run *run, const struct chatgpt_wish *wish,
		    struct err *err)
{
	const char *words = buf_text(&run->assets.words);
	const char *name = words + wish->name;
	int rc = 0;

	run->chat.construct = words[wish->construct] ?
		words + wish->construct : NULL;
	buf_reset(&run->value);
	if (wish->file != FILE_POOL_NONE) {
		if (!*name)
			name = file_pool_at(run->assets.pool, wish->file)->base;
		rc = chat_add_blob(&run->chat, buf_span(&run->text),
				   media_of_file(name, buf_span(&run->text)),
				   &run->value, err);
	}
	return rc < 0 ? rc :
		put_record(run, wish, buf_span(&run->value), err);
}

int chatgpt_assets_put(struct chatgpt_run *run, struct err *err)
{
	struct chatgpt_assets *assets = &run->assets;
	const struct chatgpt_wish *wish;
	bool is_there = false;
	size_t i;
	int rc = 0;

	if (assets->n)
		qsort(assets->at, assets->n, sizeof(*assets->at),
		      compare_wishes);
	for (i = 0; rc >= 0 && i < assets->n; i++) {
		wish = &assets->at[i];
		if (wish->file == FILE_POOL_NONE)
			is_there = true;
		else if (!i || wish[-1].file != wish->file)
			rc = load(run, wish->file, &is_there, err);
		if (rc >= 0 && is_there && !is_repeated(assets, i))
			rc = put_wish(run, wish, err);
	}
	run->chat.construct = NULL;
	assets->n = 0;
	return rc;
}

/* --- messages of the vault ------------------------------------------------- */

/* Looking at one construct. */
struct awaiting {
	struct chatgpt_run *run;
	const char *construct;
};

static bool is_message(const struct view_entity *entity)
{
	return entity->state.at &&
	       span_begins(entity->entity, "message:" CHATGPT_PROVIDER ":");
}

/* Its state says what the message did, in other places. */
static int look_at_message(void *arg, const struct view_entity *entity,
		   struct err *err)
{
	static const struct jdoc_options options = { .flags = 0 };
	const struct awaiting *awaiting = arg;
	struct shower shower = {
		.entity = entity->entity, .construct = awaiting->construct,
		.is_old = true,
	};
	const struct jval *root;
	struct jdoc *doc = NULL;
	int rc;

	if (!is_message(entity) || (!span_has(entity->state, "\"file") &&
				    !span_has(entity->state, "://file")))
		return 0;
	rc = jdoc_parse(entity->state, &options, &doc, NULL);
	if (rc < 0)
		return rc == ERR_NOMEM ? err_set(err, ERR_NOMEM,
						 "out of memory") : 0;
	root = jdoc_root(doc);
	shower.time = jval_get(root, "created");
	shower.assets = jval_get(root, "assets");
	rc = find_all(awaiting->run, &shower, jval_at(root, "native.content"),
		      jval_at(root, "native.message.metadata"), err);
	if (rc >= 0)
		rc = find_pointers(awaiting->run, &shower,
				   jval_get(root, "parts"), err);
	jdoc_free(doc);
	return rc;
}

/* Constructs that conversations of ChatGPT go to. */
static bool may_show(const struct chatgpt_run *run, const char *construct)
{
	return !strcmp(construct, run->source->construct) ||
	       (!run->job->options.construct &&
		!strncmp(construct, "g-", 2));
}

static int look_in(struct chatgpt_run *run, const char *ref_name,
		   struct err *err)
{
	struct awaiting awaiting = { run, NULL };
	const struct view_visitor visitor = { look_at_message, &awaiting };
	struct err why = ERR_INIT;
	struct view *view = NULL;
	int rc = view_open_ref(run->job->vault, ref_name, &view, &why);

	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	/* What cannot be read here waits for nothing that could be put. */
	if (rc == 0 && may_show(run, view->construct)) {
		awaiting.construct = view->construct;
		rc = view_each(view, kind_find(span_str("message")), false,
			       &visitor, err);
	} else {
		rc = 0;
	}
	view_free(view);
	return rc;
}

int chatgpt_assets_await(struct chatgpt_run *run, struct err *err)
{
	struct name_list names = { NULL, 0 };
	size_t i;
	int rc;

	if (run->job->sink)
		return 0;
	rc = view_constructs(run->job->vault, &names, err);
	for (i = 0; rc == 0 && i < names.n; i++)
		rc = look_in(run, names.at[i], err);
	name_list_release(&names);
	return rc;
}
