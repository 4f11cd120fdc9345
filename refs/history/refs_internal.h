/*
 * What the files of refs/ share among themselves.
 */
#ifndef VV_REFS_HISTORY_REFS_INTERNAL_H
#define VV_REFS_HISTORY_REFS_INTERNAL_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/id/did.h"
#include "objects/store/store.h"
#include "refs/history/ref.h"
#include "refs/history/version.h"

#define VERSION_DEVICE_TRAILER "Vvault-Device: "

/* OpenSSH's wire format: strings are u32 length || bytes. */
#define SSH_KEY_TYPE "ssh-ed25519"

MUST_USE int wire_add(struct buf *out, const void *bytes, size_t len,
		      struct err *err);
MUST_USE int wire_add_str(struct buf *out, const char *text, struct err *err);
/* string type || string key: the public key's own form. */
MUST_USE int wire_add_public(struct buf *out,
			     const unsigned char public[DID_KEY_BYTES],
			     struct err *err);
/* Take from the front of in; false when it is too short. */
bool wire_take_u32(struct span *in, uint32_t *out);
bool wire_take(struct span *in, struct span *out);

/* Fill in did, name and node from the public key. */
void device_key_name(struct device_key *key);

/*
 * The key in a z6Mk... text without asking whether it is a good point, which
 * costs a scalar multiplication: for names whose versions are checked in
 * full anyway. False for another spelling.
 */
bool device_from_short(struct span text, unsigned char out[DID_KEY_BYTES]);

struct refs_found {
	struct head_list *good;
	struct head_list *damaged;	/* NULL: one is an error */
};

/*
 * Append the refs below prefix (of one construct, or NULL for all), sorted if
 * the lists were empty. One whose file holds no id goes to the damaged, with
 * a zero id, and no older packed one of its name stands for it; or ERR_CORRUPT
 * names it. ERR_DENIED names one that is a link.
 */
MUST_USE int refs_scan(git_repository *repo, const char *prefix,
		       const char *construct, const struct refs_found *found,
		       size_t *out_strays, struct err *err);

/* Can these fields stand in a version? ERR_INVALID says which cannot. */
MUST_USE int version_check(const struct version *version, struct err *err);

/*
 * Append the bytes of a version: with the armor folded into a gpgsig header,
 * or without (an empty armor), which is what gets signed.
 */
MUST_USE int version_bytes(const struct version *version, struct span armor,
			   struct buf *out, struct err *err);

/* The bytes of a version's commit; a missing one is ERR_CORRUPT. */
MUST_USE int commit_read(struct store *store, const git_oid *id,
			 struct buf *out, struct err *err);

/* Set id and digest from the commit's bytes. */
MUST_USE int version_identify(struct version *version, struct span commit,
			      struct err *err);

/* Record what libgit2 said: "<context>: <its words>", its code translated. */
int repo_failed(struct err *err, int code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* True for one line of UTF-8 without control characters or line separators,
 * not empty, no blank at either end. */
bool line_is_clean(struct span text);

#endif
