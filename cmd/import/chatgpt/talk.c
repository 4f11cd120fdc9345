#include "cmd/import/chatgpt/chatgpt.h"

#include <stdlib.h>

#include "cmd/import/chatgpt/run.h"
#include "cmd/import/parse/value_lines.h"
#include "cmd/import/identity/namesake.h"
#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"

#define GIZMO "g-"
#define PROJECT "g-p-"

/* A conversation without an id: told by when it began and by its first node,
 * which stay when it grows. */
static int talk_make_key(struct chatgpt_run *run,
			 const struct jval *conversation,
			 const struct chatgpt_tree *tree, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	const struct jval *created = jval_get(conversation, "create_time");
	struct chat_time time = chatgpt_time(created);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	/* However it is written: an exporter may write it otherwise. */
	if (time.micros != CHAT_TIME_UNKNOWN)
		buf_putf(&text, "%lld", (long long)time.micros);
	else if (created)
		buf_put_span(&text, created->raw);
	buf_put_char(&text, '\n');
	if (tree->n)
		buf_put_span(&text,
			     tree->at[tree->family[tree->first[tree->n]]].key);
	rc = buf_end(&text, err);
	sha256_of(text.data, text.len, digest);
	buf_release(&text);
	buf_reset(&run->made_key);
	buf_put_str(&run->made_key, "sha256-");
	return rc < 0 ? rc : hex_add(&run->made_key, digest, sizeof(digest),
				     err);
}

static int find_key(struct chatgpt_run *run, const struct jval *conversation,
		    const struct chatgpt_tree *tree, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	bool is_new = true;
	int rc;

	run->conversation = jval_get_text(conversation, "conversation_id");
	if (!run->conversation.len)
		run->conversation = jval_get_text(conversation, "id");
	if (!run->conversation.len) {
		rc = talk_make_key(run, conversation, tree, err);
		if (rc < 0)
			return rc;
		run->conversation = buf_span(&run->made_key);
	}
	sha256_of(run->conversation.at, run->conversation.len, digest);
	rc = table_include(&run->seen, digest, &is_new, err);
	run->repeated += !is_new;
	return rc;
}

/* Which GPT a session of the vault was with. */
static bool read_gizmo(struct span state, struct namesake *out)
{
	struct span native;
	struct span conversation;

	if (jcs_find(state, "native", &native) &&
	    jcs_find(native, "conversation", &conversation))
		namesake_set_from(out, NAMESAKE_MAKER, conversation,
				  "gizmo_id");
	return out->traits[NAMESAKE_MAKER].len != 0;
}

static const struct namesakes gizmos = {
	.what = "GPT", .is_certain = true, .by = "spelt", .kind = "session",
	.read = read_gizmo,
};

/* A custom GPT is a construct of its own; a project is only a folder. */
static int find_construct(struct chatgpt_run *run,
			  const struct jval *conversation, struct err *err)
{
	struct span gizmo = jval_get_text(conversation, "gizmo_id");
	const struct jval *type = jval_get(conversation, "gizmo_type");
	struct namesake_named named = {
		.kind = &gizmos, .name = gizmo, .base = run->construct,
	};

	run->chat.construct = NULL;
	if (run->job->options.construct || !span_begins(gizmo, GIZMO) ||
	    span_begins(gizmo, PROJECT) || jval_is_text(type, "snorlax") ||
	    construct_name_fold(gizmo, run->construct, NULL) < 0)
		return 0;
	run->chat.construct = run->construct;
	namesake_set(&named.who, NAMESAKE_MAKER, gizmo);
	return namesake_home(run->job, run->source, &named, run->construct,
			     err);
}

/* [[key,children],...] of the nodes whose links say something else. */
static void keep_children(struct chatgpt_run *run,
			  const struct chatgpt_tree *tree)
{
	struct buf *out = &run->value;
	size_t i;

	buf_reset(out);
	for (i = 0; i < tree->n; i++) {
		if (!chatgpt_tree_is_odd(tree, i))
			continue;
		buf_put_str(out, out->len ? ",[" : "[[");
		chat_put_text(out, tree->at[i].key);
		buf_put_char(out, ',');
		buf_fail(out, jdoc_to_jcs(jval_get(tree->at[i].value,
						   "children"), out, NULL));
		buf_put_char(out, ']');
	}
	if (out->len) {
		buf_put_char(out, ']');
		fields_buf(&run->native, "children", out);
	}
}

static void find_leaf(struct take *take, const struct chatgpt_tree *tree,
		      struct chat_session *out)
{
	const struct jval *current = take_see(take, "current_node");
	size_t leaf = chatgpt_tree_find(tree, jval_text(current));

	/* Of a session that is guessed an exporter knows no leaf. */
	out->is_guessed = tree->mended > 0;
	if (leaf != CHATGPT_NO_NODE && !out->is_guessed)
		take_done(take, current);
	if (leaf == CHATGPT_NO_NODE) {
		leaf = chatgpt_tree_last_leaf(tree);
		out->is_guessed |= leaf != CHATGPT_NO_NODE;
	}
	if (leaf != CHATGPT_NO_NODE)
		out->active = tree->at[leaf].key;
}

