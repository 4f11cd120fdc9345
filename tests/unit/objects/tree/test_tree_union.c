/*
 * The union of trees against a naive one: trees as sets of segments, bit by
 * bit. Every shortcut must come to the same tree, and over any valid history
 * the naive one must lose no record.
 */
#include "tests/unit/tree_made.h"

#include "objects/tree/compact.h"

#define UNIVERSE 16
#define HEADS_MAX 5
#define BASES_MAX 5
#define ROUNDS 4000
#define SEGMENTS_MAX 64	/* of one set */

/* Homes that begin with 9cc and 9c5: SHA-256("session:x") and a neighbour. */
static const char *const paths[] = {
	"memory", "memory", "memory/b", "memory/b/1", "memory/b/1/0",
	"memory/c", "session", "session/9", "session/9/c",
	HOME_PATH,
	"session/9/c/c/ttdmiond3h3rnwpakjrb34v5ha",
	"session/9/c/c", "session/a", "acu", "acu/1", "acu/1/2",
};

static uint64_t state = 0x9e3779b97f4a7c15u;

static uint32_t below(uint32_t bound)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 33) % bound;
}

static git_oid tree_of(struct store *store, uint64_t set)
{
	static struct tree_segment all[UNIVERSE];
	static bool is_made;
	struct tree_segments list = TREE_SEGMENTS_INIT;
	git_oid id;
	int i;

	for (i = 0; !is_made && i < UNIVERSE; i++) {
		char text[32];

		snprintf(text, sizeof(text), "segment %d", i);
		all[i] = segment_of(store, paths[i], text);
	}
	is_made = true;
	for (i = 0; i < UNIVERSE; i++) {
		if (set >> i & 1)
			list_add(&list, &all[i]);
	}
	id = insert(store, empty_tree(store), &list);
	tree_segments_release(&list);
	return id;
}

struct forest {
	uint64_t heads[HEADS_MAX];
	size_t heads_n;
	struct {
		uint64_t set;
		size_t a, b;
	} bases[BASES_MAX];
	size_t bases_n;
};

/* Does one path lie on the other? */
static bool is_near(const char *a, const char *b)
{
	size_t len = strlen(a) < strlen(b) ? strlen(a) : strlen(b);

	return !strncmp(a, b, len) && (!a[len] || a[len] == '/') &&
	       (!b[len] || b[len] == '/');
}

/* The definition in tree.h, word by word; places by segment. */
static uint64_t naive(const struct forest *forest, const char *const *places)
{
	uint64_t dropped[HEADS_MAX] = { 0 };
	uint64_t by_any = 0, gone = 0, set = 0;
	size_t i, s, t;

	for (i = 0; i < forest->bases_n; i++) {
		size_t a = forest->bases[i].a, b = forest->bases[i].b;

		dropped[a] |= forest->bases[i].set & ~forest->heads[a];
		dropped[b] |= forest->bases[i].set & ~forest->heads[b];
		by_any |= dropped[a] | dropped[b];
	}
	for (i = 0; i < forest->heads_n; i++) {
		uint64_t risky = forest->heads[i] & by_any;

		set |= forest->heads[i];
		for (s = 0; s < SEGMENTS_MAX; s++) {
			bool is_at_risk = false;

			for (t = 0; t < SEGMENTS_MAX; t++)
				is_at_risk |= (risky >> t & 1) &&
					      (dropped[i] >> s & 1) &&
					      is_near(places[s], places[t]);
			if ((dropped[i] >> s & 1) && !is_at_risk)
				gone |= 1ull << s;
		}
	}
	return set & ~gone;
}

static git_oid unite(struct store *store, const struct forest *forest)
{
	git_oid heads[HEADS_MAX];
	struct tree_base bases[BASES_MAX];
	git_oid out;
	size_t i;

	for (i = 0; i < forest->heads_n; i++)
		heads[i] = tree_of(store, forest->heads[i]);
	for (i = 0; i < forest->bases_n; i++) {
		bases[i].tree = tree_of(store, forest->bases[i].set);
		bases[i].a = forest->bases[i].a;
		bases[i].b = forest->bases[i].b;
	}
	err_clear(&err);
	if (tree_union(store,
		       &(struct tree_heads){ heads, forest->heads_n, bases,
					     forest->bases_n },
		       &out, &err) < 0)
		bail_out("%s", err.text);
	return out;
}

