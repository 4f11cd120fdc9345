/* Compaction: the same records, fewer segments in a folder. */
#include "tests/unit/arranged.h"

#include "lib/id/hash.h"
#include "objects/tree/compact.h"

/* Make one segment of records[from..to) at a depth; add it to the tree. */
static void put_segment(struct store *store, struct pile *pile, size_t from,
			size_t to, unsigned digits_n, git_oid *tree)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct arrange_record *records;
	struct err err = ERR_INIT;
	char dir[PLACE_NAME_LEN + 1];

	/* arrange() reorders: give it a copy. */
	records = calloc(to - from, sizeof(*records));
	if (!records)
		bail_out("out of memory");
	memcpy(records, pile->records + from, (to - from) * sizeof(*records));
	must(arrange(store, pile->codec, records, to - from, &list, &err),
	     &err);
	if (list.n != 1)
		bail_out("%zu segments instead of one", list.n);
	snprintf(dir, sizeof(dir), "%s", list.at[0].place.dir);
	place_of_hash(dir, records[0].hash,
		      digits_n > TREE_DIGITS ? TREE_DIGITS : digits_n,
		      digits_n > TREE_DIGITS, &list.at[0].place);
	must(tree_insert(store, tree, &list, tree, &err), &err);
	tree_segments_release(&list);
	free(records);
}

static void put_singles(struct store *store, struct pile *pile, size_t from,
			size_t to, unsigned digits_n, git_oid *tree)
{
	for (; from < to; from++)
		put_segment(store, pile, from, from + 1, digits_n, tree);
}

static git_oid empty_tree(struct store *store)
{
	struct err err = ERR_INIT;
	git_oid tree;

	must(tree_empty(store, &tree, &err), &err);
	return tree;
}

static git_oid compacted(struct store *store, struct codec *codec,
			 const git_oid *tree,
			 const struct tree_segments *touched)
{
	struct err err = ERR_INIT;
	git_oid out;

	must(compact(store, codec, tree, touched, &out, &err), &err);
	return out;
}

static bool is_due(struct store *store, const git_oid *tree,
		   const struct tree_segments *touched)
{
	struct err err = ERR_INIT;
	bool due;

	must(compact_is_due(store, tree, touched, &due, &err), &err);
	return due;
}

static void holds_all(struct store *store, struct pile *pile,
		      const git_oid *tree, const char *name)
{
	struct ids want = pile_ids(pile);
	struct ids got = tree_ids(store, pile->codec, tree);

	ok(got.broken == 0, "%s: every segment verifies", name);
	ok(ids_equal(&want, &got), "%s: every record is there once", name);
	free(want.at);
	free(got.at);
}

static size_t count_segments(struct store *store, struct codec *codec,
			     const git_oid *tree)
{
	struct ids ids = tree_ids(store, codec, tree);

	free(ids.at);
	return ids.segments;
}

static void add_memories(struct pile *pile, size_t n, const char *prefix)
{
	char entity[64];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(entity, sizeof(entity), "%s%zu", prefix, i);
		pile_add(pile, entity, (unsigned)i, 30);
	}
}

static void test_due(struct store *store, struct codec *codec)
{
	git_oid tree = empty_tree(store);
	struct pile pile;
	git_oid next;

	pile_init(&pile, codec, 33);
	add_memories(&pile, 33, "memory:m");
	next = compacted(store, codec, &tree, NULL);
	ok(git_oid_equal(&next, &tree), "an empty tree stays");
	put_singles(store, &pile, 0, 32, 0, &tree);
	ok(!is_due(store, &tree, NULL), "32 segments are not too many");
	next = compacted(store, codec, &tree, NULL);
	ok(git_oid_equal(&next, &tree), "and stay as they are");
	put_singles(store, &pile, 32, 33, 0, &tree);
	ok(is_due(store, &tree, NULL), "33 are");
	next = compacted(store, codec, &tree, NULL);
	ok(count_segments(store, codec, &next) <= 16, "now one per digit");
	is_int(most_segments(store, &next, NULL), 1, "each in its folder");
	holds_all(store, &pile, &next, "33 memories");
	ok(!is_due(store, &next, NULL), "nothing is due any more");
	tree = compacted(store, codec, &next, NULL);
	ok(git_oid_equal(&next, &tree), "again changes nothing");
	pile_release(&pile);
}

