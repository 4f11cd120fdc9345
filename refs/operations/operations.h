/*
 * The log of what this device did to the vault: <vault>/vvault/operations, a
 * journal (lib/os/journal.h) that only this device can read. It is never sent.
 */
#ifndef VV_REFS_OPERATIONS_OPERATIONS_H
#define VV_REFS_OPERATIONS_OPERATIONS_H

#include "lib/json/jcs_write.h"
#include "refs/vault/vault.h"

#define OPERATIONS_FILE VAULT_OPERATIONS
/* Bytes: some ten thousand operations, or a few of thousands of constructs. */
#define OPERATIONS_MAX ((size_t)16 << 20)

/*
 * Append an entry of these fields and two more: "number", one more than the
 * last one's, and "time" in microseconds. The fields are reset. What
 * this device did not write there is put aside, and *out_is_refused set.
 */
MUST_USE int operations_add(const struct vault *vault,
			    struct jcs_fields *fields, uint64_t *out_number,
			    bool *out_is_refused, struct err *err);

/*
 * Tell every entry, a canonical object, the oldest first. *out_is_torn: the
 * last one was cut off when it was written. ERR_UNTRUSTED: the file is not as
 * this device wrote it. ERR_NO_KEY.
 */
MUST_USE int operations_each(const struct vault *vault,
			     int (*each)(void *arg, struct span entry,
					 struct err *err),
			     void *arg, bool *out_is_torn, struct err *err);

#endif
