/*
 * A grant: a key, sealed to the box key of one member.
 *
 * The bytes behind `box` of a key:grant are libsodium's crypto_box_seal
 * (X25519, XSalsa20-Poly1305, nonce = BLAKE2b-192(ephemeral key || box key))
 * of four strings, each behind its length as u32, big-endian:
 *
 *	u32 61   the vault id, as text
 *	u32 32   the key id
 *	u32 56   the member's did, as text
 *	u32 32   the key
 *
 * Who granted it is not in there: the version that carries the record is
 * signed.
 */
#ifndef VV_REFS_VAULT_GRANT_H
#define VV_REFS_VAULT_GRANT_H

#include "lib/base/buf.h"
#include "objects/record/seal.h"
#include "refs/key/key.h"

/* Append the sealed bytes. */
MUST_USE int grant_seal(const char *vault_id, const struct content_key *key,
			const unsigned char public[DID_KEY_BYTES],
			const unsigned char box[DID_KEY_BYTES],
			struct buf *out, struct err *err);

/*
 * Open what was sealed to this device. ERR_UNTRUSTED when it does not open,
 * names another vault, key or did, or the key does not have that id.
 */
MUST_USE int grant_open(const char *vault_id,
			const unsigned char key_id[KEY_ID_BYTES],
			const struct device_key *device, struct span sealed,
			struct content_key *out, struct err *err);

#endif
