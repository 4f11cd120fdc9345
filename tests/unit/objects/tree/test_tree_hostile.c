/*
 * Every tree that git would take and we must not.
 */
#include "tests/unit/tree_made.h"

#define KEYED "abcdefghijklmnopqrstuvwxya"

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
	test_hostile();
	test_empty_subtree();
	test_not_a_tree();
	test_damaged();
	test_no_object();
	store_stop_library();
	scratch_end();
	return done_testing();
}
