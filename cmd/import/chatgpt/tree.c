#include "cmd/import/chatgpt/tree.h"

#include <stdlib.h>

#include "cmd/import/chatgpt/run.h"
#include "cmd/import/records/links.h"

static int order_by_key(const void *a, const void *b)
{
	const struct chatgpt_node *left = a;
	const struct chatgpt_node *right = b;

	return span_compare(left->key, right->key);
}

static int collect(struct chatgpt_tree *tree, const struct jval *mapping,
		   struct err *err)
{
	size_t most = jval_count(mapping);
	const struct jval *value = jval_first(mapping);
	struct chatgpt_node *node;

	tree->at = calloc(most + 1, sizeof(*tree->at));
	tree->first = calloc(most + 3, sizeof(*tree->first));
	tree->family = calloc(most + 1, sizeof(*tree->family));
	if (!tree->at || !tree->first || !tree->family)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (; value; value = value->next) {
		if (!jval_is(value, JVAL_OBJECT)) {
			tree->others++;
			continue;
		}
		node = &tree->at[tree->n++];
		node->key = value->key;
		node->value = value;
		node->listed = SIZE_MAX;
		node->created = chatgpt_time(jval_get(jval_get(value,
			"message"), "create_time")).micros;
	}
	qsort(tree->at, tree->n, sizeof(*tree->at), order_by_key);
	return 0;
}

size_t chatgpt_tree_find(const struct chatgpt_tree *tree, struct span key)
{
	struct chatgpt_node wanted = { .key = key };
	const struct chatgpt_node *found = NULL;

	if (key.at && tree->n)
		found = bsearch(&wanted, tree->at, tree->n, sizeof(wanted),
				order_by_key);
	return found ? (size_t)(found - tree->at) : CHATGPT_NO_NODE;
}

/* Nodes in the order in which they came: first those that say nothing, as
 * roots do, then those without a time. Keys in an object have no order. */
struct arrival {
	const struct chatgpt_node *node;
	size_t number;
};

static bool says(const struct chatgpt_node *node)
{
	return jval_is(jval_get(node->value, "message"), JVAL_OBJECT);
}

static int order_arrivals(const void *a, const void *b)
{
	const struct arrival *left = a;
	const struct arrival *right = b;
	const struct chatgpt_node *x = left->node;
	const struct chatgpt_node *y = right->node;

	if (says(x) != says(y))
		return says(x) ? 1 : -1;
	if (x->created != y->created)
		return x->created < y->created ? -1 : 1;
	return (left->number > right->number) - (left->number < right->number);
}

/* A node that has lost its parent may stand in the children of that. */
static void name_parents(struct chatgpt_tree *tree)
{
	const struct jval *item;
	size_t child;
	size_t i;

	for (i = 0; i < tree->n; i++)
		tree->at[i].parent = chatgpt_tree_find(tree,
			jval_get_text(tree->at[i].value, "parent"));
	for (i = 0; i < tree->n; i++) {
		item = jval_get(tree->at[i].value, "children");
		if (!jval_is(item, JVAL_ARRAY))
			continue;
		for (item = jval_first(item); item; item = item->next) {
			child = chatgpt_tree_find(tree, jval_text(item));
			if (child != CHATGPT_NO_NODE && child != i &&
			    tree->at[child].parent == CHATGPT_NO_NODE &&
			    tree->at[i].parent != child)
				tree->at[child].parent = i;
		}
	}
}

/* A conversation has one root: what else names no node has lost its link. */
static void mend_parents(struct chatgpt_tree *tree,
			 const struct arrival *order, struct link *links)
{
	struct chatgpt_node *node;
	uint32_t tail;
	size_t i;

	for (i = 0; i < tree->n; i++)
		tree->at[order[i].number].mark = i;
	for (i = 0; i < tree->n; i++) {
		node = &tree->at[order[i].number];
		links[i].parent = node->parent == CHATGPT_NO_NODE ? LINK_LOST :
			(uint32_t)tree->at[node->parent].mark;
	}
	links_mend(links, (uint32_t)tree->n, &tail, 1);
	for (i = 0; i < tree->n; i++) {
		node = &tree->at[order[i].number];
		node->parent = links[i].parent == LINK_NONE ?
			CHATGPT_NO_NODE : order[links[i].parent].number;
		tree->mended += links[i].is_guessed;
	}
}

static int link_parents(struct chatgpt_tree *tree, struct err *err)
{
	struct arrival *order = calloc(tree->n + 1, sizeof(*order));
	struct link *links = calloc(tree->n + 1, sizeof(*links));
	size_t i;
	int rc = 0;

	if (!order || !links) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	for (i = 0; i < tree->n; i++)
		order[i] = (struct arrival){ &tree->at[i], i };
	qsort(order, tree->n, sizeof(*order), order_arrivals);
	name_parents(tree);
	mend_parents(tree, order, links);
out:
	free(order);
	free(links);
	return rc;
}

