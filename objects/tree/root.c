#include "objects/tree/tree.h"

#include "objects/store/cache.h"
#include "objects/tree/home_filter.h"
#include "objects/tree/tree_internal.h"

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

void root_begin(struct sha256 *hash)
{
	sha256_init(hash);
	sha256_add(hash, ROOT_LABEL, sizeof(ROOT_LABEL));
}

void root_add(struct sha256 *hash, bool is_tree, struct span name,
	      const unsigned char digest[SHA256_BYTES])
{
	unsigned char len = (unsigned char)name.len;

	add_u32(hash, is_tree ? TREE_MODE : BLOB_MODE);
	sha256_add(hash, &len, 1);
	sha256_add(hash, name.at, name.len);
	sha256_add(hash, digest, SHA256_BYTES);
}

static int root_of(struct store *store, const git_oid *tree,
		   const struct place *place, bool is_cached,
		   unsigned char out[SHA256_BYTES], struct err *err);

static int hash_node(struct store *store, const struct tree_node *node,
		     const struct place *place, bool is_cached,
		     unsigned char out[SHA256_BYTES], struct err *err)
{
	struct sha256 hash;
	size_t i;

	root_begin(&hash);
	for (i = 0; i < node->n; i++) {
		const struct tree_entry *entry = &node->at[i];
		unsigned char below[SHA256_BYTES];
		struct place child;
		int rc;

		if (!entry->is_tree) {
			root_add(&hash, false, entry->name, entry->digest);
			continue;
		}
		place_enter(place, entry->name, &child);
		rc = root_of(store, &entry->id, &child, is_cached, below,
			     err);
		if (rc < 0)
			return rc;
		root_add(&hash, true, entry->name, below);
	}
	sha256_finish(&hash, out);
	return 0;
}

/* What is written is told of at once, so that nobody need look through all. */
static void note_quiet(struct store *store, const git_oid *tree,
		       const struct tree_node *node)
{
	struct home_filter filter;
	bool is_quiet = true;
	size_t i;

	for (i = 0; i < node->n && is_quiet; i++)
		is_quiet = node->at[i].is_tree ?
			store_quiet_get(store, &node->at[i].id) :
			store_filter_get(store, node->at[i].digest, &filter) &&
			!home_filter_has(&filter, filter_key_repeats());
	if (is_quiet)
		store_quiet_put(store, tree);
}

/* Goes no deeper than the grammar lets folders be. */
static int root_of(struct store *store, const git_oid *tree,
		   const struct place *place, bool is_cached,
		   unsigned char out[SHA256_BYTES], struct err *err)
{
	struct tree_node node = TREE_NODE_INIT;
	uint32_t number = place_number(place);
	int rc;

	if (is_cached && store_root_get(store, tree, number, out))
		return 0;
	rc = tree_node_read(store, tree, place, &node, err);
	if (rc == 0)
		rc = hash_node(store, &node, place, is_cached, out, err);
	if (rc == 0) {
		store_root_put(store, tree, number, out);
		note_quiet(store, tree, &node);
	}
	tree_node_release(&node);
	return rc;
}

static int root(struct store *store, const git_oid *tree, bool is_cached,
		unsigned char out[SHA256_BYTES], struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	int rc = root_of(store, tree, NULL, is_cached, digest, err);

	if (rc == 0)
		memcpy(out, digest, SHA256_BYTES);
	return rc;
}

int tree_root_below(struct store *store, const git_oid *tree,
		    const struct place *place,
		    unsigned char out[SHA256_BYTES], struct err *err)
{
	return root_of(store, tree, place, true, out, err);
}

int tree_root(struct store *store, const git_oid *tree,
	      unsigned char out[SHA256_BYTES], struct err *err)
{
	return root(store, tree, true, out, err);
}

int tree_root_read(struct store *store, const git_oid *tree,
		   unsigned char out[SHA256_BYTES], struct err *err)
{
	return root(store, tree, false, out, err);
}
