#include "refs/key/sshsig.h"

#include <sodium.h>

#include "lib/id/encode.h"
#include "refs/key/wire.h"

#define ARMOR_BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define ARMOR_END "\n-----END SSH SIGNATURE-----"
#define ARMOR_COLUMNS 70	/* what ssh-keygen writes */
#define ARMOR_MAX 512

#define MAGIC "SSHSIG"
#define NAMESPACE "git"
#define HASH_NAME "sha512"
#define BLOB_BYTES 173		/* the same for every Ed25519 signature */

/* What Ed25519 signs: never the message itself, only its hash in context. */
static int signed_data(struct span message, struct buf *out, struct err *err)
{
	unsigned char hash[crypto_hash_sha512_BYTES];

	crypto_hash_sha512(hash, (const unsigned char *)message.at,
			   message.len);
	buf_put_str(out, MAGIC);
	wire_put_str(out, NAMESPACE);
	wire_put_str(out, "");
	wire_put_str(out, HASH_NAME);
	wire_put(out, hash, sizeof(hash));
	return buf_end(out, err);
}

/* Append the armor of a signature. */
static int armor_add(struct buf *out,
		     const unsigned char public[DID_KEY_BYTES],
		     const unsigned char signature[crypto_sign_BYTES],
		     struct err *err)
{
	struct buf key = BUF_INIT(128);
	struct buf inner = BUF_INIT(128);
	struct buf blob = BUF_INIT(BLOB_BYTES);

	wire_put_public(&key, public);
	wire_put_str(&inner, SSH_KEY_TYPE);
	wire_put(&inner, signature, crypto_sign_BYTES);
	buf_fail(&blob, buf_end(&key, NULL));
	buf_fail(&blob, buf_end(&inner, NULL));
	buf_put_str(&blob, MAGIC);
	buf_put_u32(&blob, 1);
	wire_put(&blob, key.data, key.len);
	wire_put_str(&blob, NAMESPACE);
	wire_put_str(&blob, "");
	wire_put_str(&blob, HASH_NAME);
	wire_put(&blob, inner.data, inner.len);
	buf_fail(out, buf_end(&blob, NULL));
	buf_put_str(out, ARMOR_BEGIN);
	buf_fail(out, base64_add_wrapped(out, blob.data, blob.len,
					 ARMOR_COLUMNS, NULL));
	buf_put_str(out, ARMOR_END);
	buf_release(&blob);
	buf_release(&inner);
	buf_release(&key);
	return buf_end(out, err);
}

int sshsig_sign(struct span message, const unsigned char secret[64],
		struct buf *out, struct err *err)
{
	unsigned char signature[crypto_sign_BYTES];
	unsigned char public[DID_KEY_BYTES];
	struct buf data = BUF_INIT(256);
	int rc = signed_data(message, &data, err);

	if (rc < 0)
		goto out;
	crypto_sign_detached(signature, NULL, (unsigned char *)data.data,
			     data.len, secret);
	crypto_sign_ed25519_sk_to_pk(public, secret);
	rc = armor_add(out, public, signature, err);
out:
	buf_release(&data);
	return rc;
}

/* The 64 bytes that a signature has at the end of its blob. */
static int armor_signature(struct span armor,
			   unsigned char out[crypto_sign_BYTES],
			   struct err *err)
{
	size_t begin = strlen(ARMOR_BEGIN);
	size_t end = strlen(ARMOR_END);
	struct buf blob = BUF_INIT(ARMOR_MAX);
	int rc = -1;

	if (armor.len > begin + end && armor.len <= ARMOR_MAX)
		rc = base64_decode_wrapped(
			span_of(armor.at + begin, armor.len - begin - end),
			&blob, NULL);
	if (rc < 0 || blob.len != BLOB_BYTES)
		rc = err_set(err, ERR_UNTRUSTED,
			     "not an Ed25519 signature of namespace 'git'");
	else
		memcpy(out, blob.data + blob.len - crypto_sign_BYTES,
		       crypto_sign_BYTES);
	buf_release(&blob);
	return rc;
}

/* Writing it again and comparing leaves no second spelling of a signature. */
static int armor_compare(struct span armor,
			 const unsigned char public[DID_KEY_BYTES],
			 const unsigned char signature[crypto_sign_BYTES],
			 struct err *err)
{
	struct buf again = BUF_INIT(ARMOR_MAX);
	int rc = armor_add(&again, public, signature, err);

	if (rc == 0 && !span_equals(buf_span(&again), armor))
		rc = err_set(err, ERR_UNTRUSTED, "the signature is by another "
			     "key or is not encoded as vvault encodes it");
	buf_release(&again);
	return rc;
}

int sshsig_verify(struct span armor, struct span message,
		  const unsigned char public[DID_KEY_BYTES], struct err *err)
{
	unsigned char signature[crypto_sign_BYTES];
	struct buf data = BUF_INIT(256);
	int rc = armor_signature(armor, signature, err);

	if (rc == 0)
		rc = armor_compare(armor, public, signature, err);
	if (rc == 0)
		rc = signed_data(message, &data, err);
	if (rc == 0 && crypto_sign_verify_detached(
			       signature, (unsigned char *)data.data,
			       data.len, public) != 0)
		rc = err_set(err, ERR_UNTRUSTED, "the signature is wrong");
	buf_release(&data);
	return rc;
}
