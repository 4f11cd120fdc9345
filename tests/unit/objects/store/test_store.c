/*
 * The store: what is staged, kept, flushed and read back, also by plain git.
 */
#include <sys/stat.h>
#include <time.h>

#include "tests/unit/store_made.h"

#define MANY 100000

static void test_create(void)
{
	struct store *store = new_store("made");
	struct stat st;

	ok(stat(in_scratch("made/objects/pack"), &st) == 0 &&
	   (st.st_mode & 0777) == 0700, "folders are private");
	is_int(count("made", "git config pack.deltaCacheSize"), 1,
	       "no delta search when pushing");
	is_int(count("made", "git config gc.auto"), 0,
	       "git does not repack by itself");
	ok(access(in_scratch("made/hooks"), F_OK) < 0, "no hooks");
	is_int(fsck("made"), 0, "git finds an empty repository in order");
	is_str(store_path(store), in_scratch("made"), "the path is kept");
	store_free(store);
	is_int(store_create(in_scratch("made"), &err), ERR_EXISTS,
	       "a folder that exists is refused");
}

static void test_staging(void)
{
	struct store *store = new_store("stage");
	struct store *other = open_store("stage");
	struct span text = span_str("staged only\n");
	git_oid staged, kept;

	is_int(store_stage(store, OBJECT_BLOB, text, &staged, &err), 0,
	       "stage a blob");
	ok(reads_as(store, &staged, text), "a staged object is readable");
	ok(store_has(store, &staged) && store_is_staged(store, &staged),
	   "and known as staged");
	kept = add_text(store, "kept\n");
	is_str(git_oid_tostr_s(&kept),
	       "bd93009536360a2d96f2b097ac88b28f1fc8cdb4",
	       "the id is the one that git hash-object prints");
	is_int(read_code(other, &kept, 100), ERR_NOT_FOUND,
	       "others do not see it before the flush");
	ok(strstr(err.text, "bd930095"), "the error names the object");
	is_int(store_flush(store, &err), 0, "flush");
	ok(reads_as(other, &kept, span_str("kept\n")),
	   "others see it after the flush");
	is_int(read_code(other, &staged, 100), ERR_NOT_FOUND,
	       "what was only staged is not written");
	is_int(read_code(store, &staged, 100), ERR_NOT_FOUND,
	       "and forgotten");
	is_int(store_keep(store, &kept, &err), 0,
	       "keeping what is stored does nothing");
	is_int(store_stats(store).objects, 1, "one object was written");
	kept = add_text(store, "discarded");
	store_discard(store);
	ok(!store_has(store, &kept), "discard forgets what was kept");
	store_free(other);
	store_free(store);
}

static void test_reading(void)
{
	struct store *store = new_store("read");
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	git_oid id, empty;
	int round;

	id = add_text(store, "twelve bytes");
	is_int(store_add(store, OBJECT_BLOB, span_of(NULL, 0), &empty, &err),
	       0, "an empty object");
	for (round = 0; round < 2; round++) {
		const char *when = round ? "stored" : "staged";

		ok(read_code(store, &id, 11) == ERR_LIMIT,
		   "%s: larger than the caller's bound", when);
		ok(read_code(store, &id, 12) == 0, "%s: just as large", when);
		err_clear(&err);
		ok(store_read(store, &id, OBJECT_TREE, 100, &out, &err) ==
		   ERR_INVALID, "%s: another type", when);
		ok(reads_as(store, &empty, span_of("", 0)), "%s: empty",
		   when);
		is_int(store_flush(store, &err), 0, "flush");
	}
	err_clear(&err);
	is_int(store_stage(store, OBJECT_BLOB,
			   span_of("", STORE_OBJECT_MAX + 1), &id, &err),
	       ERR_LIMIT, "an object over the limit is refused unread");
	is_int(fsck("read"), 0, "git agrees");
	buf_release(&out);
	store_free(store);
}

static bool reads_unproven(struct store *store, const git_oid *id,
			   struct span want)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	bool is_found;
	bool is_same;
	int rc = store_read_unproven(store, id, &out, &is_found, &err);

	is_same = rc == 0 && is_found && span_equals(buf_span(&out), want);
	buf_release(&out);
	return is_same;
}

