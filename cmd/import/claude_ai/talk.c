#include "cmd/import/claude_ai/run.h"

/* Its own id; a snapshot that has none goes by what it shows. */
static int find_key(struct claude_ai_run *run, const struct jval *talk,
		    struct err *err)
{
	struct span key = jval_get_text(talk, "uuid");

	buf_reset(&run->key);
	if (!key.len) {
		key = jval_get_text(talk, "conversation_uuid");
		if (key.len)
			buf_put_str(&run->key, "snapshot-");
	}
	buf_put_span(&run->key, key);
	return buf_end(&run->key, err);
}

/* Only a name is taken: the others say more than a title. */
static struct span read_title(struct take *talk)
{
	static const char *const names[] = { "title", "snapshot_name" };
	struct span title = take_text(talk, "name");
	size_t i;

	for (i = 0; !title.len && i < 2; i++)
		title = jval_text(take_see(talk, names[i]));
	return title.len ? title : span_of(NULL, 0);
}

static int talk_put_session(struct claude_ai_run *run,
			    const struct claude_ai_tree *tree,
			    const struct jval *value, struct err *err)
{
	static const char *const own[] = {
		"uuid", "name", "created_at", "updated_at", "model", NULL
	};
	static const char *const written[] = { "uuid", "name", NULL };
	struct take talk = take_exact(value);
	const struct jval *model = take_see(&talk, "model");
	struct chat_session session = {
		.provider = CLAUDE_AI_PROVIDER,
		.key = buf_span(&run->key),
		.title = read_title(&talk),
		.created = claude_ai_take_time(&talk, "created_at"),
		.updated = claude_ai_take_time(&talk, "updated_at"),
		.model = jval_text(model),
	};
	size_t active;
	int rc;

	active = claude_ai_tree_leaf(tree,
		jval_text(take_see(&talk, "current_leaf_message_uuid")),
		&session.is_guessed);
	run->source->guessed += session.is_guessed;
	run->source->mended += tree->mended;
	if (active != CLAUDE_AI_NONE)
		session.active = tree->at[active].key;
	if (run->original.len)
		session.parent = run->original;
	if (session.model.at)
		take_done(&talk, model);
	jcs_fields_reset(&run->fields);
	(void)take_any(&talk, "chat_messages");
	claude_ai_take_key(run, &talk, "uuid",
			   jval_text(take_see(&talk, "uuid")));
	claude_ai_keep_person(run, &talk, "account");
	claude_ai_keep(&talk, own, &run->fields);
	claude_ai_rest(&talk, &run->fields);
	claude_ai_absent(run, &talk, written);
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
		rc = talk_put_session(run, &tree, talk, err);
	for (i = 0; rc >= 0 && i < tree.n; i++)
		rc = claude_ai_message(run, &tree, i, err);
	if (rc >= 0)
		rc = claude_ai_documents(run, &tree, buf_span(&run->key), err);
	claude_ai_tree_release(&tree);
	return rc;
}

/* Both come in, as one: what they do not agree on is the later one's. */
static int tell_double(struct claude_ai_run *run, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	bool is_new = true;
	int rc;

	sha256_of(run->key.data, run->key.len, digest);
	rc = table_include(&run->talks, digest, &is_new, err);
	return rc < 0 || is_new ? rc :
	       import_skip(run->source, "a conversation that stands there "
			   "before: both are read as one", NULL, err);
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
	rc = tell_double(run, err);
	if (rc == 0)
		rc = chat_begin(&run->chat, run->job, run->source,
				CLAUDE_AI_PROVIDER, buf_span(&run->key), err);
	return rc < 0 ? rc : put_all(run, doc, offset, err);
}
