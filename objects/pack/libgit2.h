/*
 * What libgit2 says, in our words.
 */
#ifndef VV_OBJECTS_PACK_LIBGIT2_H
#define VV_OBJECTS_PACK_LIBGIT2_H

#include <git2.h>

#include "lib/base/err.h"

/* Translate what libgit2 returned: sets err to "<what>: <its message>". */
int libgit2_error(int git_rc, const char *what, struct err *err);

/* The id as hex, for messages. */
struct oid_hex {
	char text[GIT_OID_HEXSZ + 1];
};
struct oid_hex oid_hex(const git_oid *id);

#endif