/* Only the folders on the way to what was touched are looked at. */
static void test_touched(struct store *store, struct codec *codec)
{
	struct tree_segments touched = TREE_SEGMENTS_INIT;
	struct tree_segment probe = { .digest = { 0 } };
	git_oid tree = empty_tree(store);
	struct err err = ERR_INIT;
	struct pile memories;
	struct pile acus;
	git_oid next;
	struct ids ids;

	pile_init(&memories, codec, 33);
	pile_init(&acus, codec, 33);
	add_memories(&memories, 33, "memory:m");
	add_memories(&acus, 33, "acu:a");
	put_singles(store, &memories, 0, 33, 0, &tree);
	put_singles(store, &acus, 0, 33, 0, &tree);
	place_of_hash("session", memories.records[0].hash, 1, false,
		      &probe.place);
	must(tree_segments_add(&touched, &probe, &err), &err);
	ok(!is_due(store, &tree, &touched), "full folders elsewhere");
	next = compacted(store, codec, &tree, &touched);
	ok(git_oid_equal(&next, &tree), "are left alone");
	place_of_hash("memory", memories.records[0].hash, 2, false,
		      &probe.place);
	must(tree_segments_add(&touched, &probe, &err), &err);
	ok(is_due(store, &tree, &touched), "one on the path is due");
	next = compacted(store, codec, &tree, &touched);
	ids = tree_ids(store, codec, &next);
	is_int(most_segments(store, &next, NULL), 33, "the other stays full");
	ok(ids.segments > 33 && ids.segments <= 33 + 16,
	   "this one is not: %zu", ids.segments);
	is_int(ids.n, 66, "every record is there");
	next = compacted(store, codec, &next, NULL);
	is_int(most_segments(store, &next, NULL), 1, "NULL means all");
	free(ids.at);
	tree_segments_release(&touched);
	pile_release(&memories);
	pile_release(&acus);
}

/* What comes down can make the next folder too full, and so on. */
static void test_cascade(struct store *store, struct codec *codec)
{
	git_oid tree = empty_tree(store);
	struct pile pile;
	struct pile same;
	git_oid next;
	size_t i;

	pile_init(&pile, codec, 3000);
	pile_init(&same, codec, 65);
	add_memories(&pile, 3000, "memory:m");
	/* 65 whose first digit is the same */
	for (i = 0; same.n < 65; i++) {
		if (pile.records[i].hash[0] >> 4 == 5)
			same.records[same.n++] = pile.records[i];
	}
	put_singles(store, &same, 0, 32, 1, &tree);
	put_singles(store, &same, 32, 64, 0, &tree);
	ok(!is_due(store, &tree, NULL), "two folders that are just full");
	put_singles(store, &same, 64, 65, 0, &tree);
	next = compacted(store, codec, &tree, NULL);
	is_int(most_segments(store, &next, NULL), 1, "both go down");
	holds_all(store, &same, &next, "a cascade");
	same.max = 0;
	pile_release(&pile);
	pile_release(&same);
}

/* One entity alone: there is always a way down, until there is none. */
static void test_bottom(struct store *store, struct codec *codec)
{
	git_oid tree = empty_tree(store);
	struct pile pile;
	git_oid next;
	size_t i;

	pile_init(&pile, codec, 300);
	for (i = 0; i < 40; i++)
		pile_add(&pile, "memory:one", (unsigned)i, 30);
	put_singles(store, &pile, 0, 40, 0, &tree);
	next = compacted(store, codec, &tree, NULL);
	is_int(count_segments(store, codec, &next), 1,
	       "forty updates of one memory");
	holds_all(store, &pile, &next, "one memory");
	tree = empty_tree(store);
	put_singles(store, &pile, 0, 40, TREE_DIGITS, &tree);
	next = compacted(store, codec, &tree, NULL);
	is_int(count_segments(store, codec, &next), 1, "at the last digit");
	holds_all(store, &pile, &next, "the last digit");

	pile.n = 0;
	for (i = 0; i < 40; i++) {
		char entity[64];

		snprintf(entity, sizeof(entity), "message:s:1/%zu", i);
		pile_add(&pile, entity, (unsigned)i, 30);
	}
	tree = empty_tree(store);
	put_singles(store, &pile, 0, 33, TREE_DIGITS, &tree);
	next = compacted(store, codec, &tree, NULL);
	put_singles(store, &pile, 33, 40, TREE_DIGITS + 1, &next);
	holds_all(store, &pile, &next, "a session goes home");
	is_int(count_segments(store, codec, &next), 8, "in one segment and 7");
	tree = empty_tree(store);
	put_singles(store, &pile, 0, 40, TREE_DIGITS + 1, &tree);
	next = compacted(store, codec, &tree, NULL);
	is_int(count_segments(store, codec, &next), 1, "a home is cut afresh");
	holds_all(store, &pile, &next, "a home");
	pile_release(&pile);
}

