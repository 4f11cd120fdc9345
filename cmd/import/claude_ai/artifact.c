/*
 * Artifacts: what the tool "artifacts" was told, in the order of the tree, so
 * that each branch of a conversation changes what stood where it began. A
 * version is a record of memory:claude:artifact/<conversation>/<artifact>.
 */
#include "cmd/import/claude_ai/run.h"

#include <stdlib.h>

#include "cmd/import/claude_ai/find.h"
#include "cmd/import/records/rest.h"
#include "lib/base/array.h"
#include "lib/id/hash.h"
#include "lib/time/hlc.h"

/* Text of all versions in one conversation: each stands whole in memory. */
#define REPLAY_MAX_BYTES ((size_t)64 << 20)
/* Blocks behind a command among which its answer stands. */
#define ANSWER_WITHIN 256

struct edition {
	struct buf text;
	struct span title;	/* its own, or of the version before */
	struct span media;
	struct span language;
};

/* What an artifact was before a message changed it. */
struct undo {
	unsigned char id[SHA256_BYTES];
	uint64_t version;
	bool was_there;
};

struct visit {
	size_t node;
	size_t child;		/* the next to go to */
	size_t undos;		/* to keep when it is left */
};

struct replay {
	struct claude_ai_run *run;
	const struct claude_ai_tree *tree;
	struct span conversation;
	struct {
		struct edition *at;
		size_t n;
		size_t cap;
	} versions;
	size_t bytes;
	struct table now;	/* id of an artifact: its version here */
	struct {
		struct undo *at;
		size_t n;
		size_t cap;
	} undos;
	struct {
		struct visit *at;
		size_t n;
		size_t cap;
	} path;
	bool *is_done;		/* by node */
	struct buf entity;
};

static void replay_release(struct replay *replay)
{
	size_t i;

	for (i = 0; i < replay->versions.n; i++)
		buf_release(&replay->versions.at[i].text);
	free(replay->versions.at);
	free(replay->undos.at);
	free(replay->path.at);
	free(replay->is_done);
	table_release(&replay->now);
	buf_release(&replay->entity);
}

/* The text after the command; *out_why when it cannot be carried out. */
static int apply(const struct edition *before, const struct jval *input,
		 struct buf *out, const char **out_why, struct err *err)
{
	const struct jval *command = jval_get(input, "command");
	struct span text = jval_get_text(input, "content");
	struct span old = jval_get_text(input, "old_str");
	struct span new = jval_get_text(input, "new_str");
	struct span all;
	bool is_found;
	size_t at = 0;
	int rc;

	if (jval_is_text(command, "create") ||
	    jval_is_text(command, "rewrite")) {
		if (!text.at)
			*out_why = "a version of an artifact without content";
		return text.at ? buf_add_span(out, text, err) : 0;
	}
	if (!jval_is_text(command, "update")) {
		*out_why = "an unknown command to an artifact";
		return 0;
	}
	if (!before) {
		*out_why = "an update of an artifact that is not there";
		return 0;
	}
	all = buf_span(&before->text);
	rc = claude_ai_find(all, old, &is_found, &at, err);
	if (rc < 0 || !is_found) {
		*out_why = "an update of an artifact whose old text is not "
			"in it";
		return rc;
	}
	buf_put(out, all.at, at);
	buf_put_span(out, new);
	buf_put(out, all.at + at + old.len, all.len - at - old.len);
	return buf_end(out, err);
}

static struct span own_or(const struct jval *input, const char *name,
			  struct span before)
{
	struct span own = jval_get_text(input, name);

	return own.len ? own : before;
}

/* The message it was made in, and the conversation. */
static void put_places(struct replay *replay, const struct claude_ai_node *node)
{
	struct claude_ai_run *run = replay->run;

	buf_reset(&run->value);
	chat_put_entity(CLAUDE_AI_PROVIDER, replay->conversation, node->key,
			&run->value);
	fields_fail(&run->fields, run->value.failed, NULL);
	fields_text(&run->fields, "message", buf_span(&run->value));
	buf_reset(&run->value);
	buf_put_str(&run->value, "session:" CLAUDE_AI_PROVIDER ":");
	chat_put_key(&run->value, replay->conversation);
	fields_fail(&run->fields, run->value.failed, NULL);
	fields_text(&run->fields, "session", buf_span(&run->value));
}

/* What a command says beside what becomes of the artifact. */
static int native_of(struct claude_ai_run *run, const struct jval *input,
		     struct span *out, struct err *err)
{
	static const char *const said[] = {
		"id", "title", "type", "language", "content", "old_str",
		"new_str", NULL
	};
	struct take take = take_begin(input);
	size_t i;

