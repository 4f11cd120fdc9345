#include "refs/key/key.h"

#include <sodium.h>

#include "lib/base/random.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "refs/key/wire.h"

/* PROTOCOL.key of OpenSSH: the file of an unencrypted key. */
#define FILE_BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----\n"
#define FILE_END "\n-----END OPENSSH PRIVATE KEY-----\n"
#define FILE_COLUMNS 70
#define FILE_MAX 8192
#define FILE_MAGIC "openssh-key-v1"	/* with its NUL */
#define PAD_BLOCK 8			/* of the cipher "none" */

int device_key_ssh_public(const unsigned char public[DID_KEY_BYTES],
			  struct buf *out, struct err *err)
{
	struct buf wire = BUF_INIT(128);

	wire_put_public(&wire, public);
	buf_fail(out, buf_end(&wire, NULL));
	buf_put_str(out, SSH_KEY_TYPE " ");
	buf_fail(out, base64_add(out, wire.data, wire.len, NULL));
	buf_release(&wire);
	return buf_end(out, err);
}

/* The part that OpenSSH would encrypt. */
static void private_part(const struct device_key *key, const char *comment,
			 struct buf *out)
{
	uint32_t check = (uint32_t)random_u64();
	char pad;

	buf_put_u32(out, check);
	buf_put_u32(out, check);
	wire_put_public(out, key->public);
	wire_put(out, key->secret, DEVICE_SECRET_BYTES);
	wire_put_str(out, comment);
	for (pad = 1; !out->failed && out->len % PAD_BLOCK; pad++)
		buf_put_char(out, pad);
}

static int file_payload(const struct device_key *key, const char *comment,
			struct buf *out, struct err *err)
{
	struct buf part = BUF_INIT(FILE_MAX);
	struct buf public = BUF_INIT(128);

	/* Reserved whole, so that growing leaves no copy of the secret. */
	buf_fail(&part, buf_reserve(&part, FILE_MAX, NULL));
	private_part(key, comment, &part);
	wire_put_public(&public, key->public);
	buf_fail(out, buf_end(&part, NULL));
	buf_fail(out, buf_end(&public, NULL));
	buf_put(out, FILE_MAGIC, sizeof(FILE_MAGIC));
	wire_put_str(out, "none");
	wire_put_str(out, "none");
	wire_put_str(out, "");
	buf_put_u32(out, 1);
	wire_put(out, public.data, public.len);
	wire_put(out, part.data, part.len);
	buf_release(&public);
	buf_wipe(&part);
	return buf_end(out, err);
}

int device_key_write(const struct device_key *key, const char *comment,
		     struct buf *out, struct err *err)
{
	struct buf payload = BUF_INIT(FILE_MAX);
	int rc;

	if (strlen(comment) > 1024 || !utf8_is_line(span_str(comment)))
		return err_set(err, ERR_INVALID,
			       "a key's comment must be one short line");
	rc = buf_reserve(&payload, FILE_MAX, err);
	if (rc == 0)
		rc = buf_reserve(out, 2 * (strlen(comment) + 512), err);
	if (rc == 0)
		rc = file_payload(key, comment, &payload, err);
	if (rc == 0) {
		buf_put_str(out, FILE_BEGIN);
		buf_fail(out, base64_add_wrapped(out, payload.data, payload.len,
						 FILE_COLUMNS, NULL));
		buf_put_str(out, FILE_END);
		rc = buf_end(out, err);
	}
	buf_wipe(&payload);
	return rc;
}

static int damaged(struct err *err)
{
	return err_set(err, ERR_INVALID, "the key file is damaged");
}

static bool padding_is_right(struct span pad)
{
	size_t i;

	for (i = 0; i < pad.len; i++) {
		if ((unsigned char)pad.at[i] != i + 1)
			return false;
	}
	return pad.len < PAD_BLOCK;
}

