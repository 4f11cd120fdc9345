#include "cmd/hook.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "cmd/sync.h"

/* pre-push may refuse: nothing has been sent yet. */
static int ask_hook(struct session *session, const struct vault *vault,
		    const char *remote)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = jcs_fields_text(&fields, "remote", span_str(remote),
			     &session->err);
	if (rc >= 0)
		rc = hook_call(session, vault, "pre-push", &fields);
	jcs_fields_release(&fields);
	return rc;
}

int cmd_push(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	struct buf name = BUF_INIT(REMOTE_NAME_MAX);
	struct remote_calls calls;
	struct vault *vault = NULL;
	int rc;

	rc = options_parse(session, argc, argv, rows, 0, 1);
	if (rc < 0)
		return rc;
	argv[1 + rc] = NULL;
	sync_calls_init(session, &calls);
	rc = session_open(session, &vault);
	if (rc >= 0)
		rc = sync_remote_name(session, vault, argv[1], &name);
	if (rc >= 0)
		rc = ask_hook(session, vault, buf_text(&name));
	if (rc >= 0)
		rc = remote_push(vault, buf_text(&name), &calls, &report,
				 &session->err);
	progress_end(session);
	if (rc >= 0)
		rc = sync_print(session, vault, &report);
	sync_report_release(&report);
	buf_release(&name);
	vault_close(vault);
	return rc;
}
