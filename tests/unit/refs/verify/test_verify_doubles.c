#include "tests/unit/judge.h"

#include "objects/tree/segment_verify.h"

/*
 * Two devices import the same, one compacts it: then a record stands at two
 * places. The other's compaction arrives at a segment that is there already,
 * so that records go and none come, and yet nothing is lost.
 */

static char construct[CONSTRUCT_NAME_MAX] = "nova-001";

static struct spec spec_of(size_t key, const char *lines,
			   const git_oid *parent)
{
	struct spec spec = data_spec(key, lines, parent);

	spec.construct = construct;
	return spec;
}

/* Put a segment of these records so many digits deep. */
static void put(git_oid *tree, const char *lines, const char *entity,
		unsigned digits_n)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	char dir[PLACE_NAME_LEN + 1];
	struct codec *codec = forge_codec(construct);
	unsigned char hash[PLACE_HASH_BYTES];
	struct err err = ERR_INIT;
	const struct kind *kind;
	struct home home;

	must(entity_home(span_str(entity), &home, &kind, &err), &err, "home");
	codec_place_hash(codec, &home, hash);
	codec_dir_name(codec, home.dir, dir);
	forge_segments(construct, lines, &list);
	place_of_hash(dir, hash, digits_n, false, &list.at[0].place);
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
	struct spec spec = spec_of(1, NULL, NULL);
	git_oid tree = empty_tree();
	git_oid first;

	spec.tree = &tree;
	put(&tree, one, "memory:one", 0);
	put(&tree, one, "memory:one", 1);
	put(&tree, two, "memory:two", 0);
	accepts(&spec, "records that stand at two places");
	first = forge(&spec);
	spec = spec_of(1, NULL, &first);
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

static int gather_id(void *arg, const struct record *record,
		     const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	unsigned char (*missed)[RECORD_ID_BYTES] = arg;

	(void)record;
	(void)err;
	if (!memcmp(*missed, id, RECORD_ID_BYTES))
		memset(*missed, 0, RECORD_ID_BYTES);
	return 0;
}

struct look {
	struct codec *codec;
	unsigned char missed[RECORD_ID_BYTES];	/* zeros once it was met */
};

static int look_into(void *arg, const struct tree_segment *segment,
		     struct err *err)
{
	struct look *look = arg;
	struct segment_visitor visitor = { gather_id, &look->missed };

	return segment_verify(store, look->codec, segment, &visitor, err);
}

/* Does the union of these versions hold the one record of this line? */
static bool union_has(const git_oid *heads, size_t n, const char *line)
{
	struct look look = { forge_codec(construct), { 0 } };
	const unsigned char zeros[RECORD_ID_BYTES] = { 0 };
	struct tree_visitor visitor = { look_into, &look };
	struct err err = ERR_INIT;
	git_oid tree;

	record_id(span_of(line, strlen(line) - 1), look.missed);
	must(history_union(store, heads, n, &tree, &err), &err, "union");
	must(tree_each(store, &tree, &visitor, &err), &err, "walk");
	codec_free(look.codec);
	return !memcmp(look.missed, zeros, sizeof(zeros));
}

/* A compaction of first that leaves this tree. */
static git_oid compacted(size_t key, const git_oid *first, const git_oid *tree)
{
	struct spec spec = spec_of(key, NULL, first);

	spec.change = CHANGE_COMPACT;
	spec.tree = tree;
	accepts(&spec, "a compaction that is valid alone");
	return forge(&spec);
}

/* The record stands so many times, once at each of these depths. */
static git_oid copies_version(const char *lines, const unsigned *depths,
			      size_t n)
{
	struct spec spec = spec_of(0, NULL, NULL);
	git_oid tree = empty_tree();
	size_t i;

	for (i = 0; i < n; i++)
		put(&tree, lines, "memory:one", depths[i]);
	spec.tree = &tree;
	return forge(&spec);
}

/*
 * Compactions that know nothing of each other, each of which drops another
 * copy: each is valid, and together they must not take the record away. All
 * by one device, a fork, or each by its own.
 */
static void test_each_drops_a_copy(const unsigned *depths, size_t n,
				   bool is_fork, const char *name)
{
	const char *one = say_memory("one");
	git_oid first = copies_version(one, depths, n);
	git_oid heads[3], tree;
	struct spec spec;
	size_t i, j, heads_n = n;
	struct err err = ERR_INIT;

	for (i = 0; i < n; i++) {
		tree = empty_tree();
		for (j = 0; j < n; j++)
			if (j != i)
				put(&tree, one, "memory:one", depths[j]);
		heads[i] = compacted(is_sealed || is_fork ? 0 : i % 2, &first,
				     &tree);
	}
	must(history_maximal(store, heads, &heads_n, &err), &err, "heads");
	is_int(heads_n, n, "as many heads");
	ok(union_has(heads, n, one), "%s: the union holds the record", name);
	/* By one who has no head yet: its parents are sorted. */
	spec = spec_of(is_sealed ? 0 : 3, say_memory("news"), NULL);
	memcpy(spec.parents, heads, n * sizeof(*heads));
	spec.parents_n = n;
	first = forge(&spec);
	ok(union_has(&first, 1, one), "as does what is built on it");
	is_int(judge_as(construct, spec.key, &first), VERDICT_OK,
	       "which is valid");
}

