#include "objects/root_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"

#define MAGIC "vvault-roots-1\0"	/* 16 bytes with its terminator */
#define TREE_BYTES 20
#define WAYS 4
#define SETS (ROOT_CACHE_SLOTS / WAYS)

/* Exactly one cache line; check covers what stands before it. */
struct slot {
	unsigned char tree[TREE_BYTES];
	uint32_t place;
	unsigned char root[SHA256_BYTES];
	uint64_t check;
};

_Static_assert(sizeof(struct slot) == 64, "a slot is 64 bytes");

struct root_cache {
	int fd;				/* -1: in memory only */
	struct slot *slots;		/* NULL: in the file */
};

#define FILE_BYTES ((off_t)((ROOT_CACHE_SLOTS + 1) * sizeof(struct slot)))

static uint64_t slot_check(const struct slot *slot)
{
	/* Never 0, so that a slot of zeros is no entry. */
	return xxh64_of(slot, offsetof(struct slot, check)) | 1;
}

/*
 * Which set of WAYS slots an entry is in. The lowest bit of place chooses the
 * half: entries that are many do not push out those that are few.
 */
static size_t set_of(const unsigned char tree[TREE_BYTES], uint32_t place)
{
	uint32_t hash;

	memcpy(&hash, tree, sizeof(hash));
	hash += place * 2654435761u;
	return ((hash & ~1u) | (place & 1)) % SETS;
}

static bool is_ours(int fd)
{
	char magic[sizeof(MAGIC)];
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) &&
	       st.st_size == FILE_BYTES &&
	       pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	       !memcmp(magic, MAGIC, sizeof(magic));
}

static int open_ours(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd >= 0 && !is_ours(fd)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Under a temporary name first: whoever has the old one open keeps it. */
static int replace(const char *path, struct err *err)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	int rc = atomic_file_open(&file, path, 0600, err);

	if (rc < 0)
		goto out;
	rc = atomic_file_write(&file, span_of(MAGIC, sizeof(MAGIC)), err);
	if (rc < 0)
		goto out;
	if (ftruncate(file.fd, FILE_BYTES))
		rc = err_errno(err, "cannot size '%s'", path);
	else
		rc = atomic_file_publish(&file, err);
out:
	atomic_file_release(&file);
	return rc;
}

static int open_file(struct root_cache *cache, const char *path,
		     struct err *err)
{
	int rc;

	cache->fd = open_ours(path);
	if (cache->fd >= 0)
		return 0;
	rc = replace(path, err);
	if (rc < 0)
		return rc;
	cache->fd = open_ours(path);
	if (cache->fd < 0)
		return err_set(err, ERR_IO, "cannot open '%s'", path);
	return 0;
}

int root_cache_open(const char *path, struct root_cache **out, struct err *err)
{
	struct root_cache *cache = calloc(1, sizeof(*cache));
	int rc = 0;

	if (!cache)
		return err_set(err, ERR_NOMEM, "out of memory");
	cache->fd = -1;
	if (path) {
		rc = open_file(cache, path, err);
	} else {
		cache->slots = calloc(ROOT_CACHE_SLOTS + 1,
				      sizeof(*cache->slots));
		if (!cache->slots)
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
	if (rc < 0)
		root_cache_free(cache);
	else
		*out = cache;
	return rc;
}

void root_cache_free(struct root_cache *cache)
{
	if (!cache)
		return;
	if (cache->fd >= 0)
		close(cache->fd);
	free(cache->slots);
	free(cache);
}

/* The first slot of the file holds the magic, so sets begin one later. */
static bool read_set(struct root_cache *cache, size_t set,
		     struct slot out[WAYS])
{
	size_t first = 1 + set * WAYS;

	if (cache->slots) {
		memcpy(out, cache->slots + first, WAYS * sizeof(*out));
		return true;
	}
	return pread(cache->fd, out, WAYS * sizeof(*out),
		     (off_t)(first * sizeof(*out))) ==
	       (ssize_t)(WAYS * sizeof(*out));
}

static void write_slot(struct root_cache *cache, size_t set, size_t way,
		       const struct slot *slot)
{
	size_t at = 1 + set * WAYS + way;
	ssize_t written;

	if (cache->slots) {
		cache->slots[at] = *slot;
		return;
	}
	/* A full disk leaves an entry that is torn or old: a miss. */
	written = pwrite(cache->fd, slot, sizeof(*slot),
			 (off_t)(at * sizeof(*slot)));
	(void)written;
}

static bool is_for(const struct slot *slot,
		   const unsigned char tree[TREE_BYTES], uint32_t place)
{
	return slot->place == place &&
	       !memcmp(slot->tree, tree, TREE_BYTES) &&
	       slot->check == slot_check(slot);
}

bool root_cache_get(struct root_cache *cache,
		    const unsigned char tree[TREE_BYTES], uint32_t place,
		    unsigned char out[SHA256_BYTES])
{
	struct slot slots[WAYS];
	size_t way;

	if (!read_set(cache, set_of(tree, place), slots))
		return false;
	for (way = 0; way < WAYS; way++) {
		if (!is_for(&slots[way], tree, place))
			continue;
		memcpy(out, slots[way].root, SHA256_BYTES);
		return true;
	}
	return false;
}

/* Its own slot, else one that is free, else one that its name chooses. */
static size_t choose(const struct slot slots[WAYS], const struct slot *slot)
{
	size_t free_way = WAYS;
	size_t way;

	for (way = 0; way < WAYS; way++) {
		if (is_for(&slots[way], slot->tree, slot->place))
			return way;
		if (!slots[way].check)
			free_way = way;
	}
	return free_way < WAYS ? free_way : slot->tree[TREE_BYTES - 1] % WAYS;
}

void root_cache_put(struct root_cache *cache,
		    const unsigned char tree[TREE_BYTES], uint32_t place,
		    const unsigned char root[SHA256_BYTES])
{
	size_t set = set_of(tree, place);
	struct slot slots[WAYS];
	struct slot slot;

	if (!read_set(cache, set, slots))
		return;
	memset(&slot, 0, sizeof(slot));
	memcpy(slot.tree, tree, TREE_BYTES);
	slot.place = place;
	memcpy(slot.root, root, SHA256_BYTES);
	slot.check = slot_check(&slot);
	write_slot(cache, set, choose(slots, &slot), &slot);
}
