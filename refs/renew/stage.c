#include "refs/renew/renew_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/os/dir.h"
#include "refs/history/fork_refs.h"
#include "refs/history/reach.h"
#include "refs/trust/open.h"
#include "refs/trust/reject.h"
#include "refs/trust/settle.h"
#include "refs/trust/whole.h"
#include "refs/write/write.h"

void stage_progress(const struct stage *stage, const char *what,
		    uint64_t done, uint64_t total)
{
	if (stage->options->progress)
		stage->options->progress(stage->options->arg, what, done,
					 total);
}

/* What is not here now would be gone for good. */
static int check_whole(struct vault *vault, struct err *err)
{
	struct wholeness whole = WHOLENESS_INIT;
	int rc = whole_check(vault, &whole, err);

	if (rc == 0 && !whole_is(&whole))
		rc = err_set(err, ERR_CORRUPT, "something of this vault is "
			     "missing or damaged, and nothing of it is made "
			     "anew before that is here: 'vvault verify "
			     "--repair'");
	wholeness_release(&whole);
	return rc;
}

static int make_empty(struct stage *stage, struct err *err)
{
	struct vault *vault = stage->vault;
	struct buf above = PATH_BUF_INIT;
	int rc = vault_local_path(vault, RENEWING, &above, err);

	if (rc == 0)
		rc = vault_local_path(vault, RENEWING_VAULT, &stage->path,
				      err);
	if (rc == 0)
		rc = dir_remove_all(vault->path, buf_text(&above), err);
	if (rc == 0)
		rc = dir_make(buf_text(&above), 0700, err);
	if (rc == 0)
		rc = store_create(buf_text(&stage->path), err);
	if (rc == 0)
		rc = vault_lay_local(buf_text(&stage->path),
				     vault->state.vault_id, err);
	buf_release(&above);
	return rc < 0 ? rc : store_open(buf_text(&stage->path), false,
					&stage->store, err);
}

int stage_begin(struct stage *stage, struct err *err)
{
	struct table rejected = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct vault *vault = stage->vault;
	int rc;

	if (!vault->has_device || vault->signer || vault->scope)
		return err_set(err, ERR_DENIED, "this is for the device's own "
			       "key, and for the whole vault");
	rc = vault_local_lock(vault, "locks/.renew", 0, &stage->lock, err);
	if (rc == 0)
		rc = vault_local_lock(vault, "locks/.gc", WRITE_LOCK_MS,
				      &stage->packing, err);
	if (rc == 0)
		rc = check_whole(vault, err);
	if (rc == 0)
		rc = stage_list_refs(stage, &stage->refs, err);
	if (rc == 0)
		rc = heads_settled(vault, NULL, &stage->heads, NULL, err);
	if (rc == 0)
		rc = rejected_load(vault, &rejected, err);
	stage->report.rejected = rejected.count;
	table_release(&rejected);
	return rc < 0 ? rc : make_empty(stage, err);
}

struct copying {
	struct stage *stage;
	struct table seen;
	struct buf bytes;
};

static int copy_one(void *arg, const git_oid *id, enum object_type type,
		    const char *name, struct err *err)
{
	struct copying *copying = arg;
	git_oid made;
	bool is_new;
	int rc = table_include(&copying->seen, id->id, &is_new, err);

	(void)name;
	if (rc < 0 || !is_new)
		return rc;
	rc = store_read(copying->stage->vault->store, id, type,
			STORE_OBJECT_MAX, &copying->bytes, err);
	return rc < 0 ? rc : store_add(copying->stage->store, type,
				       buf_span(&copying->bytes), &made, err);
}

int stage_copy(struct stage *stage, const git_oid *heads, size_t n,
	       struct err *err)
{
	struct copying copying = {
		stage, TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT),
		BUF_INIT(STORE_OBJECT_MAX)
	};
	const struct reach_visitor visitor = { copy_one, &copying };
	const struct history_range range = { heads, n, NULL, 0 };
	struct table holes = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	int rc = reach_holes(stage->vault->store, &range, false, &visitor,
			     &holes, err);

	if (rc == 0 && holes.count)
		rc = err_set(err, ERR_CORRUPT, "something is missing");
	table_release(&holes);
	table_release(&copying.seen);
	buf_release(&copying.bytes);
	return rc;
}

static int lay_ref(struct stage *stage, const struct head *head,
		   struct err *err)
{
	char name[REF_NAME_MAX];
	git_oid stands;
	int rc = head_ref_name(HEADS_PREFIX, head->construct, head->device,
			       name, err);

	if (rc < 0)
		return rc;
	if (ref_read(stage->store, name, &stands))
		return fork_refs_add(stage->store, head, err);
	return ref_swap(stage->store, name, NULL, &head->id, err);
}

int stage_copy_vault(struct stage *stage, struct err *err)
{
	git_oid *ids = calloc(stage->heads.n + 1, sizeof(*ids));
	size_t n = 0;
	size_t i;
	int rc = ids ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	for (i = 0; rc == 0 && i < stage->heads.n; i++)
		if (!strcmp(stage->heads.at[i].construct, VAULT_CONSTRUCT))
			ids[n++] = stage->heads.at[i].id;
	if (rc == 0)
		rc = stage_copy(stage, ids, n, err);
	if (rc == 0)
		rc = store_flush(stage->store, err);
	for (i = 0; rc == 0 && i < stage->heads.n; i++)
		if (!strcmp(stage->heads.at[i].construct, VAULT_CONSTRUCT))
			rc = lay_ref(stage, &stage->heads.at[i], err);
	free(ids);
	return rc;
}

int stage_open(struct stage *stage, struct err *err)
{
	return vault_open(buf_text(&stage->path), stage->options->keys_folder,
			  &stage->made, err);
}

void stage_end(struct stage *stage)
{
	vault_close(stage->made);
	store_free(stage->store);
	if (lock_is_held(&stage->lock))
		(void)!renewal_clear(stage->vault->path, NULL);
	lock_release(&stage->packing);
	lock_release(&stage->lock);
	head_list_release(&stage->heads);
	head_list_release(&stage->refs);
	buf_release(&stage->path);
}
