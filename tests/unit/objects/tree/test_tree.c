/*
 * Trees: writing, reading, and roots against vectors.
 */
#include <sys/stat.h>

#include "tests/unit/tree_made.h"

static void root_hex(struct store *store, const git_oid *tree,
		     char out[2 * SHA256_BYTES + 1])
{
	unsigned char root[SHA256_BYTES] = { 0 };

	err_clear(&err);
	if (tree_root(store, tree, root, &err) < 0)
		diag("%s", err.text);
	hex_text(root, sizeof(root), out);
}

/* The five segments of the vectors. */
static git_oid five(struct store *store)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct tree_segment segments[5];
	git_oid id;
	int i;

	segments[0] = segment_of(store, "session/9", "five\n");
	segments[1] = segment_of(store, "memory", "three\n");
	segments[2] = segment_of(store, "memory/b", "two\n");
	segments[3] = segment_of(store, HOME_PATH, "four\n");
	segments[4] = segment_of(store, "memory", "one\n");
	for (i = 0; i < 5; i++)
		list_add(&list, &segments[i]);
	id = insert(store, empty_tree(store), &list);
	tree_segments_release(&list);
	return id;
}

/*
 * Computed apart from this code, in Python: a dict of dicts, entries sorted
 * by name (with "/" for a dict), hashlib.sha256 over b"vvault-root-1\0" and
 * struct.pack(">IB", mode, len(name)) + name + digest each; the ids likewise
 * with hashlib.sha1 over git's form.
 */
static void test_vectors(void)
{
	struct store *store = make_store("vectors");
	git_oid empty = empty_tree(store);
	git_oid one = insert_one(store, empty, "memory", "one\n");
	git_oid all = five(store);
	char hex[2 * SHA256_BYTES + 1];

	root_hex(store, &empty, hex);
	is_str(hex, "24e53862edf9672b13d1656c530aa78f"
		    "0965007226d48c04201e488d88938984", "root of nothing");
	is_str(git_oid_tostr_s(&one),
	       "5b2f1e7cf5f6f87da9a0d205cd4eb24dc244149a", "a tree's git id");
	root_hex(store, &one, hex);
	is_str(hex, "3279b97e961523412f306e20b71502b0"
		    "35d959a284b8042538651826faf26aba", "root of one segment");
	is_str(git_oid_tostr_s(&all),
	       "0609823c0464b41fa3345b1adc4e23b8e4cab485", "five: git id");
	root_hex(store, &all, hex);
	is_str(hex, "3606b98205d9abd899b88a0a2547ad10"
		    "191dbde6db0738f71e53f668d85277c0", "five: root");
	root_hex(store, &all, hex);
	is_str(hex, "3606b98205d9abd899b88a0a2547ad10"
		    "191dbde6db0738f71e53f668d85277c0", "five: from the cache");
	is_int(tree_keep(store, &all, &err), 0, "keep");
	is_int(store_flush(store, &err), 0, "flush");
	store_free(store);
	store = open_again("vectors");
	root_hex(store, &all, hex);
	is_str(hex, "3606b98205d9abd899b88a0a2547ad10"
		    "191dbde6db0738f71e53f668d85277c0", "five: once stored");
	store_free(store);
}

