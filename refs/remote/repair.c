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

/* A repair on its way from remote to remote. */
struct repair {
	struct vault *vault;
	const struct repair_options *options;
	struct problem_list *told;
	size_t asked;
};

static int mend_marks(void *arg, const char *remote, struct err *err)
{
	const struct repair *repair = arg;
	struct marks marks = MARKS_INIT;
	struct side side = SIDE_INIT;
	int rc = side_open(repair->vault, remote, &side, err);

	if (rc == 0)
		rc = marks_load(repair->vault, remote, &marks, err);
	if (rc == 0)
		rc = marks_mend(repair->vault, remote, &marks, repair->told,
				err);
	marks_release(&marks);
	side_release(&side);
	return rc;
}

/* What it brings and what it says is told, its failure too. */
static int ask(void *arg, const char *remote, struct err *err)
{
	struct repair *repair = arg;
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	struct err reason = ERR_INIT;
	struct remote_fetch_options how = { NULL, repair->options->calls, NULL,
					    true };
	char pinned[CID_TEXT_MAX];
	size_t i;
	int rc = 0;

	repair->asked++;
	if (vault_pinned_id(repair->vault->path, pinned, NULL) == 0)
		how.expected_vault_id = pinned;
	if (fetch_with(repair->vault, remote, &how, &report, &reason) < 0)
		rc = problem_list_add(repair->told, "unreachable", remote,
				      reason.text, err);
	for (i = 0; rc == 0 && i < report.problems.n; i++)
		rc = problem_list_add(repair->told, report.problems.at[i].code,
				      report.problems.at[i].object,
				      report.problems.at[i].message, err);
	sync_report_release(&report);
	return rc;
}

static int ask_all(struct repair *repair, struct err *err)
{
	int rc = remote_each(repair->vault, ask, repair, err);

	if (rc < 0 || repair->asked)
		return rc;
	return problem_list_add(repair->told, "no-remote", repair->vault->path,
				"what is missing cannot be fetched: there is "
				"no remote", err);
}

int vault_repair(struct vault *vault, const struct repair_options *options,
		 struct problem_list *told, struct err *err)
{
	struct repair repair = { vault, options, told, 0 };
	bool is_whole = false;
	int rc = vault_mend_objects(vault, told, err);

	if (rc == 0)
		rc = vault_mend_refs(vault, told, &is_whole, err);
	if (rc == 0)
		rc = remote_each(vault, mend_marks, &repair, err);
	/* It may be readable again, and a fetch asks it what it has. */
	if (rc == 0)
		(void)!vault_reload(vault, NULL);
	if (rc == 0 && options->remote)
		rc = ask(&repair, options->remote, err);
	else if (rc == 0 && !is_whole)
		rc = ask_all(&repair, err);
	if (rc == 0)
		(void)!vault_reload(vault, NULL);
	return rc;
}