/* Some sets are few changes apart, as in life; some have nothing in common. */
static uint64_t changed(uint64_t set)
{
	uint32_t n = below(4);

	if (below(8) == 0)
		return below(1u << UNIVERSE);
	while (n--)
		set ^= 1u << below(UNIVERSE);
	return set;
}

static void make_forest(struct forest *forest)
{
	uint64_t start = below(1u << UNIVERSE);
	size_t i;

	forest->heads_n = 1 + below(HEADS_MAX);
	forest->bases_n = below(BASES_MAX + 1);
	for (i = 0; i < forest->heads_n; i++)
		forest->heads[i] = below(3) ? changed(start) : start;
	for (i = 0; i < forest->bases_n; i++) {
		forest->bases[i].set = below(3) ? start : changed(start);
		forest->bases[i].a = below((uint32_t)forest->heads_n);
		forest->bases[i].b = below((uint32_t)forest->heads_n);
	}
}

/* The same with two heads exchanged and the bases in another order. */
static void shuffle(struct forest *forest)
{
	size_t x = below((uint32_t)forest->heads_n);
	size_t y = below((uint32_t)forest->heads_n);
	uint64_t swap = forest->heads[x];
	size_t i, pair;

	forest->heads[x] = forest->heads[y];
	forest->heads[y] = swap;
	for (i = 0; i < forest->bases_n; i++) {
		size_t *a = &forest->bases[i].a, *b = &forest->bases[i].b;

		*a = *a == x ? y : *a == y ? x : *a;
		*b = *b == x ? y : *b == y ? x : *b;
		if (below(2)) {
			pair = *a;
			*a = *b;
			*b = pair;
		}
	}
}

static void test_against_naive(struct store *store)
{
	int round, wrong = 0, wrong_order = 0, wrong_again = 0;

	for (round = 0; round < ROUNDS; round++) {
		struct forest forest;
		git_oid want, got;

		make_forest(&forest);
		want = tree_of(store, naive(&forest, paths));
		got = unite(store, &forest);
		wrong += !git_oid_equal(&want, &got);
		shuffle(&forest);
		got = unite(store, &forest);
		wrong_order += !git_oid_equal(&want, &got);
		/* What the union took away does not come back by itself. */
		forest.heads[0] = naive(&forest, paths);
		forest.heads_n = 1;
		forest.bases_n = 0;
		got = unite(store, &forest);
		wrong_again += !git_oid_equal(&want, &got);
	}
	is_int(wrong, 0, "random forests: as the naive union");
	is_int(wrong_order, 0, "in any order of heads");
	is_int(wrong_again, 0, "idempotent");
}

static void test_cases(struct store *store)
{
	struct forest forest = { { 0x0f, 0xf0 }, 2, { { 0, 0, 0 } }, 0 };
	git_oid want = tree_of(store, 0xff);
	git_oid got = unite(store, &forest);

	ok(git_oid_equal(&got, &want), "no base: all stay");
	forest.heads[0] = 0x0b;
	forest.heads[1] = 0x17;
	forest.bases[0].set = 0x07;
	forest.bases[0].b = 1;
	forest.bases_n = 1;
	want = tree_of(store, 0x1b);
	got = unite(store, &forest);
	ok(git_oid_equal(&got, &want), "gone where one head took it away");
	forest.heads[1] = 0x16;
	want = tree_of(store, 0x1f);
	got = unite(store, &forest);
	ok(git_oid_equal(&got, &want),
	   "kept where each took away what the other kept");
	/* memory/b lost a segment here, memory/c there. */
	forest.heads[0] = 0x20;
	forest.heads[1] = 0x08;
	forest.bases[0].set = 0x28;
	want = tree_of(store, 0);
	got = unite(store, &forest);
	ok(git_oid_equal(&got, &want), "each folder is judged for itself");
	forest.heads[0] = 0x21;
	forest.heads[1] = 0x08;
	forest.bases[0].set = 0x29;
	want = tree_of(store, 0x09);
	got = unite(store, &forest);
	ok(git_oid_equal(&got, &want), "but what lies above counts");
	forest.heads[0] = 0;
	forest.heads[1] = forest.bases[0].set = 0x07;
	want = tree_of(store, 0);
	got = unite(store, &forest);
	ok(git_oid_equal(&got, &want), "all gone: the empty tree");
	ok(git_oid_equal(&got, (git_oid[]){ empty_tree(store) }),
	   "which is one");
}

