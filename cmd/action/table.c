#include "cmd/action/actions.h"

#include <stddef.h>

const struct action_param no_params[] = { ACTION_PARAMS_END };

/* Actions of one family stand in the order of their usage line. */
const struct action *const action_table[] = {
	&action_import,
	&action_construct_list,
	&action_log,
	&action_ls,
	&action_diff,
	&action_remote_add,
	&action_remote_list,
	&action_remote_remove,
	&action_version,
	NULL
};
