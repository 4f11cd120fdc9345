#include "objects/store_internal.h"

#include <sys/stat.h>

#define CACHE_FOLDER "vvault/cache"
#define CACHE_FILE "roots"

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

static int open_file(struct store *store)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc = cache_path(store, CACHE_FILE, &path);

	if (rc == 0)
		rc = root_cache_open(buf_text(&path), &store->roots, NULL);
	buf_release(&path);
	return rc;
}

/* Without a cache all is as it was, only slower: no error is worth telling. */
static bool has_cache(struct store *store)
{
	if (store->roots)
		return true;
	return open_file(store) == 0 ||
	       root_cache_open(NULL, &store->roots, NULL) == 0;
}

bool store_root_get(struct store *store, const git_oid *tree, uint32_t place,
		    unsigned char out[SHA256_BYTES])
{
	return has_cache(store) &&
	       root_cache_get(store->roots, tree->id, place, out);
}

void store_root_put(struct store *store, const git_oid *tree, uint32_t place,
		    const unsigned char root[SHA256_BYTES])
{
	struct new_root new;
	int rc;

	if (!has_cache(store))
		return;
	if (!store_is_staged(store, tree)) {
		root_cache_put(store->roots, tree->id, place, root);
		return;
	}
	memset(&new, 0, sizeof(new));
	new.tree = *tree;
	new.place = place;
	memcpy(new.root, root, SHA256_BYTES);
	rc = buf_add(&store->new_roots, &new, sizeof(new), NULL);
	(void)rc;
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
		rc = slot_file_open(buf_text(&path), shape, cache, NULL);
	if (rc < 0)
		rc = slot_file_open(NULL, shape, cache, NULL);
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
			root_cache_put(store->roots, new.tree.id, new.place,
				       new.root);
	}
	buf_reset(&store->new_roots);
}
