/*
 * Numbers as people read them.
 */
#ifndef VV_LIB_BASE_DIGITS_H
#define VV_LIB_BASE_DIGITS_H

#include <stdint.h>

#define DIGITS_MAX 32

/* "1,234,567" */
void digits_grouped(uint64_t n, char out[DIGITS_MAX]);

/* At most five characters: "999", "9.9k", "999k", "1.2M", "12G"; cut, not
 * rounded, so that nothing seems more than it is. */
void digits_short(uint64_t n, char out[DIGITS_MAX]);

/* Bytes: "999 B", "1.2 kB", "34 MB". */
void digits_bytes(uint64_t n, char out[DIGITS_MAX]);

#endif
