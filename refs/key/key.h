/*
 * The device key: an Ed25519 key pair in an OpenSSH private key file (mode
 * 0600, PROTOCOL.key of OpenSSH), or sealed by a passphrase (refs/key/sealed.h),
 * kept outside of every vault.
 */
#ifndef VV_REFS_KEY_KEY_H
#define VV_REFS_KEY_KEY_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/id/did.h"
#include "lib/os/local_seal.h"

#define DEVICE_KEY_FILE "device"
#define DEVICE_SECRET_BYTES 64

struct device_key {
	unsigned char public[DID_KEY_BYTES];
	unsigned char secret[DEVICE_SECRET_BYTES];	/* libsodium's layout */
	char did[DID_TEXT_MAX];
	char name[DID_SHORT_MAX];	/* z6Mk..., as in ref names */
	char node[DID_NODE_MAX];	/* as in `at` */
};

MUST_USE int device_key_generate(struct device_key *out, struct err *err);

/*
 * Load <folder>/device. ERR_NOT_FOUND; ERR_DENIED when others can read the
 * file or write in the folder, or either is not ours; ERR_INVALID for another
 * key type, an encrypted file of OpenSSH or damage; ERR_SEALED for one that is
 * sealed (refs/key/sealed.h) and not unlocked in this session.
 */
MUST_USE int device_key_load(const char *folder, struct device_key *out,
			     struct err *err);

/* Write <folder>/device (0600; folder 0700 is made). ERR_EXISTS. */
MUST_USE int device_key_save(const char *folder, const struct device_key *key,
			     struct err *err);

/* The OpenSSH private key file's text (cipher none) and its strict reader. */
MUST_USE int device_key_write(const struct device_key *key, const char *comment,
			      struct buf *out, struct err *err);
MUST_USE int device_key_read(struct span text, struct device_key *out,
			     struct err *err);

/* "ssh-ed25519 AAAA..." without newline. */
MUST_USE int device_key_ssh_public(const unsigned char public[DID_KEY_BYTES],
				   struct buf *out, struct err *err);

/*
 * Note beside the key that a copy of it was made, at this time (RFC 3339); and
 * read that: "" where none was of this key, so far as is known here.
 */
#define DEVICE_BACKUP_FILE "device.backup"
#define DEVICE_BACKUP_TIME_MAX 32
MUST_USE int device_key_note_backup(const char *folder,
				    const struct device_key *key,
				    const char *time, struct err *err);
void device_key_backed_up(const char *folder, const char *did,
			  char out[DEVICE_BACKUP_TIME_MAX]);

/* The seal of one kind of local file (lib/os/local_seal.h); context: the vault's
 * id. The caller wipes it. */
void device_key_local_seal(const struct device_key *key, const char *label,
			   const char *context, struct local_seal *out);

/* Fill in did, name and node from the public key. */
void device_key_name(struct device_key *key);

/* Overwrite the secret. */
void device_key_wipe(struct device_key *key);

#endif
