/*
 * Where does a JSON value end? Found by its brackets and quotes alone, 64
 * bytes at a step, without checking what stands between them.
 */
#ifndef VV_CMD_IMPORT_PARSE_BRACKETS_H
#define VV_CMD_IMPORT_PARSE_BRACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BRACKETS_STEP 64
#define BRACKETS_DEPTH_MAX ((uint64_t)8 << 20)	/* more of them mean harm: who
						   scans goes no further */

struct brackets {
	uint64_t depth;		/* of what is open; both kinds count alike */
	uint64_t quoted;	/* all ones: inside a string */
	uint64_t escaped;	/* 1: a backslash was the byte before */
	bool is_string;		/* the value is a string, else a container */
	bool has_begun;
};

/* The value begins with this byte: a quote or an opening bracket. */
void brackets_begin(struct brackets *brackets, char first);

/*
 * Go on with len bytes, a multiple of BRACKETS_STEP; the first call begins at
 * the value. Returns how many of them the value takes when it ends there,
 * else 0.
 */
size_t brackets_scan(struct brackets *brackets, const char *text, size_t len);

#endif
