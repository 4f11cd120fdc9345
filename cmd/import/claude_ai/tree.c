#include "cmd/import/claude_ai/tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/claude_ai/claude_ai.h"
#include "cmd/import/records/links.h"
#include "lib/id/hash.h"

void claude_ai_tree_release(struct claude_ai_tree *tree)
{
	free(tree->at);
	tree->at = NULL;
	tree->n = 0;
	table_release(&tree->ids);
}

static int order_by_index(const void *a, const void *b)
{
	const struct claude_ai_node *x = a;
	const struct claude_ai_node *y = b;
	int order = (x->index > y->index) - (x->index < y->index);

	/* Until now `next` is the place in the array. */
	return order ? order : (x->next > y->next) - (x->next < y->next);
}

/* The objects among the items, in the order of the conversation. */
static int collect(struct claude_ai_tree *tree,
		   const struct claude_ai_place *place,
		   const struct jval *messages, struct err *err)
{
	const struct jval *item = jval_first(messages);
	struct claude_ai_node *node;
	int rc = 0;

	tree->at = calloc(jval_count(messages) + 1, sizeof(*tree->at));
	if (!tree->at)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (; rc >= 0 && item; item = item->next) {
		if (!jval_is(item, JVAL_OBJECT)) {
			rc = import_malformed(place->job, place->source,
					      "a message that is no object",
					      place->offset +
					      jdoc_offset(place->doc, item),
					      item->raw, err);
			continue;
		}
		node = &tree->at[tree->n];
		node->value = item;
		node->next = tree->n++;
		tree->has_parents |= jval_get(item, "parent_message_uuid") !=
			NULL;
		tree->has_index &= jval_integer(jval_get(item, "index"),
						&node->index);
	}
	return rc;
}

/* Keys and times; of several messages with one id the first stays. */
static int name_nodes(struct claude_ai_tree *tree,
		      struct import_source *source, struct err *err)
{
	unsigned char id[SHA256_BYTES];
	struct claude_ai_node *node;
	size_t kept = 0;
	bool is_new;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < tree->n; i++) {
		if (kept != i)
			tree->at[kept] = tree->at[i];
		node = &tree->at[kept];
		node->key = jval_get_text(node->value, "uuid");
		if (!node->key.len) {
			snprintf(node->made, sizeof(node->made), "index-%zu",
				 kept);
			node->key = span_str(node->made);
		}
		node->created = chat_time_of(jval_get(node->value,
						      "created_at"));
		sha256_of(node->key.at, node->key.len, id);
		rc = table_add(&tree->ids, id, kept, &is_new, err);
		if (is_new)
			kept++;
		else
			rc = import_leave_out(source, "a message whose id "
					      "another one of its conversation "
					      "has", NULL, err);
	}
	tree->n = kept;
	return rc;
}

/* What a message names as the one before it; links.h has what is none. */
static uint32_t named_by(const struct claude_ai_tree *tree, size_t i)
{
	const struct jval *said = jval_get(tree->at[i].value,
					   "parent_message_uuid");
	struct span parent = jval_text(said);
	unsigned char id[SHA256_BYTES];
	uint64_t at;

	if (!tree->has_parents || !said)
		return LINK_UNSAID;
	if (span_equals(parent, span_str(CLAUDE_AI_NO_PARENT)))
		return LINK_NONE;
	sha256_of(parent.at, parent.len, id);
	return parent.len && table_get(&tree->ids, id, &at) ? (uint32_t)at :
		LINK_LOST;
}

static void hang_node(struct claude_ai_tree *tree, size_t i,
		      const struct link *link)
{
	struct claude_ai_node *node = &tree->at[i];
	struct claude_ai_node *parent;

	tree->mended += link->is_guessed;
	if (link->parent == LINK_NONE)
		return;
	parent = &tree->at[link->parent];
	node->parent_at = link->parent;
	node->parent = parent->key;
	if (parent->first == CLAUDE_AI_NONE)
		parent->first = i;
	else
		tree->at[parent->last].next = i;
	parent->last = i;
}

static int link_nodes(struct claude_ai_tree *tree, struct err *err)
{
	struct link *links = calloc(tree->n + 1, sizeof(*links));
	struct claude_ai_node *node;
	uint32_t tail;
	size_t i;

	if (!links)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < tree->n; i++) {
		node = &tree->at[i];
		node->first = node->last = node->next = CLAUDE_AI_NONE;
		node->parent_at = CLAUDE_AI_NONE;
		links[i].parent = named_by(tree, i);
	}
	links_mend(links, (uint32_t)tree->n, &tail, 1);
	for (i = 0; i < tree->n; i++)
		hang_node(tree, i, &links[i]);
	free(links);
	return 0;
}

int claude_ai_tree_build(struct claude_ai_tree *tree,
			 const struct claude_ai_place *place,
			 const struct jval *messages, struct err *err)
{
	int rc;

	rc = collect(tree, place, messages, err);
	if (rc < 0)
		return rc;
	if (!tree->has_parents && tree->has_index && tree->n)
		qsort(tree->at, tree->n, sizeof(*tree->at), order_by_index);
	rc = name_nodes(tree, place->source, err);
	return rc < 0 ? rc : link_nodes(tree, err);
}

static bool is_before(const struct claude_ai_tree *tree, size_t a, size_t b)
{
	int64_t x = tree->at[a].created.micros;
	int64_t y = tree->at[b].created.micros;

	return x != y ? x < y : a < b;
}

/* By the child that came last. */
static size_t descend(const struct claude_ai_tree *tree, size_t at)
{
	size_t child;
	size_t best;

	while ((best = tree->at[at].first) != CLAUDE_AI_NONE) {
		for (child = best; child != CLAUDE_AI_NONE;
		     child = tree->at[child].next)
			best = is_before(tree, best, child) ? child : best;
		at = best;
	}
	return at;
}

size_t claude_ai_tree_leaf(const struct claude_ai_tree *tree,
			   struct span named, bool *out_is_guessed)
{
	unsigned char id[SHA256_BYTES];
	size_t leaves = 0;
	size_t best = 0;
	uint64_t at;
	size_t i;

	*out_is_guessed = tree->mended > 0;
	sha256_of(named.at, named.len, id);
	if (named.at && table_get(&tree->ids, id, &at))
		return (size_t)at;
	if (!tree->n)
		return CLAUDE_AI_NONE;
	for (i = 0; i < tree->n; i++) {
		leaves += tree->at[i].first == CLAUDE_AI_NONE;
		best = is_before(tree, best, i) ? i : best;
	}
	*out_is_guessed |= leaves != 1 || named.at;
	return tree->has_parents ? descend(tree, best) : tree->n - 1;
}
