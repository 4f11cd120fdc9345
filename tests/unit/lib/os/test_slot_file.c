/*
 * A cache in slots: hits, misses, and files that are not what they must be.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/id/hash.h"
#include "lib/os/slot_file.h"
#include "tests/unit/fixture.h"

#define SLOTS 65536

/* Keys are a tree's id and a place, values are roots: SLOT bytes with the
 * code. */
#define SLOT (24 + SHA256_BYTES + 16)

static const struct slot_shape shape = {
	.magic = "vvault-test-1",
	.key_len = 24,
	.value_len = SHA256_BYTES,
	.slots = SLOTS,
};

static struct err err = ERR_INIT;

static void key(unsigned i, unsigned place, unsigned char out[24])
{
	unsigned char hash[SHA256_BYTES];

	i = ~i;
	sha256_of(&i, sizeof(i), hash);
	memcpy(out, hash, 20);
	memcpy(out + 20, &place, sizeof(place));
}

static void value(unsigned i, unsigned char root[SHA256_BYTES])
{
	sha256_of(&i, sizeof(i), root);
}

static const unsigned char secret[SLOT_SECRET_BYTES] = { 7 };

static struct slot_file *open_keyed(const char *path,
				    const struct slot_shape *as,
				    const unsigned char *key_of_it)
{
	struct slot_file *cache = NULL;

	err_clear(&err);
	if (slot_file_open(path, as, key_of_it, &cache, &err) < 0)
		bail_out("%s", err.text);
	return cache;
}

static struct slot_file *open_cache(const char *path)
{
	return open_keyed(path, &shape, secret);
}

static void put(struct slot_file *cache, unsigned i, unsigned place)
{
	unsigned char tree[24], root[SHA256_BYTES];

	key(i, place, tree);
	value(i, root);
	slot_file_put(cache, tree, root);
}

/* 1: the right root, 0: none, -1: a wrong one. */
static int get(struct slot_file *cache, unsigned i, unsigned place)
{
	unsigned char tree[24], root[SHA256_BYTES], got[SHA256_BYTES];

	key(i, place, tree);
	value(i, root);
	if (!slot_file_get(cache, tree, got))
		return 0;
	return memcmp(root, got, sizeof(root)) ? -1 : 1;
}

static void test_table(const char *path, const char *what)
{
	struct slot_file *cache = open_cache(path);
	int hits = 0, wrong = 0;
	unsigned i;

	ok(get(cache, 1, 3) == 0, "%s: empty", what);
	put(cache, 1, 3);
	ok(get(cache, 1, 3) == 1, "%s: found", what);
	ok(get(cache, 1, 4) == 0, "%s: not at another place", what);
	ok(get(cache, 2, 3) == 0, "%s: no other tree", what);
	for (i = 0; i < 2 * SLOTS; i++)
		put(cache, i, i % 8);
	for (i = 0; i < 2 * SLOTS; i++) {
		int got = get(cache, i, i % 8);

		hits += got == 1;
		wrong += got < 0;
	}
	ok(wrong == 0, "%s: never a wrong root", what);
	ok(hits > SLOTS / 2, "%s: many are kept: %d", what, hits);
	slot_file_free(cache);
}

static void test_shared(void)
{
	struct slot_file *a = open_cache(in_scratch("shared"));
	struct slot_file *b = open_cache(in_scratch("shared"));
	struct stat st;

	put(a, 5, 1);
	is_int(get(b, 5, 1), 1, "another sees it at once");
	is_int(stat(in_scratch("shared"), &st), 0, "the file");
	is_int(st.st_size, 16 + SLOTS * SLOT, "has its size");
	is_int(st.st_mode & 0777, 0600, "and its mode");
	slot_file_free(a);
	slot_file_free(b);
	a = open_cache(in_scratch("shared"));
	is_int(get(a, 5, 1), 1, "and it stays");
	slot_file_free(a);
}

static void test_other_file(void)
{
	struct slot_file *cache = open_cache(in_scratch("other"));
	struct slot_file *later;
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
	slot_file_free(later);
	slot_file_free(cache);
	if (truncate(in_scratch("other"), 1000))
		bail_out("cannot cut");
	later = open_cache(in_scratch("other"));
	put(later, 7, 1);
	is_int(get(later, 7, 1), 1, "a file of another size is replaced");
	slot_file_free(later);
}

