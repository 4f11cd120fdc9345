#include "objects/tree.h"

#include "objects/root_cache.h"
#include "objects/tree_internal.h"

#define ROOT_LABEL "vvault-root-1"	/* hashed with its terminator */

static void add_u32(struct sha256 *hash, uint32_t value)
{
	unsigned char bytes[4];

	bytes[0] = (unsigned char)(value >> 24);
	bytes[1] = (unsigned char)(value >> 16);
	bytes[2] = (unsigned char)(value >> 8);
	bytes[3] = (unsigned char)value;
	sha256_add(hash, bytes, sizeof(bytes));
}

static void add_entry(struct sha256 *hash, const struct tree_entry *entry,
		      const unsigned char digest[SHA256_BYTES])
{
	unsigned char len = (unsigned char)entry->name.len;

	add_u32(hash, entry->is_tree ? TREE_MODE : BLOB_MODE);
	sha256_add(hash, &len, 1);
	sha256_add(hash, entry->name.at, entry->name.len);
	sha256_add(hash, digest, SHA256_BYTES);
}

static int root_of(struct store *store, struct root_cache *cache,
		   const git_oid *tree, const struct place *place,
		   unsigned char out[SHA256_BYTES], struct err *err);

static int hash_node(struct store *store, struct root_cache *cache,
		     const struct tree_node *node, const struct place *place,
		     unsigned char out[SHA256_BYTES], struct err *err)
{
	struct sha256 hash;
	size_t i;

	sha256_init(&hash);
	sha256_add(&hash, ROOT_LABEL, sizeof(ROOT_LABEL));
	for (i = 0; i < node->n; i++) {
		const struct tree_entry *entry = &node->at[i];
		unsigned char below[SHA256_BYTES];
		struct place child;
		int rc;

		if (!entry->is_tree) {
			add_entry(&hash, entry, entry->digest);
			continue;
		}
		place_enter(place, entry->name, &child);
		rc = root_of(store, cache, &entry->id, &child, below, err);
		if (rc < 0)
			return rc;
		add_entry(&hash, entry, below);
	}
	sha256_finish(&hash, out);
	return 0;
}

/* Goes no deeper than the grammar lets folders be. */
static int root_of(struct store *store, struct root_cache *cache,
		   const git_oid *tree, const struct place *place,
		   unsigned char out[SHA256_BYTES], struct err *err)
{
	struct tree_node node = TREE_NODE_INIT;
	uint32_t number = place_number(place);
	int rc;

	if (cache && root_cache_get(cache, tree->id, number, out))
		return 0;
	rc = tree_node_read(store, tree, place, &node, err);
	if (rc == 0)
		rc = hash_node(store, cache, &node, place, out, err);
	if (rc == 0 && cache)
		root_cache_put(cache, tree->id, number, out);
	tree_node_release(&node);
	return rc;
}

int tree_root(struct store *store, const git_oid *tree,
	      unsigned char out[SHA256_BYTES], struct err *err)
{
	unsigned char root[SHA256_BYTES];
	int rc = root_of(store, store_roots(store), tree, NULL, root, err);

	if (rc == 0)
		memcpy(out, root, SHA256_BYTES);
	return rc;
}
