#include "refs/key/sealed.h"

#include <stdio.h>

#include <sodium.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "lib/secret/keyring.h"

#define TEXT_BEGIN "-----BEGIN VVAULT SEALED KEY-----\n"
#define TEXT_END "\n-----END VVAULT SEALED KEY-----\n"
#define TEXT_COLUMNS 70
#define TEXT_MAX 1024
#define LABEL "vvault sealed key 1"
#define SALT_BYTES crypto_pwhash_SALTBYTES
#define SEED_BYTES crypto_sign_SEEDBYTES
#define STRETCHED_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define RING_PREFIX "vvault:"
#define RING_ID_BYTES 16
#define RING_NAME_MAX (sizeof(RING_PREFIX) + HEX_TEXT(RING_ID_BYTES))

_Static_assert(SALT_BYTES + SEED_BYTES +
	       crypto_aead_xchacha20poly1305_ietf_ABYTES == SEALED_KEY_BYTES,
	       "what is sealed is one seed");

static const unsigned char nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];

static int stretch(struct span passphrase, const unsigned char *salt,
		   unsigned char out[STRETCHED_BYTES], struct err *err)
{
	if (sodium_init() < 0)
		return err_set(err, ERR_IO, "cannot start libsodium");
	if (!passphrase.len)
		return err_set(err, ERR_INVALID, "the passphrase is empty");
	if (crypto_pwhash(out, STRETCHED_BYTES, passphrase.at, passphrase.len,
			  salt, crypto_pwhash_OPSLIMIT_MODERATE,
			  crypto_pwhash_MEMLIMIT_MODERATE,
			  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_set(err, ERR_NOMEM, "not enough memory to turn the "
			       "passphrase into a key (256 MiB)");
	return 0;
}

int sealed_key_make(const struct device_key *key, struct span passphrase,
		    struct sealed_key *out, struct err *err)
{
	unsigned char stretched[STRETCHED_BYTES];
	struct sealed_key made;
	int rc;

	random_bytes(made.bytes, SALT_BYTES);
	rc = stretch(passphrase, made.bytes, stretched, err);
	if (rc < 0)
		return rc;
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		made.bytes + SALT_BYTES, NULL, key->secret, SEED_BYTES,
		(const unsigned char *)LABEL, strlen(LABEL), NULL, nonce,
		stretched);
	memcpy(made.did, key->did, sizeof(made.did));
	sodium_memzero(stretched, sizeof(stretched));
	*out = made;
	return 0;
}

/* The key of a seed, which must be whose the seal says. */
static int from_seed(const struct sealed_key *sealed,
		     const unsigned char seed[SEED_BYTES],
		     struct device_key *out, struct err *err)
{
	struct device_key key;
	int rc = 0;

	memset(&key, 0, sizeof(key));
	crypto_sign_seed_keypair(key.public, key.secret, seed);
	device_key_name(&key);
	if (sealed->did[0] && strcmp(sealed->did, key.did))
		rc = err_set(err, ERR_INVALID, "the sealed key is not that of "
			     "'%s'", sealed->did);
	else
		*out = key;
	device_key_wipe(&key);
	return rc;
}

int sealed_key_open(const struct sealed_key *sealed, struct span passphrase,
		    struct device_key *out, struct err *err)
{
	unsigned char stretched[STRETCHED_BYTES];
	unsigned char seed[SEED_BYTES];
	int rc = stretch(passphrase, sealed->bytes, stretched, err);

	if (rc < 0)
		return rc;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    seed, NULL, NULL, sealed->bytes + SALT_BYTES,
		    SEALED_KEY_BYTES - SALT_BYTES,
		    (const unsigned char *)LABEL, strlen(LABEL), nonce,
		    stretched) != 0)
		rc = err_set(err, ERR_AUTH, "the passphrase does not open "
			     "this key");
	else
		rc = from_seed(sealed, seed, out, err);
	sodium_memzero(stretched, sizeof(stretched));
	sodium_memzero(seed, sizeof(seed));
	return rc;
}

