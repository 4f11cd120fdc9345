#include "cmd/options.h"
#include "cmd/progress.h"
#include "cmd/sync.h"

int cmd_fetch(struct session *session, int argc, char **argv)
{
	struct remote_limits limits = { 0 };
	struct option_row rows[SYNC_LIMIT_ROWS + 1];
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	struct buf name = BUF_INIT(REMOTE_NAME_MAX);
	struct remote_calls calls;
	struct vault *vault = NULL;
	int rc;

	sync_limit_rows(&limits, rows);
	rc = options_parse(session, argc, argv, rows, 0, 1);
	if (rc < 0)
		return rc;
	argv[1 + rc] = NULL;
	sync_calls_init(session, &calls);
	rc = session_open(session, &vault);
	if (rc >= 0)
		rc = sync_remote_name(session, vault, argv[1], &name);
	if (rc >= 0)
		rc = remote_fetch(vault, buf_text(&name), &limits, &calls,
				  &report, &session->err);
	progress_end(session);
	if (rc >= 0)
		rc = sync_print(session, vault, &report);
	sync_report_release(&report);
	buf_release(&name);
	vault_close(vault);
	return rc;
}
