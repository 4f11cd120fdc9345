#include "cmd/import/claude_ai/run.h"

#include "cmd/import/input/bundle.h"
#include "cmd/import/input/items.h"
#include "cmd/import/sniff.h"

/* The files of an export; each is told by what its first object has. */
enum file_kind { TALKS, PROJECTS, MEMORIES, USERS, MANIFEST, UNKNOWN };

#define TALK_DEPTH_MAX 200
#define HEAD_BYTES ((size_t)64 << 10)

static enum file_kind kind_of(struct span head)
{
	if (sniff_has(head, "chat_messages") && !sniff_has(head, "mapping"))
		return TALKS;
	if (sniff_has(head, "prompt_template") &&
	    (sniff_has(head, "docs") || sniff_has(head, "is_starter_project")))
		return PROJECTS;
	if (sniff_has(head, "conversations_memory") ||
	    sniff_has(head, "project_memories"))
		return MEMORIES;
	if (sniff_has(head, "email_address") && sniff_has(head, "full_name"))
		return USERS;
	if (sniff_has(head, "export_id") && sniff_has(head, "files"))
		return MANIFEST;
	return UNKNOWN;
}

static bool is_list_of_none(struct span head)
{
	size_t i = 0;
	char want[] = "[]";
	size_t seen = 0;

	for (; i < head.len; i++) {
		if (strchr(" \t\r\n", head.at[i]) && head.at[i])
			continue;
		if (seen == 2 || head.at[i] != want[seen++])
			return false;
	}
	return seen == 2;
}

/* "<folder>/conversations.json" of an archive; the folder may be none. */
static const struct bundle_file *find_talks(const struct bundle *bundle)
{
	const struct bundle_file *file;

	file = bundle_find_base(bundle, span_str("conversations.json"));
	return file && span_ends(span_str(file->name), "conversations.json") ? file :
		NULL;
}

/* Does the file stand beside (or in a folder beside) the conversations? */
static bool is_beside(const struct bundle_file *talks,
		      const struct bundle_file *file, const char *name)
{
	size_t folder = strlen(talks->name) - strlen("conversations.json");

	return strlen(file->name) > folder &&
	       !memcmp(file->name, talks->name, folder) &&
	       !strncmp(file->name + folder, name, strlen(name));
}

/* A folder may hold files that only look like an export. */
static bool has_company(const struct bundle *bundle,
			const struct bundle_file *talks)
{
	static const char *const names[] = {
		"users.json", "projects.json", "projects/", "memories.json",
		NULL
	};
	size_t i;
	size_t j;

	for (i = 0; i < bundle_count(bundle); i++) {
		for (j = 0; names[j]; j++) {
			if (is_beside(talks, bundle_at(bundle, i), names[j]))
				return true;
		}
	}
	return false;
}

static bool sniff_bundle(struct bundle *bundle)
{
	const struct bundle_file *talks = find_talks(bundle);
	struct buf head = BUF_INIT(HEAD_BYTES);
	bool is_ours = false;
	int rc;

	if (!talks)
		return false;
	rc = bundle_head(bundle, talks, HEAD_BYTES, &head, NULL);
	if (rc >= 0)
		is_ours = kind_of(buf_span(&head)) == TALKS ||
			is_list_of_none(buf_span(&head));
	buf_release(&head);
	return is_ours && (bundle_is_archive(bundle) ||
			   has_company(bundle, talks));
}

static bool sniff(const struct import_input *input)
{
	if (input->bundle)
		return sniff_bundle(input->bundle);
	return !input->is_folder &&
	       kind_of(buf_span(&input->head)) != UNKNOWN;
}

/* What an item is it says itself: files have been put together by hand. */
static int read_value(struct claude_ai_run *run, const struct jdoc *doc,
		      uint64_t offset, enum file_kind kind, struct err *err)
{
	const struct jval *value = jdoc_root(doc);

	if (!jval_is(value, JVAL_OBJECT))
		return import_malformed(run->job, run->source, "an item that "
					"is no object", offset, value->raw,
					err);
	if (jval_get(value, "chat_messages") || kind == TALKS)
		return claude_ai_talk(run, doc, offset, err);
	if (kind == PROJECTS)
		return claude_ai_project(run, value, err);
	if (kind == MEMORIES)
		return claude_ai_memory(run, value, err);
	if (kind == MANIFEST)
		return claude_ai_manifest(run, value, err);
	return claude_ai_user(run, value, err);
}

