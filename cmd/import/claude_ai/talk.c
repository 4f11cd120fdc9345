#include "cmd/import/claude_ai/run.h"

static const char *const talk_taken[] = {
	"uuid", "name", "created_at", "updated_at", "chat_messages", "model",
	"account", NULL
};

/* Its own id; a snapshot that has none goes by what it shows. */
static int find_key(struct claude_ai_run *run, const struct jval *talk,
		    struct err *err)
{
	struct span key = jval_get_text(talk, "uuid");
	int rc = 0;

	buf_reset(&run->key);
	if (!key.len) {
		key = jval_get_text(talk, "conversation_uuid");
		rc = buf_add_str(&run->key, "snapshot-", err);
	}
	if (rc >= 0 && key.len)
		rc = buf_add_span(&run->key, key, err);
	else if (rc >= 0)
		buf_reset(&run->key);
	return rc;
}

static struct span find_title(const struct jval *talk)
{
	static const char *const names[] = {
		"name", "title", "snapshot_name", NULL
	};
	struct span title;
	size_t i;

	for (i = 0; names[i]; i++) {
		title = jval_get_text(talk, names[i]);
		if (title.len)
			return title;
	}
	return span_of(NULL, 0);
}

/* What of the members that have a place in the record it does not tell. */
static int keep_odd(struct claude_ai_run *run, const struct jval *talk,
		    struct err *err)
{
	const struct jval *name = jval_get(talk, "name");
	const struct jval *model = jval_get(talk, "model");
	struct span key = jval_get_text(talk, "uuid");
	bool is_plain = true;
	int rc = 0;

	if (key.len)
		rc = claude_ai_is_plain_key(run, key, &is_plain, err);
	if (rc >= 0 && !is_plain)
		rc = claude_ai_keep(run, "uuid", jval_get(talk, "uuid"), err);
	if (rc >= 0 && name && !jval_is(name, JVAL_STRING) &&
	    !jval_is(name, JVAL_NULL))
		rc = claude_ai_keep(run, "name", name, err);
	if (rc >= 0 && model && !jval_is(model, JVAL_STRING))
		rc = claude_ai_keep(run, "model", model, err);
	if (rc >= 0)
		rc = claude_ai_keep_time(run, "created_at",
					 jval_get(talk, "created_at"), err);
	if (rc >= 0)
		rc = claude_ai_keep_time(run, "updated_at",
					 jval_get(talk, "updated_at"), err);
	if (rc >= 0)
		rc = claude_ai_keep_rest(run, talk, talk_taken, err);
	return rc < 0 ? rc : claude_ai_keep_person(run, "account",
						   jval_get(talk, "account"),
						   err);
}

static int put_session(struct claude_ai_run *run,
		       const struct claude_ai_tree *tree,
		       const struct jval *talk, struct err *err)
{
	struct chat_session session = { .provider = CLAUDE_AI_PROVIDER };
	struct span leaf = jval_get_text(talk, "current_leaf_message_uuid");
	size_t active;
	int rc;

	active = claude_ai_tree_leaf(tree, leaf, &session.is_guessed);
	run->source->guessed += session.is_guessed;
	session.key = buf_span(&run->key);
	session.title = find_title(talk);
	session.created = chat_time_of(jval_get(talk, "created_at"));
	session.updated = chat_time_of(jval_get(talk, "updated_at"));
	session.model = jval_get_text(talk, "model");
	if (active != CLAUDE_AI_NONE)
		session.active = tree->at[active].key;
	if (run->original.len)
		session.parent = run->original;
	jcs_fields_reset(&run->fields);
	rc = keep_odd(run, talk, err);
	if (rc >= 0)
		rc = claude_ai_native(run, &session.native, err);
	return rc < 0 ? rc : chat_put_session(&run->chat, &session, err);
}

static bool is_wanted(const struct claude_ai_run *run, const struct jval *talk)
{
	struct chat_time time = chat_time_of(jval_get(talk, "updated_at"));

	if (time.micros == CHAT_TIME_UNKNOWN)
		time = chat_time_of(jval_get(talk, "created_at"));
	return import_is_wanted(run->job, time.micros);
}

static int put_all(struct claude_ai_run *run, const struct jdoc *doc,
		   uint64_t offset, struct err *err)
{
	const struct claude_ai_place place = {
		run->job, run->source, doc, offset
	};
	struct claude_ai_tree tree = CLAUDE_AI_TREE_INIT;
	const struct jval *talk = jdoc_root(doc);
	size_t i;
	int rc;

	run->original = jval_get(talk, "snapshot_name") ?
		jval_get_text(talk, "conversation_uuid") : span_of(NULL, 0);
	rc = claude_ai_tree_build(&tree, &place,
				  jval_get(talk, "chat_messages"), err);
	if (rc >= 0)
		rc = put_session(run, &tree, talk, err);
	for (i = 0; rc >= 0 && i < tree.n; i++)
		rc = claude_ai_message(run, &tree, i, err);
	if (rc >= 0)
		rc = claude_ai_artifacts(run, &tree, buf_span(&run->key), err);
	claude_ai_tree_release(&tree);
	return rc;
}

int claude_ai_talk(struct claude_ai_run *run, const struct jdoc *doc,
		   uint64_t offset, struct err *err)
{
	const struct jval *talk = jdoc_root(doc);
	int rc;

	rc = find_key(run, talk, err);
	if (rc < 0)
		return rc;
	if (!run->key.len)
		return import_malformed(run->job, run->source, "a "
					"conversation without an id", offset,
					talk->raw, err);
	if (!jval_is(jval_get(talk, "chat_messages"), JVAL_ARRAY))
		return import_malformed(run->job, run->source, "a "
					"conversation without a list of "
					"messages", offset, talk->raw, err);
	if (!is_wanted(run, talk))
		return import_leave_out(run->source, "older than --since",
					NULL, err);
	rc = chat_begin(&run->chat, run->job, run->source, CLAUDE_AI_PROVIDER,
			buf_span(&run->key), err);
	return rc < 0 ? rc : put_all(run, doc, offset, err);
}
