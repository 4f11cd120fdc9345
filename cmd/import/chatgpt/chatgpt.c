#include "cmd/import/chatgpt/chatgpt.h"

#include <stdio.h>

#include "cmd/import/chatgpt/files.h"
#include "cmd/import/chatgpt/run.h"
#include "cmd/import/parse/array_items.h"
#include "cmd/import/sniff.h"

#define WRAPPER "conversations"

/* --- recognising ----------------------------------------------------------- */

static struct span skip_space(struct span text)
{
	if (span_begins(text, "\xef\xbb\xbf"))
		text = span_of(text.at + 3, text.len - 3);
	while (text.len && *text.at && strchr(" \t\r\n", *text.at))
		text = span_of(text.at + 1, text.len - 1);
	return text;
}

/* The mapping alone could be anybody's; and whoever has the same one with
 * messages that have no author has other messages. */
static bool begins_conversation(struct span text)
{
	static const char *const names[] = {
		"create_time", "update_time", "conversation_id",
		"current_node", "id", "title"
	};
	size_t i;

	if (!sniff_has(text, "mapping") || sniff_has(text, "inserted_at") ||
	    (sniff_mentions(text, "\"content\"") &&
	     !sniff_mentions(text, "\"author\"")))
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (sniff_has(text, names[i]))
			return true;
	}
	return false;
}

/* {"conversations":[...]}: the array, or absent. */
static struct span wrapped(struct span text)
{
	static const char name[] = "\"" WRAPPER "\"";
	size_t i;

	text = skip_space(text);
	if (!span_begins(text, "{") || !sniff_has(text, WRAPPER) ||
	    sniff_has(text, "mapping"))
		return span_of(NULL, 0);
	for (i = 0; i + sizeof(name) < text.len; i++) {
		if (memcmp(text.at + i, name, sizeof(name) - 1))
			continue;
		i += sizeof(name) - 1;
		text = skip_space(span_of(text.at + i, text.len - i));
		if (span_begins(text, ":"))
			return skip_space(span_of(text.at + 1, text.len - 1));
		break;
	}
	return span_of(NULL, 0);
}

static bool is_conversations(struct span head)
{
	struct span array = wrapped(head);

	return begins_conversation(array.at ? array : head);
}

static bool sniff_bundle(struct bundle *bundle)
{
	const struct bundle_file *file = chatgpt_files_first(bundle);
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	bool is_ours = !file && chatgpt_files_are_part(bundle);

	if (file && bundle_head(bundle, file, INPUT_HEAD_BYTES, &head,
				NULL) >= 0)
		is_ours = is_conversations(buf_span(&head));
	buf_release(&head);
	return is_ours;
}

static bool sniff(const struct import_input *input)
{
	if (input->bundle)
		return sniff_bundle(input->bundle);
	return !input->is_folder && is_conversations(buf_span(&input->head));
}

/* --- reading --------------------------------------------------------------- */

/* Of one that is cut, what there is of it; else the fault has its own byte. */
static int take_fault(struct chatgpt_run *run, const struct array_item *item,
		      const struct err *why, struct err *err)
{
	struct err cut = ERR_INIT;

	if (!item->text.at)
		return chatgpt_malformed(run, why, 0, item->text, err);
	(void)err_set(&cut, ERR_CORRUPT, "the conversation is cut short");
	return chatgpt_malformed(run, &cut, item->offset, item->text, err);
}

static bool is_fault_of_source(int rc)
{
	return rc == ERR_CORRUPT || rc == ERR_INVALID || rc == ERR_LIMIT ||
	       rc == ERR_NOT_FOUND;
}

static int take_item(struct chatgpt_run *run, const struct array_item *item,
		     struct err *err)
{
	struct err why = ERR_INIT;

	if (item->found == FOUND_ONE)
		return chatgpt_conversation(run, item->text, item->offset,
					    err);
	(void)err_set(&why, ERR_LIMIT, "the conversation has more than %zu "
		      "MiB", ARRAY_ITEM_MAX >> 20);
	return run->source->input.bundle ?
		chatgpt_malformed(run, &why, item->offset, item->text, err) :
		import_malformed_long(run->job, run->source, why.text,
				      item->offset, item->long_len, err);
}

static int read_items(struct chatgpt_run *run, struct feed feed,
		      struct span head, struct err *err)
{
	struct array_items *items = NULL;
	struct array_item item = { .offset = 0 };
	struct err why = ERR_INIT;
	int rc;

	rc = array_items_new(feed, wrapped(head).at ? WRAPPER : NULL, &items,
			    err);
	while (rc >= 0) {
		if (array_items_next(items, &item, &why) < 0 ||
		    item.found == FOUND_END)
			break;
		rc = take_item(run, &item, err);
	}
	if (rc >= 0 && why.code && is_fault_of_source(why.code))
		rc = take_fault(run, &item, &why, err);
	else if (rc >= 0 && why.code)
		rc = err_set(err, (enum err_code)why.code, "%s", why.text);
	array_items_free(items);
	return rc;
}

static int read_file(struct chatgpt_run *run, const struct bundle_file *file,
		     struct err *err)
{
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	struct feed feed = { NULL, NULL };
	int rc;

