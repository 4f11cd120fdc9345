#include "refs/upkeep/mend.h"

#include <stdio.h>
#include <string.h>

#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "objects/store/mend.h"
#include "refs/trust/open.h"
#include "refs/trust/whole.h"
#include "refs/upkeep/restore.h"
#include "refs/vault/local.h"
#include "refs/write/write.h"

static int tell_file(void *arg, const char *code, const char *file,
		     const char *message, struct err *err)
{
	char path[256];

	snprintf(path, sizeof(path), "objects/%.200s", file);
	return problem_list_add(arg, code, path, message, err);
}

int vault_mend_objects(struct vault *vault, struct problem_list *told,
		       struct err *err)
{
	struct buf aside = PATH_BUF_INIT;
	struct buf work = PATH_BUF_INIT;
	struct lock lock = LOCK_INIT;
	struct mend_options options = { .found = tell_file, .arg = told };
	int rc = damaged_folder(vault, &aside, err);

	if (rc == 0)
		rc = mend_begin(vault, WRITE_LOCK_MS, &lock, &work, err);
	options.aside = buf_text(&aside);
	options.work = buf_text(&work);
	if (rc == 0)
		rc = store_mend_objects(vault->store, &options, err);
	lock_release(&lock);
	buf_release(&work);
	buf_release(&aside);
	return rc;
}

int vault_mend_refs(struct vault *vault, struct problem_list *told,
		     bool *out_is_whole, struct err *err)
{
	struct wholeness whole = WHOLENESS_INIT;
	struct head_list restored = HEAD_LIST_INIT;
	int rc = whole_check(vault, &whole, err);

	if (rc == 0)
		rc = refs_restore(vault, &whole, &restored, err);
	if (rc == 0)
		rc = refs_restored_tell(&restored, told, err);
	*out_is_whole = !whole.holes.count &&
			restored.n == whole.lost.n + whole.damaged.n;
	head_list_release(&restored);
	wholeness_release(&whole);
	return rc;
}

static void keep_vault(struct head_list *list)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (!strcmp(list->at[i].construct, VAULT_CONSTRUCT))
			list->at[kept++] = list->at[i];
	}
	list->n = kept;
}

int vault_mend_heads(struct vault *vault, struct problem_list *told,
		     struct err *err)
{
	struct wholeness whole = WHOLENESS_INIT;
	struct head_list restored = HEAD_LIST_INIT;
	int rc = whole_refs(vault, &whole, err);

	keep_vault(&whole.lost);
	keep_vault(&whole.damaged);
	if (rc == 0)
		rc = refs_restore(vault, &whole, &restored, err);
	if (rc == 0)
		rc = refs_restored_tell(&restored, told, err);
	if (rc == 0 && !restored.n)
		rc = err_set(err, ERR_CORRUPT, "no head of '%s' is found here",
			     VAULT_CONSTRUCT);
	if (rc == 0)
		rc = vault_reload(vault, err);
	head_list_release(&restored);
	wholeness_release(&whole);
	return rc;
}
