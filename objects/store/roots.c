#include "objects/store/store_internal.h"

#include <string.h>
#include <sys/stat.h>

#define CACHE_FOLDER "vvault/cache"
#define ROOTS_FILE "roots"

/* The path of a cache file, where this repository keeps caches. */
static int cache_path(const struct store *store, const char *name,
		      struct buf *path)
{
	struct stat st;
	int rc = buf_printf(path, NULL, "%s/" CACHE_FOLDER, store->path);

	if (rc == 0 && (lstat(buf_text(path), &st) || !S_ISDIR(st.st_mode)))
		rc = ERR_NOT_FOUND;
	if (rc == 0)
		rc = buf_printf(path, NULL, "/%s", name);
	return rc;
}

/*
 * A root's key: where the tree lies, and its id. The lowest bit of place
 * takes that of the hash (which moves to the place's highest), so that even
 * and odd places have half of the table each: entries that are many do not
 * push out those that are few.
 */
struct root_key {
	unsigned char bytes[GIT_OID_RAWSZ + sizeof(uint32_t)];
};

static struct root_key root_key(const git_oid *tree, uint32_t place)
{
	struct root_key key;
	uint32_t word;

	memcpy(&word, tree->id, sizeof(word));
	memcpy(key.bytes, tree->id, GIT_OID_RAWSZ);
	place |= word << 31;
	word = (word & ~1u) | (place & 1);
	memcpy(key.bytes, &word, sizeof(word));
	memcpy(key.bytes + GIT_OID_RAWSZ, &place, sizeof(place));
	return key;
}

static bool has_roots(struct store *store)
{
	static const struct slot_shape shape = {
		.magic = "vvault-roots-3",
		.key_len = sizeof(struct root_key),
		.value_len = SHA256_BYTES,
		.slots = 65536,
	};

	return store_cache_open(store, ROOTS_FILE, &shape, &store->roots);
}

bool store_root_get(struct store *store, const git_oid *tree, uint32_t place,
		    unsigned char out[SHA256_BYTES])
{
	struct root_key key = root_key(tree, place);

	return has_roots(store) && slot_file_get(store->roots, &key, out);
}

static void put_root(struct store *store, const git_oid *tree, uint32_t place,
		     const unsigned char root[SHA256_BYTES])
{
	struct root_key key = root_key(tree, place);

	slot_file_put(store->roots, &key, root);
}

void store_root_put(struct store *store, const git_oid *tree, uint32_t place,
		    const unsigned char root[SHA256_BYTES])
{
	struct new_root new;
	int rc;

	if (!has_roots(store))
		return;
	if (!store_is_staged(store, tree)) {
		put_root(store, tree, place, root);
		return;
	}
	memset(&new, 0, sizeof(new));
	new.tree = *tree;
	new.place = place;
	memcpy(new.root, root, SHA256_BYTES);
	rc = buf_add(&store->new_roots, &new, sizeof(new), NULL);
	(void)rc;
}

void store_trust_caches(struct store *store,
			const unsigned char secret[STORE_SECRET_BYTES])
{
	memcpy(store->secret, secret, STORE_SECRET_BYTES);
	store->has_secret = true;
	slot_file_free(store->roots);
	slot_file_free(store->filters);
	slot_file_free(store->standing);
	store->roots = store->filters = store->standing = NULL;
}

bool store_cache_open(struct store *store, const char *name,
		      const struct slot_shape *shape,
		      struct slot_file **cache)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (*cache)
		return true;
	rc = cache_path(store, name, &path);
	if (rc == 0)
		rc = slot_file_open(buf_text(&path), shape,
				    store->has_secret ? store->secret : NULL,
				    cache, NULL);
	if (rc < 0)
		rc = slot_file_open(NULL, shape, NULL, cache, NULL);
	buf_release(&path);
	return rc == 0;
}

void store_root_settle(struct store *store)
{
	size_t n = store->new_roots.len / sizeof(struct new_root);
	size_t i;

	for (i = 0; i < n; i++) {
		struct new_root new;

		memcpy(&new, store->new_roots.data + i * sizeof(new),
		       sizeof(new));
		if (store_is_known(store, &new.tree))
			put_root(store, &new.tree, new.place, new.root);
	}
	buf_reset(&store->new_roots);
}
