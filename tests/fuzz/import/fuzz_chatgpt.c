/*
 * Exports of ChatGPT: whatever comes in, the records are valid and the same
 * each time, and every tree is a forest.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/chatgpt/tree.h"
#include "cmd/import/records/chat.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Every node is as deep as its way up is long, and one of its parent's
 * children. */
static void check_node(const struct chatgpt_tree *tree, size_t i)
{
	const struct chatgpt_node *node = &tree->at[i];
	size_t family = node->parent == CHATGPT_NO_NODE ? tree->n :
		node->parent;
	size_t steps = 0;
	size_t at = i;

	assert(chatgpt_tree_find(tree, node->key) == i);
	for (; tree->at[at].parent != CHATGPT_NO_NODE; steps++) {
		at = tree->at[at].parent;
		assert(steps < tree->n);
	}
	assert(node->depth == steps);
	if (family < tree->n)
		assert(tree->family[tree->first[family] + node->nth] == i);
	assert(tree->first[family] + node->nth < tree->first[family + 1]);
	(void)chatgpt_tree_is_odd(tree, i);
}

static void check_tree(const struct jval *conversation)
{
	struct chatgpt_tree tree;
	size_t leaf;
	size_t i;
	int rc;

	rc = chatgpt_tree_read(&tree, jval_get(conversation, "mapping"), NULL);
	assert(rc == 0);
	assert(tree.first[tree.n + 1] == tree.n);
	for (i = 0; i < tree.n; i++)
		check_node(&tree, i);
	leaf = chatgpt_tree_last_leaf(&tree);
	assert((leaf == CHATGPT_NO_NODE) == !tree.n);
	if (tree.n)
		assert(tree.first[leaf] == tree.first[leaf + 1]);
	chatgpt_tree_release(&tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	const struct jval *root;
	struct jdoc *doc = NULL;

	if (jdoc_parse(span_of(data, len), &options, &doc, NULL) == 0) {
		root = jdoc_root(doc);
		check_tree(jval_is(root, JVAL_ARRAY) ? jval_first(root) :
			   root);
	}
	jdoc_free(doc);
	return importer_fuzz(&chatgpt_importer, data, len);
}