/* Where each node stands in its parent's list; the first time counts. */
static void read_lists(struct chatgpt_tree *tree)
{
	const struct jval *item;
	size_t child;
	size_t place;
	size_t i;

	for (i = 0; i < tree->n; i++) {
		item = jval_get(tree->at[i].value, "children");
		if (!jval_is(item, JVAL_ARRAY))
			continue;
		place = 0;
		for (item = jval_first(item); item; item = item->next) {
			child = chatgpt_tree_find(tree, jval_text(item));
			if (child != CHATGPT_NO_NODE &&
			    tree->at[child].parent == i &&
			    tree->at[child].listed == SIZE_MAX)
				tree->at[child].listed = place++;
		}
	}
}

/* The family is sorted through these: qsort() carries no context. */
struct sibling {
	const struct chatgpt_node *node;
	size_t number;
};

static int order_siblings(const void *a, const void *b)
{
	const struct sibling *left = a;
	const struct sibling *right = b;
	const struct chatgpt_node *x = left->node;
	const struct chatgpt_node *y = right->node;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	if (x->listed != y->listed)
		return x->listed < y->listed ? -1 : 1;
	if (x->created != y->created)
		return x->created < y->created ? -1 : 1;
	return (left->number > right->number) - (left->number < right->number);
}

/* A root's parent is the greatest number, so that roots come last. */
static int make_families(struct chatgpt_tree *tree, struct err *err)
{
	struct sibling *all = calloc(tree->n + 1, sizeof(*all));
	struct chatgpt_node *node;
	size_t parent;
	size_t i;

	if (!all)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < tree->n; i++)
		all[i] = (struct sibling){ &tree->at[i], i };
	qsort(all, tree->n, sizeof(*all), order_siblings);
	for (i = 0; i < tree->n; i++) {
		node = &tree->at[all[i].number];
		tree->family[i] = all[i].number;
		parent = node->parent == CHATGPT_NO_NODE ? tree->n :
			node->parent;
		tree->first[parent + 1] = i + 1;
	}
	/* One without children begins and ends where the one before ends. */
	for (i = 1; i <= tree->n + 1; i++) {
		if (!tree->first[i])
			tree->first[i] = tree->first[i - 1];
	}
	for (i = 0; i < tree->n; i++) {
		node = &tree->at[tree->family[i]];
		node->nth = node->parent == CHATGPT_NO_NODE ? 0 :
			i - tree->first[node->parent];
	}
	free(all);
	return 0;
}

/* Down from the roots, a generation behind the other: marks hold the queue. */
static void count_depths(struct chatgpt_tree *tree)
{
	size_t put = 0;
	size_t i;
	size_t j;

	for (i = tree->first[tree->n]; i < tree->n; i++)
		tree->at[put++].mark = tree->family[i];
	for (i = 0; i < put; i++) {
		size_t at = tree->at[i].mark;

		for (j = tree->first[at]; j < tree->first[at + 1]; j++) {
			tree->at[tree->family[j]].depth =
				tree->at[at].depth + 1;
			tree->at[put++].mark = tree->family[j];
		}
	}
}

int chatgpt_tree_read(struct chatgpt_tree *tree, const struct jval *mapping,
		      struct err *err)
{
	int rc;

	*tree = (struct chatgpt_tree)CHATGPT_TREE_INIT;
	if (!jval_is(mapping, JVAL_OBJECT))
		mapping = NULL;
	rc = collect(tree, mapping, err);
	if (rc < 0)
		goto out;
	rc = link_parents(tree, err);
	if (rc < 0)
		goto out;
	read_lists(tree);
	rc = make_families(tree, err);
	if (rc >= 0)
		count_depths(tree);
out:
	if (rc < 0)
		chatgpt_tree_release(tree);
	return rc;
}

void chatgpt_tree_release(struct chatgpt_tree *tree)
{
	free(tree->at);
	free(tree->first);
	free(tree->family);
	*tree = (struct chatgpt_tree)CHATGPT_TREE_INIT;
}

size_t chatgpt_tree_last_leaf(const struct chatgpt_tree *tree)
{
	size_t at = tree->n;

	if (!tree->n)
		return CHATGPT_NO_NODE;
	while (tree->first[at] < tree->first[at + 1])
		at = tree->family[tree->first[at + 1] - 1];
	return at;
}

bool chatgpt_tree_is_odd(const struct chatgpt_tree *tree, size_t node)
{
	const struct jval *list = jval_get(tree->at[node].value, "children");
	const struct jval *item;
	size_t i = tree->first[node];

	if (!list)
		return false;
	if (!jval_is(list, JVAL_ARRAY))
		return true;
	for (item = jval_first(list); item; item = item->next, i++) {
		if (i == tree->first[node + 1] ||
		    !span_equals(jval_text(item),
				 tree->at[tree->family[i]].key))
			return true;
	}
	return i != tree->first[node + 1];
}
