/*
 * A capsule that was read: its dialect, and where the parts are that all
 * dialects have.
 */
#ifndef VV_CMD_IMPORT_CAPSULE_DOC_H
#define VV_CMD_IMPORT_CAPSULE_DOC_H

#include "cmd/import/capsule/fingerprint.h"
#include "cmd/import/records/environment.h"
#include "lib/id/hash.h"
#include "lib/json/jdoc.h"

enum capsule_dialect {
	CAPSULE_FORGE,		/* CapsuleForge */
	CAPSULE_RELAY,		/* the same, passed on by a relay */
	CAPSULE_CHATTY,		/* Chatty's base */
	CAPSULE_MEMUP_2_0,
	CAPSULE_MEMUP_2_1,
	CAPSULE_UNDERTONE
};

/* Beside the capsule itself, where it is a folder of several files. */
#define CAPSULE_PARTS_MAX 2

struct capsule_part {
	const char *file;	/* "memory_sources.json" */
	const char *member;	/* where its content goes below native */
	struct jdoc *doc;	/* NULL: there is none */
	struct buf bytes;
};

/* Everything borrows from the bytes that were parsed. */
struct capsule {
	struct jdoc *doc;
	struct span bytes;
	unsigned char digest[SHA256_BYTES];	/* of the bytes */
	enum capsule_dialect dialect;
	const struct jval *root;
	/* NULL, or a string without lone surrogates: */
	const struct jval *name;	/* instance_name or construct_id */
	const struct jval *uuid;
	const struct jval *timestamp;
	enum fingerprint fingerprint;
	struct capsule_part parts[CAPSULE_PARTS_MAX];
};

const char *capsule_dialect_word(enum capsule_dialect dialect);

/*
 * Parse a capsule of any dialect but for the other files of a folder. bytes
 * must outlive it. ERR_INVALID or ERR_LIMIT with line and byte;
 * ERR_UNSUPPORTED for JSON that is no capsule; ERR_NOMEM. Release in any case.
 */
MUST_USE int capsule_parse(struct span bytes, struct capsule *out,
			   struct err *err);
void capsule_release(struct capsule *capsule);

/* Add the other files of an undertone folder, those that there are. */
MUST_USE int capsule_read_parts(const char *folder, struct capsule *capsule,
				struct err *err);

/* By the begin of the text alone. */
bool capsule_sniff(struct span head);

#endif
