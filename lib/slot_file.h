/*
 * A cache of entries of one fixed size, by key: a table of slots in one file
 * that processes share. An entry carries its own checksum, so that a torn or
 * foreign one is a miss; losing the file only costs time. Read and written in
 * place by system calls rather than through a memory map, where a full disk
 * would be a signal. The file is sparse: it takes what its entries take.
 */
#ifndef VV_LIB_SLOT_FILE_H
#define VV_LIB_SLOT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

#define SLOT_KEY_MAX 64
#define SLOT_VALUE_MAX 512
#define SLOT_MAGIC_BYTES 16

/* What a file holds; another file at that path is replaced. */
struct slot_shape {
	const char *magic;		/* up to SLOT_MAGIC_BYTES - 1 */
	size_t key_len;
	size_t value_len;
	size_t slots;			/* a multiple of 4 */
};

struct slot_file;

/* path NULL: a table in memory for this process only. */
MUST_USE int slot_file_open(const char *path, const struct slot_shape *shape,
			    struct slot_file **out, struct err *err);
void slot_file_free(struct slot_file *file);

/*
 * Keys must be spread evenly in their first four bytes, as hashes are. A key
 * has four slots to be in; a fifth one there pushes one out.
 */
bool slot_file_get(struct slot_file *file, const void *key, void *out_value);
void slot_file_put(struct slot_file *file, const void *key, const void *value);

#endif
