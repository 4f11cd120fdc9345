/*
 * The cache of roots: hits, misses, and files that are not what they must be.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "objects/root_cache.h"
#include "tests/unit/fixture.h"

static struct err err = ERR_INIT;

static void key(unsigned i, unsigned char tree[20])
{
	unsigned char hash[SHA256_BYTES];

	i = ~i;
	sha256_of(&i, sizeof(i), hash);
	memcpy(tree, hash, 20);
}

static void value(unsigned i, unsigned char root[SHA256_BYTES])
{
	sha256_of(&i, sizeof(i), root);
}

static struct root_cache *open_cache(const char *path)
{
	struct root_cache *cache = NULL;

	err_clear(&err);
	if (root_cache_open(path, &cache, &err) < 0)
		bail_out("%s", err.text);
	return cache;
}

static void put(struct root_cache *cache, unsigned i, unsigned place)
{
	unsigned char tree[20], root[SHA256_BYTES];

	key(i, tree);
	value(i, root);
	root_cache_put(cache, tree, place, root);
}

/* 1: the right root, 0: none, -1: a wrong one. */
static int get(struct root_cache *cache, unsigned i, unsigned place)
{
	unsigned char tree[20], root[SHA256_BYTES], got[SHA256_BYTES];

	key(i, tree);
	value(i, root);
	if (!root_cache_get(cache, tree, place, got))
		return 0;
	return memcmp(root, got, sizeof(root)) ? -1 : 1;
}

static void test_table(const char *path, const char *what)
{
	struct root_cache *cache = open_cache(path);
	int hits = 0, wrong = 0;
	unsigned i;

	ok(get(cache, 1, 3) == 0, "%s: empty", what);
	put(cache, 1, 3);
	ok(get(cache, 1, 3) == 1, "%s: found", what);
	ok(get(cache, 1, 4) == 0, "%s: not at another place", what);
	ok(get(cache, 2, 3) == 0, "%s: no other tree", what);
	for (i = 0; i < 2 * ROOT_CACHE_SLOTS; i++)
		put(cache, i, i % 8);
	for (i = 0; i < 2 * ROOT_CACHE_SLOTS; i++) {
		int got = get(cache, i, i % 8);

		hits += got == 1;
		wrong += got < 0;
	}
	ok(wrong == 0, "%s: never a wrong root", what);
	ok(hits > ROOT_CACHE_SLOTS / 2, "%s: many are kept: %d", what, hits);
	root_cache_free(cache);
}

static void test_shared(void)
{
	struct root_cache *a = open_cache(in_scratch("shared"));
	struct root_cache *b = open_cache(in_scratch("shared"));
	struct stat st;

	put(a, 5, 1);
	is_int(get(b, 5, 1), 1, "another sees it at once");
	is_int(stat(in_scratch("shared"), &st), 0, "the file");
	is_int(st.st_size, 64 + ROOT_CACHE_SLOTS * 64, "has its size");
	is_int(st.st_mode & 0777, 0600, "and its mode");
	root_cache_free(a);
	root_cache_free(b);
	a = open_cache(in_scratch("shared"));
	is_int(get(a, 5, 1), 1, "and it stays");
	root_cache_free(a);
}

static void test_other_file(void)
{
	struct root_cache *cache = open_cache(in_scratch("other"));
	struct root_cache *later;
	FILE *file;

	put(cache, 5, 1);
	file = fopen(in_scratch("other"), "r+b");
	if (!file || fputc('V', file) == EOF || fclose(file))
		bail_out("cannot write");
	later = open_cache(in_scratch("other"));
	is_int(get(later, 5, 1), 0, "a file of another format is replaced");
	put(cache, 6, 1);
	is_int(get(cache, 6, 1), 1, "who has the old one goes on");
	is_int(get(later, 6, 1), 0, "alone");
	root_cache_free(later);
	root_cache_free(cache);
	if (truncate(in_scratch("other"), 1000))
		bail_out("cannot cut");
	later = open_cache(in_scratch("other"));
	put(later, 7, 1);
	is_int(get(later, 7, 1), 1, "a file of another size is replaced");
	root_cache_free(later);
}

static void test_torn(void)
{
	struct root_cache *cache = open_cache(in_scratch("torn"));
	static unsigned char bytes[64 * (ROOT_CACHE_SLOTS + 1)];
	int fd = open(in_scratch("torn"), O_RDWR);
	size_t at, slot = 0, i;
	int wrong = 0;

	put(cache, 9, 2);
	if (fd < 0 || pread(fd, bytes, sizeof(bytes), 0) != sizeof(bytes))
		bail_out("cannot read");
	for (at = 64; at < sizeof(bytes); at++) {
		if (bytes[at])
			slot = at / 64 * 64;
	}
	for (i = 0; i < 64; i++) {
		bytes[slot + i] ^= 0x10;
		if (pwrite(fd, bytes + slot, 64, (off_t)slot) != 64)
			bail_out("cannot write");
		wrong += get(cache, 9, 2) != 0;
		bytes[slot + i] ^= 0x10;
	}
	is_int(wrong, 0, "a slot with a changed byte is no entry");
	if (pwrite(fd, bytes + slot, 64, (off_t)slot) != 64)
		bail_out("cannot write");
	is_int(get(cache, 9, 2), 1, "and is one when whole");
	close(fd);
	root_cache_free(cache);
}

static void test_refused(void)
{
	struct root_cache *cache = NULL;

	err_clear(&err);
	is_int(root_cache_open(in_scratch("no/such/folder"), &cache, &err),
	       ERR_NOT_FOUND, "no folder");
	ok(!cache, "no cache");
	if (mkdir(in_scratch("dir"), 0700))
		bail_out("cannot make a folder");
	err_clear(&err);
	ok(root_cache_open(in_scratch("dir"), &cache, &err) < 0,
	   "a folder of that name");
	if (symlink(in_scratch("shared"), in_scratch("link")))
		bail_out("cannot link");
	cache = open_cache(in_scratch("link"));
	is_int(get(cache, 5, 1), 0, "a symlink is replaced, not followed");
	root_cache_free(cache);
}

int main(void)
{
	scratch_begin();
	test_table(NULL, "memory");
	test_table(in_scratch("file"), "file");
	test_shared();
	test_other_file();
	test_torn();
	test_refused();
	scratch_end();
	return done_testing();
}
