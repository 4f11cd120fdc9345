/*
 * Conversation trees of Open Assistant: one on a line, its messages inside
 * each other as replies; or flat, a message on a line with its parent_id.
 *
 * The key of a session is that of its tree; a message's index is its depth,
 * so that replies which come later move nobody. The shown leaf is at the end
 * of the best-ranked replies, which is a guess where there is a choice. In the
 * flat form a message whose parent was not read yet waits for the tree's end:
 * that may come later, or be lost (links.h).
 */
#include <stdlib.h>

#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"
#include "cmd/import/flat/oasst_tree.h"
#include "cmd/import/records/rest.h"
#include "lib/base/arena.h"
#include "lib/base/array.h"

/* Each reply is two containers deeper than what it answers. */
#define DEPTH_MAX 100000

/* A message whose replies are still to be read. */
struct waiting {
	const struct jval *message;
	struct span parent;
};

/* A flat message that waits for its parent. */
struct late {
	struct span text;
	uint64_t offset;
	size_t turn;		/* among the links */
	uint32_t depth;
};

/* The trees of a source, and the one that is being read. */
struct trees {
	struct oasst_tree tree;
	struct link_talk links;		/* of its flat messages */
	struct arena texts;
	struct {
		struct late *at;
		size_t n;
		size_t cap;
	} late;
	uint64_t mended;
	bool is_late;			/* one of these is read */
	struct table known;		/* SHA-256 of the keys of all */
	bool is_again;			/* its begin was read before */
	struct buf state;
	struct jcs_fields about;	/* native of its session */
	struct {
		struct waiting *at;
		size_t n;
		size_t cap;
	} waiting;
};

/* One form of the data leaves members out that another has as null: both
 * give the same. */
