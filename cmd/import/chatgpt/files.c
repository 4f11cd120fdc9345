#include "cmd/import/chatgpt/files.h"

#include <stdio.h>

#include "cmd/import/chatgpt/run.h"
#include "lib/os/path.h"

#define LIST_MAX ((size_t)64 << 20)
#define ID_MIN 8
#define SHARD_NAME_MAX 64

/* conversations.json, conversations-000.json */
static bool is_shard(const char *base)
{
	static const char stem[] = "conversations";
	size_t digits;

	if (strncmp(base, stem, sizeof(stem) - 1))
		return false;
	base += sizeof(stem) - 1;
	digits = *base == '-' ? strspn(base + 1, "0123456789") : 0;
	return !strcmp(base + (digits ? digits + 1 : 0), ".json");
}

static bool is_below(const char *name, const char *folder)
{
	const char *found = strstr(name, folder);

	return found && (found == name || found[-1] == '/');
}

enum chatgpt_file_kind chatgpt_file_kind(const struct bundle_file *file)
{
	static const struct {
		const char *name;
		enum chatgpt_file_kind kind;
	} rows[] = {
		{ "user.json", CHATGPT_ACCOUNT },
		{ "user_settings.json", CHATGPT_ACCOUNT },
		{ "chat.html", CHATGPT_PAGE },
		{ "message_feedback.json", CHATGPT_FEEDBACK },
		{ "model_comparisons.json", CHATGPT_FEEDBACK },
		{ "shared_conversations.json", CHATGPT_SHARED },
		{ "export_manifest.json", CHATGPT_MANIFEST },
		{ "conversation_asset_file_names.json", CHATGPT_NAMES },
		{ "library_files.json", CHATGPT_NAMES },
	};
	const char *base = path_base(file->name);
	size_t i;

	if (is_below(file->name, "__MACOSX/") || *base == '.')
		return CHATGPT_SYSTEM;
	if (is_shard(base))
		return CHATGPT_CONVERSATIONS;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!strcmp(base, rows[i].name))
			return rows[i].kind;
	}
	if (!strncmp(base, "file-", 5) || !strncmp(base, "file_", 5) ||
	    is_below(file->name, "dalle-generations/") ||
	    is_below(file->name, "audio/") || is_below(file->name, "user-"))
		return CHATGPT_SHOWN;
	return CHATGPT_OTHER;
}

/* Bytes of the name that are its folder. */
static size_t folder_len(const struct bundle_file *file)
{
	return (size_t)(path_base(file->name) - file->name);
}

static bool is_beside(const struct bundle_file *file,
		      const struct bundle_file *first, bool is_shard)
{
	size_t len = folder_len(first);

	return !strncmp(file->name, first->name, len) &&
	       (!is_shard || folder_len(file) == len);
}

const struct bundle_file *chatgpt_files_first(const struct bundle *bundle)
{
	const struct bundle_file *first = NULL;
	const struct bundle_file *file;
	enum chatgpt_file_kind kind;
	bool is_export = bundle_is_archive(bundle);
	bool has_others = false;
	size_t i;

	for (i = 0; !first && i < bundle_count(bundle); i++) {
		if (chatgpt_file_kind(bundle_at(bundle, i)) ==
		    CHATGPT_CONVERSATIONS)
			first = bundle_at(bundle, i);
	}
	for (i = 0; first && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		kind = chatgpt_file_kind(file);
		if (kind == CHATGPT_SYSTEM)
			continue;
		if (!is_beside(file, first, kind == CHATGPT_CONVERSATIONS))
			return NULL;
		is_export |= kind == CHATGPT_PAGE || kind == CHATGPT_ACCOUNT ||
			kind == CHATGPT_MANIFEST;
		has_others |= kind == CHATGPT_OTHER;
	}
	return is_export || !has_others ? first : NULL;
}

