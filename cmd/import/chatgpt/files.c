#include "cmd/import/chatgpt/files.h"

#include <stdio.h>

#include "cmd/import/chatgpt/run.h"
#include "lib/os/path.h"

#define MANIFEST_MAX ((size_t)16 << 20)
#define MANIFEST_DEEP 16	/* levels of it that are looked at */
#define SHARD_NAME_MAX 64
#define BESIDE_NAME_MAX 4096

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
	bool is_export = bundle_is_zip(bundle);
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

static bool find_beside(const struct bundle *bundle,
			const struct bundle_file *file, const char *base)
{
	char name[BESIDE_NAME_MAX];

	snprintf(name, sizeof(name), "%.*s%s", (int)folder_len(file),
		 file->name, base);
	return bundle_find(bundle, name);
}

static const char *reason_of(const struct chatgpt_run *run,
			     const struct bundle_file *file)
{
	enum chatgpt_file_kind kind = chatgpt_file_kind(file);

	switch (kind) {
	case CHATGPT_CONVERSATIONS:
		return NULL;
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
	case CHATGPT_SHOWN:
	case CHATGPT_OTHER:
		break;
	}
	if (chatgpt_asset_is_used(&run->assets, file))
		return NULL;
	return kind == CHATGPT_SHOWN ? "files that no message shows" :
		"files that are no part of conversations";
}

/* The shards that a manifest names, wherever in it: these are not there. */
static uint64_t count_missing(const struct bundle *bundle,
			      const struct bundle_file *manifest,
			      const struct jval *root)
{
	const struct jval *stack[MANIFEST_DEEP];
	const struct jval *at;
	char name[SHARD_NAME_MAX];
	uint64_t missing = 0;
	size_t depth = 1;

	stack[0] = root;
	while (depth) {
		at = stack[depth - 1];
		if (!at) {
			depth--;
			continue;
		}
		stack[depth - 1] = at->next;
		if (jval_first(at) && depth < MANIFEST_DEEP)
			stack[depth++] = jval_first(at);
		if (!jval_text(at).len || jval_text(at).len >= sizeof(name))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)jval_text(at).len,
			 jval_text(at).at);
		missing += is_shard(name) &&
			!find_beside(bundle, manifest, name);
	}
	return missing;
}

static int check_manifest(struct chatgpt_run *run,
			  const struct bundle_file *manifest, struct err *err)
{
	static const struct jdoc_options options = { 0 };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	uint64_t missing = 0;
	int rc = 0;

	if (bundle_load(run->assets.bundle, manifest, MANIFEST_MAX, &text,
			NULL) >= 0 &&
	    jdoc_parse(buf_span(&text), &options, &doc, NULL) >= 0)
		missing = count_missing(run->assets.bundle, manifest,
					jdoc_root(doc));
	if (missing)
		rc = import_note(run->source, err, "%llu files of "
				 "conversations that the export's own list "
				 "names are not there",
				 (unsigned long long)missing);
	jdoc_free(doc);
	buf_release(&text);
	return rc;
}

int chatgpt_files_leave_out(struct chatgpt_run *run, struct err *err)
{
	const struct bundle *bundle = run->assets.bundle;
	const struct bundle_file *file;
	const char *reason;
	bool has_account = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		reason = reason_of(run, file);
		if (!reason)
			continue;
		if (chatgpt_file_kind(file) == CHATGPT_ACCOUNT) {
			run->source->redactions++;
			has_account = true;
		}
		if (chatgpt_file_kind(file) == CHATGPT_MANIFEST)
			rc = check_manifest(run, file, err);
		if (rc >= 0)
			rc = import_leave_out(run->source, reason, file->name,
					      err);
	}
	if (rc >= 0 && has_account)
		rc = import_note(run->source, err, "what the export says of "
				 "the account itself was not read");
	return rc;
}
