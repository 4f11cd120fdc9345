#include "tests/unit/tree_made.h"

/*
 * A write that was cut short may leave a tree without a folder in it. What
 * builds the same tree later must not take it for whole.
 */
static void test_leftover(const char *name, bool joins)
{
	struct store *store = make_store(name);
	unsigned char root[SHA256_BYTES];
	struct tree_heads heads = { .n = 2 };
	git_oid two[2];
	git_oid tree;

	tree = insert_one(store, empty_tree(store), "memory/b", "one\n");
	if (joins) {
		two[0] = insert_one(store, empty_tree(store), "memory", "one\n");
		two[1] = tree;
		is_int(tree_keep(store, &two[0], &err), 0, "the heads,");
		is_int(tree_keep(store, &two[1], &err), 0, "both of them,");
		is_int(store_flush(store, &err), 0, "are stored");
		heads.at = two;
		is_int(tree_union(store, &heads, &tree, &err), 0, "joined");
	}
	is_int(store_keep(store, &tree, &err), 0, "the root alone");
	is_int(store_flush(store, &err), 0, "is left behind");
	store_free(store);
	store = open_again(name);
	err_clear(&err);
	ok(tree_root_read(store, &tree, root, &err) < 0,
	   "so a folder is missing");
	if (joins)
		is_int(tree_union(store, &heads, &tree, &err), 0,
		       "joined again");
	else
		tree = insert_one(store, empty_tree(store), "memory/b",
				  "one\n");
	is_int(tree_keep(store, &tree, &err), 0, "kept whole");
	is_int(store_flush(store, &err), 0, "and stored");
	store_free(store);
	store = open_again(name);
	err_clear(&err);
	is_int(tree_root_read(store, &tree, root, &err), 0, "all is there");
	store_free(store);
}

int main(void)
{
	scratch_begin();
	if (store_init_library(&err) < 0)
		bail_out("libgit2: %s", err.text);
	test_leftover("inserted", false);
	test_leftover("joined", true);
	store_stop_library();
	scratch_end();
	return done_testing();
}
