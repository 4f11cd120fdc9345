/* Records into segments at places, and the check of a segment at its place. */
#include "tests/unit/arranged.h"
#include "tests/unit/segment_made.h"

#include "lib/id/hash.h"
#include "objects/record/head.h"
#include "objects/tree/arrange_runs.h"
#include "objects/tree/segment_verify.h"

/* Arrange and insert into an empty tree; the list stays for a look. */
static git_oid arrange_tree(struct store *store, struct pile *pile,
			    struct tree_segments *out)
{
	struct err err = ERR_INIT;
	git_oid tree;

	must(arrange(store, pile->codec, pile->records, pile->n, out, &err),
	     &err);
	must(tree_empty(store, &tree, &err), &err);
	must(tree_insert(store, &tree, out, &tree, &err), &err);
	return tree;
}

static size_t count_at(const struct tree_segments *list, unsigned digits_n,
		       bool in_home)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < list->n; i++)
		count += list->at[i].place.digits_n == digits_n &&
			 (list->at[i].place.home[0] != 0) == in_home;
	return count;
}

/* Do the segments hold these records, each once, and verify? */
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

static void test_memories(struct store *store, struct codec *codec,
			  const char *mode)
{
	static const struct {
		size_t n;
		unsigned digits;
		size_t most;
		const char *name;
	} cases[] = {
		{ 1, 0, 1, "one" }, { 256, 0, 1, "a full segment" },
		{ 257, 0, 2, "one more" }, { 1024, 0, 4, "four segments" },
		{ 1025, 1, 16, "more than four go down" },
		{ 5000, 1, 48, "5,000 are one digit down" },
	};
	size_t i;
	size_t j;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct tree_segments list = TREE_SEGMENTS_INIT;
		struct pile pile;
		git_oid tree;
		char entity[64];

		pile_init(&pile, codec, cases[i].n);
		for (j = 0; j < cases[i].n; j++) {
			snprintf(entity, sizeof(entity), "memory:m%zu", j);
			pile_add(&pile, entity, (unsigned)j, 20);
		}
		tree = arrange_tree(store, &pile, &list);
		ok(list.n <= cases[i].most, "%s %s: %zu segments", mode,
		   cases[i].name, list.n);
		is_int(count_at(&list, cases[i].digits, false), list.n,
		       "all at the depth that is due");
		holds_all(store, &pile, &tree, cases[i].name);
		tree_segments_release(&list);
		pile_release(&pile);
	}
}

/* How many homes do the records of each segment have, at most? */
struct mix {
	struct codec *codec;
	unsigned char last[PLACE_HASH_BYTES];
	size_t homes;
};

static int mix_record(void *arg, const struct record *record,
		      const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	struct arrange_record one;
	struct mix *mix = arg;

	must(arrange_record_init(mix->codec, record, id, &one, err), err);
	if (!mix->homes || memcmp(mix->last, one.hash, PLACE_HASH_BYTES))
		mix->homes++;
	memcpy(mix->last, one.hash, PLACE_HASH_BYTES);
	return 0;
}

static size_t most_mixed(struct store *store, struct codec *codec,
			 const struct tree_segments *list)
{
	struct err err = ERR_INIT;
	size_t most = 0;
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct mix mix = { .codec = codec };
		struct segment_visitor visitor = { mix_record, &mix };

		must(segment_verify(store, codec, &list->at[i], &visitor,
				    &err), &err);
		most = mix.homes > most ? mix.homes : most;
	}
	return most;
}

static void add_session(struct pile *pile, const char *name, size_t messages,
			size_t bytes)
{
	char entity[64];
	size_t i;

	snprintf(entity, sizeof(entity), "session:%s", name);
	pile_add(pile, entity, 0, 10);
	for (i = 1; i < messages; i++) {
		snprintf(entity, sizeof(entity), "message:%s/%zu", name, i);
		/* All sessions at the same times: only homes tell them apart. */
		pile_add(pile, entity, (unsigned)i, bytes);
	}
}