static void test_torn(void)
{
	struct slot_file *cache = open_cache(in_scratch("torn"));
	static unsigned char bytes[16 + SLOT * SLOTS];
	int fd = open(in_scratch("torn"), O_RDWR);
	size_t at, slot = 0, i;
	int wrong = 0;

	put(cache, 9, 2);
	if (fd < 0 || pread(fd, bytes, sizeof(bytes), 0) != sizeof(bytes))
		bail_out("cannot read");
	for (at = 16; at < sizeof(bytes); at++) {
		if (bytes[at])
			slot = (at - 16) / SLOT * SLOT + 16;
	}
	for (i = 0; i < SLOT; i++) {
		bytes[slot + i] ^= 0x10;
		if (pwrite(fd, bytes + slot, SLOT, (off_t)slot) != SLOT)
			bail_out("cannot write");
		wrong += get(cache, 9, 2) != 0;
		bytes[slot + i] ^= 0x10;
	}
	is_int(wrong, 0, "a slot with a changed byte is no entry");
	if (pwrite(fd, bytes + slot, SLOT, (off_t)slot) != SLOT)
		bail_out("cannot write");
	is_int(get(cache, 9, 2), 1, "and is one when whole");
	close(fd);
	slot_file_free(cache);
}

/* What another secret wrote, or this one into a file of another kind. */
static void test_foreign(void)
{
	static const unsigned char other[SLOT_SECRET_BYTES] = { 8 };
	const struct slot_shape kind = {
		.magic = "vvault-test-2",
		.key_len = shape.key_len,
		.value_len = shape.value_len,
		.slots = shape.slots,
	};
	struct slot_file *cache = open_keyed(in_scratch("foreign"), &shape,
					     other);
	FILE *file;

	put(cache, 5, 1);
	is_int(get(cache, 5, 1), 1, "who wrote it reads it");
	slot_file_free(cache);
	cache = open_cache(in_scratch("foreign"));
	is_int(get(cache, 5, 1), 0, "another secret's entry is none");
	put(cache, 5, 1);
	is_int(get(cache, 5, 1), 1, "and gives way to one's own");
	slot_file_free(cache);
	file = fopen(in_scratch("foreign"), "r+b");
	if (!file || fwrite(kind.magic, 1, 14, file) != 14 || fclose(file))
		bail_out("cannot write");
	cache = open_keyed(in_scratch("foreign"), &kind, secret);
	is_int(get(cache, 5, 1), 0, "an entry of another kind of file is none");
	slot_file_free(cache);
	cache = open_keyed(in_scratch("unvouched"), &shape, NULL);
	put(cache, 5, 1);
	is_int(get(cache, 5, 1), 1, "without a secret: in memory");
	ok(access(in_scratch("unvouched"), F_OK) != 0, "and no file");
	slot_file_free(cache);
}

/* Where the number is the least, a larger file stays; a smaller one is
 * replaced, and so is a larger one where it is not. */
static void test_grown(void)
{
	struct slot_shape more = shape;
	struct slot_shape least = shape;
	struct slot_file *cache;

	more.slots *= 4;
	least.is_least = true;
	cache = open_keyed(in_scratch("grown"), &shape, secret);
	put(cache, 5, 1);
	slot_file_free(cache);
	cache = open_keyed(in_scratch("grown"), &more, secret);
	is_int(get(cache, 5, 1), 0, "one with fewer slots is replaced");
	put(cache, 5, 1);
	slot_file_free(cache);
	cache = open_keyed(in_scratch("grown"), &least, secret);
	is_int(get(cache, 5, 1), 1, "one with more is used");
	put(cache, 6, 1);
	slot_file_free(cache);
	cache = open_keyed(in_scratch("grown"), &more, secret);
	is_int(get(cache, 6, 1), 1, "as what it is");
	slot_file_free(cache);
	cache = open_keyed(in_scratch("grown"), &shape, secret);
	is_int(get(cache, 5, 1), 0, "but not where all must be alike");
	slot_file_free(cache);
}

static void test_refused(void)
{
	struct slot_file *cache = NULL;

	err_clear(&err);
	is_int(slot_file_open(in_scratch("no/such/folder"), &shape, secret,
			      &cache, &err),
	       ERR_NOT_FOUND, "no folder");
	ok(!cache, "no cache");
	if (mkdir(in_scratch("dir"), 0700))
		bail_out("cannot make a folder");
	err_clear(&err);
	ok(slot_file_open(in_scratch("dir"), &shape, secret, &cache,
			  &err) < 0,
	   "a folder of that name");
	if (symlink(in_scratch("shared"), in_scratch("link")))
		bail_out("cannot link");
	cache = open_cache(in_scratch("link"));
	is_int(get(cache, 5, 1), 0, "a symlink is replaced, not followed");
	slot_file_free(cache);
}

int main(void)
{
	scratch_begin();
	test_table(NULL, "memory");
	test_table(in_scratch("file"), "file");
	test_shared();
	test_other_file();
	test_torn();
	test_foreign();
	test_grown();
	test_refused();
	scratch_end();
	return done_testing();
}
