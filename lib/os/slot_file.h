/*
 * A cache of entries of one fixed size, by key: a table of slots in one file
 * that processes share. An entry carries its own code under a secret of this
 * device (keyed BLAKE2b, RFC 7693), so that a torn, foreign or doctored one is
 * a miss: whoever can write the file but lacks the secret can lose entries or
 * bring back old ones, never make one. So keep only what stays true, such as
 * what follows from an object's hash. Losing the file only costs time. Read
 * and written in place by system calls rather than through a memory map, where
 * a full disk would be a signal. The file is sparse: it takes what its entries
 * take.
 */
#ifndef VV_LIB_OS_SLOT_FILE_H
#define VV_LIB_OS_SLOT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

#define SLOT_KEY_MAX 64
#define SLOT_VALUE_MAX 1024
#define SLOT_MAGIC_BYTES 16
#define SLOT_SECRET_BYTES 32

/* What a file holds; another file at that path is replaced. */
struct slot_shape {
	const char *magic;		/* up to SLOT_MAGIC_BYTES - 1 */
	size_t key_len;
	size_t value_len;
	size_t slots;			/* a multiple of 4 */
	bool is_least;			/* a file with more of them will do */
};

struct slot_file;

/*
 * secret: SLOT_SECRET_BYTES, copied. path or secret NULL: a table in memory for
 * this process only, since nothing would vouch for a file.
 */
MUST_USE int slot_file_open(const char *path, const struct slot_shape *shape,
			    const unsigned char *secret,
			    struct slot_file **out, struct err *err);
void slot_file_free(struct slot_file *file);

/*
 * Keys must be spread evenly in their first four bytes, as hashes are. A key
 * has four slots to be in; a fifth one there pushes one out.
 */
bool slot_file_get(struct slot_file *file, const void *key, void *out_value);
void slot_file_put(struct slot_file *file, const void *key, const void *value);

#endif
