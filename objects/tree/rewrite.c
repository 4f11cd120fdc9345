#include "objects/tree/without.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "objects/tree/tree_internal.h"

/* An entry of a tree that is being written; the name is of the old node, or
 * that of another segment. */
struct made_entry {
	char renamed[CID_TEXT_MAX];
	struct span name;
	bool is_tree;
	git_oid id;
};

static struct span made_name(const struct made_entry *entry)
{
	return entry->renamed[0] ? span_str(entry->renamed) : entry->name;
}

static int by_name(const void *a, const void *b)
{
	const struct made_entry *x = a;
	const struct made_entry *y = b;

	return tree_name_compare(made_name(x), x->is_tree, made_name(y),
				 y->is_tree);
}

static int rewrite_below(struct tree_rewrite *rewrite, const git_oid *tree,
			 const struct place *place, git_oid *out,
			 struct err *err);

static int rewrite_segment(struct tree_rewrite *rewrite,
			   const struct tree_entry *entry,
			   const struct place *place, struct made_entry *made,
			   bool *out_is_gone, struct err *err)
{
	struct tree_segment segment;
	int rc;

	tree_entry_segment(entry, place, &segment);
	rc = rewrite->by->segment(rewrite->by->arg, &segment, out_is_gone,
				  err);
	if (rc < 0 || *out_is_gone)
		return rc;
	made->name = entry->name;
	made->id = segment.blob;
	if (!memcmp(segment.digest, entry->digest, SHA256_BYTES))
		return 0;
	cid_text(CID_RAW, segment.digest, made->renamed);
	return 0;
}

static int rewrite_entry(struct tree_rewrite *rewrite,
			 const struct tree_entry *entry,
			 const struct place *place, struct made_entry *made,
			 bool *out_is_gone, struct err *err)
{
	struct place child;
	int rc;

	made->is_tree = entry->is_tree;
	if (!entry->is_tree)
		return rewrite_segment(rewrite, entry, place, made,
				       out_is_gone, err);
	made->name = entry->name;
	place_enter(place, entry->name, &child);
	rc = rewrite_below(rewrite, &entry->id, &child, &made->id, err);
	*out_is_gone = rc == 0 && git_oid_is_zero(&made->id);
	return rc;
}

/* Two segments that held what was taken out may be one and the same now. */
static int store_entries(struct tree_rewrite *rewrite,
			 struct made_entry *entries, size_t n, git_oid *out,
			 struct err *err)
{
	struct buf raw = BUF_INIT(TREE_BYTES_MAX);
	size_t i;
	int rc = 0;

	if (n)
		qsort(entries, n, sizeof(*entries), by_name);
	for (i = 0; rc == 0 && i < n; i++) {
		if (i && !by_name(&entries[i - 1], &entries[i]))
			continue;
		rc = tree_bytes_add(&raw, made_name(&entries[i]),
				    entries[i].is_tree, &entries[i].id, err);
	}
	memset(out, 0, sizeof(*out));
	if (rc == 0 && raw.len)
		rc = store_add(rewrite->to, OBJECT_TREE, buf_span(&raw), out,
			       err);
	buf_release(&raw);
	return rc;
}

static int rewrite_node(struct tree_rewrite *rewrite,
			const struct tree_node *node,
			const struct place *place, git_oid *out,
			struct err *err)
{
	struct made_entry *entries = calloc(node->n + 1, sizeof(*entries));
	size_t n = 0;
	size_t i;
	int rc = 0;

	if (!entries)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < node->n; i++) {
		bool is_gone = false;

		rc = rewrite_entry(rewrite, &node->at[i], place, &entries[n],
				   &is_gone, err);
		n += !is_gone;
	}
	if (rc == 0)
		rc = store_entries(rewrite, entries, n, out, err);
	free(entries);
	return rc;
}

static int rewrite_below(struct tree_rewrite *rewrite, const git_oid *tree,
			 const struct place *place, git_oid *out,
			 struct err *err)
{
	struct tree_node node = TREE_NODE_INIT;
	uint64_t at;
	int rc;

	if (table_get(&rewrite->known, tree->id, &at)) {
		*out = rewrite->made[at];
		return 0;
	}
	rc = tree_node_read(rewrite->from, tree, place, &node, err);
	if (rc == 0)
		rc = rewrite_node(rewrite, &node, place, out, err);
	tree_node_release(&node);
	if (rc == 0)
		rc = array_room_in(rewrite->made, rewrite->made_n,
				   rewrite->made_cap, err);
	if (rc == 0)
		rc = table_put(&rewrite->known, tree->id, rewrite->made_n,
			       err);
	if (rc == 0)
		rewrite->made[rewrite->made_n++] = *out;
	return rc;
}

int tree_rewrite(struct tree_rewrite *rewrite, const git_oid *tree,
		 git_oid *out, struct err *err)
{
	int rc = rewrite_below(rewrite, tree, NULL, out, err);

	if (rc < 0 || !git_oid_is_zero(out))
		return rc;
	return store_add(rewrite->to, OBJECT_TREE, span_of("", 0), out, err);
}

void tree_rewrite_release(struct tree_rewrite *rewrite)
{
	free(rewrite->made);
	table_release(&rewrite->known);
}
