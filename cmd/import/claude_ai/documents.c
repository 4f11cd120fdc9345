/*
 * Documents: what the tool "artifacts" was told, and what was written into
 * files of the conversation, which took its place. An artifact goes by its id,
 * a file by its path.
 */
#include "cmd/import/claude_ai/run.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/records/document.h"

/* Blocks behind a command among which its answer stands. */
#define ANSWER_WITHIN 256
/* Bytes that are looked through for what is replaced, in one conversation. */
#define LOOKED_MAX ((uint64_t)4 << 30)

struct replay {
	struct claude_ai_run *run;
	const struct claude_ai_tree *tree;
	struct documents documents;
	struct buf text;
	size_t message;		/* the node at hand */
	uint64_t looked;
};

enum edit_kind { EDIT_WRITE, EDIT_REPLACE, EDIT_SEE, EDIT_UNKNOWN };

/* What a block does to a document; absent spans: it says nothing of it. */
struct edit {
	const struct jval *block;
	struct take take;	/* of its input: what is understood */
	enum edit_kind kind;
	struct span id;
	struct span text;	/* of EDIT_WRITE: all of it */
	struct span old;
	struct span new;
	struct span title;
	struct span media;
	struct span language;
};

/* What is said, and not empty. */
static struct span filled(struct take *take, const char *name)
{
	struct span text = take_text(take, name);

	return text.len ? text : span_of(NULL, 0);
}

static void read_artifact(struct edit *edit)
{
	const struct jval *command = take_see(&edit->take, "command");

	edit->id = take_text(&edit->take, "id");
	edit->text = take_text(&edit->take, "content");
	edit->title = filled(&edit->take, "title");
	edit->media = filled(&edit->take, "type");
	edit->language = filled(&edit->take, "language");
	if (jval_is_text(command, "create") ||
	    jval_is_text(command, "rewrite"))
		edit->kind = EDIT_WRITE;
	else if (jval_is_text(command, "update"))
		edit->kind = EDIT_REPLACE;
}

/* The last name of the path is the title; the path itself stays. */
static void read_path(struct edit *edit)
{
	struct span path = jval_text(take_see(&edit->take, "path"));
	size_t i = path.len;

	while (i && path.at[i - 1] != '/')
		i--;
	edit->id = path;
	if (i < path.len)
		edit->title = span_of(path.at + i, path.len - i);
}

static void read_created(struct edit *edit)
{
	read_path(edit);
	edit->kind = EDIT_WRITE;
	edit->text = take_text(&edit->take, "file_text");
}

static void read_replaced(struct edit *edit)
{
	read_path(edit);
	edit->kind = EDIT_REPLACE;
}

static void read_seen(struct edit *edit)
{
	read_path(edit);
	edit->kind = EDIT_SEE;
}

/* Is it about a document? Then what it says of it. */
static bool edit_read(struct edit *edit, const struct jval *block)
{
	static const struct {
		const char *name;
		void (*read)(struct edit *edit);
	} tools[] = {
		{ "artifacts", read_artifact },
		{ "create_file", read_created },
		{ "str_replace", read_replaced },
		{ "view", read_seen },
	};
	const struct jval *name = jval_get(block, "name");
	struct take input = take_begin(jval_get(block, "input"));
	size_t i;

	if (!jval_is_text(jval_get(block, "type"), "tool_use") ||
	    !input.object)
		return false;
	for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		if (!jval_is_text(name, tools[i].name))
			continue;
		*edit = (struct edit){
			.block = block, .take = input, .kind = EDIT_UNKNOWN,
		};
		tools[i].read(edit);
		edit->old = take_text(&edit->take, "old_str");
		edit->new = take_text(&edit->take, "new_str");
		return true;
	}
	return false;
}

/* The answer to a block: it has the block's id, or stands next. */
static const struct jval *answer_to(const struct jval *block)
{
	struct span id = jval_get_text(block, "id");
	const struct jval *answer = block->next;
	size_t steps;

	if (!id.len)
		return jval_is_text(jval_get(answer, "type"), "tool_result") ?
			answer : NULL;
	for (steps = 0; answer && steps < ANSWER_WITHIN; steps++) {
		if (span_equals(jval_get_text(answer, "tool_use_id"), id))
			return answer;
		answer = answer->next;
	}
	return NULL;
}

static struct span text_of_answer(const struct jval *answer)
{
	const struct jval *content = jval_get(answer, "content");

	if (jval_is(content, JVAL_ARRAY))
		return jval_count(content) == 1 ?
			jval_get_text(jval_first(content), "text") :
			span_of(NULL, 0);
	return jval_text(content);
}

/*
 * The text of a file that was seen whole: each line with its number and a tab
 * before it, from 1 on. Anything else is a part of one, a folder, a picture.
 */
static bool unnumber(struct span shown, struct buf *out)
{
	char number[32];
	size_t line = 0;
	size_t end;
	size_t i;

	while (shown.len) {
		end = span_find(shown, "\n", 0);
		end = end == SPAN_NOWHERE ? shown.len : end + 1;
		for (i = 0; i < end && shown.at[i] == ' '; i++)
			;
		snprintf(number, sizeof(number), "%zu\t", ++line);
		if (!span_begins(span_of(shown.at + i, end - i), number))
			return false;
		i += strlen(number);
		buf_put(out, shown.at + i, end - i);
		shown = span_of(shown.at + end, shown.len - end);
	}
	return line && !out->failed;
}

