#include "refs/vault/grant.h"

#include <string.h>

#include <sodium.h>

#define GRANT_PLAIN_MAX 256

static int add_field(struct buf *out, struct span field, struct err *err)
{
	int rc = buf_add_u32(out, (uint32_t)field.len, err);

	return rc < 0 ? rc : buf_add_span(out, field, err);
}

/* What is sealed. */
static int grant_text(const char *vault_id, const struct content_key *key,
		      const unsigned char public[DID_KEY_BYTES],
		      struct buf *out, struct err *err)
{
	char did[DID_TEXT_MAX];
	int rc;

	did_from_public(public, did);
	/* No growth while a secret is in it: growing leaves copies behind. */
	rc = buf_reserve(out, GRANT_PLAIN_MAX, err);
	if (rc == 0)
		rc = add_field(out, span_str(vault_id), err);
	if (rc == 0)
		rc = add_field(out, span_of(key->id, KEY_ID_BYTES), err);
	if (rc == 0)
		rc = add_field(out, span_str(did), err);
	if (rc == 0)
		rc = add_field(out, span_of(key->key, CONTENT_KEY_BYTES), err);
	return rc;
}

int grant_seal(const char *vault_id, const struct content_key *key,
	       const unsigned char public[DID_KEY_BYTES],
	       const unsigned char box[DID_KEY_BYTES], struct buf *out,
	       struct err *err)
{
	unsigned char sealed[GRANT_PLAIN_MAX + crypto_box_SEALBYTES];
	struct buf plain = BUF_INIT(GRANT_PLAIN_MAX);
	int rc = grant_text(vault_id, key, public, &plain, err);

	if (rc < 0)
		goto out;
	if (crypto_box_seal(sealed, (const unsigned char *)plain.data,
			    plain.len, box)) {
		rc = err_set(err, ERR_INVALID, "cannot seal to this box key");
		goto out;
	}
	rc = buf_add(out, sealed, plain.len + crypto_box_SEALBYTES, err);
out:
	buf_wipe(&plain);
	return rc;
}

/* Everything must be what we would have sealed; only the key is unknown. */
static int check_plain(const char *vault_id,
		       const unsigned char key_id[KEY_ID_BYTES],
		       const struct device_key *device, struct span plain,
		       struct content_key *out, struct err *err)
{
	struct buf expected = BUF_INIT(GRANT_PLAIN_MAX);
	struct content_key key;
	int rc;

	if (plain.len < CONTENT_KEY_BYTES)
		return err_set(err, ERR_UNTRUSTED, "a grant is too short");
	memcpy(key.key, plain.at + plain.len - CONTENT_KEY_BYTES,
	       CONTENT_KEY_BYTES);
	memcpy(key.id, key_id, KEY_ID_BYTES);
	rc = grant_text(vault_id, &key, device->public, &expected, err);
	if (rc == 0 && (expected.len != plain.len ||
			sodium_memcmp(expected.data, plain.at, plain.len)))
		rc = err_set(err, ERR_UNTRUSTED,
			     "a grant names another vault, key or member");
	content_key_id(key.key, key.id);
	if (rc == 0 && memcmp(key.id, key_id, KEY_ID_BYTES))
		rc = err_set(err, ERR_UNTRUSTED,
			     "a grant holds a key that has another id");
	if (rc == 0)
		*out = key;
	sodium_memzero(&key, sizeof(key));
	buf_wipe(&expected);
	return rc;
}

int grant_open(const char *vault_id, const unsigned char key_id[KEY_ID_BYTES],
	       const struct device_key *device, struct span sealed,
	       struct content_key *out, struct err *err)
{
	unsigned char plain[GRANT_PLAIN_MAX];
	unsigned char secret[DID_KEY_BYTES];
	unsigned char box[DID_KEY_BYTES];
	size_t len;
	int rc;

	if (sealed.len < crypto_box_SEALBYTES ||
	    sealed.len > sizeof(plain) + crypto_box_SEALBYTES)
		return err_set(err, ERR_UNTRUSTED, "a grant has a wrong size");
	len = sealed.len - crypto_box_SEALBYTES;
	rc = did_box_public(device->public, box, err);
	if (rc < 0)
		return rc;
	did_box_secret(device->secret, secret);
	if (crypto_box_seal_open(plain, (const unsigned char *)sealed.at,
				 sealed.len, box, secret))
		rc = err_set(err, ERR_UNTRUSTED,
			     "a grant to this device does not open");
	else
		rc = check_plain(vault_id, key_id, device,
				 span_of(plain, len), out, err);
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(plain, sizeof(plain));
	return rc;
}