static void test_sessions(struct store *store, struct codec *codec)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct pile pile;
	git_oid tree;
	char name[32];
	size_t i;

	pile_init(&pile, codec, 4000);
	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "chatgpt:c%zu", i);
		add_session(&pile, name, 200, 100);
	}
	tree = arrange_tree(store, &pile, &list);
	is_int(count_at(&list, 0, false), 4, "four sessions, four segments");
	is_int(most_mixed(store, codec, &list), 1,
	       "sessions that fill a segment are not mixed");
	holds_all(store, &pile, &tree, "sessions");
	tree_segments_release(&list);

	pile.n = 0;
	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "chatgpt:s%zu", i);
		add_session(&pile, name, 10, 100);
	}
	tree = arrange_tree(store, &pile, &list);
	is_int(list.n, 1, "small sessions share a segment");
	tree_segments_release(&list);
	pile_release(&pile);

	pile_init(&pile, codec, 4000);
	add_session(&pile, "claude:big", 3000, 100);
	add_session(&pile, "claude:small", 20, 100);
	tree = arrange_tree(store, &pile, &list);
	is_int(count_at(&list, TREE_DIGITS, true), list.n - 1,
	       "a long session has a folder of its own");
	ok(list.n <= 13, "its segments are full: %zu", list.n);
	is_int(most_mixed(store, codec, &list), 1, "the other is apart");
	holds_all(store, &pile, &tree, "a long session");
	tree_segments_release(&list);
	pile_release(&pile);
}

/* Homes whose hashes begin alike stay together three digits down. */
static void test_neighbours(struct store *store, struct codec *codec)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct pile pile;
	git_oid tree;
	char name[32];
	size_t mixed;
	size_t i;

	pile_init(&pile, codec, 8000);
	add_session(&pile, "x:0", 2000, 100);
	for (i = 1; pile.n < 3200; i++) {
		struct arrange_record probe;
		size_t n = pile.n;

		snprintf(name, sizeof(name), "x:%zu", i);
		add_session(&pile, name, 1, 100);
		probe = pile.records[n];
		pile.n = n;
		/* The same three digits as the first. */
		if (memcmp(probe.hash, pile.records[0].hash, 1) ||
		    (probe.hash[1] ^ pile.records[0].hash[1]) & 0xf0)
			continue;
		add_session(&pile, name, 100, 100);
	}
	tree = arrange_tree(store, &pile, &list);
	is_int(count_at(&list, TREE_DIGITS, true), 8,
	       "the long one among neighbours goes home");
	is_int(count_at(&list, TREE_DIGITS, false), list.n - 8,
	       "the short ones stay together");
	mixed = most_mixed(store, codec, &list);
	ok(mixed > 1, "and share segments: %zu", mixed);
	holds_all(store, &pile, &tree, "neighbours");
	tree_segments_release(&list);
	pile_release(&pile);
}

static void test_order(struct store *store, struct codec *codec)
{
	struct tree_segments first = TREE_SEGMENTS_INIT;
	struct tree_segments second = TREE_SEGMENTS_INIT;
	struct pile pile;
	struct arrange_record *mixed;
	struct err err = ERR_INIT;
	char entity[64];
	size_t i;

	pile_init(&pile, codec, 2000);
	for (i = 0; i < 2000; i++) {
		snprintf(entity, sizeof(entity), i % 3 ? "message:a:%zu/%zu" :
			 "memory:a%zu-%zu", i % 17, i);
		pile_add(&pile, entity, (unsigned)(i * 7919 % 3600), 50);
	}
	mixed = calloc(4000, sizeof(*mixed));
	for (i = 0; mixed && i < 4000; i++)
		mixed[i] = pile.records[i * 1999 % 2000];
	arrange_tree(store, &pile, &first);
	must(arrange(store, codec, mixed, 4000, &second, &err), &err);
	is_int(first.n, second.n, "another order, doubled: as many segments");
	ok(!memcmp(first.at, second.at, first.n * sizeof(*first.at)),
	   "and the same ones");
	free(mixed);
	tree_segments_release(&first);
	tree_segments_release(&second);
	pile_release(&pile);
}

