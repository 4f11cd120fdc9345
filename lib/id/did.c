#include "lib/id/did.h"

#include <sodium.h>

#include "lib/id/encode.h"

#define CODEC_BYTES 2
#define MULTIKEY_BYTES (CODEC_BYTES + DID_KEY_BYTES)

/* Unsigned varints of the multicodecs ed25519-pub and x25519-pub. */
static const unsigned char ed25519_codec[CODEC_BYTES] = { 0xed, 0x01 };
static const unsigned char x25519_codec[CODEC_BYTES] = { 0xec, 0x01 };

/*
 * 34 bytes that begin with one of these codecs always are 47 base58
 * characters, so the text has a fixed length and never begins with '1'.
 */
static void multikey_text(const unsigned char codec[CODEC_BYTES],
			  const unsigned char key[DID_KEY_BYTES],
			  char out[DID_SHORT_MAX])
{
	unsigned char bytes[MULTIKEY_BYTES];
	char text[BASE58_TEXT_MAX];

	memcpy(bytes, codec, CODEC_BYTES);
	memcpy(bytes + CODEC_BYTES, key, DID_KEY_BYTES);
	base58_text(bytes, sizeof(bytes), text);
	out[0] = 'z';
	memcpy(out + 1, text, DID_SHORT);
}

static bool multikey_parse(struct span text,
			   const unsigned char codec[CODEC_BYTES],
			   unsigned char key[DID_KEY_BYTES])
{
	unsigned char bytes[BASE58_MAX_BYTES];
	size_t len;

	if (text.len != DID_SHORT || text.at[0] != 'z')
		return false;
	if (!base58_bytes(span_of(text.at + 1, text.len - 1), bytes, &len))
		return false;
	if (len != MULTIKEY_BYTES || memcmp(bytes, codec, CODEC_BYTES))
		return false;
	memcpy(key, bytes + CODEC_BYTES, DID_KEY_BYTES);
	return true;
}

void did_short(const unsigned char public_key[DID_KEY_BYTES],
	       char out[DID_SHORT_MAX])
{
	multikey_text(ed25519_codec, public_key, out);
}

void did_from_public(const unsigned char public_key[DID_KEY_BYTES],
		     char out[DID_TEXT_MAX])
{
	memcpy(out, DID_PREFIX, sizeof(DID_PREFIX) - 1);
	did_short(public_key, out + sizeof(DID_PREFIX) - 1);
}

void did_node(const unsigned char public_key[DID_KEY_BYTES],
	      char out[DID_NODE_MAX])
{
	char text[DID_SHORT_MAX];

	did_short(public_key, text);
	memcpy(out, text + 1, DID_NODE);
	out[DID_NODE] = '\0';
}

bool did_spelled(struct span text, unsigned char out[DID_KEY_BYTES])
{
	return multikey_parse(text, ed25519_codec, out);
}

int did_parse_short(struct span text, unsigned char out_public[DID_KEY_BYTES],
		    struct err *err)
{
	unsigned char key[DID_KEY_BYTES];

	if (!did_spelled(text, key))
		return err_set(err, ERR_INVALID, "not an Ed25519 did:key");
	if (!crypto_core_ed25519_is_valid_point(key))
		return err_set(err, ERR_INVALID,
			       "the did:key holds a weak or impossible key");
	memcpy(out_public, key, DID_KEY_BYTES);
	return 0;
}

int did_parse(struct span text, unsigned char out_public[DID_KEY_BYTES],
	      struct err *err)
{
	size_t prefix_len = sizeof(DID_PREFIX) - 1;

	if (!span_begins(text, DID_PREFIX))
		return err_set(err, ERR_INVALID, "not a did:key: '%.*s'",
			       (int)(text.len < 80 ? text.len : 80), text.at);
	return did_parse_short(span_of(text.at + prefix_len,
				       text.len - prefix_len),
			       out_public, err);
}

void did_box_short(const unsigned char box_key[DID_KEY_BYTES],
		   char out[DID_SHORT_MAX])
{
	multikey_text(x25519_codec, box_key, out);
}

/* What a box key of small order gives: the same secret for everybody. */
static bool is_weak_box(const unsigned char box_key[DID_KEY_BYTES])
{
	unsigned char scalar[crypto_scalarmult_SCALARBYTES] = { 1 };
	unsigned char shared[crypto_scalarmult_BYTES];

	return crypto_scalarmult(shared, scalar, box_key) != 0;
}

int did_parse_box_short(struct span text, unsigned char out_box[DID_KEY_BYTES],
			struct err *err)
{
	unsigned char key[DID_KEY_BYTES];

	if (!multikey_parse(text, x25519_codec, key))
		return err_set(err, ERR_INVALID, "not an X25519 key");
	if (is_weak_box(key))
		return err_set(err, ERR_INVALID, "a weak X25519 key");
	memcpy(out_box, key, DID_KEY_BYTES);
	return 0;
}

int did_box_public(const unsigned char public_key[DID_KEY_BYTES],
		   unsigned char out_box[DID_KEY_BYTES], struct err *err)
{
	if (crypto_sign_ed25519_pk_to_curve25519(out_box, public_key) != 0)
		return err_set(err, ERR_INVALID,
			       "no box key belongs to this device key");
	return 0;
}

void did_box_secret(const unsigned char secret_key[64],
		    unsigned char out_box[DID_KEY_BYTES])
{
	crypto_sign_ed25519_sk_to_curve25519(out_box, secret_key);
}