/* The items of a file, and what it is about. */
struct items {
	struct claude_ai_run *run;
	enum file_kind kind;
};

static int read_item(void *arg, const struct jdoc *doc,
		     const struct array_item *item, struct err *err)
{
	const struct items *items = arg;

	return read_value(items->run, doc, item->offset, items->kind, err);
}

/* One bad item costs itself; a torn end costs what is behind it. */
static int read_items(struct claude_ai_run *run, struct feed feed,
		      enum file_kind kind, struct err *err)
{
	struct items items = { run, kind };
	const struct items_visitor visitor = {
		.item = read_item, .arg = &items,
		.options = {
			.max_depth = TALK_DEPTH_MAX,
			.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
		},
	};

	return items_each(run->job, run->source, feed, NULL, &visitor, err);
}

static int read_file(struct claude_ai_run *run, struct bundle *bundle,
		     const struct bundle_file *file, enum file_kind kind,
		     struct err *err)
{
	struct err why = ERR_INIT;
	struct feed feed;
	int rc;

	rc = bundle_feed(bundle, file, &feed, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return import_malformed(run->job, run->source, why.text, 0,
					span_of(NULL, 0), err);
	return read_items(run, feed, kind, err);
}

/* Is it about files of that kind, in the place where exports have them? */
static enum file_kind kind_of_file(struct bundle *bundle,
				   const struct bundle_file *file)
{
	struct buf head = BUF_INIT(HEAD_BYTES);
	enum file_kind kind = UNKNOWN;

	if (span_ends(span_str(file->name), ".json") &&
	    bundle_head(bundle, file, HEAD_BYTES, &head, NULL) >= 0) {
		kind = kind_of(buf_span(&head));
		if (kind == UNKNOWN && is_list_of_none(buf_span(&head)))
			kind = USERS;	/* nothing of anything */
	}
	buf_release(&head);
	return kind;
}

static int read_bundle(struct claude_ai_run *run, struct bundle *bundle,
		       struct err *err)
{
	const struct bundle_file *file;
	enum file_kind kind;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		kind = kind_of_file(bundle, file);
		rc = kind == UNKNOWN ?
			import_leave_out(run->source, "a file of another kind "
					 "in the export", file->name, err) :
			read_file(run, bundle, file, kind, err);
	}
	return rc;
}

static int read_export(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct claude_ai_run run = {
		.job = job, .source = source, .chat = CHAT_INIT,
		.talks = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.copy_of = BUF_INIT(BUF_NO_LIMIT),
		.content = BUF_INIT(BUF_NO_LIMIT),
		.parts = BUF_INIT(BUF_NO_LIMIT),
		.blocks = BUF_INIT(BUF_NO_LIMIT),
		.native = BUF_INIT(BUF_NO_LIMIT),
		.value = BUF_INIT(BUF_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT),
		.fields = JCS_FIELDS_INIT,
	};
	enum file_kind kind = kind_of(buf_span(&source->input.head));
	int rc;

	rc = source->input.bundle ?
		read_bundle(&run, source->input.bundle, err) :
		read_items(&run, input_feed(&source->input),
			   kind == UNKNOWN ? TALKS : kind, err);
	if (rc >= 0 && source->redactions)
		rc = import_note(source, err, "e-mail addresses and phone "
				 "numbers of accounts were left out");
	chat_release(&run.chat);
	table_release(&run.talks);
	buf_release(&run.copy_of);
	buf_release(&run.content);
	buf_release(&run.parts);
	buf_release(&run.blocks);
	buf_release(&run.native);
	buf_release(&run.value);
	buf_release(&run.key);
	jcs_fields_release(&run.fields);
	return rc;
}

const struct importer claude_ai_importer = {
	.name = "claude",
	.one = "Claude.ai export",
	.many = "Claude.ai exports",
	.construct = "claude",
	.sniff = sniff,
	.read = read_export,
};
