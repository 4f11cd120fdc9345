/*
 * The canonical cut: however a set of records came into a tree, it lies in
 * the same segments at the same places in the end, and nothing is lost.
 */
#include "tests/unit/arranged.h"

#include "objects/tree/compact.h"
#include "objects/tree/recut.h"

static struct store *store;

/* A source of chance that is the same in each run. */
static uint64_t chance = 7;

static unsigned draw(unsigned below)
{
	chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(chance >> 33) % below;
}

static git_oid empty_tree(void)
{
	struct err err = ERR_INIT;
	git_oid tree;

	must(tree_empty(store, &tree, &err), &err);
	return tree;
}

/* Put records[from..to) into the tree as one write would. */
static void put(const struct pile *pile, size_t from, size_t to,
		bool is_compacted, git_oid *tree)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct arrange_record *records = calloc(to - from, sizeof(*records));
	struct err err = ERR_INIT;

	if (!records)
		bail_out("out of memory");
	memcpy(records, pile->records + from, (to - from) * sizeof(*records));
	must(arrange(store, pile->codec, records, to - from, &list, &err),
	     &err);
	must(tree_insert(store, tree, &list, tree, &err), &err);
	if (is_compacted)
		must(compact(store, pile->codec, tree, &list, tree, &err),
		     &err);
	tree_segments_release(&list);
	free(records);
}

/* In portions of any size, some of them twice. */
static git_oid put_portions(const struct pile *pile, unsigned most)
{
	git_oid tree = empty_tree();
	size_t from = 0;

	while (from < pile->n) {
		size_t to = from + 1 + draw(most);

		if (to > pile->n)
			to = pile->n;
		put(pile, from, to, draw(2), &tree);
		from = draw(8) ? to : from + (to - from) / 2;
	}
	return tree;
}

static git_oid cut(struct codec *codec, git_oid tree, const git_oid *settled)
{
	struct recut_options options = { .settled = settled };
	struct recut_result out;
	struct err err = ERR_INIT;

	must(recut(store, codec, &tree, &options, &out, &err), &err);
	if (!out.is_whole)
		bail_out("it stopped though nobody asked it to");
	return out.tree;
}

static bool is_first(void *arg, const unsigned char id[RECORD_ID_BYTES])
{
	return !memcmp(arg, id, RECORD_ID_BYTES);
}

static void shuffle(struct pile *pile)
{
	size_t i;

	for (i = pile->n; i > 1; i--) {
		size_t other = draw((unsigned)i);
		struct arrange_record record = pile->records[i - 1];

		pile->records[i - 1] = pile->records[other];
		pile->records[other] = record;
	}
}

static bool holds_the_pile(const struct pile *pile, git_oid tree)
{
	struct ids want = pile_ids(pile);
	struct ids got = tree_ids(store, pile->codec, &tree);
	bool is;

	/* What was not cut may still hold some twice. */
	ids_drop_doubles(&got);
	is = ids_equal(&want, &got);

	free(want.at);
	free(got.at);
	return is;
}

/* The pile must not hold a record twice. */
static void check_pile(struct pile *pile, const char *name)
{
	git_oid whole = empty_tree();
	git_oid tree, again;
	unsigned i;

	put(pile, 0, pile->n, false, &whole);
	again = cut(pile->codec, whole, NULL);
	ok(git_oid_equal(&again, &whole), "%s: one write is cut well", name);
	for (i = 0; i < 3; i++) {
		shuffle(pile);
		tree = put_portions(pile, i ? 300 : 40);
		tree = cut(pile->codec, tree, NULL);
		ok(git_oid_equal(&tree, &whole), "%s: so are portions", name);
	}
	ok(holds_the_pile(pile, tree), "%s: with the same records", name);
	again = cut(pile->codec, tree, NULL);
	ok(git_oid_equal(&again, &tree), "%s: a second cut changes nothing",
	   name);
}

static void add_memories(struct pile *pile, size_t n)
{
	char entity[64];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(entity, sizeof(entity), "memory:m%zu", i);
		pile_add(pile, entity, (unsigned)(i * 7 % 86400),
			 10 + i % 900);
	}
}

/* Sessions of any length: most short, some that fill segments alone. */
static void add_sessions(struct pile *pile, size_t n)
{
	char entity[64];
	size_t i, j;

	for (i = 0; i < n; i++) {
		size_t messages = i % 37 == 5 ? 700 : i % 5;

		snprintf(entity, sizeof(entity), "session:chatgpt:s%zu", i);
		pile_add(pile, entity, (unsigned)i, 20);
		for (j = 0; j < messages; j++) {
			snprintf(entity, sizeof(entity),
				 "message:chatgpt:s%zu/%zu", i, j);
			pile_add(pile, entity, (unsigned)(i + j * 3), 150);
		}
	}
}