/* "file-" or "file_" and an id as the provider makes them, not a word. */
static bool is_id(const char *base)
{
	size_t len;

	if (strncmp(base, "file-", 5) && strncmp(base, "file_", 5))
		return false;
	len = strspn(base + 5, "0123456789abcdefghijklmnopqrstuvwxyz"
		     "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return len >= ID_MIN && (!base[5 + len] ||
				 strchr("-._", base[5 + len]));
}

bool chatgpt_files_are_part(const struct bundle *bundle)
{
	const struct bundle_file *file;
	enum chatgpt_file_kind kind;
	bool has_files = false;
	size_t i;

	for (i = 0; i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		kind = chatgpt_file_kind(file);
		if (kind == CHATGPT_OTHER || kind == CHATGPT_CONVERSATIONS)
			return false;
		has_files |= kind == CHATGPT_SHOWN &&
			     is_id(path_base(file->name));
	}
	return has_files;
}

/* --- names ----------------------------------------------------------------- */

/* A list that an export has of its files, wherever in it they are named. */
struct list {
	struct file_pool *pool;
	int (*see)(struct list *list, const struct jval *value,
		   struct err *err);
	uint64_t missing;
};

static int walk_list(struct list *list, const struct jval *root,
		     struct err *err)
{
	struct jval_walk walk = jval_walk_begin(root);
	const struct jval *at = root;
	int rc = 0;

	for (; rc >= 0 && at; at = jval_walk_next(&walk))
		rc = list->see(list, at, err);
	return rc;
}

/* One that cannot be read says nothing. */
static int read_list(struct list *list, struct bundle *bundle,
		     const struct bundle_file *file, struct err *err)
{
	static const struct jdoc_options options = { .flags = 0 };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc = 0;

	if (bundle_load(bundle, file, LIST_MAX, &text, NULL) >= 0 &&
	    jdoc_parse(buf_span(&text), &options, &doc, NULL) >= 0)
		rc = walk_list(list, jdoc_root(doc), err);
	jdoc_free(doc);
	buf_release(&text);
	return rc;
}

/* An id is what stands before the suffix. */
static int call(struct file_pool *pool, struct span id, struct span name,
		struct err *err)
{
	const char *dot = id.len ? memchr(id.at, '.', id.len) : NULL;

	if (dot)
		id.len = (size_t)(dot - id.at);
	if (!id.len || !name.len || memchr(name.at, '\0', name.len))
		return 0;
	return file_pool_call(pool, id, name, err);
}

static bool is_file_id(struct span text)
{
	return span_begins(text, "file-") || span_begins(text, "file_");
}

/* The first of these members that is a text. */
static struct span first_text(const struct jval *object,
			   const char *const *names)
{
	struct span text = { NULL, 0 };

	for (; *names && !text.len; names++)
		text = jval_get_text(object, *names);
	return text;
}

/* {"file-x.dat":"name"}, or {"id":"file-x","name":"name"}. */
static int see_name(struct list *list, const struct jval *value,
		    struct err *err)
{
	static const char *const ids[] = {
		"id", "file_id", "asset_id", "asset_pointer", NULL
	};
	static const char *const names[] = {
		"file_name", "filename", "name", "title", NULL
	};
	struct span name = jval_is(value, JVAL_OBJECT) ?
		first_text(value, names) : jval_text(value);
	struct span id = value->key;

	if (!is_file_id(id))
		id = jval_is(value, JVAL_OBJECT) ? first_text(value, ids) :
		     span_of(NULL, 0);
	return is_file_id(id) ? call(list->pool, id, name, err) : 0;
}

int chatgpt_files_call(struct file_pool *pool, struct import_source *source,
		       struct err *err)
{
	struct list list = { pool, see_name, 0 };
	struct bundle *bundle = source->input.bundle;
	const struct bundle_file *file;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && bundle && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		if (chatgpt_file_kind(file) == CHATGPT_NAMES)
			rc = read_list(&list, bundle, file, err);
	}
	return rc;
}

/* A shard of conversations that is in no part. */
static int see_shard(struct list *list, const struct jval *value,
		     struct err *err)
{
	struct span text = jval_text(value);
	char name[SHARD_NAME_MAX];
	size_t found;