static void test_edit(void)
{
	struct store *store = make_store("edit");
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct tree_segment two = segment_of(store, "memory/b", "two\n");
	struct tree_segment four = segment_of(store, HOME_PATH, "four\n");
	struct tree_segment other = two;
	git_oid all = five(store);
	git_oid id, same;

	is_str(git_oid_tostr_s(&all),
	       "0609823c0464b41fa3345b1adc4e23b8e4cab485", "built at once");
	id = empty_tree(store);
	id = insert_one(store, id, HOME_PATH, "four\n");
	id = insert_one(store, id, "memory", "one\n");
	id = insert_one(store, id, "memory/b", "two\n");
	id = insert_one(store, id, "session/9", "five\n");
	id = insert_one(store, id, "memory", "three\n");
	ok(git_oid_equal(&id, &all), "built one by one, in another order");
	list_add(&list, &two);
	list_add(&list, &two);
	same = insert(store, all, &list);
	ok(git_oid_equal(&same, &all), "what is there changes nothing");
	list_add(&list, &four);
	is_int(tree_remove(store, &all, &list, &id, &err), 0, "remove two");
	same = insert_one(store, empty_tree(store), "session/9", "five\n");
	same = insert_one(store, same, "memory", "three\n");
	same = insert_one(store, same, "memory", "one\n");
	ok(git_oid_equal(&id, &same), "empty folders go with them");
	err_clear(&err);
	is_int(tree_remove(store, &same, &list, &id, &err), ERR_NOT_FOUND,
	       "what is not there cannot be removed");
	ok(strstr(err.text, "memory/b/" TWO), "it is named: %s", err.text);
	memset(other.blob.id, 7, GIT_OID_RAWSZ);
	tree_segments_release(&list);
	list_add(&list, &other);
	err_clear(&err);
	is_int(tree_insert(store, &all, &list, &id, &err), ERR_CORRUPT,
	       "one name for two blobs is refused");
	other.place.dir[0] = 'M';
	list.at[0] = other;
	err_clear(&err);
	is_int(tree_insert(store, &all, &list, &id, &err), ERR_INVALID,
	       "a folder outside the grammar is not made");
	other.place = place_at("memory/0/0/0/" HOME);
	list.at[0] = other;
	err_clear(&err);
	is_int(tree_insert(store, &all, &list, &id, &err), ERR_INVALID,
	       "nor a home in a folder of other digits");
	tree_segments_release(&list);
	store_free(store);
}

static void test_empty_again(void)
{
	struct store *store = make_store("again");
	struct tree_segments list = TREE_SEGMENTS_INIT;
	git_oid empty = empty_tree(store);
	git_oid all = five(store);
	git_oid id;

	is_int(tree_diff(store, &all, &empty, &list, NULL, &err), 0,
	       "list all");
	is_int(list.n, 5, "five segments");
	is_int(tree_remove(store, &all, &list, &id, &err), 0, "remove all");
	ok(git_oid_equal(&id, &empty), "the empty tree is left");
	tree_segments_release(&list);
	store_free(store);
}

static void test_read(void)
{
	struct store *store = make_store("read");
	struct tree_segments list = TREE_SEGMENTS_INIT;
	unsigned char hash[SHA256_BYTES];
	git_oid all = five(store);
	struct place place = place_at("memory");
	struct tree_folder folder;
	char name[CID_TEXT_MAX];

	is_int(tree_at(store, &all, &place, &list, &err), 0, "tree_at");
	is_int(list.n, 2, "segments of the folder alone");
	cid_text(CID_RAW, list.at[0].digest, name);
	is_str(name, ONE, "in git's order");
	place = place_at("memory/a/1");
	is_int(tree_at(store, &all, &place, &list, &err), 0, "no such folder");
	is_int(list.n, 2, "has none");
	tree_segments_release(&list);
	sha256_of("session:x", 9, hash);
	is_int(tree_along(store, &all, "session", hash, &list, &err), 0,
	       "tree_along");
	is_int(list.n, 2, "finds two");
	is_str(list.at[0].place.digits, "9", "the shallow one first");
	is_str(list.at[1].place.home, HOME, "then the one in its home");
	ok(place_holds(&list.at[0].place, "session", hash) &&
	   place_holds(&list.at[1].place, "session", hash) &&
	   !place_holds(&list.at[1].place, "memory", hash),
	   "both places hold it");
	hash[0] ^= 0x10;
	ok(!place_holds(&list.at[0].place, "session", hash),
	   "and not another");
	tree_segments_release(&list);
	is_int(tree_folder_read(store, &all, NULL, &folder, &err), 0,
	       "read the root");
	is_int(folder.children_n, 2, "two dirs");
	is_str(folder.children[1].name, "session", "by name");
	place_child(NULL, "session", &place);
	all = folder.children[1].tree;
	tree_folder_release(&folder);
	is_int(tree_folder_read(store, &all, &place, &folder, &err), 0,
	       "read a dir");
	is_int(folder.children_n, 1, "one digit");
	is_int(folder.segments.n, 0, "no segments");
	tree_folder_release(&folder);
	store_free(store);
}

