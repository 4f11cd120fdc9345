/*
 * Sealing: what turns a construct's plain bytes into objects that a host can
 * carry and not read. design.md section 7; vvault-format(5).
 *
 * Sealed object: "VVS1", key id (32), nonce (24), XChaCha20-Poly1305
 * (draft-irtf-cfrg-xchacha-03) of: u32 frame length, one zstd frame, zeros up
 * to the Padme size. The nonce is keyed BLAKE2b-192 over (u32 length of AD,
 * AD, input): equal plain bytes under one key seal to equal objects, and a
 * repeated nonce can only mean a repeated message.
 */
#ifndef VV_OBJECTS_SEAL_H
#define VV_OBJECTS_SEAL_H

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/span.h"

#define CONTENT_KEY_BYTES 32
#define KEY_ID_BYTES 32
#define SEAL_PLAIN_MAX ((size_t)1 << 20)	/* bound of inflating */
#define SEAL_HEADER_BYTES (4 + KEY_ID_BYTES + 24)

enum seal_label {
	SEAL_SEGMENT,		/* vvault-seg-1 */
	SEAL_BLOB,		/* vvault-blob-1 */
	SEAL_NOTE		/* vvault-note-1 */
};

struct content_key {
	unsigned char id[KEY_ID_BYTES];
	unsigned char key[CONTENT_KEY_BYTES];
};

/* BLAKE2b-256("vvault key id" || key). */
void content_key_id(const unsigned char key[CONTENT_KEY_BYTES],
		    unsigned char out[KEY_ID_BYTES]);

/* One construct's keys and compression state; not for two threads at once. */
struct sealer;

/*
 * keys are copied; the last one seals, any of them opens. vault_id is the
 * text of the vault id (a CID). keys_n >= 1.
 */
MUST_USE int sealer_new(const char *vault_id, const char *construct,
			const struct content_key *keys, size_t keys_n,
			struct sealer **out, struct err *err);

/* A second one with the same keys, for another thread. */
MUST_USE int sealer_copy(const struct sealer *sealer, struct sealer **out,
			 struct err *err);

/* Overwrites the keys. Accepts NULL. */
void sealer_free(struct sealer *sealer);

/* Append the sealed form of plain (<= SEAL_PLAIN_MAX) to out. */
MUST_USE int sealer_seal(struct sealer *sealer, enum seal_label label,
			 struct span plain, struct buf *out, struct err *err);

/*
 * Append the plain bytes to out. ERR_NO_KEY: sealed with a key that is not
 * held. ERR_CORRUPT: not a sealed object, forged, wrong label or construct,
 * padding not zero, size not Padme's, more than one frame, nonce not the one
 * of the input. ERR_LIMIT: would inflate beyond SEAL_PLAIN_MAX.
 */
MUST_USE int sealer_open(struct sealer *sealer, enum seal_label label,
			 struct span sealed, struct buf *out, struct err *err);

/* The Padme size of len bytes (Nikitin et al., PETS 2019), at most 12 % more. */
size_t padme_size(size_t len);

#endif
