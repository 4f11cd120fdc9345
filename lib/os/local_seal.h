/*
 * Local files under this device's own MAC: caches and ledgers beside the
 * vault that decide what gets signed or believed. Whoever can write the
 * folder, but does not hold the device's secret, cannot make one.
 *
 * key = BLAKE2b-256(key: the device's secret seed;
 *		     "vvault local seal 1" 0 label 0 context)
 * mac = BLAKE2b-256(key; u64 length of name, name, body)	big-endian
 *
 * The label says what kind of file it is and its format's number ("state 1"),
 * the context which vault it belongs to; no two kinds of file share a label.
 * An older file that was sealed here can be put back by whoever can write
 * the folder: what a body says must be true for ever, or be bound to what it
 * was true of by `name` (the heads that it reflects, say).
 */
#ifndef VV_LIB_OS_LOCAL_SEAL_H
#define VV_LIB_OS_LOCAL_SEAL_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define LOCAL_SEAL_SECRET_BYTES 32
#define LOCAL_SEAL_MAC_BYTES 32

struct local_seal {
	unsigned char key[32];
};

/* secret: a device's seed (device_key_local_seal() of refs/key/key.h has it). */
void local_seal_init(struct local_seal *seal,
		     const unsigned char secret[LOCAL_SEAL_SECRET_BYTES],
		     const char *label, const char *context);

/* Overwrite the key. */
void local_seal_wipe(struct local_seal *seal);

void local_seal_mac(const struct local_seal *seal, struct span name,
		    struct span body, unsigned char out[LOCAL_SEAL_MAC_BYTES]);

/* In constant time. */
bool local_seal_is_mac(const struct local_seal *seal, struct span name,
		       struct span body,
		       const unsigned char mac[LOCAL_SEAL_MAC_BYTES]);

/*
 * A whole file: the MAC, then the body. Replaced at once or not at all, and
 * without fsync: what a power cut tears does not verify, and is as if it were
 * not there.
 */
MUST_USE int local_seal_write(const struct local_seal *seal, const char *path,
			      struct span name, struct span body,
			      struct err *err);

/*
 * Append the body to out. ERR_NOT_FOUND when the file is missing, forged,
 * torn, no plain file, larger than max_bytes, or was sealed under another name: make it
 * anew. ERR_IO, ERR_DENIED, ERR_NOMEM.
 */
MUST_USE int local_seal_read(const struct local_seal *seal, const char *path,
			     struct span name, size_t max_bytes,
			     struct buf *out, struct err *err);

/*
 * The same for a body that nobody else may read: a random nonce, then
 * XChaCha20-Poly1305 of the body with name as its associated data. A label
 * for these is for no others.
 */
MUST_USE int local_seal_hide(const struct local_seal *seal, const char *path,
			     struct span name, struct span body,
			     struct err *err);
MUST_USE int local_seal_reveal(const struct local_seal *seal,
			       const char *path, struct span name,
			       size_t max_bytes, struct buf *out,
			       struct err *err);

#endif