static void test_unproven(void)
{
	struct store *store = new_store("unproven");
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	git_oid id = add_text(store, "whose hash is known");
	git_oid missing = id;
	git_oid tree;
	bool is_found = true;

	is_int(store_read_unproven(store, &id, &out, &is_found, &err), 0,
	       "what is staged is no error");
	ok(!is_found, "and is left to store_read()");
	is_int(store_add(store, OBJECT_TREE, span_of(NULL, 0), &tree, &err), 0,
	       "a tree");
	is_int(store_flush(store, &err), 0, "flush");
	ok(reads_unproven(store, &id, span_str("whose hash is known")),
	   "a stored blob is read");
	missing.id[0] ^= 1;
	ok(!reads_unproven(store, &missing, span_of("", 0)),
	   "one that is missing is not found");
	ok(!reads_unproven(store, &tree, span_of("", 0)), "nor is a tree");
	buf_release(&out);
	store_free(store);
}

/* Sizes around the limits of varints, stored blocks and samples; bytes that
 * shrink and bytes that do not. */
static void test_sizes(void)
{
	static const size_t sizes[] = {
		1, 15, 16, 17, 2047, 2048, 2049, 4096, 65534, 65535, 65536,
		131070, 131071, 1 << 20, STORE_OBJECT_MAX
	};
	enum { SIZES = sizeof(sizes) / sizeof(*sizes) };
	struct store *store = new_store("sizes");
	char *bytes = malloc(STORE_OBJECT_MAX);
	git_oid ids[2][SIZES];
	size_t i, j, bad = 0;
	uint32_t state = 1;

	if (!bytes)
		bail_out("out of memory");
	for (j = 0; j < 2; j++) {
		for (i = 0; i < STORE_OBJECT_MAX; i++) {
			state = state * 1664525u + 1013904223u;
			bytes[i] = j ? (char)(state >> 24) :
				       (char)('a' + i % 7);
		}
		for (i = 0; i < SIZES; i++) {
			bad += store_add(store, OBJECT_BLOB,
					 span_of(bytes, sizes[i]), &ids[j][i],
					 &err) != 0;
			/* Half as loose objects, half in packs. */
			if (i % 2)
				bad += store_flush(store, &err) != 0;
		}
		bad += store_flush(store, &err) != 0;
		for (i = 0; i < SIZES; i++)
			bad += !reads_as(store, &ids[j][i],
					 span_of(bytes, sizes[i]));
	}
	is_int(bad, 0, "every size is read back as written");
	is_int(fsck("sizes"), 0, "git reads every size");
	free(bytes);
	store_free(store);
}

static void test_loose_or_pack(void)
{
	struct store *store = new_store("few");
	char text[32];
	int i;

	for (i = 0; i < STORE_LOOSE_MAX; i++) {
		snprintf(text, sizeof(text), "loose %d", i);
		(void)add_text(store, text);
	}
	is_int(store_flush(store, &err), 0, "flush");
	is_int(count_packs("few"), 0, "few objects become loose ones");
	for (i = 0; i < STORE_LOOSE_MAX + 1; i++) {
		snprintf(text, sizeof(text), "packed %d", i);
		(void)add_text(store, text);
	}
	is_int(store_flush(store, &err), 0, "flush");
	is_int(count_packs("few"), 1, "more become one pack");
	for (i = 0; i < STORE_LOOSE_MAX + 1; i++) {
		snprintf(text, sizeof(text), "packed %d", i);
		(void)add_text(store, text);
	}
	is_int(store_flush(store, &err), 0, "flush of what is there");
	is_int(count_packs("few"), 1, "what is there is not written again");
	is_int(store_stats(store).objects, 2 * STORE_LOOSE_MAX + 1,
	       "the count of objects");
	is_int(store_stats(store).packs, 1, "the count of packs");
	is_int(fsck("few"), 0, "git agrees");
	store_free(store);
}

/* libgit2 never looks into a folder of packs that was not there at first, as
 * it does not see a pack that came and went while it looked. */
static void test_late_pack(void)
{
	struct store *store = new_store("late");
	struct store *other;
	char text[32];
	git_oid id = { { 0 } };
	int i;

	is_int(rmdir(in_scratch("late/objects/pack")), 0, "no folder of packs");
	other = open_store("late");
	ok(!store_has(other, &id), "it has looked for some");
	is_int(mkdir(in_scratch("late/objects/pack"), 0700), 0, "now there is");
	for (i = 0; i < STORE_LOOSE_MAX + 1; i++) {
		snprintf(text, sizeof(text), "late %d", i);
		id = add_text(store, text);
	}
	is_int(store_flush(store, &err), 0, "flush");
	is_int(count_packs("late"), 1, "a pack");
	ok(reads_as(other, &id, span_str(text)), "what it holds is found");
	id.id[0] ^= 1;
	ok(!reads_as(other, &id, span_str(text)), "and nothing else");
	store_free(other);
	store_free(store);
}

