/*
 * Whether an import replaces secrets by markers: what was asked for, else what
 * the vault's setting says, else whether others may read them one day: the
 * vault has a remote, or is not encrypted.
 */
#ifndef VV_CMD_ACTION_CONFIG_SECRETS_H
#define VV_CMD_ACTION_CONFIG_SECRETS_H

#include "cmd/action/action.h"
#include "cmd/import/import.h"

#define SECRETS_KEY "vvault.redactsecrets"

#define SECRETS_PARAMS							\
	{ "redact-secrets", ACTION_FLAG, ACTION_UNLISTED, NULL,		\
	  "replace keys, tokens, passwords by markers" },		\
	{ "no-redact-secrets", ACTION_FLAG, ACTION_UNLISTED, NULL,	\
	  "keep them; see vvault-secrets(7)" }

/* Do the two flags go together? */
MUST_USE int secrets_check(const struct action_call *call, struct err *err);

/* The vault is open. may_ask: a person is asked once, where there is one, and
 * the vault remembers what they said. */
MUST_USE int secrets_choose(struct action_call *call, bool may_ask,
			    enum import_secrets *out, struct err *err);

/* Behind a first remote: say what sessions of agents that are here already
 * hold, where nobody was told. */
void secrets_tell_earlier(const struct action_call *call);

/* Say how to have it otherwise, where some were replaced by default. */
void secrets_tell(const struct action_call *call, const struct import_job *job);

#endif
