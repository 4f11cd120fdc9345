/*
 * The store: what is staged, kept, flushed and read back, also by plain git,
 * and what happens when the disk lies or is full.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "objects/store.h"
#include "tests/unit/fixture.h"

#define MANY 100000

static struct err err = ERR_INIT;

static struct store *open_store(const char *name)
{
	struct store *store = NULL;

	err_clear(&err);
	if (store_open(in_scratch(name), false, &store, &err) < 0)
		bail_out("cannot open the store: %s", err.text);
	return store;
}

static struct store *new_store(const char *name)
{
	err_clear(&err);
	if (store_create(in_scratch(name), &err) < 0)
		bail_out("cannot create a store: %s", err.text);
	return open_store(name);
}

static git_oid add_text(struct store *store, const char *text)
{
	git_oid id = { { 0 } };

	err_clear(&err);
	ok(store_add(store, OBJECT_BLOB, span_str(text), &id, &err) == 0,
	   "add '%.20s'", text);
	return id;
}

static int read_code(struct store *store, const git_oid *id, size_t max)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	err_clear(&err);
	rc = store_read(store, id, OBJECT_BLOB, max, &out, &err);
	buf_release(&out);
	return rc;
}

static bool reads_as(struct store *store, const git_oid *id, struct span want)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	bool is_same;

	err_clear(&err);
	is_same = store_read(store, id, OBJECT_BLOB, STORE_OBJECT_MAX, &out,
			     &err) == 0 && span_equals(buf_span(&out), want);
	buf_release(&out);
	return is_same;
}

/* 0 when git itself is content with the repository. */
static int fsck(const char *name)
{
	char line[FIXTURE_PATH_MAX * 3];

	snprintf(line, sizeof(line), "git -C %s fsck --strict --full "
		 "--no-dangling >/dev/null 2>%s", in_scratch(name),
		 in_scratch("fsck"));
	return system(line);
}

/* The number that a command prints when run in a repository. */
static int count(const char *name, const char *command)
{
	char line[FIXTURE_PATH_MAX * 3];
	FILE *out;
	int n = -1;

	snprintf(line, sizeof(line), "cd %s && %s", in_scratch(name), command);
	out = popen(line, "r");
	if (!out || fscanf(out, "%d", &n) != 1)
		n = -1;
	if (out)
		pclose(out);
	return n;
}

static int count_packs(const char *name)
{
	return count(name, "find objects/pack -name '*.idx' | wc -l");
}

static int count_left_over(const char *name)
{
	return count(name, "find objects -type f | grep -cvE "
		     "'/[0-9a-f]{2}/[0-9a-f]{38}$|[.](pack|idx)$' || true");
}

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

/* Damage a file at a byte counted from its start, or its end if negative. */
static void flip(const char *path, long at)
{
	FILE *file;
	int c;

	chmod(path, 0600);
	file = fopen(path, "r+b");
	if (!file || fseek(file, at, at < 0 ? SEEK_END : SEEK_SET) ||
	    (c = fgetc(file)) == EOF ||
	    fseek(file, -1, SEEK_CUR) || fputc(c ^ 0x40, file) == EOF ||
	    fclose(file))
		bail_out("cannot damage %s", path);
}

static const char *loose_path(const char *name, const git_oid *id)
{
	static char path[FIXTURE_PATH_MAX * 3];
	const char *hex = git_oid_tostr_s(id);

	snprintf(path, sizeof(path), "%s/objects/%.2s/%s", in_scratch(name),
		 hex, hex + 2);
	return path;
}

static void test_corrupt_loose(void)
{
	struct store *store = new_store("loose");
	git_oid a = add_text(store, "the first of two");
	git_oid b = add_text(store, "and the second, longer");
	git_oid c = add_text(store, "a third");
	char from[FIXTURE_PATH_MAX * 3];
	FILE *file;

	is_int(store_flush(store, &err), 0, "flush");
	store_free(store);
	flip(loose_path("loose", &c), 12);
	store = open_store("loose");
	is_int(read_code(store, &c, 100), ERR_CORRUPT,
	       "a flipped byte in a loose object");
	snprintf(from, sizeof(from), "%s", loose_path("loose", &a));
	is_int(rename(from, loose_path("loose", &b)), 0, "swap an object");
	is_int(read_code(store, &b, 100), ERR_CORRUPT,
	       "another object under its name");
	is_int(read_code(store, &a, 100), ERR_NOT_FOUND, "a missing one");
	file = fopen(loose_path("loose", &a), "w");
	if (!file || fclose(file))
		bail_out("cannot write");
	is_int(read_code(store, &a, 100), ERR_CORRUPT, "an empty file");
	store_free(store);
}

