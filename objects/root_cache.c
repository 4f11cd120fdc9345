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

/* The first slot of the file holds the magic. */
static off_t slot_offset(const unsigned char tree[TREE_BYTES], uint32_t place)
{
	uint32_t hash;

	memcpy(&hash, tree, sizeof(hash));
	hash = (hash + place * 2654435761u) % ROOT_CACHE_SLOTS;
	return (off_t)((hash + 1) * sizeof(struct slot));
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

bool root_cache_get(struct root_cache *cache,
		    const unsigned char tree[TREE_BYTES], uint32_t place,
		    unsigned char out[SHA256_BYTES])
{
	off_t at = slot_offset(tree, place);
	struct slot slot;

	if (cache->slots)
		slot = cache->slots[(size_t)at / sizeof(slot)];
	else if (pread(cache->fd, &slot, sizeof(slot), at) != sizeof(slot))
		return false;
	if (slot.place != place || memcmp(slot.tree, tree, TREE_BYTES) ||
	    slot.check != slot_check(&slot))
		return false;
	memcpy(out, slot.root, SHA256_BYTES);
	return true;
}

void root_cache_put(struct root_cache *cache,
		    const unsigned char tree[TREE_BYTES], uint32_t place,
		    const unsigned char root[SHA256_BYTES])
{
	off_t at = slot_offset(tree, place);
	struct slot slot;
	ssize_t written;

	memset(&slot, 0, sizeof(slot));
	memcpy(slot.tree, tree, TREE_BYTES);
	slot.place = place;
	memcpy(slot.root, root, SHA256_BYTES);
	slot.check = slot_check(&slot);
	if (cache->slots) {
		cache->slots[(size_t)at / sizeof(slot)] = slot;
		return;
	}
	/* A full disk leaves an entry that is torn or old: a miss. */
	written = pwrite(cache->fd, &slot, sizeof(slot), at);
	(void)written;
}