static void test_sets(bool is_sealed)
{
	static const size_t sizes[] = { 1, 30, 900, 5000 };
	struct codec *codec = is_sealed ? new_sealed() : new_plain();
	struct pile pile;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		pile_init(&pile, codec, sizes[i]);
		add_memories(&pile, sizes[i]);
		check_pile(&pile, is_sealed ? "sealed memories" : "memories");
		pile_release(&pile);
	}
	pile_init(&pile, codec, 20000);
	add_sessions(&pile, 300);
	add_memories(&pile, 700);
	check_pile(&pile, is_sealed ? "sealed sessions" : "sessions");
	pile_release(&pile);
	codec_free(codec);
}

/* What is known of the last cut saves reading, and changes nothing. */
static void test_settled(void)
{
	struct codec *codec = new_plain();
	git_oid tree, whole, part;
	struct pile pile;
	size_t done = 0;

	pile_init(&pile, codec, 20000);
	add_sessions(&pile, 300);
	add_memories(&pile, 4000);
	shuffle(&pile);
	tree = empty_tree();
	part = tree;
	while (done < pile.n) {
		size_t to = done + 200 + draw(1500);

		if (to > pile.n)
			to = pile.n;
		put(&pile, done, to, true, &tree);
		whole = cut(codec, tree, NULL);
		tree = cut(codec, tree, &part);
		part = tree;
		if (!git_oid_equal(&tree, &whole))
			break;
		done = to;
	}
	ok(done == pile.n, "cutting only what changed gives the same tree");
	ok(holds_the_pile(&pile, tree), "with all records");
	pile_release(&pile);
	codec_free(codec);
}

static void test_forgotten(void)
{
	struct codec *codec = new_plain();
	struct recut_options options = { .is_forgotten = is_first };
	struct recut_result out;
	struct err err = ERR_INIT;
	git_oid tree = empty_tree(), want = empty_tree();
	struct pile pile;

	pile_init(&pile, codec, 400);
	add_memories(&pile, 400);
	put(&pile, 0, pile.n, true, &tree);
	put(&pile, 0, 3, false, &tree);
	put(&pile, 1, pile.n, false, &want);
	options.arg = pile.records[0].line.id;
	must(recut(store, codec, &tree, &options, &out, &err), &err);
	want = cut(codec, want, NULL);
	ok(git_oid_equal(&out.tree, &want),
	   "what was forgotten is left out, wherever it stood");
	pile_release(&pile);
	codec_free(codec);
}

static bool is_up_after(void *arg)
{
	unsigned *left = arg;

	return !*left || !--*left;
}

static void test_time(void)
{
	struct codec *codec = new_plain();
	struct err err = ERR_INIT;
	unsigned left;
	struct recut_options options = { .is_time_up = is_up_after,
					 .arg = &left };
	struct recut_result out;
	git_oid tree, want, again;
	struct pile pile;
	bool all_hold = true, was_whole = false;
	unsigned i;

	pile_init(&pile, codec, 20000);
	add_sessions(&pile, 200);
	add_memories(&pile, 3000);
	shuffle(&pile);
	tree = put_portions(&pile, 100);
	want = cut(codec, tree, NULL);
	for (i = 1; i < 4000 && !was_whole; i = i * 2 + 1) {
		left = i;
		must(recut(store, codec, &tree, &options, &out, &err), &err);
		all_hold = all_hold && holds_the_pile(&pile, out.tree);
		was_whole = out.is_whole;
		again = cut(codec, out.tree, NULL);
		all_hold = all_hold && git_oid_equal(&again, &want);
	}
	ok(i > 3 && was_whole, "it stops when time is up, unless it is done");
	ok(all_hold, "and leaves all records, to be cut another time");
	pile_release(&pile);
	codec_free(codec);
}

static void test_refusals(void)
{
	struct codec *codec = new_plain();
	struct codec *blind = NULL;
	struct recut_options options = { .settled = NULL };
	struct err err = ERR_INIT;
	git_oid tree = empty_tree();
	struct tree_segments all = TREE_SEGMENTS_INIT;
	struct recut_result out;
	struct pile pile;

	pile_init(&pile, codec, 10);
	add_memories(&pile, 10);
	put(&pile, 0, 5, false, &tree);
	put(&pile, 5, 10, false, &tree);
	must(codec_new_blind(&blind, &err), &err);
	is_int(recut(store, blind, &tree, &options, &out, &err),
	       ERR_NO_KEY, "without a key nothing can be cut");
	/* A segment at a place where its records cannot lie. */
	err_clear(&err);
	must(arrange(store, codec, pile.records, 1, &all, &err), &err);
	place_of_hash("memory", (const unsigned char *)
		      "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20", 3, false,
		      &all.at[0].place);
	must(tree_insert(store, &tree, &all, &tree, &err), &err);
	is_int(recut(store, codec, &tree, &options, &out, &err),
	       ERR_UNTRUSTED, "nor what lies where it may not");
	tree_segments_release(&all);
	pile_release(&pile);
	codec_free(blind);
	codec_free(codec);
}

int main(void)
{
	struct err err = ERR_INIT;

	scratch_begin();
	must(store_init_library(&err), &err);
	store = new_store("store");
	test_sets(false);
	test_sets(true);
	test_settled();
	test_forgotten();
	test_time();
	test_refusals();
	store_free(store);
	store_stop_library();
	scratch_end();
	return done_testing();
}
