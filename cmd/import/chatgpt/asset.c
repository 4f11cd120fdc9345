#include "cmd/import/chatgpt/asset.h"

#include <stdlib.h>

#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/chatgpt/run.h"
#include "cmd/import/input/media.h"
#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/id/hash.h"
#include "lib/os/path.h"

#define POINTERS_DEEP 16	/* deeper ones than exports have are not seen */

void chatgpt_assets_release(struct chatgpt_assets *assets)
{
	free(assets->at);
	assets->at = NULL;
	assets->n = assets->cap = 0;
	buf_release(&assets->words);
	table_release(&assets->used);
	table_release(&assets->missing);
}

static void digest_of(const struct bundle_file *file,
		      unsigned char out[SHA256_BYTES])
{
	sha256_of(file->name, strlen(file->name), out);
}

bool chatgpt_asset_is_used(const struct chatgpt_assets *assets,
			   const struct bundle_file *file)
{
	unsigned char digest[SHA256_BYTES];

	digest_of(file, digest);
	return table_get(&assets->used, digest, NULL);
}

/*
 * The file of an id: "<id>-<name>", "<id>.<suffix>" or the id alone. One id
 * may begin another, so what stands behind it is part of the question.
 */
static const struct bundle_file *find_file(struct bundle *bundle,
					   struct span id)
{
	static const char behind[] = "-._";
	char prefix[256];
	const struct bundle_file *file;
	const char *at;

	if (!bundle || !id.len || id.len + 2 > sizeof(prefix))
		return NULL;
	memcpy(prefix, id.at, id.len);
	for (at = behind; *at; at++) {
		prefix[id.len] = *at;
		file = bundle_find_base(bundle, span_of(prefix, id.len + 1));
		if (file)
			return file;
	}
	file = bundle_find_base(bundle, id);
	return file && strlen(path_base(file->name)) == id.len ? file : NULL;
}

static size_t put_word(struct buf *words, struct span word)
{
	size_t at = words->len;

	buf_put_span(words, word);
	buf_put_char(words, '\0');
	return at;
}

static int add_wish(struct chatgpt_run *run, const struct jval *message,
		    struct span key, struct span id,
		    const struct bundle_file *file, struct err *err)
{
	struct chatgpt_assets *assets = &run->assets;
	struct chatgpt_wish wish = { .file = file };
	unsigned char digest[SHA256_BYTES];
	int rc;

	wish.created = chatgpt_time(jval_get(message, "create_time"));
	digest_of(file, digest);
	rc = table_include(&assets->used, digest, NULL, err);
	if (rc == 0)
		rc = array_room(assets, err);
	buf_reset(&run->key);
	chat_put_entity(CHATGPT_PROVIDER, run->conversation, key, &run->key);
	if (rc == 0)
		rc = buf_end(&run->key, err);
	if (rc < 0)
		return rc;
	wish.entity = put_word(&assets->words, buf_span(&run->key));
	wish.id = put_word(&assets->words, id);
	wish.construct = put_word(&assets->words, span_str(
		run->chat.construct ? run->chat.construct : ""));
	assets->at[assets->n++] = wish;
	return buf_end(&assets->words, err);
}

/* What is named twice by one message is wished for once: see the sorting. */
static int wish(struct chatgpt_run *run, const struct jval *message,
		struct span key, struct span id, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	const struct bundle_file *file;

	if (!id.len || memchr(id.at, '\0', id.len) || !utf8_is_valid(id))
		return 0;
	file = find_file(run->assets.bundle, id);
	if (file)
		return add_wish(run, message, key, id, file, err);
	sha256_of(id.at, id.len, digest);
	return table_include(&run->assets.missing, digest, NULL, err);
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
static int find_pointers(struct chatgpt_run *run, const struct jval *message,
			 struct span key, const struct jval *value,
			 struct err *err)
{
	const struct jval *stack[POINTERS_DEEP];
	const struct jval *at;
	size_t depth = 0;
	int rc = 0;

	stack[depth++] = jval_first(value);
	while (rc >= 0 && depth) {
		at = stack[depth - 1];
		if (!at) {
			depth--;
			continue;
		}
		stack[depth - 1] = at->next;
		if (jval_is(at, JVAL_STRING))
			rc = wish(run, message, key,
				  id_of_pointer(jval_text(at)), err);
		else if (jval_first(at) && depth < POINTERS_DEEP)
			stack[depth++] = jval_first(at);
	}
	return rc;
}

int chatgpt_assets_find(struct chatgpt_run *run, const struct jval *message,
			struct span key, struct err *err)
{
	const struct jval *content = jval_get(message, "content");
	const struct jval *metadata = jval_get(message, "metadata");
	const struct jval *item;
	int rc;

	rc = find_pointers(run, message, key, content, err);
	if (rc >= 0)
		rc = find_pointers(run, message, key,
				   jval_get(metadata, "aggregate_result"),
				   err);
	item = jval_get(metadata, "attachments");
	if (!jval_is(item, JVAL_ARRAY))
		return rc;
	for (item = jval_first(item); rc >= 0 && item; item = item->next)
		rc = wish(run, message, key, jval_get_text(item, "id"), err);
	return rc;
}

static int put_record(struct chatgpt_run *run, const struct chatgpt_wish *wish,
		      struct span reference, struct err *err)
{
	const char *words = buf_text(&run->assets.words);
	struct record_parts parts = { .type = "message:create" };
	char at[HLC_TEXT_MAX];
	int rc;

	chat_time_at(&wish->created, at);
	buf_reset(&run->parts);
	buf_put_str(&run->parts, "{\"assets\":{");
	jcs_put_string(&run->parts, span_str(words + wish->id));
	buf_putf(&run->parts, ":%.*s}}", (int)reference.len, reference.at);
	rc = buf_end(&run->parts, err);
	if (rc < 0)
		return rc;
	parts.entity = span_str(words + wish->entity);
	parts.at = at;
	parts.data = buf_span(&run->parts);
	return import_put(run->job, run->source, run->chat.construct, &parts,
			  err);
}

/* The bytes are in run->text, or the file cannot be read: then said so. */
static int load(struct chatgpt_run *run, const struct bundle_file *file,
		bool *out_is_there, struct err *err)
{
	struct err why = ERR_INIT;
	int rc;

	*out_is_there = false;
	rc = bundle_load(run->assets.bundle, file, CHATGPT_ASSET_MAX,
			 &run->text, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc == ERR_LIMIT)
		return import_leave_out(run->source, "files of more than 512 "
					"MiB", file->name, err);
	if (rc < 0)
		return import_leave_out(run->source, "files that cannot be "
					"read", file->name, err);
	*out_is_there = true;
	return 0;
}

static int compare_wishes(const void *a, const void *b)
{
	const struct chatgpt_wish *left = a;
	const struct chatgpt_wish *right = b;
	int order = strcmp(left->file->name, right->file->name);

	if (order)
		return order;
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
		if (!i || wish[-1].file != wish->file)
			rc = load(run, wish->file, &is_there, err);
		if (rc < 0 || !is_there || is_repeated(assets, i))
			continue;
		run->chat.construct = buf_text(&assets->words) +
			wish->construct;
		if (!*run->chat.construct)
			run->chat.construct = NULL;
		buf_reset(&run->value);
		rc = chat_add_blob(&run->chat, buf_span(&run->text),
				   media_of_file(wish->file->name,
						 buf_span(&run->text)),
				   &run->value, err);
		if (rc >= 0)
			rc = put_record(run, wish, buf_span(&run->value),
					err);
	}
	run->chat.construct = NULL;
	return rc;
}
