#include "cmd/action/actions.h"

#include <stddef.h>

const struct action_param no_params[] = { ACTION_PARAMS_END };

/* Actions of one family stand in the order of their usage line. */
const struct action *const action_table[] = {
	&action_init,
	&action_clone,
	&action_import,
	&action_add,
	&action_acu_extract,
	&action_acu_derive,
	&action_revert,
	&action_status,
	&action_construct_list,
	&action_session_list,
	&action_recall,
	&action_grep,
	&action_read,
	&action_log,
	&action_show,
	&action_ls,
	&action_cat,
	&action_diff,
	&action_conflicts,
	&action_blame,
	&action_export,
	&action_verify,
	&action_gc,
	&action_remote_add,
	&action_remote_list,
	&action_remote_remove,
	&action_fetch,
	&action_push,
	&action_pull,
	&action_quarantine_list,
	&action_quarantine_show,
	&action_quarantine_drop,
	&action_reject,
	&action_member_add,
	&action_member_rename,
	&action_member_list,
	&action_key_show,
	&action_key_backup,
	&action_key_restore,
	&action_key_allowed_signers,
	&action_hooks_list,
	&action_hooks_approve,
	&action_hooks_revoke,
	&action_version,
	NULL
};
