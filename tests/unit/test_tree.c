/*
 * Trees: writing, reading, roots against vectors, and every tree that git
 * would take and we must not.
 */
#include <sys/stat.h>

#include "tests/unit/tree_made.h"

/* SHA-256("session:x"), its first 16 bytes: 9cc6... */
#define HOME "ttdmiond3h3rnwpakjrb34v5he"
#define HOME_PATH "session/9/c/c/" HOME
#define KEYED "abcdefghijklmnopqrstuvwxya"
#define ONE "bafkreibmrmenuxhgaomod4m26ds5ztdujxzhjobgvpsyl2v2ndcskq2iay"
#define TWO "bafkreibh3whnisud76knkv7z7ucbf3k2rs6knhvajernrdabdbfaomakli"

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

/* One hostile tree: entries (mode, name) at a path. */
struct hostile {
	const char *what;
	const char *path;
	const char *entries[3][2];
	bool is_fine;
};

#define CID_UPPER "BAFKREIBMRMENUXHGAOMOD4M26DS5ZTDUJXZHJOBGVPSYL2V2NDCSKQ2IAY"
#define JSON_CID \
	"bagaaierauhyzozgs5ww2iejprkc5pguod2vgegm3frx3w2u4hyw44dexa5wa"

static const struct hostile hostiles[] = {
	{ "a fine tree", "memory", { { "100644", ONE } }, true },
	{ "a fine home", HOME_PATH, { { "100644", ONE } }, true },
	{ "a keyed dir with a home", KEYED "/9/c/c/" HOME,
	  { { "100644", ONE } }, true },
	{ "a blob's home", "blob/9/c/c/" HOME, { { "100644", ONE } }, true },
	{ "a digit before a segment", "memory", { { "40000", "b" },
						  { "100644", ONE } }, true },
	{ "mode 100664", "memory", { { "100664", ONE } }, false },
	{ "mode 100755", "memory", { { "100755", ONE } }, false },
	{ "mode 0100644", "memory", { { "0100644", ONE } }, false },
	{ "mode 040000", "memory", { { "040000", "b" } }, false },
	{ "a symlink", "memory", { { "120000", ONE } }, false },
	{ "a submodule", "memory", { { "160000", ONE } }, false },
	{ "a folder with a segment's name", "memory", { { "40000", ONE } },
	  false },
	{ "a segment with a digit's name", "memory", { { "100644", "b" } },
	  false },
	{ "a double", "memory", { { "100644", ONE }, { "100644", ONE } },
	  false },
	{ "no order", "memory", { { "100644", ONE }, { "100644", TWO } },
	  false },
	{ "the order of names without slash", "memory",
	  { { "100644", ONE }, { "40000", "b" } }, false },
	{ "a stray file", "memory", { { "100644", "README" } }, false },
	{ "a segment in the root", "", { { "100644", ONE } }, false },
	{ "a stray dir", "", { { "40000", "stuff" } }, false },
	{ "a kind without a dir of its own", "", { { "40000", "message" } },
	  false },
	{ ".git", "", { { "40000", ".git" } }, false },
	{ "a keyed dir with trailing bits", "",
	  { { "40000", "abcdefghijklmnopqrstuvwxyz" } }, false },
	{ "an upper-case dir", "", { { "40000", "Memory" } }, false },
	{ "a home among the dirs' digits", "session", { { "40000", HOME } },
	  false },
	{ "a home too high", "session/9/c", { { "40000", HOME } }, false },
	{ "a home of other digits", "session/9/c/d", { { "40000", HOME } },
	  false },
	{ "a home of a kind without", "memory/9/c/c", { { "40000", HOME } },
	  false },
	{ "a home of lonely acus", "acu/9/c/c", { { "40000", HOME } }, false },
	{ "a fourth digit", "memory/9/c/c", { { "40000", "6" } }, false },
	{ "a folder in a home", HOME_PATH, { { "40000", "6" } }, false },
	{ "a home in a home", HOME_PATH, { { "40000", HOME } }, false },
	{ "a digit that is none", "memory", { { "40000", "g" } }, false },
	{ "an upper-case digit", "memory", { { "40000", "B" } }, false },
	{ "two digits in one", "memory", { { "40000", "9c" } }, false },
	{ "an empty name", "memory", { { "40000", "" } }, false },
	{ "a name with a slash", "memory", { { "40000", "9/c" } }, false },
	{ "a segment's name with a slash", "memory",
	  { { "100644", "b/" ONE } }, false },
	{ "a record's name", "memory", { { "100644", JSON_CID } }, false },
	{ "an upper-case name", "memory", { { "100644", CID_UPPER } }, false },
	{ "a name that goes on", "memory", { { "100644", ONE "a" } }, false },
	{ "trailing bits in a name", "memory",
	  { { "100644", "bafkreibmrmenuxhgaomod4m26ds5ztdujxzhjobgvpsyl2v2nd"
			"cskq2iaz" } }, false },
	{ "a control character", "memory", { { "100644", "a\033[2J" } },
	  false },
};

