/*
 * Random bytes from the operating system.
 */
#ifndef VV_LIB_ID_RANDOM_H
#define VV_LIB_ID_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#define RANDOM_KEY26_MAX 27	/* 26 characters and the terminator */

/* Never fails: a system without random numbers ends the program. */
void random_bytes(void *out, size_t len);
uint64_t random_u64(void);

/* 26 base32 characters of 128 random bits, as entities made here carry. */
void random_key26(char out[RANDOM_KEY26_MAX]);

#endif
