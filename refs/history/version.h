/*
 * A version: a signed git commit over the tree of one construct, in exactly
 * one encoding. design.md section 5; vvault-format(5).
 */
#ifndef VV_REFS_HISTORY_VERSION_H
#define VV_REFS_HISTORY_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include <git2.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/base/table.h"
#include "lib/id/cid.h"
#include "lib/id/did.h"
#include "lib/id/hash.h"
#include "refs/history/construct_name.h"
#include "refs/key/key.h"

#define VERSION_MAX_BYTES ((size_t)1 << 16)
#define VERSION_PARENTS_MAX 256
#define VERSION_HEADS_MAX 256		/* digests in Vvault-Members */
#define VERSION_SUBJECT_MAX 1024		/* bytes */
#define VERSION_SEQ_MAX ((uint64_t)1 << 53)

/*
 * What a host may read of an encrypted vault's versions. A version with a
 * note has exactly these; those of the construct `vault` should.
 */
#define VERSION_SEALED_AUTHOR "vvault"
#define VERSION_SEALED_SUBJECT "A version of a sealed construct"

enum version_change { CHANGE_ADD, CHANGE_COMPACT, CHANGE_FORGET };

struct version {
	/* From the bytes: set by version_parse() and version_encode(). */
	git_oid id;
	unsigned char digest[SHA256_BYTES];	/* of the commit's content */

	git_oid tree;
	git_oid *parents;			/* owned */
	unsigned char (*parent_digests)[SHA256_BYTES];	/* owned */
	size_t parents_n;
	unsigned char (*members)[SHA256_BYTES];	/* owned, sorted */
	size_t members_n;			/* 0 in `vault` only */

	char vault_id[CID_TEXT_MAX];
	char construct[CONSTRUCT_NAME_MAX];	/* name, or keyed name */
	unsigned char device[DID_KEY_BYTES];
	uint64_t seq;				/* >= 1 */
	enum version_change change;
	/* Made anew by an owner (vault:renew): which version it stands for,
	 * and who signed that; both as device and digest had it. */
	bool is_renewed;
	unsigned char renews[SHA256_BYTES];
	unsigned char writer[DID_KEY_BYTES];
	unsigned char root[SHA256_BYTES];
	int64_t time;				/* committer, seconds UTC */
	char author[128];			/* "vvault" when encrypted; the
						   writer's of a renewed one */
	struct buf subject;			/* one line, UTF-8 */
	struct buf note;			/* sealed bytes; empty if none */
};

void version_init(struct version *version);
void version_release(struct version *version);

/*
 * Encode and sign; sets device (the key's), id and digest. Replaces out with
 * the commit's bytes. ERR_INVALID for a field that the format cannot hold
 * (control character in the subject, bad construct name, parents not in
 * order ...): the first parent is any, the others sorted and all distinct;
 * members sorted and distinct, at least one but in `vault`; a note only
 * outside of `vault` and with the sealed author and subject.
 */
MUST_USE int version_encode(struct version *version,
			    const struct device_key *key, struct buf *out,
			    struct err *err);

/*
 * Read a commit's bytes: parses, builds the bytes again and refuses any
 * difference, checks the signature by the device that it names. Sets id and
 * digest. Knows nothing of other objects. ERR_UNTRUSTED with the reason.
 *
 * known  public keys that were found to be sound, to be looked at but once
 *        (keys of DID_KEY_BYTES); those of this version join them. May be NULL
 */
MUST_USE int version_parse(struct span commit, struct table *known,
			   struct version *out, struct err *err);

/* The same without the signature, for what was verified before it entered
 * refs/heads. */
MUST_USE int version_parse_trusted(struct span commit, struct version *out,
				   struct err *err);

/*
 * What the note of a version is sealed for: SHA-256 of what the signature is
 * over, without the line of the note. So a note belongs to one version; all
 * other fields must be set.
 */
MUST_USE int version_note_owner(const struct version *version,
				unsigned char out[SHA256_BYTES],
				struct err *err);

/* Whose word it is: the signer's, or the writer's that a renewed one states. */
const unsigned char *version_writer(const struct version *version);

/* Which version it is whatever lineage it stands in: its digest, or that of
 * the one which it stands for. */
const unsigned char *version_identity(const struct version *version);

const char *version_change_word(enum version_change change);

/* Set the author from a name that may be anything, or NULL: one that git
 * cannot write gives way to VERSION_SEALED_AUTHOR. */
void version_set_author(struct version *version, const char *name);

/* Set the subject from any text: what one line cannot hold becomes a blank,
 * and it is cut at VERSION_SUBJECT_MAX; "-" when nothing is left. */
MUST_USE int version_set_subject(struct version *version, struct span text,
				 struct err *err);

#endif