static void test_large(struct store *store, struct codec *codec)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct pile pile;
	git_oid tree;

	pile_init(&pile, codec, 4);
	pile_add(&pile, "memory:a", 1, 200000);
	pile_add(&pile, "memory:b", 1, 100000);
	pile_add(&pile, "memory:c", 1, 200000);
	pile_add(&pile, "memory:d", 1, 10);
	tree = arrange_tree(store, &pile, &list);
	ok(list.n == 3 || list.n == 4, "large records stand alone: %zu",
	   list.n);
	holds_all(store, &pile, &tree, "large records");
	tree_segments_release(&list);
	pile_release(&pile);
}

static void test_nothing(struct store *store, struct codec *codec)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct err err = ERR_INIT;

	is_int(arrange(store, codec, NULL, 0, &list, &err), 0, "no records");
	is_int(list.n, 0, "no segments");
}

/* As stage_segment(), behind a head that is true of the text. */
static struct tree_segment stage_headed(struct store *store,
					struct codec *codec,
					const struct place *place,
					const char *text)
{
	struct tree_segment segment = { .place = *place };
	struct buf bytes = BUF_INIT(65536);
	struct err err = ERR_INIT;

	must(segment_made(codec, span_str(text), &bytes, &err),
	     &err);
	name_digest(buf_span(&bytes), segment.digest);
	must(store_add(store, OBJECT_BLOB, buf_span(&bytes), &segment.blob,
		       &err), &err);
	buf_release(&bytes);
	return segment;
}

/* A segment of these bytes at that place. */
static struct tree_segment stage_segment(struct store *store,
					 const struct place *place,
					 struct span bytes)
{
	struct tree_segment segment = { .place = *place };
	struct err err = ERR_INIT;

	sha256_of(bytes.at, bytes.len, segment.digest);
	must(store_add(store, OBJECT_BLOB, bytes, &segment.blob, &err), &err);
	return segment;
}

static int stop_record(void *arg, const struct record *record,
		       const unsigned char id[RECORD_ID_BYTES],
		       struct err *err)
{
	(void)record;
	(void)id;
	++*(int *)arg;
	return err_set(err, ERR_CANCELED, "seen enough");
}

static void refused(struct store *store, struct codec *codec,
		    const struct tree_segment *segment, int want,
		    const char *name)
{
	struct err err = ERR_INIT;

	is_int(segment_verify(store, codec, segment, NULL, &err), want, name);
	is_int(err.code, want, "the error's code agrees");
	ok(strstr(err.text, "bafkrei") != NULL, "it names the segment: %s",
	   err.text);
}

/* A good segment with another head: of other leaves, and of other bytes. */
static void test_heads(struct store *store, struct codec *codec,
		       const struct tree_segment *good)
{
	struct tree_segment segment = *good;
	struct buf bytes = BUF_INIT(65536);
	struct err err = ERR_INIT;
	struct segment_head head, other;

	must(store_read(store, &good->blob, OBJECT_BLOB, 65536, &bytes, &err),
	     &err);
	ok(head_split(buf_span(&bytes), &head, NULL), "a segment has a head");
	other = head;
	other.leaves[5] ^= 1;
	head_put(&other, bytes.data);
	name_digest(buf_span(&bytes), segment.digest);
	must(store_add(store, OBJECT_BLOB, buf_span(&bytes), &segment.blob,
		       &err), &err);
	refused(store, codec, &segment, ERR_CORRUPT, "other leaves");
	other = head;
	other.rest[5] ^= 1;
	head_put(&other, bytes.data);
	sha256_of(bytes.data, HEAD_BYTES, segment.digest);
	must(store_add(store, OBJECT_BLOB, buf_span(&bytes), &segment.blob,
		       &err), &err);
	refused(store, codec, &segment, ERR_CORRUPT, "the head of others");
	buf_release(&bytes);
}

