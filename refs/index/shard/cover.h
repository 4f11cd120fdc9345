/*
 * Which shards cover a view, and which of their segments: remembered in one
 * file of their folder, under this device's MAC, so that of a tree only what
 * has changed since then is looked at.
 */
#ifndef VV_REFS_INDEX_SHARD_COVER_H
#define VV_REFS_INDEX_SHARD_COVER_H

#include "refs/index/shard/shards.h"

#define COVER_NAME "cover"

/* One shard as it is remembered; spans are borrowed from the file's bytes. */
struct cover_shard {
	struct span name;	/* PAGES_NAME_BYTES */
	struct span places;	/* as those of struct shard */
};

struct cover {
	struct buf bytes;
	size_t at;		/* behind what was read */
	git_oid tree;		/* of the view */
	unsigned char root[SHA256_BYTES];
};

#define COVER_INIT { .bytes = BUF_INIT((size_t)1 << 28) }

/* ERR_NOT_FOUND: there is none. */
MUST_USE int cover_read(const struct view *view, const char *folder,
			struct cover *out, struct err *err);
/* Is there another shard? */
bool cover_next(struct cover *cover, struct cover_shard *out);
void cover_release(struct cover *cover);

/* Remember them; all lie in files. */
MUST_USE int cover_write(const struct view *view, const char *folder,
			 const struct shards *shards, struct err *err);

#endif