static void test_diff(void)
{
	struct store *store = make_store("diff");
	struct tree_segments from = TREE_SEGMENTS_INIT;
	struct tree_segments to = TREE_SEGMENTS_INIT;
	git_oid old = five(store);
	git_oid new = insert_one(store, old, "session/9/c", "six\n");
	struct tree_segment two = segment_of(store, "memory/b", "two\n");

	new = insert_one(store, new, "acu/0/1", "seven\n");
	list_add(&from, &two);
	is_int(tree_remove(store, &new, &from, &new, &err), 0, "remove one");
	tree_segments_release(&from);
	is_int(tree_diff(store, &old, &new, &from, &to, &err), 0, "diff");
	is_int(from.n, 1, "one is gone");
	is_int(to.n, 2, "two are new");
	tree_segments_sort(&to);
	ok(from.n == 1 && !strcmp(from.at[0].place.digits, "b"),
	   "the right one");
	ok(to.n == 2 && !strcmp(to.at[0].place.dir, "acu") &&
	   !strcmp(to.at[1].place.digits, "9c"), "the right two");
	tree_segments_release(&from);
	is_int(tree_diff(store, &new, &new, &from, &from, &err), 0, "no diff");
	is_int(from.n, 0, "is empty");
	tree_segments_release(&to);
	store_free(store);
}

struct counted {
	size_t n;
	char last[3];
};

static int count_one(void *arg, const struct tree_segment *segment,
		     struct err *error)
{
	struct counted *counted = arg;

	(void)segment;
	if (++counted->n == 3)
		return err_set(error, ERR_CANCELED, "enough");
	return 0;
}

static void test_each(void)
{
	struct store *store = make_store("each");
	git_oid all = five(store);
	struct counted counted = { 0, "" };
	struct tree_visitor visitor = { count_one, &counted };

	err_clear(&err);
	is_int(tree_each(store, &all, &visitor, &err), ERR_CANCELED,
	       "a visitor can stop");
	is_int(counted.n, 3, "at once");
	store_free(store);
}

static void test_keep(void)
{
	struct store *store = make_store("keep");
	git_oid all = five(store);
	git_oid unused = insert_one(store, all, "memory", "unused\n");
	unsigned char root[SHA256_BYTES];
	char line[FIXTURE_PATH_MAX * 2];
	FILE *out;
	int n = 0;

	is_int(tree_keep(store, &all, &err), 0, "keep");
	is_int(store_flush(store, &err), 0, "flush");
	/* 6 blobs; the root, memory, memory/b, session and five below it
	 * save for one: 8 trees. */
	is_int(store_stats(store).objects, 6 + 8, "only what is reachable");
	store_free(store);
	store = open_again("keep");
	is_int(tree_root(store, &all, root, &err), 0, "the tree is whole");
	err_clear(&err);
	is_int(tree_root(store, &unused, root, &err), ERR_NOT_FOUND,
	       "the other was not written");
	snprintf(line, sizeof(line), "git -C %s ls-tree -r %s | wc -l",
		 in_scratch("keep"), git_oid_tostr_s(&all));
	out = popen(line, "r");
	ok(out && fscanf(out, "%d", &n) == 1 && n == 5, "git lists five");
	if (out)
		pclose(out);
	store_free(store);
}

static void test_missing(void)
{
	struct store *store = make_store("missing");
	git_oid nothing;
	git_oid all;
	unsigned char root[SHA256_BYTES];
	struct tree_segments list = TREE_SEGMENTS_INIT;

	memset(nothing.id, 0x42, sizeof(nothing.id));
	all = raw_wrap(store, nothing, "session/9/c");
	err_clear(&err);
	is_int(tree_root(store, &all, root, &err), ERR_NOT_FOUND,
	       "a missing subtree is an error");
	ok(strstr(err.text, "session/9/c") && strstr(err.text, "424242"),
	   "path and id are named: %s", err.text);
	sha256_of("session:x", 9, root);
	err_clear(&err);
	is_int(tree_along(store, &all, "session", root, &list, &err),
	       ERR_NOT_FOUND, "for readers too");
	all = raw_wrap(store, nothing, "memory");
	err_clear(&err);
	is_int(tree_insert(store, &all, &list, &all, &err), 0,
	       "what is not touched is not read");
	list_add(&list, &(struct tree_segment){ .place = place_at("memory"),
						.blob = nothing });
	err_clear(&err);
	is_int(tree_insert(store, &all, &list, &all, &err), ERR_NOT_FOUND,
	       "what is touched is");
	tree_segments_release(&list);
	store_free(store);
}

/* The same folder is right below the digits of its home, wrong below others:
 * a cached root must not hide that. */
