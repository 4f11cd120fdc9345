/*
 * Some of the refs that a repository keeps in its packed-refs file, found
 * without reading all of them: a look at one construct among thousands asks.
 */
#ifndef VV_REFS_HISTORY_PACKED_UNDER_H
#define VV_REFS_HISTORY_PACKED_UNDER_H

#include "lib/base/buf.h"

/*
 * Append the lines "<id> <name>" of the file at path whose names begin with
 * prefix, in their order; none for a missing file. A file that says that it is
 * sorted is searched by halves (a few reads of some KiB), another one is read
 * to its end. ERR_LIMIT beyond 256 MiB, ERR_IO, ERR_DENIED.
 */
MUST_USE int packed_refs_under(const char *path, const char *prefix,
			       struct buf *out, struct err *err);

#endif
