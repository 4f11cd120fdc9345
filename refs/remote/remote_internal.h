/*
 * What fetch, clone and repair share.
 */
#ifndef VV_REFS_REMOTE_REMOTE_INTERNAL_H
#define VV_REFS_REMOTE_REMOTE_INTERNAL_H

#include "refs/remote/remote.h"

struct remote_fetch_options {
	const struct remote_limits *limits;
	const struct remote_calls *calls;
	const char *expected_vault_id;
	bool heals_again;		/* even what was tried in vain */
};
MUST_USE int fetch_with(struct vault *vault, const char *name,
			const struct remote_fetch_options *options,
			struct sync_report *out, struct err *err);

#endif
