/*
 * What the files of repacking share.
 */
#ifndef VV_OBJECTS_REPACK_REPACK_INTERNAL_H
#define VV_OBJECTS_REPACK_REPACK_INTERNAL_H

#include "lib/base/table.h"
#include "objects/pack/libgit2.h"
#include "objects/pack/read.h"
#include "objects/repack/repack.h"
#include "objects/store/loose.h"

#define REPACK_DEPTH 50		/* longest chain of deltas, as git has it */
#define REPACK_CACHE_BYTES ((size_t)96 << 20)
#define REPACK_DELTA_BYTES ((size_t)32 << 20)
#define REPACK_OBJECT_MAX (STORE_OBJECT_MAX + 64)

/* A pack in the folder. */
struct pack_info {
	char *stem;		/* path without ".pack" */
	uint64_t bytes;
};

struct pack_list {
	struct pack_info *at;
	size_t n;
	size_t cap;
};

/* An object to be packed: from one of the packs, or loose. */
struct repack_item {
	git_oid id;
	const struct pack_file *file;	/* NULL: loose */
	uint32_t position;		/* in file */
	uint32_t base;			/* a delta's item, or PACK_NO_BASE */
	uint32_t offset;		/* in the new pack, once written */
	uint16_t depth;
	uint8_t type;			/* 1 to 4 */
	bool is_written;
	bool is_waiting;		/* for its base to be written */
	char *content;			/* NULL when not remembered */
	char *delta;			/* NULL: the pack's own, or whole */
	uint32_t len;			/* of content */
	uint32_t delta_len;
};

struct repack {
	struct store *store;
	const struct repack_options *options;
	struct pack_list packs;		/* that will be dropped */
	struct pack_file *files;	/* the same, opened */
	git_oid *loose;
	size_t loose_n;
	size_t loose_cap;
	uint64_t loose_bytes;		/* of their files */
	size_t file_len;		/* of the one read last */
	struct repack_item *items;
	size_t n;
	size_t cap;
	struct table by_id;
	struct inflater *inflater;
	struct deflater *deflater;
	struct buf content;		/* of the object at hand */
	size_t cached;
	size_t deltas;
	uint64_t done;			/* for progress */
};

/* repack_plan.c: what there is, and what is to be packed anew. */
MUST_USE int repack_plan(struct repack *repack, struct store_census *census,
			 struct err *err);
void pack_list_release(struct pack_list *list);

/* repack_load.c: read and check it all. */
MUST_USE int repack_load(struct repack *repack, struct err *err);

/*
 * The content of an item, from memory or read and checked again; borrowed
 * until the next call.
 */
MUST_USE int repack_content(struct repack *repack,
			    const struct repack_item *item, struct span *out,
			    struct err *err);

/* The item of that id, or NULL. */
struct repack_item *repack_find(const struct repack *repack,
				const git_oid *id);
void repack_progress(struct repack *repack);

/*
 * repack_delta.c: find bases for trees and versions. What is older is made
 * from what came after it, so that the newest is read without any.
 */
MUST_USE int repack_find_deltas(struct repack *repack, struct err *err);

/* repack_write.c: the new pack, on disk under its index. */
MUST_USE int repack_write(struct repack *repack, uint64_t *out_bytes,
			  struct err *err);

/* repack_drop.c: what lies in the new pack goes. */
void repack_drop(struct repack *repack);

#endif