static void test_verify(struct store *store, struct codec *codec)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct tree_segment segment;
	struct pile pile;
	struct place other;
	struct err err = ERR_INIT;
	int calls = 0;
	struct segment_visitor stop = { stop_record, &calls };
	char bad[4096];

	pile_init(&pile, codec, 2);
	pile_add(&pile, "memory:a", 1, 10);
	pile_add(&pile, "memory:b", 2, 10);
	must(arrange(store, codec, pile.records, 1, &list, &err), &err);
	segment = list.at[0];
	is_int(segment_verify(store, codec, &segment, NULL, &err), 0,
	       "a good segment, nobody looks");
	is_int(segment_verify(store, codec, &segment, &stop, &err),
	       ERR_CANCELED, "who looks can stop it");
	is_str(err.text, "seen enough", "in his own words");
	is_int(calls, 1, "after one record");
	place_of_hash("memory", pile.records[0].hash, 2, false, &other);
	segment.place = other;
	err_clear(&err);
	is_int(segment_verify(store, codec, &segment, NULL, &err), 0,
	       "its own place further down");
	segment.place.digits[1] = segment.place.digits[1] == '0' ? '1' : '0';
	refused(store, codec, &segment, ERR_UNTRUSTED, "another digit");
	place_of_hash("acu", pile.records[0].hash, 0, false, &segment.place);
	refused(store, codec, &segment, ERR_UNTRUSTED, "another kind's folder");
	place_of_hash("memory", pile.records[0].hash, TREE_DIGITS, true,
		      &segment.place);
	refused(store, codec, &segment, ERR_UNTRUSTED,
		"a home folder of what has none");
	segment = list.at[0];
	segment.digest[3] ^= 1;
	refused(store, codec, &segment, ERR_CORRUPT, "another name");
	segment = list.at[0];
	segment.blob.id[3] ^= 1;
	refused(store, codec, &segment, ERR_CORRUPT, "a missing blob");
	snprintf(bad, sizeof(bad), "%s\n%s", buf_text(&pile.lines[0]),
		 buf_text(&pile.lines[1]));
	segment = stage_headed(store, codec, &list.at[0].place, bad);
	refused(store, codec, &segment, ERR_CORRUPT, "no newline at the end");
	snprintf(bad, sizeof(bad), "%s\n%s\n", buf_text(&pile.lines[1]),
		 buf_text(&pile.lines[0]));
	segment = stage_headed(store, codec, &list.at[0].place, bad);
	refused(store, codec, &segment, ERR_CORRUPT, "not in order");
	segment = stage_headed(store, codec, &list.at[0].place, "{}\n");
	refused(store, codec, &segment, ERR_CORRUPT, "no record");
	segment = stage_segment(store, &list.at[0].place, span_str(""));
	refused(store, codec, &segment, ERR_CORRUPT, "no bytes");
	snprintf(bad, sizeof(bad), "%s\n", buf_text(&pile.lines[0]));
	segment = stage_segment(store, &list.at[0].place, span_str(bad));
	refused(store, codec, &segment, ERR_CORRUPT, "no head");
	test_heads(store, codec, &list.at[0]);
	tree_segments_release(&list);
	pile_release(&pile);
}

/* The sealed object of a good segment alone, by its own name. */
static void test_without_head(struct store *store, struct codec *codec,
			      struct codec *blind,
			      const struct tree_segment *good)
{
	struct buf bytes = BUF_INIT(65536);
	struct tree_segment segment;
	struct err err = ERR_INIT;
	struct span rest;

	must(store_read(store, &good->blob, OBJECT_BLOB, 65536, &bytes, &err),
	     &err);
	ok(head_split(buf_span(&bytes), NULL, &rest), "a segment has a head");
	ok(seal_has_form(rest), "and a sealed object behind it");
	segment = stage_segment(store, &good->place, rest);
	refused(store, codec, &segment, ERR_CORRUPT, "without it, with a key");
	is_int(segment_verify(store, blind, &segment, NULL, &err), 0,
	       "which nobody can tell from a piece of a blob without one");
	buf_release(&bytes);
}

