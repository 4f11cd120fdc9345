/*
 * The store on a disk that lies, is full, or belongs to a process that dies.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/unit/store_made.h"

#define KILLS 20
#define PACKED (STORE_LOOSE_MAX + 24)	/* so many become a pack */

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

/* libgit2 reads on for ever in some of these. */
static void test_cut_loose(void)
{
	struct store *store = new_store("cut");
	git_oid id = add_text(store, "a text that is about to be cut short, "
				     "first at its end");
	const char *path;
	struct stat st;
	git_odb *odb = NULL;
	git_odb_object *object = NULL;
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	bool is_found;
	off_t len;

	is_int(store_flush(store, &err), 0, "flush");
	store_free(store);
	path = loose_path("cut", &id);
	chmod(path, 0600);
	if (stat(path, &st))
		bail_out("no object");
	alarm(60);
	for (len = st.st_size - 1; len >= 0; len--) {
		if (truncate(path, len))
			bail_out("cannot cut");
		store = open_store("cut");
		ok(read_code(store, &id, 100) == ERR_CORRUPT,
		   "cut at byte %d", (int)len);
		if (git_repository_odb(&odb, store_repository(store)))
			bail_out("no odb");
		ok(git_odb_read(&object, odb, &id) < 0, "so for libgit2");
		ok(store_read_unproven(store, &id, &out, &is_found,
				       &err) == 0 && !is_found,
		   "and where its backends are asked by themselves");
		git_odb_free(odb);
		store_free(store);
	}
	alarm(0);
	buf_release(&out);
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

	for (i = 0; i < PACKED; i++) {
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
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	bool is_found = true;
	struct store *store;

	/* The last object's Adler-32 ends before the trailer of 20 bytes. */
	flip(first_pack("torn", "pack"), -26);
	store = open_store("torn");
	is_int(read_code(store, &id, 100), ERR_CORRUPT,
	       "a flipped byte in a pack");
	is_int(store_read_unproven(store, &id, &out, &is_found, &err), 0,
	       "where the hash is not asked for as well");
	ok(!is_found, "it is left to whoever complains");
	buf_release(&out);
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
	const long offsets = 8 + 1024 + PACKED * 24;
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
	for (n = 2; n <= PACKED; n += PACKED - 2) {
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

/* A process that writes until it is killed. */
static _Noreturn void write_for_ever(void)
{
	struct store *store = open_store("killed");
	uint32_t round;

	for (round = 0;; round++) {
		size_t n = round % 2 ? 6 : PACKED;
		char text[64];
		git_oid id;

		while (n--) {
			snprintf(text, sizeof(text), "%d %u %zu",
				 (int)getpid(), (unsigned)round, n);
			if (store_add(store, OBJECT_BLOB, span_str(text), &id,
				      &err) < 0)
				_exit(1);
		}
		if (store_flush(store, &err) < 0)
			_exit(1);
	}
}

static void test_killed(void)
{
	int i, alive = 0;
	struct store *store;
	git_oid id;

	store_free(new_store("killed"));
	for (i = 0; i < KILLS; i++) {
		struct timespec wait = { 0, 3000000 + 1700000 * (i % 9) };
		int status = 0;
		pid_t child = fork();

		if (child < 0)
			bail_out("cannot fork");
		if (child == 0)
			write_for_ever();
		nanosleep(&wait, NULL);
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		alive += WIFSIGNALED(status);
	}
	is_int(alive, KILLS, "writers that die at any moment");
	is_int(fsck("killed"), 0, "leave nothing that git complains of");
	store = open_store("killed");
	id = add_text(store, "after");
	is_int(store_flush(store, &err), 0, "and the next one goes on");
	ok(reads_as(store, &id, span_str("after")), "as before");
	store_free(store);
}

int main(void)
{
	scratch_begin();
	if (store_init_library(&err) < 0)
		bail_out("%s", err.text);
	test_corrupt_loose();
	test_cut_loose();
	test_corrupt_pack();
	test_swapped_index();
	test_full_disk();
	test_killed();
	store_stop_library();
	scratch_end();
	return done_testing();
}
