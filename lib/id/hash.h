/*
 * Cryptographic hashes: the only place that sees their libraries.
 */
#ifndef VV_LIB_ID_HASH_H
#define VV_LIB_ID_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/span.h"

#define SHA256_BYTES 32
#define SHA1_BYTES 20
#define MD5_BYTES 16

/* An incremental SHA-256 (FIPS 180-4); caller's storage. */
struct sha256 {
	_Alignas(16) unsigned char state[128];
};

void sha256_init(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *bytes, size_t len);
void sha256_finish(struct sha256 *hash, unsigned char out[SHA256_BYTES]);
void sha256_of(const void *bytes, size_t len, unsigned char out[SHA256_BYTES]);
/* Of n texts, each behind its length, so that no two lists hash alike. */
void sha256_of_list(const struct span *texts, size_t n,
		    unsigned char out[SHA256_BYTES]);

/* An incremental SHA-1, for the trailer of a git pack only: carries no trust. */
struct sha1 {
	_Alignas(16) unsigned char state[128];
};

void sha1_init(struct sha1 *hash);
void sha1_add(struct sha1 *hash, const void *bytes, size_t len);
void sha1_finish(struct sha1 *hash, unsigned char out[SHA1_BYTES]);

/* MD5, to compare with what foreign programs wrote: carries no trust. */
void md5_of(const void *bytes, size_t len, unsigned char out[MD5_BYTES]);

/*
 * BLAKE2b (RFC 7693) of out_len 1 to 64 bytes; key may be NULL with key_len
 * 0, else 16 to 64 bytes.
 */
void blake2b_of(const void *bytes, size_t len, const void *key, size_t key_len,
		unsigned char *out, size_t out_len);

/* An incremental BLAKE2b; the same bounds. */
struct blake2b {
	_Alignas(64) unsigned char state[384];
	size_t out_len;
};

void blake2b_init(struct blake2b *hash, const void *key, size_t key_len,
		  size_t out_len);
void blake2b_add(struct blake2b *hash, const void *bytes, size_t len);
void blake2b_finish(struct blake2b *hash, unsigned char *out);

#endif