	for (i = 0; said[i]; i++)
		(void)take_text(&take, said[i]);
	jcs_fields_reset(&run->fields);
	claude_ai_rest(&take, &run->fields);
	return claude_ai_native(run, out, err);
}

static int put_version(struct replay *replay, const struct claude_ai_node *node,
		       const struct jval *input, const struct edition *version,
		       struct err *err)
{
	struct claude_ai_run *run = replay->run;
	struct jcs_fields *fields = &run->fields;
	struct record_parts record = { .type = "memory:create" };
	struct span native;
	char at[HLC_TEXT_MAX];
	int rc;

	rc = native_of(run, input, &native, err);
	if (rc < 0)
		return rc;
	if (native.at)
		fields_raw(fields, "native", native);
	fields_said(fields, "content", buf_span(&version->text));
	fields_said(fields, "title", version->title);
	fields_said(fields, "media", version->media);
	fields_said(fields, "language", version->language);
	fields_str(fields, "type", "artifact");
	fields_str(fields, "source", CLAUDE_AI_PROVIDER);
	put_places(replay, node);
	buf_reset(&run->content);
	rc = jcs_fields_write(fields, &run->content, err);
	jcs_fields_reset(fields);
	if (rc < 0)
		return rc;
	record.entity = buf_span(&replay->entity);
	record.at = claude_ai_at(&node->created, at);
	record.data = buf_span(&run->content);
	return import_put(run->job, run->source, run->chat.construct, &record,
			  err);
}

static int set_version(struct replay *replay,
		       const unsigned char id[SHA256_BYTES], bool was_there,
		       uint64_t before, struct err *err)
{
	struct undo *undo;
	int rc;

	rc = array_room(&replay->undos, err);
	if (rc >= 0)
		rc = table_put(&replay->now, id, replay->versions.n - 1, err);
	if (rc < 0)
		return rc;
	undo = &replay->undos.at[replay->undos.n++];
	memcpy(undo->id, id, SHA256_BYTES);
	undo->version = before;
	undo->was_there = was_there;
	return 0;
}

/* A version that is made of the one before, on top of the list. */
static int push_version(struct replay *replay, const struct jval *input,
			size_t before_at, bool was_there, const char **out_why,
			struct err *err)
{
	const struct edition *before = NULL;
	struct edition *version;
	int rc;

	rc = array_room(&replay->versions, err);
	if (rc < 0)
		return rc;
	if (was_there)
		before = &replay->versions.at[before_at];
	version = &replay->versions.at[replay->versions.n];
	memset(version, 0, sizeof(*version));
	version->text = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	if (before) {
		version->title = before->title;
		version->media = before->media;
		version->language = before->language;
	}
	version->title = own_or(input, "title", version->title);
	version->media = own_or(input, "type", version->media);
	version->language = own_or(input, "language", version->language);
	rc = apply(before, input, &version->text, out_why, err);
	if (rc < 0 || *out_why) {
		buf_release(&version->text);
		return rc < 0 ? rc : 0;
	}
	replay->bytes += version->text.len;
	replay->versions.n++;
	return 0;
}

static int run_command(struct replay *replay,
		       const struct claude_ai_node *node,
		       const struct jval *input, const char **out_why,
		       struct err *err)
{
	struct span name = jval_get_text(input, "id");
	unsigned char id[SHA256_BYTES];
	uint64_t before = 0;
	bool was_there;
	int rc;

	sha256_of(name.at, name.len, id);
	was_there = table_get(&replay->now, id, &before);
	rc = push_version(replay, input, (size_t)before, was_there, out_why,
			  err);
	if (rc < 0 || *out_why)
		return rc;
	rc = set_version(replay, id, was_there, before, err);
	buf_reset(&replay->entity);
	buf_put_str(&replay->entity, "memory:" CLAUDE_AI_PROVIDER
		    ":artifact/");
	chat_put_key(&replay->entity, replay->conversation);
	buf_put_char(&replay->entity, '/');
	chat_put_key(&replay->entity, name);
	if (rc >= 0)
		rc = buf_end(&replay->entity, err);
	if (rc >= 0)
		rc = put_version(replay, node, input,
				 &replay->versions.at[replay->versions.n - 1],
				 err);
	return rc;
}