static int keep_rest(struct chatgpt_run *run, const struct take *take,
		     struct err *err)
{
	/* Its mapping would stand here as well. */
	if (take->object->marks & JVAL_MEMBER_WTF)
		return import_skip(run->source, "the fields of conversations "
				   "with one whose name is no text", NULL,
				   err);
	take_rest_under(take, "conversation", &run->native);
	return 0;
}

static int talk_put_session(struct chatgpt_run *run,
			    const struct jval *conversation,
			    const struct chatgpt_tree *tree, struct err *err)
{
	static const char *const written[] = { "conversation_id", "id", NULL };
	struct take take = take_exact(conversation);
	struct chat_session session = {
		.provider = CHATGPT_PROVIDER,
		.key = run->conversation,
		.model = jval_text(take_see(&take, "default_model_slug")),
		.created = chatgpt_take_time(&take, "create_time"),
		.updated = chatgpt_take_time(&take, "update_time"),
	};
	const struct jval *title = take_see(&take, "title");
	int rc;

	session.title = jval_text(title);
	if (session.title.at)
		take_done(&take, title);
	/* What is no tree is kept as it stands. */
	(void)take_value(&take, "mapping", JVAL_OBJECT);
	(void)take_same(&take, "conversation_id", run->conversation);
	(void)take_same(&take, "id", run->conversation);
	find_leaf(&take, tree, &session);
	run->source->guessed += session.is_guessed;
	run->source->mended += tree->mended;
	jcs_fields_reset(&run->native);
	buf_reset(&run->absent);
	take_absent(&take, "", written, &run->absent);
	keep_children(run, tree);
	chatgpt_native_key(run, run->conversation);
	rc = keep_rest(run, &take, err);
	if (rc == 0)
		rc = chatgpt_native_write(run, &session.native, err);
	return rc < 0 ? rc : chat_put_session(&run->chat, &session, err);
}

static int put_all(struct chatgpt_run *run, const struct jval *conversation,
		   const struct chatgpt_tree *tree, struct err *err)
{
	size_t i;
	int rc;

	rc = find_construct(run, conversation, err);
	if (rc == 0)
		rc = chat_begin(&run->chat, run->job, run->source,
				CHATGPT_PROVIDER, run->conversation, err);
	for (i = 0; rc >= 0 && i < tree->others; i++)
		rc = import_leave_out(run->source, "nodes that are no objects",
				      NULL, err);
	if (rc >= 0)
		rc = chatgpt_canvas_read(run, tree, err);
	for (i = 0; rc >= 0 && i < tree->n; i++)
		rc = chatgpt_message(run, tree, i, err);
	return rc < 0 ? rc : talk_put_session(run, conversation, tree, err);
}

static int put_conversation(struct chatgpt_run *run,
			    const struct jval *conversation, struct err *err)
{
	struct chatgpt_tree tree = CHATGPT_TREE_INIT;
	struct chat_time time;
	int rc;

	time = chatgpt_time(jval_get(conversation, "update_time"));
	if (time.micros == CHAT_TIME_UNKNOWN)
		time = chatgpt_time(jval_get(conversation, "create_time"));
	if (!import_is_wanted(run->job, time.micros))
		return import_leave_out(run->source, "conversations older "
					"than --since", NULL, err);
	rc = chatgpt_tree_read(&tree, jval_get(conversation, "mapping"), err);
	if (rc >= 0)
		rc = find_key(run, conversation, &tree, err);
	if (rc >= 0)
		rc = put_all(run, conversation, &tree, err);
	chatgpt_tree_release(&tree);
	return rc;
}

int chatgpt_malformed(struct chatgpt_run *run, const struct err *why,
		      uint64_t offset, struct span bytes, struct err *err)
{
	const char *line = strstr(why->text, " at line ");
	const char *byte = strstr(why->text, " (byte ");
	const char *end = line ? line : byte;
	struct span text = span_str(why->text);

	if (end)
		text.len = (size_t)(end - text.at);
	buf_reset(&run->key);
	buf_put_str(&run->key, run->place);
	buf_put_span(&run->key, text);
	if (buf_end(&run->key, err) < 0)
		return ERR_NOMEM;
	if (byte)
		offset += strtoull(byte + strlen(" (byte "), NULL, 10);
	return import_malformed(run->job, run->source, buf_text(&run->key),
				offset, bytes, err);
}

int chatgpt_conversation(struct chatgpt_run *run, struct span text,
			 uint64_t offset, struct err *err)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP,
		.max_values = VALUE_LINE_VALUES,
	};
	const struct jval *root;
	struct err why = ERR_INIT;
	struct jdoc *doc = NULL;
	int rc;

	rc = jdoc_parse(text, &options, &doc, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return chatgpt_malformed(run, &why, offset, text, err);
	root = jdoc_root(doc);
	if (!jval_get(root, "mapping")) {
		(void)err_set(&why, ERR_INVALID, "no conversation of ChatGPT: "
			      "it has no mapping");
		rc = chatgpt_malformed(run, &why, offset, text, err);
	} else {
		run->duplicates += jdoc_duplicates(doc);
		rc = put_conversation(run, root, err);
	}
	jdoc_free(doc);
	return rc;
}
