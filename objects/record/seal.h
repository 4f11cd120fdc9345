/*
 * Sealing: what turns a construct's plain bytes into objects that a host can
 * carry and not read. design.md section 7; vvault-format(5).
 *
 * Sealed object: "VVS1", key id (32), nonce (24), XChaCha20-Poly1305
 * (draft-irtf-cfrg-xchacha-03) of: u32 frame length, one zstd frame, zeros up
 * to the Padme size. The nonce is keyed BLAKE2b-192 over (u32 length of AD,
 * AD, input): equal plain bytes under one key seal to equal objects, and a
 * repeated nonce can only mean a repeated message.
 *
 * Integers are big-endian, lengths count bytes. string(x) = u32 length, x.
 *
 *	AD      string(label) string(vault id) string(construct) string(key id),
 *		and string(what it belongs to) if that is not empty
 *	frame   magic 28b52ffd, content size in its header, no checksum, no
 *		dictionary, not skippable; written at level 3
 *	subkey  BLAKE2b-256 with the content key as its key, of
 *		string(name) u64 0 string(construct)
 *
 * Names of subkeys: "vvault seal", "vvault blob" and "vvault note" encrypt what
 * has the label vvault-seg-1, vvault-blob-1 and vvault-note-1; "vvault nonce"
 * keys the nonce of all three (their AD differs).
 */
#ifndef VV_OBJECTS_RECORD_SEAL_H
#define VV_OBJECTS_RECORD_SEAL_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define CONTENT_KEY_BYTES 32
#define KEY_ID_BYTES 32
#define SEAL_PLAIN_MAX ((size_t)1 << 20)	/* bound of inflating */
#define SEAL_HEADER_BYTES (4 + KEY_ID_BYTES + 24)
#define SEAL_TAG_BYTES 16
#define SEAL_VAULT_ID_MAX 128	/* characters */
#define SEAL_CONSTRUCT_MAX 64
#define SEAL_OWNER_MAX 64

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

/*
 * The subkey of that name, as above; for the name key as well (codec.h).
 * construct is "" where there is none.
 */
void subkey_derive(const unsigned char key[CONTENT_KEY_BYTES],
		   const char *name, const char *construct,
		   unsigned char out[CONTENT_KEY_BYTES]);

/* One construct's keys and compression state; not for two threads at once. */
struct sealer;

/*
 * keys are copied; the last one seals, any of them opens. vault_id is the
 * text of the vault id (a CID). keys_n >= 1. ERR_INVALID: a key that does not
 * belong to its id, or a name too long or empty.
 */
MUST_USE int sealer_new(const char *vault_id, const char *construct,
			const struct content_key *keys, size_t keys_n,
			struct sealer **out, struct err *err);

/* A second one with the same keys, for another thread. */
MUST_USE int sealer_copy(const struct sealer *sealer, struct sealer **out,
			 struct err *err);

/* Hand on the memory to compress and inflate with, where one follows the
 * other; `from` makes its own again when it must. */
void sealer_pass_on(struct sealer *from, struct sealer *to);

/* Overwrites the keys. Accepts NULL. */
void sealer_free(struct sealer *sealer);

/* The id of the key that seals; borrowed. */
const unsigned char *sealer_key_id(const struct sealer *sealer);

/* Append the sealed form of plain (<= SEAL_PLAIN_MAX) to out. */
MUST_USE int sealer_seal(struct sealer *sealer, enum seal_label label,
			 struct span plain, struct buf *out, struct err *err);

/*
 * The same for what belongs to one place alone, so that equal bytes elsewhere
 * are another object and this one opens nowhere else. owner: which place that
 * is, at most SEAL_OWNER_MAX bytes; empty: none.
 */
MUST_USE int sealer_seal_for(struct sealer *sealer, enum seal_label label,
			     struct span owner, struct span plain,
			     struct buf *out, struct err *err);
MUST_USE int sealer_open_for(struct sealer *sealer, enum seal_label label,
			     struct span owner, struct span sealed,
			     struct buf *out, struct err *err);

/*
 * Append the plain bytes to out. ERR_NO_KEY: sealed with a key that is not
 * held. ERR_CORRUPT: not a sealed object, forged, wrong label or construct,
 * padding not zero, size not Padme's, more than one frame, nonce not the one
 * of the input. ERR_LIMIT: would inflate beyond SEAL_PLAIN_MAX.
 */
MUST_USE int sealer_open(struct sealer *sealer, enum seal_label label,
			 struct span sealed, struct buf *out, struct err *err);

/*
 * What can be told without a key: magic and a size that sealing can give.
 */
bool seal_has_form(struct span bytes);

/* The id of the key that it says it is sealed with; bytes have the form. */
void seal_key_id(struct span bytes, unsigned char out[KEY_ID_BYTES]);

/* The Padme size of len bytes (Nikitin et al., PETS 2019), at most 12 % more. */
size_t padme_size(size_t len);

#endif