/* The tool said no: its answer has the id of the block, or stands next. */
static bool was_refused(const struct jval *block)
{
	struct span id = jval_get_text(block, "id");
	const struct jval *next = block->next;
	const struct jval *answer = id.len ? next : NULL;
	size_t steps;

	for (steps = 0; answer; answer = answer->next) {
		if (span_equals(jval_get_text(answer, "tool_use_id"), id))
			break;
		if (++steps == ANSWER_WITHIN)
			return false;
	}
	if (!id.len && jval_is_text(jval_get(next, "type"), "tool_result"))
		answer = next;
	return jval_is(jval_get(answer, "is_error"), JVAL_TRUE);
}

/* All that a message did to artifacts. */
static int enter(struct replay *replay, const struct claude_ai_node *node,
		 struct err *err)
{
	const struct jval *content = jval_get(node->value, "content");
	const struct jval *block = NULL;
	const struct jval *input;
	const char *why;
	int rc = 0;

	if (jval_is(content, JVAL_ARRAY))
		block = jval_first(content);
	for (; rc >= 0 && block; block = block->next) {
		if (!claude_ai_is_artifact(block))
			continue;
		why = NULL;
		input = jval_get(block, "input");
		if (!jval_get_text(input, "id").len)
			why = "a command to an artifact without an id";
		else if (was_refused(block))
			why = "a command to an artifact that was refused";
		else if (replay->bytes > REPLAY_MAX_BYTES)
			why = "versions of artifacts beyond 64 MiB in one "
				"conversation";
		else
			rc = run_command(replay, node, input, &why, err);
		if (rc >= 0 && why)
			rc = import_leave_out(replay->run->source, why, NULL,
					      err);
	}
	return rc;
}

static int leave(struct replay *replay, size_t undos, struct err *err)
{
	const struct undo *undo;
	int rc = 0;

	while (rc >= 0 && replay->undos.n > undos) {
		undo = &replay->undos.at[--replay->undos.n];
		if (undo->was_there)
			rc = table_put(&replay->now, undo->id, undo->version,
				       err);
		else
			(void)table_remove(&replay->now, undo->id);
	}
	return rc;
}

static int visit_node(struct replay *replay, size_t node, struct err *err)
{
	int rc;

	rc = array_room(&replay->path, err);
	if (rc < 0)
		return rc;
	replay->path.at[replay->path.n].node = node;
	replay->path.at[replay->path.n].child = replay->tree->at[node].first;
	replay->path.at[replay->path.n++].undos = replay->undos.n;
	replay->is_done[node] = true;
	return enter(replay, &replay->tree->at[node], err);
}

/* Depth first, without recursion; nothing is visited twice. */
static int walk_from(struct replay *replay, size_t root, struct err *err)
{
	struct visit *top;
	size_t child;
	int rc;

	rc = visit_node(replay, root, err);
	while (rc >= 0 && replay->path.n) {
		top = &replay->path.at[replay->path.n - 1];
		child = top->child;
		if (child == CLAUDE_AI_NONE) {
			rc = leave(replay, top->undos, err);
			replay->path.n--;
			continue;
		}
		top->child = replay->tree->at[child].next;
		if (!replay->is_done[child])
			rc = visit_node(replay, child, err);
	}
	return rc;
}

static bool has_artifacts(const struct claude_ai_tree *tree)
{
	const struct jval *content;
	const struct jval *block;
	size_t i;

	for (i = 0; i < tree->n; i++) {
		content = jval_get(tree->at[i].value, "content");
		if (!jval_is(content, JVAL_ARRAY))
			continue;
		for (block = jval_first(content); block; block = block->next) {
			if (claude_ai_is_artifact(block))
				return true;
		}
	}
	return false;
}

int claude_ai_artifacts(struct claude_ai_run *run,
			const struct claude_ai_tree *tree,
			struct span conversation, struct err *err)
{
	struct replay replay = {
		.run = run, .tree = tree, .conversation = conversation,
		.now = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.entity = BUF_INIT(BUF_NO_LIMIT),
	};
	size_t i;
	int rc = 0;

	if (!has_artifacts(tree))
		return 0;
	replay.is_done = calloc(tree->n, sizeof(*replay.is_done));
	if (!replay.is_done)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc >= 0 && i < tree->n; i++) {
		if (tree->at[i].parent_at == CLAUDE_AI_NONE)
			rc = walk_from(&replay, i, err);
	}
	/* Parents that go in a circle have no root. */
	for (i = 0; rc >= 0 && i < tree->n; i++) {
		if (!replay.is_done[i])
			rc = walk_from(&replay, i, err);
	}
	replay_release(&replay);
	return rc;
}
