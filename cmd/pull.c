#include "cmd/hook.h"
#include "cmd/options.h"
#include "cmd/out.h"
#include "cmd/progress.h"
#include "cmd/sync.h"

/* Tell the hook how many refs moved; what it thinks of it changes nothing. */
static int call_hook(struct session *session, const struct vault *vault,
		     const char *remote, const struct sync_report *report)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int64_t moved = 0;
	size_t i;
	int rc;

	for (i = 0; i < report->n; i++)
		moved += report->at[i].result == REF_NEW ||
			 report->at[i].result == REF_FORWARD;
	rc = jcs_fields_text(&fields, "remote", span_str(remote),
			     &session->err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "moved", moved,
					&session->err);
	if (rc >= 0 && hook_call(session, vault, "post-pull", &fields) < 0) {
		out_note("%s", session->err.text);
		err_clear(&session->err);
	}
	jcs_fields_release(&fields);
	return rc;
}

int cmd_pull(struct session *session, int argc, char **argv)
{
	struct remote_limits limits = { 0 };
	struct option_row rows[SYNC_LIMIT_ROWS + 1];
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	struct buf name = BUF_INIT(REMOTE_NAME_MAX);
	struct remote_calls calls;
	struct vault *vault = NULL;
	int status = 0;
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
		rc = status = sync_print(session, vault, &report);
	if (rc >= 0)
		rc = call_hook(session, vault, buf_text(&name), &report);
	sync_report_release(&report);
	buf_release(&name);
	vault_close(vault);
	return rc < 0 ? rc : status;
}
