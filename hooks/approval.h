/*
 * Which hooks may run: those that the user has approved on this device.
 *
 * A vault's folder may come from anywhere, and what lies in its hooks/ with
 * it. So a hook runs only once its user has read and approved it. Approving
 * copies it beside the keys, to <keys>/hooks/<place>/<name>, where <place> is
 * a hash of the vault's id and the canonical path of the hook, and that copy
 * is what runs, while the hook in the vault equals it byte by byte. So what
 * was compared is what runs, whatever happens to the vault meanwhile; a vault
 * that was copied or moved needs a new approval, and so does a hook that was
 * changed.
 */
#ifndef VV_HOOKS_APPROVAL_H
#define VV_HOOKS_APPROVAL_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/id/hash.h"
#include "lib/os/path.h"

#define HOOK_FILE_MAX ((size_t)16 << 20)	/* bytes of a hook */

/* Whose hooks; all borrowed. */
struct hook_place {
	const char *vault_path;
	const char *vault_id;
	const char *keys_folder;	/* where approvals are kept */
};

enum hook_state {
	HOOK_ABSENT,		/* not in the vault, and never approved */
	HOOK_GONE,		/* approved, but no longer in the vault */
	HOOK_UNSAFE,		/* it, or a folder on its way, is not fit: why */
	HOOK_NEW,		/* not approved on this device */
	HOOK_CHANGED,		/* other bytes than those approved */
	HOOK_APPROVED
};

struct hook_file {
	enum hook_state state;
	struct buf path;	/* the hook in the vault, canonical */
	struct buf copy;	/* where the approved copy is, or would be */
	struct buf why;		/* one sentence, for all but approved */
	struct buf bytes;	/* what lies in the vault, where it is fit */
	unsigned char sha256[SHA256_BYTES];	/* of these bytes */
};

#define HOOK_FILE_INIT { HOOK_ABSENT, PATH_BUF_INIT, PATH_BUF_INIT, \
			 BUF_INIT(2 * PATH_TEXT_MAX), \
			 BUF_INIT(HOOK_FILE_MAX), { 0 } }
void hook_file_release(struct hook_file *file);

/*
 * How the hook of that name stands. It is fit to run if it is a regular file
 * (no symlink) with the owner's execute bit, of at most HOOK_FILE_MAX bytes,
 * and if it, its folder, vvault/ and the vault belong to the effective user
 * and neither group nor others may write to them; the same holds for the
 * copy and the folders from the keys to it.
 *
 * Returns 0, ERR_INVALID (unknown name), ERR_LIMIT (path), ERR_NOMEM or
 * ERR_IO.
 */
MUST_USE int hook_look(const struct hook_place *place, const char *name,
		       struct hook_file *out, struct err *err);

/*
 * Approve what hook_look() has read, and no other bytes: its state is then
 * HOOK_APPROVED. ERR_NOT_FOUND where there is no hook, ERR_DENIED where it is
 * not fit, ERR_IO.
 */
MUST_USE int hook_approve(struct hook_file *file, struct err *err);

/* Take the approval back; none is a success. */
MUST_USE int hook_revoke(struct hook_file *file, struct err *err);

#endif
