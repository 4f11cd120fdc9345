/*
 * SSHSIG (PROTOCOL.sshsig of OpenSSH) by libsodium: Ed25519, namespace "git",
 * sha512, armor at 70 columns without a final newline.
 */
#ifndef VV_REFS_KEY_SSHSIG_H
#define VV_REFS_KEY_SSHSIG_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/id/did.h"

/* Append the armor. */
MUST_USE int sshsig_sign(struct span message, const unsigned char secret[64],
			 struct buf *out, struct err *err);

/*
 * Accept exactly the armor that sshsig_sign() would write for this public
 * key, with a signature that libsodium accepts (small-order and non-canonical
 * points refused, S canonical). ERR_UNTRUSTED.
 */
MUST_USE int sshsig_verify(struct span armor, struct span message,
			   const unsigned char public[DID_KEY_BYTES],
			   struct err *err);

#endif