static int unite_two(struct store *store, const git_oid heads[2],
		     const struct tree_base *base, git_oid *out)
{
	struct tree_heads two = { heads, 2, base, base ? 1 : 0 };

	err_clear(&err);
	return tree_union(store, &two, out, &err);
}

/* Where the heads agree, nothing is read: their trees are not even there. */
static void test_cost(struct store *store)
{
	struct buf raw = BUF_INIT(BUF_NO_LIMIT);
	git_oid nothing, heads[2], out;
	git_oid mine = tree_of(store, 0x03), other = tree_of(store, 0x07);
	struct tree_folder folder;
	struct tree_base base;
	git_oid dirs[2];

	memset(nothing.id, 0x42, sizeof(nothing.id));
	if (tree_folder_read(store, &mine, NULL, &folder, &err) < 0)
		bail_out("%s", err.text);
	dirs[0] = folder.children[0].tree;
	tree_folder_release(&folder);
	if (tree_folder_read(store, &other, NULL, &folder, &err) < 0)
		bail_out("%s", err.text);
	dirs[1] = folder.children[0].tree;
	tree_folder_release(&folder);
	raw_add(&raw, "40000", "acu", &nothing);
	raw_add(&raw, "40000", "memory", &dirs[0]);
	heads[0] = raw_store(store, &raw);
	buf_reset(&raw);
	raw_add(&raw, "40000", "acu", &nothing);
	raw_add(&raw, "40000", "memory", &dirs[1]);
	heads[1] = raw_store(store, &raw);
	base.tree = heads[0];
	base.a = 0;
	base.b = 1;
	err_clear(&err);
	is_int(unite_two(store, heads, NULL, &out), 0,
	       "a subtree that is not there, alike in both heads");
	ok(git_oid_equal(&out, &heads[1]), "one head holds the other");
	is_int(unite_two(store, heads, &base, &out), 0,
	       "with a base");
	ok(git_oid_equal(&out, &heads[1]), "the head that went on");
	buf_release(&raw);
}

static void test_forged(struct store *store)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct tree_segment segment = segment_of(store, "memory", "x");
	git_oid heads[2], out;

	list_add(&list, &segment);
	heads[0] = insert(store, empty_tree(store), &list);
	list.at[0].blob.id[0] ^= 1;
	heads[1] = insert(store, empty_tree(store), &list);
	err_clear(&err);
	is_int(unite_two(store, heads, NULL, &out), ERR_UNTRUSTED, "two blobs under one name");
	tree_segments_release(&list);
}

/*
 * Histories: what each version's tree holds, as segments, each a place and a
 * set of records. Adds and compactions are as valid ones are; parents are any
 * versions, so forks, rings and criss-cross bases come by themselves.
 */
#define NODES_MAX 14
#define RECORDS 8
#define HISTORIES 30000

static const char *const homes[] = {	/* of each record */
	"memory/b/1/0", "memory/b/1/0", "memory/b/1/7", "memory/b/2",
	"memory/b/2", "memory/c", "memory/c/4", "session/9/c/c/h",
};

static const char *const folders[] = {
	"memory", "memory/b", "memory/b/1", "memory/b/1/0", "memory/b/1/7",
	"memory/b/2", "memory/c", "memory/c/4", "session", "session/9/c/c",
	"session/9/c/c/h",
};

#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

struct history {
	const char *places[SEGMENTS_MAX];
	uint32_t records[SEGMENTS_MAX];
	size_t segments_n;
	uint64_t trees[NODES_MAX];
	uint32_t reaches[NODES_MAX];	/* ancestors and itself */
	size_t n;
};

static uint32_t records_of(const struct history *history, uint64_t tree)
{
	uint32_t records = 0;
	size_t i;

	for (i = 0; i < history->segments_n; i++)
		records |= tree >> i & 1 ? history->records[i] : 0;
	return records;
}

/* Those of a set of versions that no other of the set reaches. */
static uint32_t maximal(const struct history *history, uint32_t set)
{
	uint32_t left = set;
	size_t i;

	for (i = 0; i < history->n; i++)
		if (set >> i & 1)
			left &= ~(history->reaches[i] & ~(1u << i));
	return left;
}

static void add_bases(const struct history *history, const size_t *nodes,
		      struct forest *forest, size_t a, size_t b)
{
	uint32_t bases = maximal(history, history->reaches[nodes[a]] &
					  history->reaches[nodes[b]]);
	size_t i;

