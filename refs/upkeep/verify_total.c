#include "refs/upkeep/verify_all.h"

#include <stdlib.h>
#include <string.h>

#include "refs/history/fork_refs.h"
#include "refs/history/history.h"
#include "refs/history/version.h"

/* Segments that some version brings, each once. */
struct total {
	struct vault *vault;
	struct table seen;
	char blobs[PLACE_NAME_LEN + 1];	/* their folder in this construct */
};

static int count_version(void *arg, const struct version *version,
			 struct err *err)
{
	struct total *total = arg;
	struct tree_segments come = TREE_SEGMENTS_INIT;
	struct store *store = total->vault->store;
	struct version parent;
	git_oid before;
	size_t i;
	int rc = 0;

	version_init(&parent);
	if (version->parents_n)
		rc = version_read(store, &version->parents[0], &parent, err);
	if (rc == 0 && version->parents_n)
		before = parent.tree;
	else if (rc == 0)
		rc = tree_empty(store, &before, err);
	if (rc == 0)
		rc = tree_diff(store, &before, &version->tree, NULL, &come,
			       err);
	for (i = 0; rc == 0 && i < come.n; i++) {
		if (strcmp(come.at[i].place.dir, total->blobs))
			rc = table_include(&total->seen, come.at[i].digest,
					   NULL, err);
	}
	tree_segments_release(&come);
	version_release(&parent);
	return rc;
}

/* The heads of one construct lie side by side. */
static int count_construct(struct total *total, const struct head_list *heads,
			   size_t begin, size_t end, struct err *err)
{
	const struct history_visitor visitor = { count_version, total, NULL };
	struct history_range range = { NULL, end - begin, NULL, 0 };
	git_oid *ids = calloc(end - begin, sizeof(*ids));
	struct codec *codec = NULL;
	size_t i;
	int rc;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = begin; i < end; i++)
		ids[i - begin] = heads->at[i].id;
	range.heads = ids;
	rc = vault_codec(total->vault, heads->at[begin].construct, &codec,
			 err);
	total->blobs[0] = '\0';
	if (rc == 0 && codec_mode(codec) != CODEC_BLIND)
		codec_dir_name(codec, BLOB_DIR, total->blobs);
	if (rc == 0)
		rc = history_walk(total->vault->store, &range, &visitor, err);
	codec_free(codec);
	free(ids);
	return rc;
}

uint64_t verify_total(struct vault *vault)
{
	struct total total = {
		vault, TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), ""
	};
	struct head_list heads = HEAD_LIST_INIT;
	uint64_t count;
	size_t begin, end;

	if (heads_list(vault->store, HEADS_PREFIX, NULL, &heads, NULL,
		       NULL) < 0 ||
	    fork_refs_list(vault->store, NULL, &heads, NULL) < 0)
		heads.n = 0;
	head_list_sort(&heads);
	for (begin = 0; begin < heads.n; begin = end) {
		for (end = begin + 1; end < heads.n &&
				      !strcmp(heads.at[end].construct,
					      heads.at[begin].construct);)
			end++;
		/* Damage is for the verification to tell. */
		(void)!count_construct(&total, &heads, begin, end, NULL);
	}
	count = total.seen.count;
	table_release(&total.seen);
	head_list_release(&heads);
	return count;
}
