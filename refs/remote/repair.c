#include "refs/remote/repair.h"

#include <stdio.h>
#include <string.h>

#include "lib/os/dir.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "objects/store/mend.h"
#include "refs/remote/remote_internal.h"
#include "refs/remote/side/side.h"
#include "refs/trust/marks.h"
#include "refs/trust/open.h"
#include "refs/trust/whole.h"
#include "refs/upkeep/mend.h"
#include "refs/upkeep/restore.h"
#include "refs/vault/local.h"
#include "refs/write/write.h"

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
		rc = vault_mend_refs(vault, told, &is_whole, err);
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