	for (i = 0; i < history->n; i++) {
		if (!(bases >> i & 1) || forest->bases_n == BASES_MAX)
			continue;
		forest->bases[forest->bases_n].set = history->trees[i];
		forest->bases[forest->bases_n].a = a;
		forest->bases[forest->bases_n++].b = b;
	}
}

/* The union of any three versions or fewer; out_reaches what they reach. */
static uint64_t join_some(const struct history *history, uint32_t *out_reaches,
			  bool *out_is_lossless)
{
	struct forest forest = { .heads_n = 0 };
	size_t nodes[NODES_MAX];
	uint32_t chosen = 0, records = 0;
	uint64_t tree;
	size_t i, j, n = 1 + below(3);

	for (i = 0; history->n && i < n; i++)
		chosen |= 1u << below((uint32_t)history->n);
	chosen = maximal(history, chosen);
	*out_reaches = 0;
	for (i = 0; i < history->n; i++) {
		if (!(chosen >> i & 1))
			continue;
		nodes[forest.heads_n] = i;
		forest.heads[forest.heads_n++] = history->trees[i];
		*out_reaches |= history->reaches[i];
		records |= records_of(history, history->trees[i]);
	}
	for (i = 0; i < forest.heads_n; i++)
		for (j = i + 1; j < forest.heads_n; j++)
			add_bases(history, nodes, &forest, i, j);
	tree = naive(&forest, history->places);
	*out_is_lossless = records_of(history, tree) == records;
	return tree;
}

/* A segment of these records somewhere on the path of all of them. */
static void put_segment(struct history *history, uint64_t *tree,
			uint32_t records)
{
	const char *place = folders[below(FOLDERS)];
	size_t i;

	for (i = 0; i < RECORDS; i++)
		if ((records >> i & 1) && (!is_near(place, homes[i]) ||
		    strlen(place) > strlen(homes[i])))
			place = strncmp(homes[i], "memory", 6) ? "session"
							       : "memory";
	for (i = 0; i < history->segments_n; i++)
		if (history->places[i] == place &&
		    history->records[i] == records)
			break;
	if (i == SEGMENTS_MAX)
		return;
	history->places[i] = place;
	history->records[i] = records;
	history->segments_n += i == history->segments_n;
	*tree |= 1ull << i;
}

static uint32_t one_or_two(void)
{
	uint32_t record = below(RECORDS);

	/* Two of one kind's folder, or the one. */
	return 1u << record |
	       (record < RECORDS - 1 && below(2) ? 1u << below(RECORDS - 1)
						 : 0);
}

/* Take some away, and put what then is missed where it may lie. */
static void compact_some(struct history *history, uint64_t *tree)
{
	uint32_t before = records_of(history, *tree);
	uint32_t missed;
	size_t i;

	for (i = 0; i < history->segments_n; i++)
		if (!below(2))
			*tree &= ~(1ull << i);
	missed = before & ~records_of(history, *tree);
	for (i = 0; i < RECORDS; i++)
		if (missed >> i & 1)
			put_segment(history, tree, 1u << i);
}

/* False when a union lost a record, or the segments do not suffice. */
static bool grow(struct history *history)
{
	uint32_t reaches;
	bool is_lossless;
	uint64_t tree = join_some(history, &reaches, &is_lossless);

	if (history->n && below(2))
		compact_some(history, &tree);
	else
		put_segment(history, &tree, one_or_two());
	history->trees[history->n] = tree;
	history->reaches[history->n] = reaches | 1u << history->n;
	history->n++;
	return is_lossless;
}

static void test_histories(void)
{
	int round, lost = 0, taken = 0;

	for (round = 0; round < HISTORIES; round++) {
		struct history history = { .n = 0 };
		size_t i;

		for (i = 0; i < SEGMENTS_MAX; i++)
			history.places[i] = "";
		while (history.n < NODES_MAX &&
		       history.segments_n < SEGMENTS_MAX - RECORDS)
			lost += !grow(&history);
		taken += (history.trees[history.n - 1] &
			  (history.trees[0])) == 0;
	}
	is_int(lost, 0, "random histories: no union loses a record");
	ok(taken > HISTORIES / 20, "and %d times the first segment went",
	   taken);
}

int main(void)
{
	struct store *store;

	scratch_begin();
	if (store_init_library(&err) < 0)
		bail_out("%s", err.text);
	store = make_store("union");
	test_cases(store);
	test_against_naive(store);
	test_histories();
	test_cost(store);
	test_forged(store);
	store_free(store);
	store_stop_library();
	scratch_end();
	return done_testing();
}
