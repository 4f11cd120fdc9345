#include "objects/store/cache.h"

#include <string.h>
#include <sys/stat.h>

#include "lib/base/array.h"
#include "objects/store/store_internal.h"

#define CACHE_FOLDER "vvault/cache"

/* The path of a cache file, where this repository keeps caches. */
static int cache_path(const struct store *store, const char *name,
		      struct buf *path)
{
	struct stat st;
	int rc = buf_printf(path, NULL, "%s/" CACHE_FOLDER, store->path);

	if (rc == 0 && (lstat(buf_text(path), &st) || !S_ISDIR(st.st_mode)))
		rc = ERR_NOT_FOUND;
	return rc < 0 ? rc : buf_printf(path, NULL, "/%s", name);
}

static int open_cache(const struct store *store, const char *name,
		      const struct slot_shape *shape, struct slot_file **out)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc = cache_path(store, name, &path);

	if (rc == 0)
		rc = slot_file_open(buf_text(&path), shape,
				    store->has_secret ? store->secret : NULL,
				    out, NULL);
	buf_release(&path);
	return rc == 0 ? 0 : slot_file_open(NULL, shape, NULL, out, NULL);
}

struct slot_file *store_cache(struct store *store, enum store_cache cache,
			      const struct slot_shape *shape)
{
	static const char *const names[STORE_CACHES] = {
		"roots", "homes", "standing", "quiet"
	};
	struct slot_file **file = &store->caches[cache];

	if (!*file && open_cache(store, names[cache], shape, file) < 0)
		return NULL;
	return *file;
}

void store_close_caches(struct store *store)
{
	size_t i;

	for (i = 0; i < STORE_CACHES; i++) {
		slot_file_free(store->caches[i]);
		store->caches[i] = NULL;
	}
}

void store_trust_caches(struct store *store,
			const unsigned char secret[STORE_SECRET_BYTES])
{
	memcpy(store->secret, secret, STORE_SECRET_BYTES);
	store->has_secret = true;
	store_close_caches(store);
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

static struct slot_file *roots_of(struct store *store)
{
	static const struct slot_shape shape = {
		.magic = "vvault-roots-3",
		.key_len = sizeof(struct root_key),
		.value_len = SHA256_BYTES,
		.slots = 65536,
	};

	return store_cache(store, STORE_CACHE_ROOTS, &shape);
}

bool store_root_get(struct store *store, const git_oid *tree, uint32_t place,
		    unsigned char out[SHA256_BYTES])
{
	struct root_key key = root_key(tree, place);
	struct slot_file *roots = roots_of(store);

	return roots && slot_file_get(roots, &key, out);
}

void store_root_put(struct store *store, const git_oid *tree, uint32_t place,
		    const unsigned char root[SHA256_BYTES])
{
	struct root_key key = root_key(tree, place);
	struct slot_file *roots = roots_of(store);
	struct new_root *new;

	if (!roots)
		return;
	if (!store_is_staged(store, tree)) {
		slot_file_put(roots, &key, root);
		return;
	}
	/* One that finds no memory is made again when it is asked for. */
	if (array_room(&store->new_roots, NULL) < 0)
		return;
	new = &store->new_roots.at[store->new_roots.n++];
	new->tree = *tree;
	new->place = place;
	memcpy(new->root, root, SHA256_BYTES);
}

void store_root_settle(struct store *store)
{
	struct slot_file *roots = roots_of(store);
	size_t i;

	for (i = 0; roots && i < store->new_roots.n; i++) {
		const struct new_root *new = &store->new_roots.at[i];
		struct root_key key = root_key(&new->tree, new->place);

		if (store_is_known(store, &new->tree))
			slot_file_put(roots, &key, new->root);
	}
	store->new_roots.n = 0;
}