static void test_spill(void)
{
	struct store *store = new_store("spill");
	struct store *other = open_store("spill");
	size_t len = (size_t)4 << 20;
	char *bytes = calloc(1, len);
	git_oid first = { { 0 } }, id, staged;
	int i;

	if (!bytes)
		bail_out("out of memory");
	is_int(store_stage(store, OBJECT_BLOB, span_str("waits"), &staged,
			   &err), 0, "stage one");
	for (i = 0; i < 7; i++) {
		bytes[0] = (char)i;
		if (store_add(store, OBJECT_BLOB, span_of(bytes, len),
			      i ? &id : &first, &err) < 0)
			bail_out("%s", err.text);
	}
	is_int(count_packs("spill"), 1, "kept bytes over the bound are packed");
	ok(!store_is_staged(store, &first), "and no longer staged");
	bytes[0] = 0;
	ok(reads_as(other, &first, span_of(bytes, len)), "and readable");
	ok(reads_as(store, &staged, span_str("waits")),
	   "what is only staged stays so");
	is_int(store_keep(store, &staged, &err), 0, "and can be kept");
	is_int(store_flush(store, &err), 0, "flush the rest");
	ok(reads_as(other, &staged, span_str("waits")), "and is written then");
	free(bytes);
	store_free(other);
	store_free(store);
}

static void test_open(void)
{
	struct store *store = NULL;
	char line[FIXTURE_PATH_MAX * 3];

	err_clear(&err);
	is_int(store_open(in_scratch("nowhere"), false, &store, &err),
	       ERR_NOT_FOUND, "no folder");
	ok(strstr(err.text, "nowhere"), "the error names it");
	err_clear(&err);
	is_int(store_open(scratch, false, &store, &err), ERR_NOT_FOUND,
	       "a folder that is no repository");
	store_free(new_store("alt"));
	snprintf(line, sizeof(line), "echo %s/objects "
		 ">%s/objects/info/alternates", in_scratch("made"),
		 in_scratch("alt"));
	is_int(system(line), 0, "write alternates");
	err_clear(&err);
	is_int(store_open(in_scratch("alt"), false, &store, &err), ERR_DENIED,
	       "objects from elsewhere are refused");
	ok(strstr(err.text, "alternates"), "and the file is named");
	err_clear(&err);
	is_int(store_open(in_scratch("alt"), true, &store, &err), 0,
	       "unless they are our own");
	store_free(store);
	store_free(new_store("link"));
	snprintf(line, sizeof(line), "cd %s && mv objects o && ln -s o objects",
		 in_scratch("link"));
	is_int(system(line), 0, "make objects a symlink");
	err_clear(&err);
	is_int(store_open(in_scratch("link"), false, &store, &err), ERR_DENIED,
	       "a symlink to the objects is refused");
	store_free(new_store("include"));
	snprintf(line, sizeof(line), "printf '[core]\\n#[include]\\n"
		 "\\t[IncludeIf \"x\"]path=y\\n' >>%s/config",
		 in_scratch("include"));
	is_int(system(line), 0, "write an include");
	err_clear(&err);
	is_int(store_open(in_scratch("include"), false, &store, &err),
	       ERR_DENIED, "settings from elsewhere are refused");
	ok(strstr(err.text, "/include/config' takes in other files in line "),
	   "and the line is named: %s", err.text);
	store_free(new_store("common"));
	snprintf(line, sizeof(line), "echo %s >%s/commondir",
		 in_scratch("made"), in_scratch("common"));
	is_int(system(line), 0, "write commondir");
	err_clear(&err);
	is_int(store_open(in_scratch("common"), false, &store, &err),
	       ERR_DENIED, "a repository that leads elsewhere is refused");
}