	(void)err;
	if (!text.len || text.len >= sizeof(name) ||
	    memchr(text.at, '\0', text.len))
		return 0;
	memcpy(name, text.at, text.len);
	name[text.len] = '\0';
	if (!is_shard(name))
		return 0;
	found = file_pool_find(list->pool, NULL, text);
	list->missing += found == FILE_POOL_NONE ||
		strcmp(file_pool_at(list->pool, found)->base, name);
	return 0;
}

static int check_manifest(struct chatgpt_run *run,
			  const struct bundle_file *manifest, struct err *err)
{
	struct list list = { run->assets.pool, see_shard, 0 };
	int rc = read_list(&list, run->source->input.bundle, manifest, err);

	if (rc >= 0 && list.missing)
		rc = import_note(run->source, err, "%llu files of "
				 "conversations that the export's own list "
				 "names are not there",
				 (unsigned long long)list.missing);
	return rc;
}

/* --- what is left ---------------------------------------------------------- */

static const char *reason_of(enum chatgpt_file_kind kind)
{
	switch (kind) {
	case CHATGPT_ACCOUNT:
		return "the account's own data, with e-mail and phone number";
	case CHATGPT_PAGE:
		return "the conversations as a web page";
	case CHATGPT_FEEDBACK:
		return "ratings of answers";
	case CHATGPT_SHARED:
		return "the list of shared links";
	case CHATGPT_MANIFEST:
		return "the list of the export's files";
	case CHATGPT_SYSTEM:
		return "files of an operating system";
	case CHATGPT_CONVERSATIONS:
	case CHATGPT_NAMES:
	case CHATGPT_SHOWN:
	case CHATGPT_OTHER:
		break;
	}
	return NULL;
}

int chatgpt_files_leave_out(struct chatgpt_run *run, struct err *err)
{
	const struct bundle *bundle = run->source->input.bundle;
	const struct bundle_file *file;
	enum chatgpt_file_kind kind;
	bool has_account = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		kind = chatgpt_file_kind(file);
		run->source->redactions += kind == CHATGPT_ACCOUNT;
		has_account |= kind == CHATGPT_ACCOUNT;
		if (kind == CHATGPT_MANIFEST)
			rc = check_manifest(run, file, err);
		if (rc >= 0 && reason_of(kind))
			rc = import_leave_out(run->source, reason_of(kind),
					      file->name, err);
	}
	if (rc >= 0 && has_account)
		rc = import_note(run->source, err, "what the export says of "
				 "the account itself was not read");
	return rc;
}

/* May a message show it that is read later, and has none shown it so far? */
static bool is_left(struct chatgpt_run *run, const struct pool_file *file,
		    enum chatgpt_file_kind *out_kind)
{
	*out_kind = chatgpt_file_kind(&file->file);
	return file->source == run->source && !file->is_used &&
	       (*out_kind == CHATGPT_SHOWN || *out_kind == CHATGPT_OTHER);
}

bool chatgpt_files_await(struct chatgpt_run *run)
{
	struct file_pool *pool = run->assets.pool;
	enum chatgpt_file_kind kind;
	size_t i;

	for (i = 0; i < file_pool_count(pool); i++) {
		if (is_left(run, file_pool_at(pool, i), &kind) &&
		    kind == CHATGPT_SHOWN)
			return true;
	}
	return false;
}

int chatgpt_files_left(struct chatgpt_run *run, struct err *err)
{
	struct file_pool *pool = run->assets.pool;
	const struct pool_file *file;
	enum chatgpt_file_kind kind;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < file_pool_count(pool); i++) {
		file = file_pool_at(pool, i);
		if (is_left(run, file, &kind))
			rc = import_leave_out(run->source,
				kind == CHATGPT_SHOWN ?
				"files that no message shows" :
				"files that are no part of conversations",
				file->file.name, err);
	}
	return rc;
}
