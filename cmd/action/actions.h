/*
 * The actions that there are, and what their tables have in common. For
 * cmd/action itself; others ask action_find().
 */
#ifndef VV_CMD_ACTION_ACTIONS_H
#define VV_CMD_ACTION_ACTIONS_H

#include "cmd/action/action.h"

/* The last row of a table of parameters. */
#define ACTION_PARAMS_END { NULL, ACTION_FLAG, 0, NULL, NULL }

extern const struct action_param no_params[];

/* "the construct's name, a version's id ...", for what view_open() takes. */
#define VERSION_PARAM(flags) \
	{ "version", ACTION_TEXT, ACTION_OPERAND | (flags), "<version>", \
	  "a construct, <construct>~<n>, <construct>@{date}, or an id" }

extern const struct action action_construct_list;
extern const struct action action_diff;
extern const struct action action_import;
extern const struct action action_log;
extern const struct action action_ls;
extern const struct action action_remote_add;
extern const struct action action_remote_list;
extern const struct action action_remote_remove;
extern const struct action action_version;

#endif
