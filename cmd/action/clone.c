#include "cmd/action/sync.h"
#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/cli/progress.h"

/* What the person must know next: the id to compare, the did to hand over. */
static void tell(const struct vault *vault)
{
	enum role role = vault_state_role(&vault->state,
					  vault->device.public);

	out_note("vault %s", vault->state.vault_id);
	if (role != ROLE_NONE)
		return;
	out_note("this device is no member yet; give an owner this did:");
	out_note("%s", vault->device.did);
}

int cmd_clone(struct session *session, int argc, char **argv)
{
	struct clone_options options = { .keys_folder = session->keys_folder };
	struct option_row rows[SYNC_LIMIT_ROWS + 2];
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	struct remote_calls calls;
	struct vault *vault = NULL;
	int rc;

	sync_limit_rows(&options.limits, rows + 1);
	rows[0] = (struct option_row){ "--vault", OPTION_TEXT,
				       &options.expected_vault_id };
	rc = options_parse(session, argc, argv, rows, 2, 2);
	if (rc < 0)
		return rc;
	sync_calls_init(session, &calls);
	options.calls = &calls;
	rc = remote_clone(argv[1], argv[2], &options, &vault, &report,
			  &session->err);
	progress_end(session);
	if (rc >= 0)
		rc = sync_print(session, vault, &report);
	if (rc >= 0)
		tell(vault);
	sync_report_release(&report);
	vault_close(vault);
	return rc;
}
