/*
 * Remotes: other repositories that carry the same vault. Fetch verifies in
 * quarantine before anything becomes visible; push sends every known head,
 * forward only. design.md section 10, pitfalls.md.
 */
#ifndef VV_REFS_REMOTE_H
#define VV_REFS_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "refs/remote/side/tracking.h"
#include "refs/remote/side/waiting.h"
#include "refs/remote/transport/calls.h"
#include "refs/remote/transport/report.h"
#include "refs/remote/transport/url.h"
#include "refs/vault/remotes.h"

/* Kept in the repository's own git config as remote.<name>.url. Names as
 * construct names. ERR_EXISTS, ERR_NOT_FOUND. */
MUST_USE int remote_add(struct vault *vault, const char *name, const char *url,
			struct err *err);
MUST_USE int remote_set_url(struct vault *vault, const char *name,
			    const char *url, struct err *err);
/* With what was seen of it, and what waits. */
MUST_USE int remote_rename(struct vault *vault, const char *from,
			   const char *to, struct err *err);
MUST_USE int remote_remove(struct vault *vault, const char *name,
			   struct err *err);

/*
 * Fetch through the remote's side repository (vvault/remotes/<name>.git, with
 * the vault's objects as alternate and the remote's known refs only), verify
 * there, then move packs into the vault and refs/heads by compare-and-swap to
 * exactly the verified ids. Refused and held heads stay in the side
 * repository (quarantine) and are reported. High-water marks are updated.
 *
 * Before that, what the vault has lost is looked for: refs among its own
 * versions, objects at the remote ("healed" among the problems). What it
 * still lacks in the end is among them too, and is_broken set.
 */
MUST_USE int remote_fetch(struct vault *vault, const char *name,
			  const struct remote_limits *limits,
			  const struct remote_calls *calls,
			  struct sync_report *out, struct err *err);

/* Has the repository at url no head of anybody's? */
MUST_USE int remote_is_empty(struct vault *vault, const char *url,
			     const struct remote_calls *calls, bool *out,
			     struct err *err);

/*
 * Send every known head of every construct in one connection; never forced. A
 * ref that the remote does not take is REF_REJECTED, the others go on; so is
 * one of which something is missing or damaged here. What the vault lacks is
 * among the problems, refs that are lost or damaged too, and is_broken set.
 */
MUST_USE int remote_push(struct vault *vault, const char *name,
			 const struct remote_calls *calls,
			 struct sync_report *out, struct err *err);

struct clone_options {
	const char *keys_folder;
	const struct device_key *device;	/* if it is at hand, or NULL */
	const char *expected_vault_id;	/* or NULL: taken and pinned */
	struct remote_limits limits;
	const struct remote_calls *calls;	/* or NULL */
};

/*
 * Make a vault at path from url: an empty vault, remote "origin", fetch,
 * verify, pin the id. On failure path is as before. A device key is made
 * where there is none.
 */
MUST_USE int remote_clone(const char *url, const char *path,
			  const struct clone_options *options,
			  struct vault **out, struct sync_report *report,
			  struct err *err);

#endif
