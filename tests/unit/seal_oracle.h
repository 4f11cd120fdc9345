/*
 * A second, plain implementation of sealing, straight from the words of
 * vvault-format(5): for known answers, and for forging what a key holder
 * could seal and no reader may accept.
 */
#ifndef VV_TESTS_UNIT_SEAL_ORACLE_H
#define VV_TESTS_UNIT_SEAL_ORACLE_H

#include <sodium.h>

#include "tests/tap.h"

#define ORACLE_MAX ((size_t)3 << 20)
#define ORACLE_HEAD 60

/* Who seals what; key is the content key. */
struct oracle {
	const char *label;		/* vvault-seg-1 */
	const char *subkey;		/* vvault seal */
	const char *vault;
	const char *construct;
	const unsigned char *key;
	const unsigned char *owner;	/* 32 bytes, or NULL */
};

struct oracle_text {
	unsigned char bytes[1024];
	size_t len;
};

static void TAP_UNUSED oracle_u32(struct oracle_text *text, size_t n)
{
	text->bytes[text->len++] = (unsigned char)(n >> 24 & 255);
	text->bytes[text->len++] = (unsigned char)(n >> 16 & 255);
	text->bytes[text->len++] = (unsigned char)(n >> 8 & 255);
	text->bytes[text->len++] = (unsigned char)(n & 255);
}

static void TAP_UNUSED oracle_string(struct oracle_text *text,
				     const void *bytes, size_t len)
{
	oracle_u32(text, len);
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
}

static void TAP_UNUSED oracle_subkey(const unsigned char *key,
				     const char *name, const char *construct,
				     unsigned char out[32])
{
	struct oracle_text text = { .len = 0 };

	oracle_string(&text, name, strlen(name));
	memset(text.bytes + text.len, 0, 8);
	text.len += 8;
	oracle_string(&text, construct, strlen(construct));
	crypto_generichash(out, 32, text.bytes, text.len, key, 32);
}

static void TAP_UNUSED oracle_key_id(const unsigned char *key,
				     unsigned char out[32])
{
	unsigned char text[13 + 32];

	memcpy(text, "vvault key id", 13);
	memcpy(text + 13, key, 32);
	crypto_generichash(out, 32, text, sizeof(text), NULL, 0);
}

/*
 * Seal an input as it stands (its writer may lie in it) with the right nonce,
 * or with another one. out has room for the input and ORACLE_HEAD + 16 bytes.
 */
static size_t TAP_UNUSED oracle_seal(const struct oracle *who,
				     const unsigned char *input, size_t len,
				     bool has_wrong_nonce, unsigned char *out)
{
	static unsigned char message[ORACLE_MAX + 1024];
	struct oracle_text ad = { .len = 0 };
	struct oracle_text head = { .len = 0 };
	unsigned char id[32], nonce_key[32], seal_key[32];
	unsigned long long sealed_len = 0;

	if (sodium_init() < 0 || len > ORACLE_MAX)
		bail_out("the oracle cannot seal");
	oracle_key_id(who->key, id);
	oracle_subkey(who->key, "vvault nonce", who->construct, nonce_key);
	oracle_subkey(who->key, who->subkey, who->construct, seal_key);
	oracle_string(&ad, who->label, strlen(who->label));
	oracle_string(&ad, who->vault, strlen(who->vault));
	oracle_string(&ad, who->construct, strlen(who->construct));
	oracle_string(&ad, id, 32);
	if (who->owner)
		oracle_string(&ad, who->owner, 32);
	oracle_string(&head, ad.bytes, ad.len);
	memcpy(message, head.bytes, head.len);
	memcpy(message + head.len, input, len);
	memcpy(out, "VVS1", 4);
	memcpy(out + 4, id, 32);
	crypto_generichash(out + 36, 24, message, head.len + len, nonce_key,
			   32);
	out[36] ^= has_wrong_nonce;
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		out + ORACLE_HEAD, &sealed_len, input, len, ad.bytes, ad.len,
		NULL, out + 36, seal_key);
	return ORACLE_HEAD + (size_t)sealed_len;
}

/* u32 length, bytes, zeros up to total: an input. Returns total. */
static size_t TAP_UNUSED oracle_input(const void *frame, size_t len,
				      size_t total, unsigned char *out)
{
	struct oracle_text head = { .len = 0 };

	oracle_u32(&head, len);
	memset(out, 0, total);
	memcpy(out, head.bytes, 4);
	memcpy(out + 4, frame, len);
	return total;
}

#endif
