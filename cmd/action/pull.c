#include "cmd/action/sync.h"
#include "cmd/action/hook.h"
#include "cmd/cli/out.h"

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
	if (rc >= 0 && hook_call(&session->call, vault, "post-pull", &fields, &session->err) < 0) {
		out_note("%s", session->err.text);
		err_clear(&session->err);
	}
	jcs_fields_release(&fields);
	return rc;
}

int cmd_pull(struct session *session, int argc, char **argv)
{
	return sync_fetch(session, argc, argv, call_hook);
}
