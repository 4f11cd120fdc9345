/*
 * A device key under a passphrase, as it lies in backups, in the recovery
 * key's file, on paper, and in place of the device's own file where its owner
 * wants that.
 *
 *	salt (16) || XChaCha20-Poly1305(seed (32))		64 bytes
 *
 * with the nonce all zero, for no key is used twice: it is Argon2id13 of the
 * passphrase and the salt, at libsodium's moderate cost (3 passes, 256 MiB),
 * which is part of the format and not written down, so that no file can ask
 * its reader for gigabytes. Associated data: "vvault sealed key 1".
 *
 * OpenSSH has a form of its own for that, under bcrypt-pbkdf, which needs no
 * memory and so is guessed at by cards in parallel; this one needs 256 MiB a
 * guess, and fits on paper.
 */
#ifndef VV_REFS_KEY_SEALED_H
#define VV_REFS_KEY_SEALED_H

#include "refs/key/key.h"

#define SEALED_KEY_BYTES 64

struct sealed_key {
	unsigned char bytes[SEALED_KEY_BYTES];
	char did[DID_TEXT_MAX];		/* of whom; "" where it is not said */
};

/* ERR_INVALID for an empty passphrase, ERR_NOMEM. */
MUST_USE int sealed_key_make(const struct device_key *key,
			     struct span passphrase, struct sealed_key *out,
			     struct err *err);
/* ERR_AUTH: the passphrase is another, or it is damaged. */
MUST_USE int sealed_key_open(const struct sealed_key *sealed,
			     struct span passphrase, struct device_key *out,
			     struct err *err);

/* The armored text, and its strict reader (ERR_INVALID). */
bool sealed_key_is_text(struct span text);
MUST_USE int sealed_key_write(const struct sealed_key *sealed,
			      struct buf *out, struct err *err);
MUST_USE int sealed_key_read(struct span text, struct sealed_key *out,
			     struct err *err);

/*
 * The same as words that are read aloud and typed: "lusab babad ...", 8 rows
 * of 5. Each word is 16 bits as a proquint (Wilkerson 2009, arXiv:0901.4016):
 * four for each of the consonants bdfghjklmnprstvz, two for each of the vowels
 * aiou. A row is 8 bytes and the first two of BLAKE2b-256(number of the row
 * from 0 as a byte, those bytes), so that a slip is found where it was made.
 */
#define SEALED_KEY_ROWS 8
#define SEALED_KEY_ROW_WORDS 5
#define SEALED_KEY_ROW_MAX (SEALED_KEY_ROW_WORDS * 6)
void sealed_key_row(const struct sealed_key *sealed, size_t row,
		    char out[SEALED_KEY_ROW_MAX]);
/* In any case, with anything but letters between the words. ERR_INVALID says
 * in which row the slip is. */
MUST_USE int sealed_key_read_words(struct span text, struct sealed_key *out,
				   struct err *err);

/*
 * Keep the key for this session in the kernel (lib/secret/keyring.h), for so many
 * seconds: device_key_load() finds it there. ERR_UNSUPPORTED. And forget it;
 * ERR_NOT_FOUND.
 */
MUST_USE int sealed_key_unlock(const struct sealed_key *sealed,
			       const struct device_key *key, unsigned seconds,
			       struct err *err);
MUST_USE int sealed_key_unlocked(const struct sealed_key *sealed,
				 struct device_key *out, struct err *err);
MUST_USE int sealed_key_lock(const struct sealed_key *sealed,
			     struct err *err);

/* What lies in a folder, without its secret. */
struct device_look {
	unsigned char public[DID_KEY_BYTES];
	char did[DID_TEXT_MAX];
	bool is_sealed;
	struct sealed_key sealed;
};

/* As device_key_load(), but a sealed key is enough. */
MUST_USE int device_key_look(const char *folder, struct device_look *out,
			     struct err *err);

/* As device_key_save(), sealed. */
MUST_USE int device_key_save_sealed(const char *folder,
				    const struct device_key *key,
				    const struct sealed_key *sealed,
				    struct err *err);

/*
 * Put the key in the place of what lies there: sealed, or (NULL) as it is.
 * What was there is overwritten, as far as the file system lets it be, unless
 * it has another name (a hard link).
 */
MUST_USE int device_key_replace(const char *folder,
				const struct device_key *key,
				const struct sealed_key *sealed,
				struct err *err);

#endif
