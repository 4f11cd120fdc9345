#include "refs/remote/repair.h"

#include <stdio.h>
#include <string.h>

#include "lib/os/dir.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "objects/store/mend.h"
#include "refs/remote/remote_internal.h"
#include "refs/trust/open.h"
#include "refs/trust/whole.h"
#include "refs/upkeep/restore.h"
#include "refs/vault/local.h"
#include "refs/vault/vault_internal.h"
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

static int mend_refs(struct vault *vault, struct problem_list *told,
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

static int mend_marks_of(struct vault *vault, const char *remote,
			 struct problem_list *told, struct err *err)
{
	struct marks marks = MARKS_INIT;
	struct side side = SIDE_INIT;
	int rc = side_open(vault, remote, &side, err);

	if (rc == 0)
		rc = marks_load(vault, remote, &marks, err);
	if (rc == 0)
		rc = marks_mend(vault, remote, &marks, told, err);
	marks_release(&marks);
	side_release(&side);
	return rc;
}

static int mend_marks(struct vault *vault, struct problem_list *told,
		      struct err *err)
{
	struct remote_list list = REMOTE_LIST_INIT;
	size_t i;
	int rc = remote_list(vault, &list, err);

	for (i = 0; rc == 0 && i < list.n; i++)
		rc = mend_marks_of(vault, list.at[i].name, told, err);
	remote_list_release(&list);
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

/* What it brings and what it says goes into told, its failure too. */
static int ask(struct vault *vault, const char *remote,
	       const struct repair_options *options,
	       struct problem_list *told, struct err *err)
{
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	struct err reason = ERR_INIT;
	struct remote_fetch_options how = { NULL, options->calls, NULL, true };
	char pinned[CID_TEXT_MAX];
	size_t i;
	int rc = 0;

	if (vault_pinned_id(vault->path, pinned, NULL) == 0)
		how.expected_vault_id = pinned;
	if (fetch_with(vault, remote, &how, &report, &reason) < 0)
		rc = problem_list_add(told, "unreachable", remote,
				      reason.text, err);
	for (i = 0; rc == 0 && i < report.problems.n; i++)
		rc = problem_list_add(told, report.problems.at[i].code,
				      report.problems.at[i].object,
				      report.problems.at[i].message, err);
	sync_report_release(&report);
	return rc;
}

static int ask_all(struct vault *vault, const struct repair_options *options,
		   struct problem_list *told, struct err *err)
{
	struct remote_list list = REMOTE_LIST_INIT;
	size_t i;
	int rc = remote_list(vault, &list, err);

	for (i = 0; rc == 0 && i < list.n; i++)
		rc = ask(vault, list.at[i].name, options, told, err);
	if (rc == 0 && !list.n)
		rc = problem_list_add(told, "no-remote", vault->path, "what "
				      "is missing cannot be fetched: there is "
				      "no remote", err);
	remote_list_release(&list);
	return rc;
}

int vault_repair(struct vault *vault, const struct repair_options *options,
		 struct problem_list *told, struct err *err)
{
	bool is_whole = false;
	int rc = vault_mend_objects(vault, told, err);

	if (rc == 0)
		rc = mend_refs(vault, told, &is_whole, err);
	if (rc == 0)
		rc = mend_marks(vault, told, err);
	/* It may be readable again, and a fetch asks it what it has. */
	if (rc == 0)
		(void)!vault_reload(vault, NULL);
	if (rc == 0 && options->remote)
		rc = ask(vault, options->remote, options, told, err);
	else if (rc == 0 && !is_whole)
		rc = ask_all(vault, options, told, err);
	if (rc == 0)
		(void)!vault_reload(vault, NULL);
	return rc;
}
