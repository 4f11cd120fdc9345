/*
 * Random bytes from the operating system.
 */
#ifndef VV_LIB_BASE_RANDOM_H
#define VV_LIB_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Never fails: a system without random numbers ends the program. */
void random_bytes(void *out, size_t len);
uint64_t random_u64(void);

#endif
