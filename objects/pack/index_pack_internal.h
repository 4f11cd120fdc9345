/*
 * What the two halves of taking a pack share: index_pack.c reads the stream,
 * index_pack_delta.c makes objects of deltas, index_pack_end.c publishes.
 */
#ifndef VV_OBJECTS_PACK_INDEX_PACK_INTERNAL_H
#define VV_OBJECTS_PACK_INDEX_PACK_INTERNAL_H

#include "lib/base/buf.h"
#include "lib/base/deflate.h"
#include "lib/id/hash.h"
#include "objects/pack/index_pack.h"
#include "objects/pack/sink.h"

#define INDEX_PACK_TEMP ATOMIC_FILE_TEMP_PREFIX	/* git prunes tmp_* */
#define NO_ENTRY UINT32_MAX
#define DELTA_HEAD 20		/* two numbers of at most 10 bytes */

/* An object of the pack, at most 20,000,000 of them: kept small. */
struct index_entry {
	git_oid id;		/* of a delta by id: its base's, until made */
	uint32_t crc;
	uint64_t offset;
	uint32_t size;		/* inflated, as it lies there */
	uint32_t child;		/* the first made of this one, by offset */
	uint32_t next;		/* the next that is made of the same one */
	uint8_t head_len;	/* where its zlib stream begins */
	uint8_t type;		/* as in the pack; of a made delta: what it is */
	bool is_delta;
};

/* A delta by id, sorted by its base. */
struct ref_delta {
	git_oid base;
	uint32_t entry;
};

enum index_pack_state {
	AT_PACK_HEADER, AT_ENTRY, AT_OFFSET, AT_BASE, IN_CONTENT, AT_TRAILER,
	AT_END
};

struct index_pack {
	struct index_pack_options options;
	struct temp_file file;
	struct temp_file keep;
	struct sha1 hash;
	enum index_pack_state state;
	uint32_t objects_left;
	uint64_t at;			/* bytes read */
	unsigned char small[SHA1_BYTES];	/* header, base, trailer */
	size_t small_n;
	struct index_entry entry;	/* the one at hand */
	unsigned shift;			/* of its size, 0 at its first byte */
	uint64_t size;			/* as its header says */
	uint64_t distance;		/* to its base */
	uint64_t made;			/* inflated so far */
	unsigned char delta[DELTA_HEAD];
	size_t delta_n;
	struct inflate_stream *stream;
	struct buf content;		/* of the object at hand */
	unsigned char *scratch;
	struct index_entry *entries;
	size_t n;
	size_t cap;
	size_t sent_n;			/* the rest are bases that it lacked */
	uint64_t sent_end;		/* where its trailer stood */
	struct ref_delta *refs;
	size_t refs_n;
	size_t refs_cap;
	struct inflater *inflater;
};

int index_pack_damaged(const struct index_pack *pack, const char *why,
		       struct err *err);
/* Count an object of that many bytes against the limits. */
MUST_USE int index_pack_count(struct index_pack *pack, uint64_t size,
			      struct err *err);
MUST_USE int index_pack_tick(const struct index_pack *pack, struct err *err);

/*
 * The git id of content, by libgit2's SHA-1, which tells when bytes were made
 * to collide: what comes from outside gets its name here and nowhere else.
 */
MUST_USE int index_pack_name(const struct index_pack *pack, unsigned type,
			     struct span content, git_oid *out,
			     struct err *err);
MUST_USE int index_pack_add(struct index_pack *pack,
			    const struct index_entry *entry, struct err *err);

/* Make all deltas. Bases that the pack lacks are written behind its end. */
MUST_USE int index_pack_resolve(struct index_pack *pack, struct err *err);

#endif
