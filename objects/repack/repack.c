#include "objects/repack/repack_internal.h"

#include <stdlib.h>
#include <string.h>

static void repack_release(struct repack *repack)
{
	size_t i;

	for (i = 0; i < repack->n; i++) {
		free(repack->items[i].content);
		free(repack->items[i].delta);
	}
	for (i = 0; repack->files && i < repack->packs.n; i++)
		pack_file_release(&repack->files[i]);
	free(repack->files);
	free(repack->items);
	free(repack->loose);
	table_release(&repack->by_id);
	pack_list_release(&repack->packs);
	inflater_free(repack->inflater);
	deflater_free(repack->deflater);
	buf_release(&repack->content);
}

/* Everything up to the new pack, whose bytes are told. */
static int make(struct repack *repack, uint64_t *out_bytes, struct err *err)
{
	int rc = inflater_new(&repack->inflater, err);

	if (rc == 0)
		rc = deflater_new(&repack->deflater, err);
	if (rc == 0)
		rc = repack_load(repack, err);
	if (rc == 0)
		rc = repack_find_deltas(repack, err);
	return rc < 0 ? rc : repack_write(repack, out_bytes, err);
}

int store_repack(struct store *store, const struct repack_options *options,
		 struct repack_result *out, struct err *err)
{
	struct repack repack = {
		.store = store, .options = options,
		.by_id = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT),
		.content = BUF_INIT(REPACK_OBJECT_MAX),
	};
	struct repack_result result;
	uint64_t bytes = 0;
	size_t i;
	int rc;

	memset(&result, 0, sizeof(result));
	store_sweep(store);
	rc = repack_plan(&repack, &result.before, err);
	if (rc < 0)
		goto out;
	result.after = result.before;
	if (!repack.loose_n && !repack.packs.n)
		goto out;
	rc = make(&repack, &bytes, err);
	if (rc < 0)
		goto out;
	repack_drop(&repack);
	rc = store_refresh(store, err);
	result.after.loose -= repack.loose_n;
	result.after.packs -= repack.packs.n;
	result.after.packs++;
	for (i = 0; i < repack.packs.n; i++)
		result.after.bytes -= repack.packs.at[i].bytes;
	result.after.bytes += bytes;
	result.before.bytes += repack.loose_bytes;
out:
	if (rc == 0)
		*out = result;
	repack_release(&repack);
	return rc;
}