static unsigned first_digit(const char *entity)
{
	struct codec *codec = forge_codec(construct);
	unsigned char hash[PLACE_HASH_BYTES];
	struct err err = ERR_INIT;
	const struct kind *kind;
	struct home home;

	must(entity_home(span_str(entity), &home, &kind, &err), &err, "home");
	codec_place_hash(codec, &home, hash);
	codec_free(codec);
	return hash[0] >> 4;
}

/* Beside a removal in another folder both compactions have their effect. */
static void test_apart(void)
{
	const char *one = say_memory("one");
	struct spec spec = spec_of(0, NULL, NULL);
	git_oid tree = empty_tree();
	git_oid first, heads[2], want;
	char entity[] = "memory:a";
	struct err err = ERR_INIT;
	const char *two;

	while (first_digit(entity) == first_digit("memory:one"))
		entity[7]++;
	two = say_memory(entity + 7);
	put(&tree, one, "memory:one", 1);
	put(&tree, two, entity, 1);
	spec.tree = &tree;
	first = forge(&spec);
	tree = empty_tree();
	put(&tree, one, "memory:one", 2);
	put(&tree, two, entity, 1);
	heads[0] = compacted(0, &first, &tree);
	tree = empty_tree();
	put(&tree, one, "memory:one", 1);
	put(&tree, two, entity, 2);
	heads[1] = compacted(0, &first, &tree);
	want = empty_tree();
	put(&want, one, "memory:one", 2);
	put(&want, two, entity, 2);
	must(history_union(store, heads, 2, &tree, &err), &err, "union");
	ok(git_oid_equal(&tree, &want), "two folders: no doubles");
}

/* What an owner's record lists, in canonical JSON. */
static const char *say_forget(const char *line)
{
	unsigned char id[RECORD_ID_BYTES];
	char cid[CID_TEXT_MAX], data[256];

	record_id(span_of(line, strlen(line) - 1), id);
	cid_text(CID_JSON, id, cid);
	snprintf(data, sizeof(data), "{\"records\":[\"%s\"]}", cid);
	return say_record("forget:create", "forget:one", data);
}

/*
 * A forgetting beside a compaction that moves what is forgotten: it comes
 * back into the tree, and the next compaction may leave it out, but nothing
 * else, and not the word of the owner.
 */
static void test_forgotten(void)
{
	const char *one = say_memory("one");
	const char *two = say_memory("two");
	const char *word = say_forget(one);
	git_oid tree = empty_tree();
	git_oid heads[2], first;
	struct spec spec = spec_of(0, NULL, NULL);

	spec.tree = &tree;
	put(&tree, one, "memory:one", 0);
	put(&tree, one, "memory:one", 2);
	put(&tree, two, "memory:two", 0);
	first = forge(&spec);
	tree = empty_tree();
	put(&tree, one, "memory:one", 1);
	put(&tree, two, "memory:two", 1);
	heads[0] = compacted(0, &first, &tree);
	spec = spec_of(0, NULL, &first);
	spec.change = CHANGE_FORGET;
	spec.tree = &tree;
	tree = empty_tree();
	put(&tree, two, "memory:two", 0);
	put(&tree, word, "forget:one", 0);
	accepts(&spec, "a forgetting, of both copies");
	heads[1] = forge(&spec);
	ok(union_has(heads, 2, one), "beside a compaction it comes back");
	ok(union_has(heads, 2, word), "with the word that it is forgotten");
	memcpy(spec.parents, heads, sizeof(heads));
	spec.parents_n = 2;
	spec.change = CHANGE_COMPACT;
	tree = empty_tree();
	put(&tree, two, "memory:two", 1);
	refuses(&spec, "changed-record", "the word may not be left out");
	put(&tree, word, "forget:one", 0);
	first = forge(&spec);
	is_int(judge_as(construct, 0, &first), VERDICT_OK, "but the record");
	tree = empty_tree();
	put(&tree, word, "forget:one", 0);
	refuses(&spec, "changed-record", "and no other");
}

static void test_copies(void)
{
	static const unsigned along[] = { 0, 1, 2 };
	static const unsigned deep[] = { 1, 3 };

	test_each_drops_a_copy(along, 2, false, "two devices");
	test_each_drops_a_copy(along, 2, true, "a fork");
	test_each_drops_a_copy(along, 3, false, "a ring of three");
	test_each_drops_a_copy(deep, 2, false, "in a folder below");
	test_apart();
	test_forgotten();
}

int main(void)
{
	unsigned char subkey[NAME_KEY_BYTES];

	forge_begin();
	make_members("doubles", false);
	test_doubles();
	test_copies();
	make_members("sealed", true);
	name_key_for_refs(name_key, subkey);
	keyed_name(subkey, span_str("nova-001"), construct);
	test_copies();
	problem_list_release(&problems);
	forge_end();
	return done_testing();
}