static void test_sealed(struct store *store)
{
	struct codec *codec = new_sealed();
	struct codec *blind;
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct tree_segment segment;
	struct pile pile;
	struct err err = ERR_INIT;

	must(codec_new_blind(&blind, &err), &err);
	test_memories(store, codec, "sealed");
	pile_init(&pile, codec, 1);
	pile_add(&pile, "memory:a", 1, 10);
	must(arrange(store, codec, pile.records, 1, &list, &err), &err);
	is_int(strlen(list.at[0].place.dir), PLACE_NAME_LEN,
	       "folders of a sealed vault have keyed names");
	segment = list.at[0];
	is_int(segment_verify(store, blind, &segment, NULL, &err), 0,
	       "without a key the form is checked");
	segment.digest[0] ^= 1;
	refused(store, blind, &segment, ERR_CORRUPT, "and the name");
	test_heads(store, codec, &list.at[0]);
	test_without_head(store, codec, blind, &list.at[0]);
	segment = stage_segment(store, &list.at[0].place, span_str("VVS1 no"));
	refused(store, blind, &segment, ERR_CORRUPT, "a sealed form it is not");
	refused(store, codec, &segment, ERR_CORRUPT, "and does not open");
	tree_segments_release(&list);
	pile_release(&pile);
	codec_free(blind);
	codec_free(codec);
}

static bool same_segments(const struct tree_segments *a,
			  const struct tree_segments *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n; i++) {
		if (memcmp(a->at[i].digest, b->at[i].digest, SHA256_BYTES) ||
		    strcmp(a->at[i].place.digits, b->at[i].place.digits) ||
		    strcmp(a->at[i].place.home, b->at[i].place.home))
			return false;
	}
	return a->n == b->n;
}

/* Memories, small sessions, one large one, and doubles. */
static void fill_mixed(struct pile *pile)
{
	char entity[64];
	size_t i;

	for (i = 0; i < 24000; i++) {
		if (i % 3 == 0)
			snprintf(entity, sizeof(entity), "memory:m%zu", i);
		else if (i % 3 == 1)
			snprintf(entity, sizeof(entity), "message:t:s%zu/%zu",
				 i % 500, i);
		else
			snprintf(entity, sizeof(entity), "message:t:big/%zu",
				 i);
		pile_add(pile, entity, (unsigned)(i % 3000), 800);
	}
}

/* Runs of any size, put aside, make what the same records make at once. */
static void test_runs(struct store *store, struct codec *codec,
		      uint64_t load_bytes)
{
	struct tree_segments once = TREE_SEGMENTS_INIT;
	struct tree_segments runs = TREE_SEGMENTS_INIT;
	struct arrange_runs *waiting = NULL;
	struct spill *spill = NULL;
	struct err err = ERR_INIT;
	struct pile pile;
	size_t share;
	size_t i;

	pile_init(&pile, codec, 24000);
	fill_mixed(&pile);
	must(spill_new(in_scratch("."), &spill, &err), &err);
	must(arrange_runs_new(spill, load_bytes, &waiting, &err), &err);
	for (i = 0; i < pile.n; i += share) {
		share = i < 9000 ? 1 + i / 3 : 5000;
		share = pile.n - i < share ? pile.n - i : share;
		must(arrange_runs_add(waiting, pile.records + i, share, &err),
		     &err);
	}
	must(arrange_runs_write(waiting, store, codec, &runs, &err), &err);
	must(arrange(store, codec, pile.records, pile.n, &once, &err), &err);
	ok(once.n > 100, "many segments: %zu", once.n);
	ok(same_segments(&once, &runs), "runs make the same ones");
	arrange_runs_free(waiting);
	spill_free(spill);
	tree_segments_release(&once);
	tree_segments_release(&runs);
	pile_release(&pile);
}

int main(void)
{
	struct codec *codec = new_plain();
	struct store *store;
	struct err err = ERR_INIT;

	scratch_begin();
	must(store_init_library(&err), &err);
	store = new_store("store");
	test_nothing(store, codec);
	test_memories(store, codec, "plain");
	test_sessions(store, codec);
	test_neighbours(store, codec);
	test_order(store, codec);
	test_large(store, codec);
	test_verify(store, codec);
	test_sealed(store);
	test_runs(store, codec, 8 << 20);
	test_runs(store, codec, ARRANGE_LOAD_BYTES);
	store_free(store);
	store_stop_library();
	codec_free(codec);
	scratch_end();
	return done_testing();
}