/* Full segments at the bottom stay; the small ones among them are joined. */
static void test_full(struct store *store, struct codec *codec)
{
	git_oid tree = empty_tree(store);
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct err err = ERR_INIT;
	struct pile pile;
	char entity[64];
	git_oid next;
	size_t i;

	pile_init(&pile, codec, 256 * 33 + 10);
	for (i = 0; i < 256 * 33; i++) {
		snprintf(entity, sizeof(entity), "message:s:1/%zu", i);
		pile_add(&pile, entity, (unsigned)(i % 86400), 1);
	}
	must(arrange(store, codec, pile.records, pile.n, &list, &err), &err);
	is_int(list.n, 33, "a session of 33 full segments");
	must(tree_insert(store, &tree, &list, &tree, &err), &err);
	next = compacted(store, codec, &tree, NULL);
	ok(git_oid_equal(&next, &tree), "stays as it is");
	for (i = 0; i < 10; i++) {
		snprintf(entity, sizeof(entity), "message:s:1/late%zu", i);
		pile_add(&pile, entity, (unsigned)i, 1);
	}
	put_singles(store, &pile, pile.n - 10, pile.n, TREE_DIGITS + 1, &tree);
	next = compacted(store, codec, &tree, NULL);
	is_int(count_segments(store, codec, &next), 34,
	       "ten small ones become one");
	holds_all(store, &pile, &next, "a long session");
	tree = compacted(store, codec, &next, NULL);
	ok(git_oid_equal(&next, &tree), "and that is all");
	tree_segments_release(&list);
	pile_release(&pile);
}

static void test_doubles(struct store *store, struct codec *codec)
{
	git_oid tree = empty_tree(store);
	struct pile pile;
	git_oid next;
	size_t i;

	pile_init(&pile, codec, 40);
	add_memories(&pile, 40, "memory:m");
	for (i = 0; i + 2 <= 40; i++)
		put_segment(store, &pile, i, i + 2, 0, &tree);
	is_int(count_segments(store, codec, &tree), 39,
	       "segments that share records");
	next = compacted(store, codec, &tree, NULL);
	holds_all(store, &pile, &next, "doubles are dropped");
	pile_release(&pile);
}

/* Two devices, the same segments in another order: the same tree. */
static void test_agreement(struct codec *codec, const char *mode)
{
	struct store *here = new_store(mode);
	char other[64];
	struct store *there;
	struct pile pile;
	git_oid a = empty_tree(here);
	git_oid b;
	size_t i;

	snprintf(other, sizeof(other), "%s-other", mode);
	there = new_store(other);
	b = empty_tree(there);
	pile_init(&pile, codec, 120);
	add_memories(&pile, 60, "memory:m");
	add_memories(&pile, 60, "acu:x");
	put_singles(here, &pile, 0, 120, 0, &a);
	for (i = 0; i < 120; i++)
		put_segment(there, &pile, i * 77 % 120, i * 77 % 120 + 1, 0,
			    &b);
	ok(git_oid_equal(&a, &b), "%s: the same segments, the same tree",
	   mode);
	a = compacted(here, codec, &a, NULL);
	b = compacted(there, codec, &b, NULL);
	ok(git_oid_equal(&a, &b), "%s: and compacted again the same", mode);
	holds_all(here, &pile, &a, mode);
	is_int(most_segments(here, &a, NULL), 1, "it was compacted");
	pile_release(&pile);
	store_free(here);
	store_free(there);
}

/* Pieces of blobs are no records, and stay. */
static void test_blobs(struct store *store, struct codec *codec)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	git_oid tree = empty_tree(store);
	unsigned char hash[PLACE_HASH_BYTES] = { 3, 4, 5 };
	struct err err = ERR_INIT;
	char dir[PLACE_NAME_LEN + 1];
	git_oid next;
	int i;

	codec_dir_name(codec, "blob", dir);
	for (i = 0; i < 40; i++) {
		struct tree_segment piece;
		char bytes[32];

		snprintf(bytes, sizeof(bytes), "piece %d", i);
		memset(&piece, 0, sizeof(piece));
		place_of_hash(dir, hash, TREE_DIGITS, true, &piece.place);
		sha256_of(bytes, strlen(bytes), piece.digest);
		must(store_add(store, OBJECT_BLOB, span_str(bytes),
			       &piece.blob, &err), &err);
		must(tree_segments_add(&list, &piece, &err), &err);
	}
	must(tree_insert(store, &tree, &list, &tree, &err), &err);
	next = compacted(store, codec, &tree, NULL);
	ok(git_oid_equal(&next, &tree), "forty pieces of a blob stay");
	next = compacted(store, codec, &tree, &list);
	ok(git_oid_equal(&next, &tree), "even where they were touched");
	tree_segments_release(&list);
}