static void test_owner(void)
{
	struct store *store = NULL;

	if (getuid() != 0) {
		skip(2, "only root can give a folder away");
		return;
	}
	store_free(new_store("foreign"));
	is_int(chown(in_scratch("foreign"), 12345, 12345), 0, "give it away");
	err_clear(&err);
	is_int(store_open(in_scratch("foreign"), false, &store, &err),
	       ERR_DENIED, "another user's repository is refused");
	ok(strstr(err.text, "another user"), "and why is said: %s", err.text);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_many(void)
{
	struct store *store = new_store("many");
	git_oid id, last = { { 0 } };
	char text[700];
	double start = now();
	int i, bad = 0;

	memset(text, 'x', sizeof(text));
	for (i = 0; i < MANY; i++) {
		int len = snprintf(text, sizeof(text), "message %d", i);

		text[len] = 'x';
		bad += store_add(store, OBJECT_BLOB, span_of(text, 600), &id,
				 &err) < 0;
		last = id;
	}
	bad += store_flush(store, &err) < 0;
	diag("%d blobs of 600 bytes: %.0f/s", MANY, MANY / (now() - start));
	is_int(bad, 0, "add many");
	is_int(store_stats(store).objects, MANY, "all were written");
	ok(reads_as(store, &last, span_of(text, 600)), "the last is readable");
	ok(store_stats(store).packs >= 2 && store_stats(store).packs <= 4,
	   "in a few packs: %zu", store_stats(store).packs);
	is_int(count("many", "git cat-file --batch-all-objects "
		     "--batch-check | wc -l"), MANY,
	       "git counts them all");
	is_int(fsck("many"), 0, "git agrees");
	store_free(store);
}

static void test_small_flush(void)
{
	struct store *store = new_store("small");
	double start;
	char text[512];
	git_oid id;
	int round, i, bad = 0;

	memset(text, 'y', sizeof(text));
	start = now();
	for (round = 0; round < 50; round++) {
		for (i = 0; i < 6; i++) {
			int len = snprintf(text, sizeof(text), "%d/%d", round,
					   i);

			text[len] = 'y';
			bad += store_add(store, OBJECT_BLOB,
					 span_of(text, 400), &id, &err) < 0;
		}
		bad += store_flush(store, &err) < 0;
	}
	diag("a durable flush of 6 small objects: %.2f ms",
	     (now() - start) * 1000 / 50);
	is_int(bad, 0, "small flushes");
	is_int(store_stats(store).objects, 300, "all were written");
	store_free(store);
}

/* What two blobs that are nearly alike become in a pack of libgit2's. */
static size_t packed_size(const char *name, const git_oid ids[2])
{
	struct store *store = open_store(name);
	git_packbuilder *builder = NULL;
	git_buf pack = GIT_BUF_INIT;
	size_t size = 0;

	if (git_packbuilder_new(&builder, store_repository(store)) ||
	    git_packbuilder_insert(builder, &ids[0], "a") ||
	    git_packbuilder_insert(builder, &ids[1], "a") ||
	    git_packbuilder_write_buf(&pack, builder))
		bail_out("no pack");
	size = pack.size;
	git_buf_dispose(&pack);
	git_packbuilder_free(builder);
	store_free(store);
	return size;
}

/*
 * Push is fast because pack.deltaCacheSize = 1 keeps libgit2 from searching
 * deltas. That is a slip of its: this tells when it is mended.
 */
static void test_no_deltas(void)
{
	struct store *store = new_store("deltas");
	static char bytes[50000];
	git_oid ids[2];
	uint32_t seed = 5;
	size_t i;

	for (i = 0; i < sizeof(bytes); i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (char)(seed >> 24);
	}
	for (i = 0; i < 2; i++) {
		bytes[25000] = (char)i;
		if (store_add(store, OBJECT_BLOB,
			      span_of(bytes, sizeof(bytes)), &ids[i], &err) < 0)
			bail_out("%s", err.text);
	}
	is_int(store_flush(store, &err), 0, "two blobs that are nearly alike");
	store_free(store);
	ok(packed_size("deltas", ids) > 2 * sizeof(bytes),
	   "no delta is made for a push");
	is_int(count("deltas", "git config --unset pack.deltaCacheSize; "
		     "echo 0"), 0, "without the setting");
	ok(packed_size("deltas", ids) < 3 * sizeof(bytes) / 2,
	   "one would be");
}

int main(void)
{
	scratch_begin();
	if (store_init_library(&err) < 0)
		bail_out("%s", err.text);
	test_create();
	test_staging();
	test_reading();
	test_unproven();
	test_sizes();
	test_loose_or_pack();
	test_late_pack();
	test_spill();
	test_open();
	test_owner();
	test_no_deltas();
	test_many();
	test_small_flush();
	store_stop_library();
	scratch_end();
	return done_testing();
}
