/*
 * A record: an immutable statement about one entity, as canonical JSON.
 */
#ifndef VV_OBJECTS_RECORD_RECORD_H
#define VV_OBJECTS_RECORD_RECORD_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "objects/record/kinds.h"

/* With its newline 1 MiB, which is what unsealing inflates at most. */
#define RECORD_MAX_BYTES (((size_t)1 << 20) - 1)
#define RECORD_PREV_MAX 4096		/* ids in prev */
#define RECORD_ID_BYTES 32		/* the sha256 inside the CID */
#define VALUE_INLINE_MAX ((size_t)256 << 10)	/* larger ones become blobs */

/* All spans borrow from the line that was parsed. */
struct record {
	struct span line;	/* the canonical bytes, without newline */
	struct span type;	/* text between the quotes: memory:create */
	struct span verb;
	struct span entity;	/* raw JSON string without its quotes */
	struct span at;		/* HLC_TEXT_LEN bytes */
	struct span prev;	/* raw JSON array */
	struct span data;	/* raw JSON object */
	const struct kind *kind;
};

/*
 * Check that line is one valid record in canonical form: exactly the five
 * keys, a known kind and verb, an entity of that kind, a valid clock text,
 * distinct record ids in prev in the order of their texts (which is not that
 * of their digests), an object in data. Entities hold no character that JSON
 * would escape. Reads the line once and allocates nothing. ERR_INVALID or
 * ERR_LIMIT with the byte position.
 */
MUST_USE int record_parse(struct span line, struct record *out,
			  struct err *err);

/*
 * Does the line of a record delete what a change made that was taken back? Its
 * source may bring it again. The name of the member of data that says so.
 */
#define RECORD_REVERTS "reverts"
bool record_takes_back(struct span line);

/* The id: sha256 of the line. Text form: cid_text(CID_JSON, ...). */
void record_id(struct span line, unsigned char out[RECORD_ID_BYTES]);

/*
 * The id that the record would have as the first word of its entity: created,
 * and without prev. What a source says is the same by this wherever it came to
 * stand, whatever stood before it.
 */
void record_said(const struct record *record,
		 unsigned char out[RECORD_ID_BYTES]);

/* What record_build() puts together; all borrowed. */
struct record_parts {
	const char *type;
	struct span entity;
	const char *at;			/* HLC text */
	const unsigned char (*prev)[RECORD_ID_BYTES];	/* any order */
	size_t prev_n;
	struct span data;		/* canonical object */
};

/*
 * Append the canonical line (without newline) to out and check it with
 * record_parse(). On failure out is as it was.
 */
MUST_USE int record_build(const struct record_parts *parts, struct buf *out,
			  struct err *err);

/* The same, and what record_parse() says of it; borrows from out. */
MUST_USE int record_build_parsed(const struct record_parts *parts,
				 struct buf *out, struct record *out_record,
				 struct err *err);

/* The same record whose line has been copied to another place. */
struct record record_moved(const struct record *record, const char *line);

/* The ids in prev, in their order, to caller's array. ERR_LIMIT past max. */
MUST_USE int record_prev(const struct record *record,
			 unsigned char (*out)[RECORD_ID_BYTES], size_t max,
			 size_t *out_n, struct err *err);

#endif