static void test_damage(struct store *store, struct codec *codec)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	git_oid tree = empty_tree(store);
	struct tree_segment bad = { .digest = { 0 } };
	struct err err = ERR_INIT;
	struct codec *blind;
	struct pile pile;
	git_oid out = tree;

	pile_init(&pile, codec, 32);
	add_memories(&pile, 32, "memory:m");
	put_singles(store, &pile, 0, 32, 0, &tree);
	must(codec_new_blind(&blind, &err), &err);
	place_of_hash("memory", pile.records[0].hash, 0, false, &bad.place);
	sha256_of("x\n", 2, bad.digest);
	must(store_add(store, OBJECT_BLOB, span_str("x\n"), &bad.blob, &err),
	     &err);
	must(tree_segments_add(&list, &bad, &err), &err);
	must(tree_insert(store, &tree, &list, &tree, &err), &err);
	is_int(compact(store, codec, &tree, NULL, &out, &err), ERR_CORRUPT,
	       "a damaged segment is not compacted away");
	ok(strstr(err.text, "bafkrei") != NULL, "it is named");
	ok(!git_oid_equal(&out, &tree), "and nothing comes out");
	err_clear(&err);
	is_int(compact(store, blind, &tree, NULL, &out, &err), ERR_NO_KEY,
	       "nobody compacts what he cannot read");
	codec_free(blind);
	tree_segments_release(&list);
	pile_release(&pile);
}

/* A vault that grows at random, compacted whenever that is due. */
static void test_growth(struct store *store, struct codec *codec)
{
	struct arrange_record batch[64];
	git_oid tree = empty_tree(store);
	unsigned state = 12345;
	struct err err = ERR_INIT;
	size_t compactions = 0;
	size_t most = 0;
	size_t done = 0;
	struct pile pile;

	pile_init(&pile, codec, 3000);
	while (pile.n < pile.max) {
		char entity[64];

		state = state * 1103515245 + 12345;
		snprintf(entity, sizeof(entity), state >> 20 & 1 ?
			 "message:s:%u/%zu" : "memory:%u-%zu",
			 (state >> 16) % 5, pile.n);
		pile_add(&pile, entity, (unsigned)pile.n, 30);
	}
	while (done < pile.n) {
		struct tree_segments added = TREE_SEGMENTS_INIT;
		size_t n;

		state = state * 1103515245 + 12345;
		n = state >> 16 & 7 ? 1 : 1 + (state >> 20) % 64;
		n = n < pile.n - done ? n : pile.n - done;
		memcpy(batch, pile.records + done, n * sizeof(*batch));
		must(arrange(store, codec, batch, n, &added, &err), &err);
		must(tree_insert(store, &tree, &added, &tree, &err), &err);
		if (is_due(store, &tree, &added)) {
			tree = compacted(store, codec, &tree, &added);
			compactions++;
		}
		if (most_segments(store, &tree, NULL) > most)
			most = most_segments(store, &tree, NULL);
		done += n;
		tree_segments_release(&added);
	}
	ok(compactions > 5, "a growing vault was compacted %zu times",
	   compactions);
	is_int(most, TREE_LEVEL_SEGMENTS, "no folder ever passes the limit");
	holds_all(store, &pile, &tree, "growth");
	pile_release(&pile);
}

int main(void)
{
	struct codec *codec = new_plain();
	struct codec *sealed = new_sealed();
	struct store *store;
	struct err err = ERR_INIT;

	scratch_begin();
	must(store_init_library(&err), &err);
	store = new_store("store");
	test_due(store, codec);
	test_touched(store, codec);
	test_cascade(store, codec);
	test_bottom(store, codec);
	test_full(store, codec);
	test_doubles(store, codec);
	test_agreement(codec, "plain");
	test_agreement(sealed, "sealed");
	test_blobs(store, codec);
	test_blobs(store, sealed);
	test_damage(store, codec);
	test_growth(store, sealed);
	store_free(store);
	store_stop_library();
	codec_free(codec);
	codec_free(sealed);
	scratch_end();
	return done_testing();
}
