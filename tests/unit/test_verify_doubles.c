#include "tests/unit/judge.h"

/*
 * Two devices import the same, one compacts it: then a record stands at two
 * places. The other's compaction arrives at a segment that is there already,
 * so that records go and none come, and yet nothing is lost.
 */

/* Put a segment of these records so many digits deep. */
static void put(git_oid *tree, const char *lines, const char *entity,
		unsigned digits_n)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct codec *codec = forge_codec("nova-001");
	unsigned char hash[PLACE_HASH_BYTES];
	struct err err = ERR_INIT;
	const struct kind *kind;
	struct home home;

	must(entity_home(span_str(entity), &home, &kind, &err), &err, "home");
	codec_place_hash(codec, &home, hash);
	forge_segments("nova-001", lines, &list);
	place_of_hash("memory", hash, digits_n, false, &list.at[0].place);
	must(tree_insert(store, tree, &list, tree, &err), &err, "insert");
	tree_segments_release(&list);
	codec_free(codec);
}

static git_oid empty_tree(void)
{
	struct err err = ERR_INIT;
	git_oid tree;

	must(tree_empty(store, &tree, &err), &err, "tree");
	return tree;
}

static void test_doubles(void)
{
	const char *one = say_memory("one");
	const char *two = say_memory("two");
	struct spec spec = data_spec(1, NULL, NULL);
	git_oid tree = empty_tree();
	git_oid first;

	spec.tree = &tree;
	put(&tree, one, "memory:one", 0);
	put(&tree, one, "memory:one", 1);
	put(&tree, two, "memory:two", 0);
	accepts(&spec, "records that stand at two places");
	first = forge(&spec);
	spec = data_spec(1, NULL, &first);
	spec.change = CHANGE_COMPACT;
	spec.tree = &tree;
	tree = empty_tree();
	put(&tree, one, "memory:one", 1);
	put(&tree, two, "memory:two", 1);
	accepts(&spec, "a compaction that leaves one of them");
	tree = empty_tree();
	put(&tree, two, "memory:two", 1);
	refuses(&spec, "changed-record", "one that leaves neither");
	tree = empty_tree();
	put(&tree, one, "memory:one", 1);
	refuses(&spec, "changed-record", "one that drops what stood once");
}

int main(void)
{
	forge_begin();
	make_members("doubles", false);
	test_doubles();
	problem_list_release(&problems);
	forge_end();
	return done_testing();
}
