/*
 * Fingerprints of capsules: which of the known algorithms, if any, gives the
 * one that the capsule holds.
 */
#ifndef VV_CMD_IMPORT_CAPSULE_FINGERPRINT_H
#define VV_CMD_IMPORT_CAPSULE_FINGERPRINT_H

#include "lib/base/err.h"
#include "lib/json/jdoc.h"

enum fingerprint {
	FINGERPRINT_ABSENT,	/* none, or "error": nothing to check */
	FINGERPRINT_FORGE,	/* of everything but itself */
	FINGERPRINT_CORE,	/* of everything, itself left empty */
	FINGERPRINT_MEMUP,	/* of construct_id, summary and sessions */
	FINGERPRINT_JS,		/* the constant that says nothing */
	FINGERPRINT_MISMATCH
};

/* "verified-forge" and so on. */
const char *fingerprint_word(enum fingerprint fingerprint);

/*
 * Check metadata.fingerprint_hash of a capsule. The hashed bytes are those
 * that Python's json.dumps(sort_keys=True) makes of it. ERR_NOMEM.
 */
MUST_USE int fingerprint_check(const struct jval *capsule,
			       enum fingerprint *out, struct err *err);

#endif
