#include "cmd/action/sync.h"
#include "cmd/action/hook.h"
#include "cmd/cli/options.h"
#include "cmd/cli/progress.h"

/* pre-push may refuse: nothing has been sent yet. */
static int ask_hook(struct session *session, const struct vault *vault,
		    const char *remote)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = jcs_fields_text(&fields, "remote", span_str(remote),
			     &session->err);
	if (rc >= 0)
		rc = hook_call(&session->call, vault, "pre-push", &fields, &session->err);
	jcs_fields_release(&fields);
	return rc;
}

int cmd_push(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	struct sync sync;
	int rc;

	rc = options_parse(session, argc, argv, rows, 0, 1);
	if (rc < 0)
		return rc;
	rc = sync_begin(&sync, session, rc ? argv[1] : NULL);
	if (rc >= 0)
		rc = ask_hook(session, sync.vault, buf_text(&sync.remote));
	if (rc >= 0)
		rc = remote_push(sync.vault, buf_text(&sync.remote),
				 &sync.calls, &sync.report, &session->err);
	progress_end(session);
	if (rc >= 0)
		rc = sync_print(session, sync.vault, &sync.report);
	sync_release(&sync);
	return rc;
}