static int hostile_root(struct store *store, const struct hostile *hostile)
{
	struct buf raw = BUF_INIT(BUF_NO_LIMIT);
	git_oid blob, inner, folder, root;
	unsigned char out[SHA256_BYTES];
	size_t i;

	blob = segment_of(store, "memory", "one\n").blob;
	raw_add(&raw, "100644", ONE, &blob);
	inner = raw_store(store, &raw);
	buf_reset(&raw);
	for (i = 0; i < 3 && hostile->entries[i][0]; i++)
		raw_add(&raw, hostile->entries[i][0], hostile->entries[i][1],
			hostile->entries[i][0][0] == '4' ? &inner : &blob);
	folder = raw_store(store, &raw);
	root = raw_wrap(store, folder, hostile->path);
	buf_release(&raw);
	err_clear(&err);
	return tree_root(store, &root, out, &err);
}

static void test_hostile(void)
{
	struct store *store = make_store("hostile");
	size_t i;

	for (i = 0; i < sizeof(hostiles) / sizeof(*hostiles); i++) {
		const struct hostile *hostile = &hostiles[i];
		int rc = hostile_root(store, hostile);

		ok(rc == (hostile->is_fine ? 0 : ERR_UNTRUSTED),
		   "%s: %d %s", hostile->what, rc, err.text);
		ok(hostile->is_fine ||
		   (strstr(err.text, *hostile->path ? hostile->path : "'/'") &&
		    !strchr(err.text, '\033')), "%s: the path is named",
		   hostile->what);
	}
	store_free(store);
}

static void test_empty_subtree(void)
{
	struct store *store = make_store("empty");
	git_oid root = raw_wrap(store, empty_tree(store), "memory/b");
	unsigned char out[SHA256_BYTES];

	err_clear(&err);
	is_int(tree_root(store, &root, out, &err), ERR_UNTRUSTED,
	       "an empty subtree");
	ok(strstr(err.text, "memory/b"), "named: %s", err.text);
	store_free(store);
}

static void test_not_a_tree(void)
{
	struct store *store = make_store("type");
	git_oid blob = segment_of(store, "memory", "one\n").blob;
	git_oid root = raw_wrap(store, blob, "memory");
	unsigned char out[SHA256_BYTES];

	err_clear(&err);
	is_int(tree_root(store, &root, out, &err), ERR_INVALID,
	       "a blob in the place of a tree");
	store_free(store);
}

/* A valid tree cut at every byte, and with every byte changed. */
static void test_damaged(void)
{
	struct store *store = make_store("damaged");
	git_oid one = insert_one(store, empty_tree(store), "memory", "one\n");
	struct place memory = place_at("memory");
	struct tree_folder folder;
	struct buf raw = BUF_INIT(BUF_NO_LIMIT);
	unsigned char out[SHA256_BYTES];
	size_t len, at;
	int taken = 0;

	if (tree_folder_read(store, &one, NULL, &folder, &err) < 0 ||
	    store_read(store, &folder.children[0].tree, OBJECT_TREE, 1000,
		       &raw, &err) < 0)
		bail_out("%s", err.text);
	tree_folder_release(&folder);
	len = raw.len;
	for (at = 1; at < len; at++) {
		git_oid id;

		raw.len = at;
		id = raw_wrap(store, raw_store(store, &raw), "memory");
		err_clear(&err);
		taken += tree_root(store, &id, out, &err) != ERR_UNTRUSTED;
	}
	is_int(taken, 0, "every cut is refused");
	raw.len = len;
	for (at = 0; at < len - GIT_OID_RAWSZ; at++) {
		git_oid id;

		raw.data[at] ^= 1;
		id = raw_store(store, &raw);
		raw.data[at] ^= 1;
		err_clear(&err);
		/* Another letter in the digest is another digest. */
		if (at >= strlen("100644 bafkrei") &&
		    tree_folder_read(store, &id, &memory, &folder, &err) == 0)
			tree_folder_release(&folder);
		else
			taken += tree_folder_read(store, &id, &memory, &folder,
						  &err) != ERR_UNTRUSTED;
	}
	is_int(taken, 0, "changed bytes are refused");
	buf_release(&raw);
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
	struct store *store = make_store("cache");
	git_oid all = five(store);
	char hex[2 * SHA256_BYTES + 1];
	struct stat st;

	is_int(mkdir(in_scratch("cache/vvault"), 0700), 0, "make a folder");
	is_int(mkdir(in_scratch("cache/vvault/cache"), 0700), 0, "and one");
	is_int(tree_keep(store, &all, &err), 0, "keep");
	is_int(store_flush(store, &err), 0, "flush");
	root_hex(store, &all, hex);
	store_free(store);
	is_int(stat(in_scratch("cache/vvault/cache/roots"), &st), 0,
	       "the file is there");
	is_int(st.st_mode & 0777, 0600, "for us alone");
	store = open_again("cache");
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

static void test_no_object(void)
{
	struct store *store = make_store("zero");
	git_oid none = { { 0 } };
	git_oid root = raw_wrap(store, none, "memory");
	unsigned char out[SHA256_BYTES];

	err_clear(&err);
	is_int(tree_root(store, &root, out, &err), ERR_UNTRUSTED,
	       "an entry with the id of nothing");
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
	test_hostile();
	test_empty_subtree();
	test_not_a_tree();
	test_damaged();
	test_cache_by_place();
	test_cache_file();
	test_cache_after_flush();
	test_no_object();
	store_stop_library();
	scratch_end();
	return done_testing();
}