bool sealed_key_is_text(struct span text)
{
	return span_begins(text, TEXT_BEGIN);
}

int sealed_key_write(const struct sealed_key *sealed, struct buf *out,
		     struct err *err)
{
	buf_put_str(out, TEXT_BEGIN);
	buf_putf(out, "%s\n", sealed->did);
	buf_fail(out, base64_add_wrapped(out, sealed->bytes, SEALED_KEY_BYTES,
					 TEXT_COLUMNS, NULL));
	buf_put_str(out, TEXT_END);
	return buf_end(out, err);
}

int sealed_key_read(struct span text, struct sealed_key *out, struct err *err)
{
	size_t begin = strlen(TEXT_BEGIN);
	size_t end = strlen(TEXT_END);
	struct buf bytes = BUF_INIT(SEALED_KEY_BYTES);
	unsigned char public[DID_KEY_BYTES];
	struct span did;
	const char *line = NULL;
	int rc = -1;

	if (text.len > begin + end && text.len <= TEXT_MAX &&
	    sealed_key_is_text(text) &&
	    !memcmp(text.at + text.len - end, TEXT_END, end))
		line = memchr(text.at + begin, '\n', text.len - begin - end);
	if (!line)
		return err_set(err, ERR_INVALID, "not a sealed key of vvault");
	did = span_of(text.at + begin, (size_t)(line - text.at) - begin);
	line++;
	if (did.len < DID_TEXT_MAX && did_parse(did, public, NULL) == 0)
		rc = base64_decode_wrapped(
			span_of(line, (size_t)(text.at + text.len - end -
					       line)), &bytes, NULL);
	if (rc < 0 || bytes.len != SEALED_KEY_BYTES) {
		rc = err_set(err, ERR_INVALID, "the sealed key is damaged");
	} else {
		memset(out, 0, sizeof(*out));
		memcpy(out->bytes, bytes.data, SEALED_KEY_BYTES);
		memcpy(out->did, did.at, did.len);
	}
	buf_release(&bytes);
	return rc;
}

/* By what is sealed: another passphrase is another name. */
static void ring_name(const struct sealed_key *sealed,
		      char out[RING_NAME_MAX])
{
	unsigned char id[RING_ID_BYTES];

	crypto_generichash(id, sizeof(id), sealed->bytes, SEALED_KEY_BYTES,
			   NULL, 0);
	memcpy(out, RING_PREFIX, strlen(RING_PREFIX));
	hex_text(id, sizeof(id), out + strlen(RING_PREFIX));
}

int sealed_key_unlock(const struct sealed_key *sealed,
		      const struct device_key *key, unsigned seconds,
		      struct err *err)
{
	char name[RING_NAME_MAX];

	ring_name(sealed, name);
	return keyring_put(name, span_of((const char *)key->secret,
					 SEED_BYTES), seconds, err);
}

int sealed_key_unlocked(const struct sealed_key *sealed,
			struct device_key *out, struct err *err)
{
	struct buf seed = BUF_INIT(KEYRING_SECRET_MAX);
	char name[RING_NAME_MAX];
	int rc = buf_reserve(&seed, KEYRING_SECRET_MAX, err);

	ring_name(sealed, name);
	if (rc == 0)
		rc = keyring_get(name, &seed, err);
	if (rc == 0 && seed.len != SEED_BYTES)
		rc = err_set(err, ERR_NOT_FOUND, "nothing is unlocked");
	if (rc == 0)
		rc = from_seed(sealed, (const unsigned char *)seed.data, out,
			       err);
	buf_wipe(&seed);
	return rc;
}

int sealed_key_lock(const struct sealed_key *sealed, struct err *err)
{
	char name[RING_NAME_MAX];

	ring_name(sealed, name);
	return keyring_drop(name, err);
}
