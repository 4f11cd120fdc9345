/*
 * The files of all sources of one format in a run. An export may come in
 * several archives, and what one of them speaks of lies in another, whichever
 * is read first.
 */
#ifndef VV_CMD_IMPORT_BESIDE_FILE_POOL_H
#define VV_CMD_IMPORT_BESIDE_FILE_POOL_H

#include <stdbool.h>

#include "cmd/import/import.h"
#include "cmd/import/input/bundle.h"

#define FILE_POOL_NONE SIZE_MAX

/* One for each format of a run; made at the first use. */
struct file_pool;
MUST_USE int file_pool_get(struct import_job *job, const struct importer *format,
		      struct file_pool **out, struct err *err);
void file_pools_free(struct import_job *job);

struct pool_file {
	struct bundle_file file;	/* its name lasts as long as the run */
	const char *base;		/* the last part of the name */
	struct import_source *source;
	bool is_used;			/* by what was imported */
};

/* Take in the files of a source that is open, for identify(). Nothing for one
 * that is no bundle. */
MUST_USE int file_pool_add(struct file_pool *pool, struct import_source *source,
		      struct err *err);

/* Sorted by the last part of their names. Borrowed until the next file_pool_add().
 */
size_t file_pool_count(const struct file_pool *pool);
struct pool_file *file_pool_at(struct file_pool *pool, size_t at);

/* The first file whose last part begins so, one of that source before others;
 * or FILE_POOL_NONE. Binary search. */
size_t file_pool_find(struct file_pool *pool, const struct import_source *source,
		 struct span prefix);

/* Replace out with the bytes of a file, of whichever source; that which is
 * being read is open. ERR_LIMIT above max, and what bundle_open() returns. */
MUST_USE int file_pool_load(struct file_pool *pool, size_t at, size_t max,
		       struct buf *out, struct err *err);

/* What some source calls a file of that id; absent when none does. The first
 * one that says it counts. */
MUST_USE int file_pool_call(struct file_pool *pool, struct span id, struct span name,
		       struct err *err);
struct span file_pool_called(const struct file_pool *pool, struct span id);

#endif