/* Another type of key has other fields: say so instead of "damaged". */
static int public_read(struct span wire, struct span *out, struct err *err)
{
	struct span type;

	if (!wire_take(&wire, &type))
		return damaged(err);
	if (!span_equals(type, span_str(SSH_KEY_TYPE)))
		return err_set(err, ERR_INVALID, "the key is of another type "
			       "than " SSH_KEY_TYPE);
	if (!wire_take(&wire, out) || out->len != DID_KEY_BYTES || wire.len)
		return damaged(err);
	return 0;
}

static int private_read(struct span part, struct span public,
			struct device_key *out, struct err *err)
{
	struct span type, again, secret, comment;
	uint32_t first, second;

	if (part.len % PAD_BLOCK || !wire_take_u32(&part, &first) ||
	    !wire_take_u32(&part, &second) || first != second)
		return damaged(err);
	if (!wire_take(&part, &type) || !wire_take(&part, &again) ||
	    !wire_take(&part, &secret) || !wire_take(&part, &comment) ||
	    !padding_is_right(part))
		return damaged(err);
	if (!span_equals(type, span_str(SSH_KEY_TYPE)) ||
	    !span_equals(again, public) ||
	    secret.len != DEVICE_SECRET_BYTES)
		return damaged(err);
	/* The half that is stored is never believed: it is computed. */
	crypto_sign_seed_keypair(out->public, out->secret,
				 (const unsigned char *)secret.at);
	if (memcmp(out->public, public.at, DID_KEY_BYTES) ||
	    memcmp(out->secret, secret.at, DEVICE_SECRET_BYTES))
		return damaged(err);
	return 0;
}

static int payload_read(struct span in, struct device_key *out,
			struct err *err)
{
	struct span cipher, kdf, options, wire, part, public;
	uint32_t count;
	int rc;

	if (in.len < sizeof(FILE_MAGIC) ||
	    memcmp(in.at, FILE_MAGIC, sizeof(FILE_MAGIC)))
		return damaged(err);
	in = span_of(in.at + sizeof(FILE_MAGIC), in.len - sizeof(FILE_MAGIC));
	if (!wire_take(&in, &cipher) || !wire_take(&in, &kdf) ||
	    !wire_take(&in, &options) || !wire_take_u32(&in, &count))
		return damaged(err);
	if (!span_equals(cipher, span_str("none")))
		return err_set(err, ERR_INVALID, "the key file is encrypted, "
			       "which vvault cannot read: it needs one "
			       "without a passphrase");
	if (!span_equals(kdf, span_str("none")) || options.len || count != 1 ||
	    !wire_take(&in, &wire) || !wire_take(&in, &part) || in.len)
		return damaged(err);
	rc = public_read(wire, &public, err);
	return rc < 0 ? rc : private_read(part, public, out, err);
}

int device_key_read(struct span text, struct device_key *out, struct err *err)
{
	size_t begin = strlen(FILE_BEGIN);
	size_t end = strlen(FILE_END);
	struct buf payload = BUF_INIT(FILE_MAX);
	struct device_key key;
	int rc;

	memset(&key, 0, sizeof(key));
	if (text.len < begin + end || text.len > FILE_MAX ||
	    !span_begins(text, FILE_BEGIN) ||
	    memcmp(text.at + text.len - end, FILE_END, end))
		return err_set(err, ERR_INVALID,
			       "not an OpenSSH private key file");
	rc = buf_reserve(&payload, FILE_MAX, err);
	if (rc == 0 &&
	    base64_decode_wrapped(span_of(text.at + begin,
					  text.len - begin - end),
				  &payload, NULL) < 0)
		rc = damaged(err);
	if (rc == 0)
		rc = payload_read(buf_span(&payload), &key, err);
	if (rc == 0) {
		device_key_name(&key);
		*out = key;
	}
	device_key_wipe(&key);
	buf_wipe(&payload);
	return rc;
}
