/*
 * The union of trees against a naive one: trees as sets of up to 16 segments,
 * bit by bit. Every shortcut must come to the same tree.
 */
#include "tests/unit/tree_made.h"

#define UNIVERSE 16
#define HEADS_MAX 5
#define BASES_MAX 5
#define ROUNDS 4000

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

static git_oid tree_of(struct store *store, uint32_t set)
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
	uint32_t heads[HEADS_MAX];
	size_t heads_n;
	struct {
		uint32_t set;
		size_t a, b;
	} bases[BASES_MAX];
	size_t bases_n;
};

/* The definition in tree.h, word by word. */
static uint32_t naive(const struct forest *forest)
{
	uint32_t set = 0;
	size_t i;

	for (i = 0; i < forest->heads_n; i++)
		set |= forest->heads[i];
	for (i = 0; i < forest->bases_n; i++)
		set &= ~(forest->bases[i].set &
			 ~(forest->heads[forest->bases[i].a] &
			   forest->heads[forest->bases[i].b]));
	return set;
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
static uint32_t changed(uint32_t set)
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
	uint32_t start = below(1u << UNIVERSE);
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
	uint32_t swap = forest->heads[x];
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
		want = tree_of(store, naive(&forest));
		got = unite(store, &forest);
		wrong += !git_oid_equal(&want, &got);
		shuffle(&forest);
		got = unite(store, &forest);
		wrong_order += !git_oid_equal(&want, &got);
		/* What the union took away does not come back by itself. */
		forest.heads[0] = naive(&forest);
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
	forest.heads[0] = 0x03;
	forest.heads[1] = 0x16;
	forest.bases[0].set = 0x07;
	forest.bases[0].b = 1;
	forest.bases_n = 1;
	want = tree_of(store, 0x12);
	got = unite(store, &forest);
	ok(git_oid_equal(&got, &want), "gone where one head lacks it");
	forest.heads[0] = 0;
	forest.heads[1] = 0x07;
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

int main(void)
{
	struct store *store;

	scratch_begin();
	if (store_init_library(&err) < 0)
		bail_out("%s", err.text);
	store = make_store("union");
	test_cases(store);
	test_against_naive(store);
	test_cost(store);
	test_forged(store);
	store_free(store);
	store_stop_library();
	scratch_end();
	return done_testing();
}