static const struct flat_row message_rows[] = {
	{ FLAT_KEY, "message_id", FLAT_TAKEN },
	{ FLAT_PARENT, "parent_id", FLAT_TAKEN },
	{ FLAT_ROLE, "role", FLAT_STAYS },
	{ FLAT_CREATED, "created_date", FLAT_TAKEN },
	{ FLAT_SAID, "text", FLAT_TAKEN },
	{ FLAT_MODEL, "model_name", FLAT_TAKEN },
	{ FLAT_NULL, "rank", FLAT_TAKEN },
	{ FLAT_NULL, "emojis", FLAT_TAKEN },
	{ FLAT_NULL, "labels", FLAT_TAKEN },
	{ FLAT_NULL, "lang", FLAT_TAKEN },
	{ FLAT_NULL, "review_result", FLAT_TAKEN },
	{ FLAT_NULL, "review_count", FLAT_TAKEN },
	{ FLAT_NULL, "synthetic", FLAT_TAKEN },
	{ FLAT_NULL, "user_id", FLAT_TAKEN },
	{ FLAT_NULL, "detoxify", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_role roles[] = {
	{ "prompter", "user", NULL },
	{ "user", "user", NULL },
	{ "system", "system", NULL },
	{ "assistant", "assistant", NULL },
	{ NULL, NULL, NULL }
};

static int end_tree(struct flat *flat, struct err *err);

/* about: what the source says of the tree beside its messages; or NULL. */
static int begin_tree(struct flat *flat, struct span key,
		      const struct jval *about, const struct jval *root,
		      struct err *err)
{
	const struct chat_session session = {
		.created = chat_time_of(jval_get(root, "created_date")),
		.updated = CHAT_TIME_NONE,
	};
	struct trees *trees = flat->own;
	struct take take = take_begin(about ? about : root);
	unsigned char digest[SHA256_BYTES];
	bool is_new = false;
	int rc;

	sha256_of(key.at, key.len, digest);
	rc = table_include(&trees->known, digest, &is_new, err);
	trees->is_again = !is_new;
	jcs_fields_reset(&trees->about);
	buf_reset(&trees->state);
	buf_put_span(&trees->state, take_text(&take, "tree_state"));
	fields_said(&trees->about, "tree_state",
		    jval_get_text(take.object, "tree_state"));
	if (about) {
		(void)take_same(&take, "message_tree_id", key);
		take_done(&take, root);
		take_rest(&take, &trees->about);
	}
	flat->session = session;
	buf_reset(&flat->next_key);
	buf_put_span(&flat->next_key, key);
	buf_fail(&flat->next_key, buf_end(&trees->state, err));
	if (rc == 0)
		rc = oasst_tree_begin(&trees->tree, key, err);
	return rc < 0 ? rc : flat_begin(flat, err);
}

static int put_message(struct flat *flat, struct flat_item *item,
		       int64_t depth, struct err *err)
{
	struct trees *trees = flat->own;
	struct chat_message message = flat_message(item);

	if (jval_is(take_see(&item->take, "deleted"), JVAL_TRUE))
		message.visibility = "hidden";
	(void)take_value(&item->take, "replies", JVAL_ARRAY);
	(void)take_same(&item->take, "message_tree_id",
			buf_span(&trees->tree.key));
	(void)take_same(&item->take, "tree_state", buf_span(&trees->state));
	flat_say(flat, item);
	take_rest(&item->take, &flat->native);
	flat->index = depth;
	buf_reset(&flat->last);
	return flat_put(flat, &message, err);
}

/* Its replies wait to be read; parent: itself. */
static int wait_for(struct trees *trees, const struct jval *reply,
		    struct span parent, struct err *err)
{
	int rc = 0;

	for (; rc >= 0 && reply; reply = reply->next) {
		rc = array_room(&trees->waiting, err);
		if (rc < 0)
			return rc;
		trees->waiting.at[trees->waiting.n].message = reply;
		trees->waiting.at[trees->waiting.n++].parent = parent;
	}
	return rc;
}

static int64_t rank_of(const struct jval *message)
{
	long long rank;

	return jval_integer(jval_get(message, "rank"), &rank) ? rank :
		INT64_MAX;
}

/* It answers whom it names; where that one is not there, whose reply it is
 * or whom it came behind, and what it names is kept. */
static void choose_parent(struct flat *flat, struct span here,
			  struct span *parent)
{
	struct trees *trees = flat->own;

	if (parent->len && (here.at || trees->is_late) &&
	    !oasst_tree_has(&trees->tree, *parent)) {
		fields_said(&flat->native, "named_parent", *parent);
		trees->mended += here.at != NULL;
		*parent = here;
	}
	if (!parent->len)
		*parent = here;
}

/* The message has its place in the tree. */
static int read_message(struct flat *flat, struct waiting here,
			struct err *err)
{
	struct trees *trees = flat->own;
	struct flat_item item;
	struct span *parent = &item.text[FLAT_PARENT];
	int64_t depth;
	int rc;

	rc = flat_item(flat, message_rows, here.message, &item, err);
	if (rc < 0)
		return rc;
	if (!item.text[FLAT_KEY].len)
		return flat_malformed(flat, "a message without an id, with "
				      "the replies to it", here.message, err);
	choose_parent(flat, here.parent, parent);
	rc = oasst_tree_add(&trees->tree, item.text[FLAT_KEY], *parent,
			    rank_of(here.message), &depth, err);
	if (rc == 0 && depth == OASST_KNOWN)
		return flat_leave_out(flat, "a message whose id stands before "
				      "in its tree", err);
	if (rc >= 0 && trees->is_again)
		rc = import_skip(flat->source, "a place in a tree that came "
				 "in pieces: counted from the piece", NULL,
				 err);
	if (rc >= 0)
		rc = put_message(flat, &item, depth, err);
	return rc < 0 ? rc : wait_for(trees,
		jval_first(jval_get(here.message, "replies")),
		item.text[FLAT_KEY], err);
}

/* A message and all below it, level by level: depth costs no stack. */
static int read_replies(struct flat *flat, const struct jval *root,
			struct err *err)
{
	struct trees *trees = flat->own;
	const struct waiting first = { .message = root };
	size_t i;
	int rc;

	trees->waiting.n = 0;
	rc = read_message(flat, first, err);
	for (i = 0; rc >= 0 && i < trees->waiting.n; i++)
		rc = read_message(flat, trees->waiting.at[i], err);
	return rc;
}

static int read_tree(struct flat *flat, const struct jval *root,
		     struct err *err)
{
	const struct jval *value = flat->given->value;
	struct span key = jval_get_text(value, "message_tree_id");
	int rc;

	if (!key.len)
		key = jval_get_text(root, "message_id");
	if (!key.len)
		return flat_malformed(flat, "a tree without an id", value,
				      err);
	rc = end_tree(flat, err);
	if (rc >= 0)
		rc = begin_tree(flat, key, root == value ? NULL : value, root,
				err);
	if (rc >= 0)
		rc = read_replies(flat, root, err);
	return rc < 0 ? rc : end_tree(flat, err);
}

/* It waits for the one that it answers. */
static int keep_late(struct flat *flat, struct err *err)
{
	struct trees *trees = flat->own;
	struct late late = {
		.offset = flat->given->offset,
		.turn = trees->links.turns.n - 1,
	};
	int rc = array_room(&trees->late, err);

	if (rc == 0)
		rc = arena_keep(&trees->texts, flat->given->text, &late.text,
				err);
	if (rc == 0)
		trees->late.at[trees->late.n++] = late;
	return rc;
}

/* A message on its own: of the tree before, or the first of another. */
static int read_flat(struct flat *flat, struct span key, struct err *err)
{
	static const struct link reply = { .parent = LINK_NONE };
	struct trees *trees = flat->own;
	const struct waiting here = { .message = flat->given->value };
	struct span parent = jval_get_text(here.message, "parent_id");
	int rc = 0;

	if (!span_equals(key, buf_span(&trees->tree.key))) {
		rc = end_tree(flat, err);
		if (rc >= 0)
			rc = begin_tree(flat, key, NULL, here.message, err);
	}
	if (rc >= 0)
		rc = link_talk_add(&trees->links, &reply,
				   jval_get_text(here.message, "message_id"),
				   parent, err);
	if (rc < 0)
		return rc;
	return parent.len && !trees->is_again &&
	       !oasst_tree_has(&trees->tree, parent) ?
		keep_late(flat, err) : read_message(flat, here, err);
}

static int read_late(struct flat *flat, const struct late *late,
		     struct err *err)
{
	static const struct jdoc_options options = {
		.max_depth = DEPTH_MAX, .flags = JDOC_SURROGATES_KEEP
	};
	struct trees *trees = flat->own;
	const struct source_value *given = flat->given;
	struct source_value now = { NULL, late->text, late->offset };
	struct waiting here = {
		.parent = link_talk_parent(&trees->links, late->turn),
	};
	struct jdoc *doc = NULL;
	int rc = jdoc_parse(late->text, &options, &doc, err);

	if (rc < 0)
		return rc;
	here.message = now.value = jdoc_root(doc);
	flat->given = &now;
	trees->is_late = true;
	rc = read_message(flat, here, err);
	trees->is_late = false;
	flat->given = given;
	jdoc_free(doc);
	return rc;
}

/* Whoever is answered comes first. */
static int order_late(const void *a, const void *b)
{
	const struct late *x = a;
	const struct late *y = b;

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return (x->turn > y->turn) - (x->turn < y->turn);
}

static int put_late(struct flat *flat, struct err *err)
{
	struct trees *trees = flat->own;
	size_t i;
	int rc = 0;

	if (trees->late.n)
		rc = link_talk_mend(&trees->links, err);
	for (i = 0; rc >= 0 && i < trees->late.n; i++)
		trees->late.at[i].depth =
			trees->links.turns.at[trees->late.at[i].turn].depth;
	if (trees->late.n)
		qsort(trees->late.at, trees->late.n, sizeof(*trees->late.at),
		      order_late);
	for (i = 0; rc >= 0 && i < trees->late.n; i++)
		rc = read_late(flat, &trees->late.at[i], err);
	return rc;
}

static void forget_flat(struct trees *trees)
{
	static const struct link_talk none = LINK_TALK_INIT;

	link_talk_release(&trees->links);
	trees->links = none;
	arena_release(&trees->texts);
	trees->late.n = 0;
	trees->mended = 0;
}

/* The session of the tree that was read. */
static int end_tree(struct flat *flat, struct err *err)
{
	struct trees *trees = flat->own;
	struct jcs_fields native;
	int rc = put_late(flat, err);

	buf_reset(&trees->tree.key);
	if (rc >= 0 && trees->tree.nodes.n && !trees->is_again) {
		native = flat->native;
		flat->native = trees->about;
		trees->about = native;
		flat->session.active = oasst_tree_leaf(&trees->tree);
		flat->session.is_guessed = trees->tree.has_choice ||
			trees->mended;
		flat->source->mended += trees->mended;
		trees->tree.nodes.n = 0;
		rc = flat_end(flat, err);
	}
	forget_flat(trees);
	return rc;
}

static int read_value(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *prompt = jval_get(value, "prompt");
	const struct jval *root = jval_is(prompt, JVAL_OBJECT) ? prompt :
		value;
	struct span key = jval_get_text(value, "message_tree_id");
	struct chat_time created = chat_time_of(jval_get(root,
							 "created_date"));

	if (!import_is_wanted(flat->job, created.micros))
		return flat_leave_out(flat, FLAT_OLD, err);
	return root == value && key.len && !jval_get(value, "replies") ?
		read_flat(flat, key, err) : read_tree(flat, root, err);
}

static const struct flat_format oasst_format = {
	.provider = "oasst",
	.max_depth = DEPTH_MAX,
	.value = read_value,
	.roles = roles,
	.end = end_tree,
};

static int read_trees(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct trees trees = {
		.tree = OASST_TREE_INIT, .about = JCS_FIELDS_INIT,
		.known = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.state = BUF_INIT(BUF_NO_LIMIT),
		.links = LINK_TALK_INIT, .texts = ARENA_INIT,
	};
	int rc = flat_read_own(job, source, &trees, err);

	oasst_tree_release(&trees.tree);
	table_release(&trees.known);
	buf_release(&trees.state);
	jcs_fields_release(&trees.about);
	free(trees.waiting.at);
	forget_flat(&trees);
	free(trees.late.at);
	return rc;
}

const struct importer oasst_importer = {
	.name = "oasst",
	.one = "file of conversation trees",
	.many = "files of conversation trees",
	.construct = "oasst",
	.signs = (const char *const[]){
		"message_tree_id prompt|text",
		"!message_tree_id message_id text role parent_id|replies", NULL
	},
	.read = read_trees,
	.flat = &oasst_format,
};
