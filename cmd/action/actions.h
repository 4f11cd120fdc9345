/*
 * The actions that there are, and what their tables have in common. For
 * cmd/action itself; others ask action_find().
 */
#ifndef VV_CMD_ACTION_ACTIONS_H
#define VV_CMD_ACTION_ACTIONS_H

#include "cmd/action/action.h"
#include "refs/vault/vault.h"

/* The last row of a table of parameters. */
#define ACTION_PARAMS_END { NULL, ACTION_FLAG, 0, NULL, NULL }

extern const struct action_param no_params[];

/* "the construct's name, a version's id ...", for what view_open() takes. */
#define VERSION_PARAM(flags) \
	{ "version", ACTION_TEXT, ACTION_OPERAND | (flags), "<version>", \
	  "a construct, <construct>~<n>, <construct>@{date}, an id, or @<n>; ^ goes back" }

extern const struct action action_acu_derive;
extern const struct action action_acu_extract;
extern const struct action action_add;
extern const struct action action_agents;
extern const struct action action_blame;
extern const struct action action_audit;
extern const struct action action_capture;
extern const struct action action_cat;
extern const struct action action_check_proof;
extern const struct action action_clone;
extern const struct action action_conflicts;
extern const struct action action_config_get;
extern const struct action action_config_list;
extern const struct action action_config_set;
extern const struct action action_config_unset;
extern const struct action action_construct_list;
extern const struct action action_construct_merge;
extern const struct action action_construct_rename;
extern const struct action action_construct_show;
extern const struct action action_construct_split;
extern const struct action action_context;
extern const struct action action_diff;
extern const struct action action_edit;
extern const struct action action_export;
extern const struct action action_import;
extern const struct action action_fetch;
extern const struct action action_forget;
extern const struct action action_gc;
extern const struct action action_grep;
extern const struct action action_handoff;
extern const struct action action_hooks_approve;
extern const struct action action_hooks_list;
extern const struct action action_hooks_revoke;
extern const struct action action_init;
extern const struct action action_key_allowed_signers;
extern const struct action action_key_backup;
extern const struct action action_key_lock;
extern const struct action action_key_protect;
extern const struct action action_key_restore;
extern const struct action action_key_rotate;
extern const struct action action_key_show;
extern const struct action action_key_unlock;
extern const struct action action_log;
extern const struct action action_ls;
extern const struct action action_mcp;
extern const struct action action_mcp_admit;
extern const struct action action_mcp_install;
extern const struct action action_mcp_uninstall;
extern const struct action action_member_add;
extern const struct action action_member_list;
extern const struct action action_member_remove;
extern const struct action action_member_rename;
extern const struct action action_member_role;
extern const struct action action_note;
extern const struct action action_prove;
extern const struct action action_pull;
extern const struct action action_push;
extern const struct action action_quarantine_drop;
extern const struct action action_quarantine_list;
extern const struct action action_quarantine_show;
extern const struct action action_read;
extern const struct action action_recall;
extern const struct action action_recover;
extern const struct action action_reject;
extern const struct action action_remember;
extern const struct action action_remote_add;
extern const struct action action_remote_list;
extern const struct action action_remote_remove;
extern const struct action action_remote_rename;
extern const struct action action_remote_set_url;
extern const struct action action_renew;
extern const struct action action_resolve;
extern const struct action action_resume;
extern const struct action action_revert;
extern const struct action action_rm;
extern const struct action action_session_list;
extern const struct action action_show;
extern const struct action action_stats;
extern const struct action action_status;
extern const struct action action_undo;
extern const struct action action_tag;
extern const struct action action_verify;
extern const struct action action_version;

#endif
