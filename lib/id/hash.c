#include "lib/id/hash.h"

#include <assert.h>
#include <string.h>

#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <sodium.h>

/* nettle renames its functions by macros, and would rename ours. */
#undef sha1_init
#undef sha256_init

/*
 * The header reserves plain memory, so that no caller sees a library's type.
 * Nettle uses the processor's SHA instructions where it has them; libsodium
 * does not.
 */
_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct sha256),
	       "sha256 state too small");
_Static_assert(sizeof(struct sha1_ctx) <= sizeof(struct sha1),
	       "sha1 state too small");
_Static_assert(sizeof(crypto_generichash_blake2b_state) <=
	       sizeof(((struct blake2b *)0)->state),
	       "blake2b state too small");
_Static_assert(_Alignof(crypto_generichash_blake2b_state) <=
	       _Alignof(struct blake2b), "blake2b state misaligned");

static struct sha256_ctx *sha256_state(struct sha256 *hash)
{
	return (struct sha256_ctx *)(void *)hash->state;
}

static struct sha1_ctx *sha1_state(struct sha1 *hash)
{
	return (struct sha1_ctx *)(void *)hash->state;
}

static crypto_generichash_blake2b_state *blake2b_state(struct blake2b *hash)
{
	return (crypto_generichash_blake2b_state *)(void *)hash->state;
}

void sha256_init(struct sha256 *hash)
{
	nettle_sha256_init(sha256_state(hash));
}

void sha256_add(struct sha256 *hash, const void *bytes, size_t len)
{
	if (len)
		nettle_sha256_update(sha256_state(hash), len, bytes);
}

void sha256_finish(struct sha256 *hash, unsigned char out[SHA256_BYTES])
{
	nettle_sha256_digest(sha256_state(hash), SHA256_BYTES, out);
}

void sha256_of(const void *bytes, size_t len, unsigned char out[SHA256_BYTES])
{
	struct sha256 hash;

	sha256_init(&hash);
	sha256_add(&hash, bytes, len);
	sha256_finish(&hash, out);
}

void sha256_of_list(const struct span *texts, size_t n,
		    unsigned char out[SHA256_BYTES])
{
	unsigned char len[8];
	struct sha256 hash;
	size_t i;

	sha256_init(&hash);
	for (; n; n--, texts++) {
		for (i = 0; i < sizeof(len); i++)
			len[i] = (unsigned char)
				((uint64_t)texts->len >> (56 - 8 * i));
		sha256_add(&hash, len, sizeof(len));
		sha256_add(&hash, texts->at, texts->len);
	}
	sha256_finish(&hash, out);
}

void sha1_init(struct sha1 *hash)
{
	nettle_sha1_init(sha1_state(hash));
}

void sha1_add(struct sha1 *hash, const void *bytes, size_t len)
{
	if (len)
		nettle_sha1_update(sha1_state(hash), len, bytes);
}

void sha1_finish(struct sha1 *hash, unsigned char out[SHA1_BYTES])
{
	nettle_sha1_digest(sha1_state(hash), SHA1_BYTES, out);
}

/* libsodium checks the same bounds and says no only for a bug of ours. */
static void check_blake2b(size_t key_len, size_t out_len)
{
	assert(out_len >= 1 && out_len <= 64);
	assert(key_len == 0 || (key_len >= 16 && key_len <= 64));
	(void)key_len;
	(void)out_len;
}

void md5_of(const void *bytes, size_t len, unsigned char out[MD5_BYTES])
{
	struct md5_ctx hash;

	md5_init(&hash);
	if (len)
		md5_update(&hash, len, bytes);
	md5_digest(&hash, MD5_BYTES, out);
}

void blake2b_of(const void *bytes, size_t len, const void *key, size_t key_len,
		unsigned char *out, size_t out_len)
{
	struct blake2b hash;

	blake2b_init(&hash, key, key_len, out_len);
	blake2b_add(&hash, bytes, len);
	blake2b_finish(&hash, out);
	if (key_len)
		sodium_memzero(&hash, sizeof(hash));
}

void blake2b_init(struct blake2b *hash, const void *key, size_t key_len,
		  size_t out_len)
{
	check_blake2b(key_len, out_len);
	hash->out_len = out_len;
	crypto_generichash_blake2b_init(blake2b_state(hash), key, key_len,
					out_len);
}

void blake2b_add(struct blake2b *hash, const void *bytes, size_t len)
{
	if (len)
		crypto_generichash_blake2b_update(blake2b_state(hash), bytes,
						  len);
}

void blake2b_finish(struct blake2b *hash, unsigned char *out)
{
	crypto_generichash_blake2b_final(blake2b_state(hash), out,
					 hash->out_len);
}
