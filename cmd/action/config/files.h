/*
 * The files of settings that an action of `config` reads and writes: a
 * person's own, and the vault's, which beats it.
 */
#ifndef VV_CMD_ACTION_CONFIG_FILES_H
#define VV_CMD_ACTION_CONFIG_FILES_H

#include "cmd/action/actions.h"
#include "lib/base/buf.h"

enum { CONFIG_GLOBAL, CONFIG_IN_VAULT, CONFIG_FILES };

struct config_files {
	struct buf paths[CONFIG_FILES];	/* empty: there is none */
};

#define CONFIG_FILES_INIT \
	{ { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT) } }
void config_release(struct config_files *files);

/* ERR_NOT_FOUND: the vault that was named is none. With --global only a
 * person's own. */
MUST_USE int config_find(const struct action_call *call,
			 struct config_files *out, struct err *err);

/* Is the key one of a setting? */
MUST_USE int config_check_key(const struct action_call *call,
			      struct err *err);

#define CONFIG_GLOBAL_PARAM \
	{ "global", ACTION_FLAG, 0, NULL, \
	  "of this person, for all vaults; without it: of this vault" }
#define CONFIG_KEY_PARAM \
	{ "key", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<key>", \
	  "vvault.color, alias.<name> ...; 'config list --all' tells them" }


#endif
