/*
 * What the environment and the working folder say to an action.
 */
#ifndef VV_CMD_CLI_SURROUNDINGS_H
#define VV_CMD_CLI_SURROUNDINGS_H

#include "cmd/action/action.h"
#include "lib/base/buf.h"
#include "lib/os/path.h"

#define HOOK_ENV_MAX 16

struct surroundings {
	struct buf keys_folder;
	struct buf vault_path;		/* empty: there is none */
	struct buf env_text;
	struct buf config_file;		/* empty: there is no home */
	struct buf program;		/* empty: unknown */
	const char *hook_env[HOOK_ENV_MAX];
	char host_name[256];
};

#define SURROUNDINGS_INIT { PATH_BUF_INIT, PATH_BUF_INIT, \
			    BUF_INIT(BUF_NO_LIMIT), PATH_BUF_INIT, \
			    PATH_BUF_INIT, { NULL }, "" }
void surroundings_release(struct surroundings *around);

/* $VVAULT_KEYS, else vvault/keys below $XDG_DATA_HOME or ~/.local/share. */
MUST_USE int surroundings_keys(struct surroundings *around, struct err *err);

/* A person's settings: vvault/config below $XDG_CONFIG_HOME or ~/.config. */
MUST_USE int surroundings_config(struct surroundings *around,
				 struct err *err);

/* As named, else the nearest folder from here upwards that is a vault. */
MUST_USE int surroundings_vault(struct surroundings *around,
				const char *named, struct err *err);

/* The rest, borrowed from around. */
MUST_USE int surroundings_settings(struct surroundings *around,
				   struct action_settings *out,
				   struct err *err);

#endif