	snprintf(run->place, sizeof(run->place), "%s: ", file->name);
	rc = bundle_head(run->source->input.bundle, file, INPUT_HEAD_BYTES, &head,
			 &why);
	if (rc >= 0)
		rc = bundle_feed(run->source->input.bundle, file, &feed,
				 &why);
	if (rc >= 0)
		rc = read_items(run, feed, buf_span(&head), err);
	else if (rc != ERR_NOMEM)
		rc = chatgpt_malformed(run, &why, 0, span_of(NULL, 0), err);
	buf_release(&head);
	return rc;
}

static int read_bundle(struct chatgpt_run *run, struct err *err)
{
	struct bundle *bundle = run->source->input.bundle;
	const struct bundle_file *file;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		if (chatgpt_file_kind(file) == CHATGPT_CONVERSATIONS)
			rc = read_file(run, file, err);
	}
	return rc;
}

/* Another part of the export may be read later. */
static int leave_out(struct chatgpt_run *run, struct err *err)
{
	int rc = chatgpt_files_leave_out(run, err);

	run->source->awaits = chatgpt_files_await(run);
	return rc < 0 || run->source->awaits ? rc :
		chatgpt_files_left(run, err);
}

static int chatgpt_tell(const struct chatgpt_run *run, struct err *err)
{
	unsigned long long missing = run->assets.missing.count;
	int rc = 0;

	if (missing)
		rc = import_note(run->source, err, "%llu file%s that messages "
				 "show %s not come with the conversations",
				 missing, missing == 1 ? "" : "s",
				 missing == 1 ? "has" : "have");
	if (rc >= 0 && run->repeated)
		rc = import_note(run->source, err, "%llu of the conversations "
				 "came more than once",
				 (unsigned long long)run->repeated);
	if (rc >= 0 && run->duplicates)
		rc = import_note(run->source, err, "%llu member%s stood twice "
				 "in one object: the last one counts",
				 (unsigned long long)run->duplicates,
				 run->duplicates == 1 ? "" : "s");
	return rc;
}

static void release(struct chatgpt_run *run)
{
	chat_release(&run->chat);
	table_release(&run->seen);
	chatgpt_assets_release(&run->assets);
	chatgpt_canvas_release(&run->canvas);
	buf_release(&run->text);
	buf_release(&run->parts);
	parts_release(&run->own);
	buf_release(&run->shown);
	buf_release(&run->absent);
	jcs_fields_release(&run->native);
	buf_release(&run->value);
	buf_release(&run->key);
	buf_release(&run->made_key);
}

static int begin_run(struct chatgpt_run *run, struct import_job *job,
		 struct import_source *source, struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);

	*run = (struct chatgpt_run){
		.job = job,
		.source = source,
		.chat = CHAT_INIT,
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.assets = CHATGPT_ASSETS_INIT,
		.text = none,
		.parts = none,
		.own = PARTS_INIT,
		.shown = none,
		.absent = none,
		.native = JCS_FIELDS_INIT,
		.value = none,
		.key = none,
		.made_key = none,
	};
	run->chat.job = job;
	run->chat.source = source;
	return file_pool_get(job, &chatgpt_importer, &run->assets.pool, err);
}

static int read_export(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct chatgpt_run run;
	int rc = begin_run(&run, job, source, err);

	if (rc >= 0)
		rc = source->input.bundle ? read_bundle(&run, err) :
		     read_items(&run, input_feed(&source->input),
				buf_span(&source->input.head), err);
	if (rc >= 0)
		rc = chatgpt_assets_put(&run, err);
	if (rc >= 0 && source->input.bundle)
		rc = leave_out(&run, err);
	if (rc >= 0)
		rc = chatgpt_tell(&run, err);
	if (rc >= 0 && !source->imported && source->malformed.n)
		rc = import_refuse(source, "nothing of it can be read", NULL,
				   err);
	release(&run);
	return rc;
}

/* What messages of the vault show, and what nobody does. */
static int finish_export(struct import_job *job, struct import_source *source,
		  struct err *err)
{
	struct chatgpt_run run;
	int rc = begin_run(&run, job, source, err);

	if (rc >= 0 && chatgpt_files_await(&run))
		rc = chatgpt_assets_await(&run, err);
	if (rc >= 0)
		rc = chatgpt_assets_put(&run, err);
	if (rc >= 0)
		rc = chatgpt_files_left(&run, err);
	source->awaits = chatgpt_files_await(&run);
	release(&run);
	return rc;
}

/* Each source is to know the files of all. */
static int identify(struct import_job *job, struct import_source *source,
		    struct err *err)
{
	struct file_pool *pool = NULL;
	int rc = file_pool_get(job, &chatgpt_importer, &pool, err);

	if (rc >= 0)
		rc = file_pool_add(pool, source, err);
	if (rc >= 0)
		rc = chatgpt_files_call(pool, source, err);
	return rc < 0 ? rc : import_name(job, source,
					 span_str(CHATGPT_PROVIDER), err);
}

const struct importer chatgpt_importer = {
	.name = "chatgpt",
	.one = "ChatGPT export",
	.many = "ChatGPT exports",
	.construct = CHATGPT_PROVIDER,
	.sniff = sniff,
	.identify = identify,
	.read = read_export,
	.finish = finish_export,
};
