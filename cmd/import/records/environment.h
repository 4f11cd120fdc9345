/*
 * What a capsule says of the machine that made it: variables (which hold
 * secrets), host names, addresses, processes, connections. None of it may
 * enter a record, under whatever member it stands.
 */
#ifndef VV_CMD_IMPORT_RECORDS_ENVIRONMENT_H
#define VV_CMD_IMPORT_RECORDS_ENVIRONMENT_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/json/jdoc.h"

#define CAPSULE_MAX_BYTES ((size_t)64 << 20)
#define CAPSULE_DEPTH_MAX 128

/* Is this member such a part? Judged by its name, numbers excepted. */
bool environment_is_part(const struct jval *member);

/* Does the value hold such a part that is not empty? */
bool environment_is_inside(const struct jval *value);

/*
 * Append the value as canonical JSON (jdoc_to_jcs) without such parts. A
 * container that holds one and cannot be written member by member (lone
 * surrogates in a name, too deep) becomes null.
 */
MUST_USE int environment_strip(const struct jval *value, struct buf *out,
			       struct err *err);

/*
 * Append the document's source with such parts emptied ({}, [] or ""), the
 * rest byte for byte; if a name stood twice somewhere, the document written
 * afresh without them, for the source then holds more than the tree.
 */
MUST_USE int environment_redact(const struct jdoc *doc, struct span source,
				struct buf *out, struct err *err);

#endif
