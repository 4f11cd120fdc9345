#include "refs/key/key.h"

#include <sodium.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"

/*
 * A sealed copy: "VVK1", salt (16), nonce (24), XChaCha20-Poly1305 over the
 * private key file's text, with the 44 bytes before it as associated data.
 * The costs of Argon2id are part of the format and not written down, so that
 * no file can ask its reader for gigabytes.
 */
#define COPY_BEGIN "-----BEGIN VVAULT SEALED KEY-----\n"
#define COPY_END "\n-----END VVAULT SEALED KEY-----\n"
#define COPY_COLUMNS 70
#define COPY_MAX 8192
#define COPY_MAGIC "VVK1"
#define MAGIC_BYTES 4
#define SALT_BYTES crypto_pwhash_SALTBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define COPY_KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define HEADER_BYTES (MAGIC_BYTES + SALT_BYTES + NONCE_BYTES)

static int stretch(struct span passphrase,
		   const unsigned char salt[SALT_BYTES],
		   unsigned char out[COPY_KEY_BYTES], struct err *err)
{
	if (!passphrase.len)
		return err_set(err, ERR_INVALID, "the passphrase is empty");
	if (crypto_pwhash(out, COPY_KEY_BYTES, passphrase.at, passphrase.len,
			  salt, crypto_pwhash_OPSLIMIT_MODERATE,
			  crypto_pwhash_MEMLIMIT_MODERATE,
			  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_set(err, ERR_NOMEM, "not enough memory to turn the "
			       "passphrase into a key (256 MiB)");
	return 0;
}

static int copy_seal(struct span text, struct span passphrase,
		     struct buf *out, struct err *err)
{
	unsigned char key[COPY_KEY_BYTES];
	unsigned char header[HEADER_BYTES];
	unsigned char sealed[COPY_MAX];
	unsigned long long sealed_len;
	int rc;

	if (text.len > COPY_MAX / 2)
		return err_set(err, ERR_LIMIT, "the key file is too long");
	memcpy(header, COPY_MAGIC, MAGIC_BYTES);
	random_bytes(header + MAGIC_BYTES, SALT_BYTES + NONCE_BYTES);
	rc = stretch(passphrase, header + MAGIC_BYTES, key, err);
	if (rc < 0)
		goto out;
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		sealed, &sealed_len, (const unsigned char *)text.at, text.len,
		header, sizeof(header), NULL,
		header + MAGIC_BYTES + SALT_BYTES, key);
	buf_put(out, header, sizeof(header));
	buf_put(out, sealed, (size_t)sealed_len);
	rc = buf_end(out, err);
out:
	sodium_memzero(key, sizeof(key));
	return rc;
}

int device_key_seal(const struct device_key *key, struct span passphrase,
		    struct buf *out, struct err *err)
{
	struct buf text = BUF_INIT(COPY_MAX);
	struct buf sealed = BUF_INIT(COPY_MAX);
	int rc;

	if (sodium_init() < 0)
		return err_set(err, ERR_IO, "cannot start libsodium");
	rc = buf_reserve(&text, COPY_MAX, err);
	if (rc == 0)
		rc = device_key_write(key, key->did, &text, err);
	if (rc == 0)
		rc = copy_seal(buf_span(&text), passphrase, &sealed, err);
	if (rc == 0) {
		buf_put_str(out, COPY_BEGIN);
		buf_fail(out, base64_add_wrapped(out, sealed.data, sealed.len,
						 COPY_COLUMNS, NULL));
		buf_put_str(out, COPY_END);
		rc = buf_end(out, err);
	}
	buf_release(&sealed);
	buf_wipe(&text);
	return rc;
}

static int copy_open(struct span sealed, struct span passphrase,
		     struct buf *out, struct err *err)
{
	const unsigned char *at = (const unsigned char *)sealed.at;
	unsigned char key[COPY_KEY_BYTES];
	unsigned char text[COPY_MAX];
	unsigned long long len;
	int rc;

	if (sealed.len < HEADER_BYTES + TAG_BYTES ||
	    memcmp(at, COPY_MAGIC, MAGIC_BYTES))
		return err_set(err, ERR_INVALID,
			       "the sealed key is damaged or of a newer kind");
	rc = stretch(passphrase, at + MAGIC_BYTES, key, err);
	if (rc < 0)
		return rc;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    text, &len, NULL, at + HEADER_BYTES,
		    sealed.len - HEADER_BYTES, at, HEADER_BYTES,
		    at + MAGIC_BYTES + SALT_BYTES, key) != 0)
		rc = err_set(err, ERR_AUTH, "the passphrase does not open "
			     "this copy of the key");
	else
		rc = buf_add(out, text, (size_t)len, err);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(text, sizeof(text));
	return rc;
}

int device_key_unseal(struct span text, struct span passphrase,
		      struct device_key *out, struct err *err)
{
	size_t begin = strlen(COPY_BEGIN);
	size_t end = strlen(COPY_END);
	struct buf sealed = BUF_INIT(COPY_MAX);
	struct buf plain = BUF_INIT(COPY_MAX);
	int rc;

	if (sodium_init() < 0)
		return err_set(err, ERR_IO, "cannot start libsodium");
	if (text.len < begin + end || text.len > COPY_MAX ||
	    !span_begins(text, COPY_BEGIN) ||
	    memcmp(text.at + text.len - end, COPY_END, end))
		return err_set(err, ERR_INVALID, "not a sealed key of vvault");
	rc = base64_decode_wrapped(span_of(text.at + begin,
					   text.len - begin - end),
				   &sealed, err);
	if (rc == 0)
		rc = buf_reserve(&plain, COPY_MAX, err);
	if (rc == 0)
		rc = copy_open(buf_span(&sealed), passphrase, &plain, err);
	if (rc == 0)
		rc = device_key_read(buf_span(&plain), out, err);
	buf_wipe(&plain);
	buf_release(&sealed);
	return rc;
}