static char *first_pack(const char *name, const char *ending)
{
	static char path[FIXTURE_PATH_MAX * 3];
	char line[FIXTURE_PATH_MAX * 3];
	FILE *out;

	snprintf(line, sizeof(line), "ls %s/objects/pack/*.%s",
		 in_scratch(name), ending);
	out = popen(line, "r");
	if (!out || !fgets(path, sizeof(path), out) || pclose(out))
		bail_out("no pack");
	path[strcspn(path, "\n")] = '\0';
	return path;
}

static git_oid fill_pack(const char *name)
{
	struct store *store = new_store(name);
	git_oid id = { { 0 } };
	char text[64];
	int i;

	for (i = 0; i < 40; i++) {
		snprintf(text, sizeof(text), "packed object number %d", i);
		if (store_add(store, OBJECT_BLOB, span_str(text), &id, &err))
			bail_out("%s", err.text);
	}
	if (store_flush(store, &err) < 0)
		bail_out("%s", err.text);
	store_free(store);
	return id;
}

static void test_corrupt_pack(void)
{
	git_oid id = fill_pack("torn");
	struct store *store;

	/* The last object's Adler-32 ends before the trailer of 20 bytes. */
	flip(first_pack("torn", "pack"), -26);
	store = open_store("torn");
	is_int(read_code(store, &id, 100), ERR_CORRUPT,
	       "a flipped byte in a pack");
	store_free(store);
	ok(fsck("torn") != 0, "git sees it too");
}

/* Two entries of the index exchanged: libgit2 must not trust the index. */
static void test_swapped_index(void)
{
	git_oid id = fill_pack("swapped");
	struct store *store;
	unsigned char two[8], swap[4];
	FILE *file;
	char *path = first_pack("swapped", "idx");
	const long offsets = 8 + 1024 + 40 * 24;
	size_t bad = 0;

	chmod(path, 0600);
	file = fopen(path, "r+b");
	if (!file || fseek(file, offsets, SEEK_SET) ||
	    fread(two, 1, 8, file) != 8)
		bail_out("cannot read the index");
	memcpy(swap, two, 4);
	memmove(two, two + 4, 4);
	memcpy(two + 4, swap, 4);
	if (fseek(file, offsets, SEEK_SET) || fwrite(two, 1, 8, file) != 8 ||
	    fseek(file, 8 + 1024, SEEK_SET) ||
	    fread(id.id, 1, 20, file) != 20 || fclose(file))
		bail_out("cannot write the index");
	store = open_store("swapped");
	bad = read_code(store, &id, 100) == ERR_CORRUPT;
	is_int(bad, 1, "an index that points at another object");
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

static void set_file_limit(rlim_t bytes)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit))
		bail_out("no limits here");
	limit.rlim_cur = bytes;
	if (setrlimit(RLIMIT_FSIZE, &limit))
		bail_out("cannot limit files");
}

/* A file that cannot grow stands for a disk that is full. */
static void test_full_disk(void)
{
	struct store *store = new_store("full");
	static char bytes[20000];
	git_oid first, id;
	uint32_t state = 7;
	size_t i, n;

	for (i = 0; i < sizeof(bytes); i++) {
		state = state * 1664525u + 1013904223u;
		bytes[i] = (char)(state >> 24);
	}
	first = add_text(store, "was there before");
	is_int(store_flush(store, &err), 0, "flush before");
	signal(SIGXFSZ, SIG_IGN);
	for (n = 2; n < 40; n += 30) {
		for (i = 0; i < n; i++) {
			bytes[0] = (char)(i + n);
			if (store_add(store, OBJECT_BLOB,
				      span_of(bytes, sizeof(bytes)), &id,
				      &err) < 0)
				bail_out("%s", err.text);
		}
		err_clear(&err);
		set_file_limit(10000);
		is_int(store_flush(store, &err), ERR_IO, "a full disk");
		set_file_limit(RLIM_INFINITY);
		is_int(count_left_over("full"), 0, "nothing half done stays");
		ok(reads_as(store, &first, span_str("was there before")),
		   "what was there is there");
		ok(store_is_staged(store, &id), "what was kept is kept");
		err_clear(&err);
		is_int(store_flush(store, &err), 0, "a later flush succeeds");
		ok(reads_as(store, &id, span_of(bytes, sizeof(bytes))),
		   "and wrote it");
	}
	is_int(fsck("full"), 0, "git agrees");
	store_free(store);
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

int main(void)
{
	scratch_begin();
	if (store_init_library(&err) < 0)
		bail_out("%s", err.text);
	test_create();
	test_staging();
	test_reading();
	test_sizes();
	test_loose_or_pack();
	test_spill();
	test_corrupt_loose();
	test_corrupt_pack();
	test_swapped_index();
	test_open();
	test_owner();
	test_full_disk();
	test_many();
	test_small_flush();
	store_stop_library();
	scratch_end();
	return done_testing();
}
