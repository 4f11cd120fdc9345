#include "cmd/import/claude_ai/tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/claude_ai/claude_ai.h"
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

static bool is_root(struct span parent)
{
	return !parent.len || span_equals(parent,
					  span_str(CLAUDE_AI_NO_PARENT));
}

static void link_nodes(struct claude_ai_tree *tree)
{
	unsigned char id[SHA256_BYTES];
	struct claude_ai_node *node;
	struct claude_ai_node *parent;
	uint64_t at;
	size_t i;

	for (i = 0; i < tree->n; i++) {
		node = &tree->at[i];
		node->first = node->last = node->next = CLAUDE_AI_NONE;
		node->parent_at = CLAUDE_AI_NONE;
		if (tree->has_parents)
			node->parent = jval_get_text(node->value,
						     "parent_message_uuid");
		else if (i)
			node->parent = node[-1].key;
		if (is_root(node->parent))
			node->parent = span_of(NULL, 0);
	}
	for (i = 0; i < tree->n; i++) {
		node = &tree->at[i];
		sha256_of(node->parent.at, node->parent.len, id);
		if (!node->parent.at || !table_get(&tree->ids, id, &at))
			continue;
		node->parent_at = (size_t)at;
		parent = &tree->at[at];
		if (parent->first == CLAUDE_AI_NONE)
			parent->first = i;
		else
			tree->at[parent->last].next = i;
		parent->last = i;
	}
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
	if (rc >= 0)
		link_nodes(tree);
	return rc;
}

static bool is_before(const struct claude_ai_tree *tree, size_t a, size_t b)
{
	int64_t x = tree->at[a].created.micros;
	int64_t y = tree->at[b].created.micros;

	return x != y ? x < y : a < b;
}

/* The child that came last; parents that go in a circle end it. */
static size_t descend(const struct claude_ai_tree *tree, size_t at)
{
	size_t steps;
	size_t child;
	size_t best;

	for (steps = 0; steps < tree->n; steps++) {
		best = tree->at[at].first;
		if (best == CLAUDE_AI_NONE)
			break;
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

	*out_is_guessed = false;
	sha256_of(named.at, named.len, id);
	if (named.at && table_get(&tree->ids, id, &at))
		return (size_t)at;
	if (!tree->n)
		return CLAUDE_AI_NONE;
	for (i = 0; i < tree->n; i++) {
		leaves += tree->at[i].first == CLAUDE_AI_NONE;
		best = is_before(tree, best, i) ? i : best;
	}
	*out_is_guessed = leaves != 1 || named.at;
	return tree->has_parents ? descend(tree, best) : tree->n - 1;
}