/* Does one text but lack the end of line of the other? */
static bool is_same_text(struct span a, struct span b)
{
	while (a.len && a.at[a.len - 1] == '\n')
		a.len--;
	while (b.len && b.at[b.len - 1] == '\n')
		b.len--;
	return span_equals(a, b);
}

static int put_version(struct replay *replay, const struct edit *edit,
		       struct span text, struct err *err)
{
	const struct claude_ai_node *node = &replay->tree->at[replay->message];
	struct claude_ai_run *run = replay->run;
	struct document_change change = {
		.id = edit->id, .text = text, .title = edit->title,
		.media = edit->media, .language = edit->language,
		.message = node->key, .time = node->created,
	};
	int rc;

	jcs_fields_reset(&run->fields);
	claude_ai_rest(&edit->take, &run->fields);
	rc = claude_ai_native(run, &change.native, err);
	return rc < 0 ? rc : documents_put(&replay->documents, &change, err);
}

/* A file that was seen: something else may have written it meanwhile. */
static int see(struct replay *replay, const struct edit *edit, struct err *err)
{
	const struct document *before =
		documents_get(&replay->documents, edit->id);
	struct span text = text_of_answer(answer_to(edit->block));

	buf_reset(&replay->text);
	if (!edit->id.len || !unnumber(text, &replay->text))
		return 0;
	text = buf_span(&replay->text);
	if (before && is_same_text(buf_span(&before->text), text))
		return 0;
	return before && before->number ?
		put_version(replay, edit, text, err) :
		documents_know(&replay->documents, edit->id, text, err);
}

static int replace(struct replay *replay, const struct edit *edit,
		   const char **out_why, struct err *err)
{
	const struct document *before =
		documents_get(&replay->documents, edit->id);
	bool is_found;
	int rc;

	if (!before) {
		*out_why = "an update of a document that is not there";
		return 0;
	}
	replay->looked += before->text.len;
	if (replay->looked > LOOKED_MAX) {
		*out_why = "updates of documents beyond 4 GiB that were looked "
			"through in one conversation";
		return 0;
	}
	buf_reset(&replay->text);
	rc = document_replace(buf_span(&before->text), edit->old, edit->new,
			      &replay->text, &is_found, err);
	if (rc >= 0 && !is_found)
		*out_why = "an update of a document whose old text is not in "
			"it";
	return rc < 0 || !is_found ? rc :
		put_version(replay, edit, buf_span(&replay->text), err);
}

static int carry_out(struct replay *replay, const struct edit *edit,
		     const char **out_why, struct err *err)
{
	const struct jval *answer = answer_to(edit->block);

	if (edit->kind == EDIT_SEE)
		return see(replay, edit, err);
	if (!edit->id.len)
		*out_why = "a change of a document that it does not name";
	else if (jval_is(jval_get(answer, "is_error"), JVAL_TRUE))
		*out_why = "a change of a document that was refused";
	else if (edit->kind == EDIT_REPLACE)
		return replace(replay, edit, out_why, err);
	else if (edit->kind == EDIT_UNKNOWN)
		*out_why = "an unknown command to a document";
	else if (!edit->text.at)
		*out_why = "a version of a document without content";
	else
		return put_version(replay, edit, edit->text, err);
	return 0;
}

static const struct jval *blocks_of(const struct claude_ai_node *node)
{
	const struct jval *content = jval_get(node->value, "content");

	return jval_is(content, JVAL_ARRAY) ? jval_first(content) : NULL;
}

/* All that a message did to documents. */
static int enter(void *arg, size_t message, struct err *err)
{
	struct replay *replay = arg;
	const struct jval *block = blocks_of(&replay->tree->at[message]);
	struct edit edit;
	const char *why;
	int rc = 0;

	replay->message = message;
	for (; rc >= 0 && block; block = block->next) {
		if (!edit_read(&edit, block))
			continue;
		why = NULL;
		rc = carry_out(replay, &edit, &why, err);
		if (rc >= 0 && why)
			rc = import_leave_out(replay->run->source, why, NULL,
					      err);
	}
	return rc;
}

static bool has_documents(const struct claude_ai_tree *tree)
{
	const struct jval *block;
	struct edit edit;
	size_t i;

	for (i = 0; i < tree->n; i++) {
		for (block = blocks_of(&tree->at[i]); block;
		     block = block->next) {
			if (edit_read(&edit, block))
				return true;
		}
	}
	return false;
}

int claude_ai_documents(struct claude_ai_run *run,
			const struct claude_ai_tree *tree,
			struct span conversation, struct err *err)
{
	struct replay replay = {
		.run = run, .tree = tree,
		.documents = DOCUMENTS_INIT(&run->chat, conversation),
		.text = BUF_INIT(BUF_NO_LIMIT),
	};
	size_t *parents;
	size_t i;
	int rc;

	if (!has_documents(tree))
		return 0;
	parents = calloc(tree->n, sizeof(*parents));
	if (!parents)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < tree->n; i++)
		parents[i] = tree->at[i].parent_at == CLAUDE_AI_NONE ?
			DOCUMENT_ROOT : tree->at[i].parent_at;
	rc = documents_replay(&replay.documents, parents, tree->n, enter,
			      &replay, err);
	free(parents);
	documents_release(&replay.documents);
	buf_release(&replay.text);
	return rc;
}