static void test_cache_by_place(void)
{
	struct store *store = make_store("place");
	struct buf raw = BUF_INIT(BUF_NO_LIMIT);
	git_oid good = insert_one(store, empty_tree(store), HOME_PATH, "one\n");
	git_oid home, digits, bad;
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct place place = place_at(HOME_PATH);
	unsigned char out[SHA256_BYTES];

	is_int(tree_root(store, &good, out, &err), 0, "at its place");
	is_int(tree_at(store, &good, &place, &list, &err), 0, "look it up");
	raw_add(&raw, "100644", ONE, &list.at[0].blob);
	home = raw_store(store, &raw);
	buf_reset(&raw);
	raw_add(&raw, "40000", HOME, &home);
	digits = raw_store(store, &raw);
	bad = raw_wrap(store, digits, "session/9/c/c");
	ok(git_oid_equal(&bad, &good), "the same tree, built by hand");
	bad = raw_wrap(store, digits, "session/9/c/d");
	err_clear(&err);
	is_int(tree_root(store, &bad, out, &err), ERR_UNTRUSTED,
	       "below other digits");
	bad = raw_wrap(store, digits, "memory/9/c/c");
	err_clear(&err);
	is_int(tree_root(store, &bad, out, &err), ERR_UNTRUSTED,
	       "below a dir without homes");
	bad = raw_wrap(store, digits, "session/9/c");
	err_clear(&err);
	is_int(tree_root(store, &bad, out, &err), ERR_UNTRUSTED,
	       "one digit higher");
	tree_segments_release(&list);
	buf_release(&raw);
	store_free(store);
}

static int remove_objects(const char *name)
{
	char line[FIXTURE_PATH_MAX * 2];

	snprintf(line, sizeof(line), "rm -rf %s/objects/??",
		 in_scratch(name));
	return system(line);
}

/* The file of roots: used by the next process, and only a help. */
static void test_cache_file(void)
{
	static const unsigned char secret[STORE_SECRET_BYTES] = { 7 };
	struct store *store = make_store("cache");
	git_oid all = five(store);
	char hex[2 * SHA256_BYTES + 1];
	struct stat st;

	is_int(mkdir(in_scratch("cache/vvault"), 0700), 0, "make a folder");
	is_int(mkdir(in_scratch("cache/vvault/cache"), 0700), 0, "and one");
	store_trust_caches(store, secret);
	is_int(tree_keep(store, &all, &err), 0, "keep");
	is_int(store_flush(store, &err), 0, "flush");
	root_hex(store, &all, hex);
	store_free(store);
	is_int(stat(in_scratch("cache/vvault/cache/roots"), &st), 0,
	       "the file is there");
	is_int(st.st_mode & 0777, 0600, "for us alone");
	store = open_again("cache");
	store_trust_caches(store, secret);
	root_hex(store, &all, hex);
	is_str(hex, "3606b98205d9abd899b88a0a2547ad10"
		    "191dbde6db0738f71e53f668d85277c0", "the next process");
	store_free(store);
}

/* A root is remembered when its trees are on disk, not before. */
static void test_cache_after_flush(void)
{
	struct store *store = make_store("after");
	git_oid all = five(store);
	unsigned char out[SHA256_BYTES];

	is_int(tree_root(store, &all, out, &err), 0, "root of staged trees");
	store_discard(store);
	err_clear(&err);
	is_int(tree_root(store, &all, out, &err), ERR_NOT_FOUND,
	       "forgotten with them");
	all = five(store);
	is_int(tree_root(store, &all, out, &err), 0, "staged again");
	is_int(tree_keep(store, &all, &err), 0, "kept");
	is_int(store_flush(store, &err), 0, "and flushed");
	is_int(remove_objects("after"), 0, "lose every object");
	err_clear(&err);
	is_int(tree_root(store, &all, out, &err), 0, "from the cache");
	is_int(tree_root_read(store, &all, out, &err), ERR_NOT_FOUND,
	       "but not when all is to be read");
	store_free(store);
}

int main(void)
{
	scratch_begin();
	if (store_init_library(&err) < 0)
		bail_out("%s", err.text);
	test_vectors();
	test_edit();
	test_empty_again();
	test_read();
	test_diff();
	test_each();
	test_keep();
	test_missing();
	test_cache_by_place();
	test_cache_file();
	test_cache_after_flush();
	store_stop_library();
	scratch_end();
	return done_testing();
}
