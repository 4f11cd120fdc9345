#include "cmd/action/remote/sync.h"

/* What the person must know next: the id to compare, the did to hand over. */
static void clone_tell(const struct host *host, const struct vault *vault)
{
	enum role role = vault_state_role(&vault->state,
					  vault->device.public);

	host_note(host, "vault %s", vault->state.vault_id);
	if (role != ROLE_NONE)
		return;
	host_note(host, "this device is no member yet; give an owner this "
		  "did:");
	host_note(host, "%s", vault->device.did);
}

static int clone_run(struct action_call *call, struct err *err)
{
	struct remote_calls calls = sync_calls(call);
	struct clone_options options = {
		.keys_folder = call->keys_folder,
		.expected_vault_id = action_text(call, "vault"),
		.limits = sync_limits(call),
		.calls = &calls,
	};
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	int rc = remote_clone(action_text(call, "url"),
			      action_text(call, "dir"), &options, &call->vault,
			      &report, err);

	if (rc == 0)
		rc = sync_emit(call, &report, err);
	if (rc == 0)
		clone_tell(call->host, call->vault);
	sync_report_release(&report);
	return rc;
}

static const struct action_param params[] = {
	{ "vault", ACTION_TEXT, 0, "<id>",
	  "the id that it must have; else whichever is found" },
	LIMIT_PARAMS,
	SYNC_ALL_PARAM,
	{ "url", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<url>",
	  "a path, or an address with file, git, https or ssh" },
	{ "dir", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<dir>",
	  "the folder, new or empty" },
	ACTION_PARAMS_END
};

const struct action action_clone = {
	"clone", "copy a vault from a remote and verify it", params,
	ACTION_NO_VAULT | ACTION_WRITES, NULL, clone_run
};
