/*
 * A file of sealed pages: bytes that this device alone can read and make,
 * opened piece by piece.
 *
 *	"VVX1", 4 zeros, salt (32), length of the body (u64, big-endian)
 *	per 4 KiB of the body: XChaCha20-Poly1305 of them
 *
 * key   BLAKE2b-256(key: the device's for indexes; salt), for this file alone
 * nonce the page's number, big-endian, behind 20 zeros
 * AD    the name, u64 length, u32 number of the page
 */
#ifndef VV_REFS_INDEX_SHARD_PAGES_H
#define VV_REFS_INDEX_SHARD_PAGES_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/os/local_seal.h"

#define PAGE_BYTES ((size_t)4096)
#define PAGES_NAME_BYTES 16

struct pages;

/*
 * Write a body as such a file under a name made of random digits in the
 * folder, and append that path to out_path. name: what the file belongs to,
 * without which it does not open. What a power cut tears does not open.
 */
MUST_USE int pages_write(const struct local_seal *seal, struct span name,
			 const char *folder, struct span body,
			 struct buf *out_path, struct err *err);

/* ERR_NOT_FOUND, ERR_IO; ERR_CORRUPT: not a file of this form or size. */
MUST_USE int pages_open(const struct local_seal *seal, struct span name,
			const char *path, struct pages **out,
			struct err *err);

/* One of a body in memory, which is taken. */
MUST_USE int pages_of(struct buf *body, struct pages **out, struct err *err);
/* The same of a body that stays the caller's, and where it is. */
MUST_USE int pages_lend(struct span body, struct pages **out, struct err *err);
void pages_free(struct pages *pages);
/* Close the file until it is read again: where many are open at a time. */
void pages_rest(struct pages *pages);

/* May a file of that name be such a one? No other is ever deleted. */
bool pages_is_name(const char *name);
/* The random bytes that its file is named by; zeros where it has none. */
const unsigned char *pages_name(const struct pages *pages);

/*
 * Bytes of the body, borrowed until pages_free(). ERR_CORRUPT: beyond its
 * end, or a page does not open.
 */
MUST_USE int pages_at(struct pages *pages, uint64_t at, uint64_t len,
		      const void **out, struct err *err);

#endif
