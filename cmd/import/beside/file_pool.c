#include "cmd/import/beside/file_pool.h"

#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/os/path.h"

struct file_pool {
	struct file_pool *next;		/* of another format */
	const struct importer *format;
	struct {
		struct pool_file *at;
		size_t n;
		size_t cap;
	} files;
	bool is_sorted;
	/* Of a source that is not the one being read, kept open. */
	struct bundle *other;
	const struct import_source *opened;
	struct arena arena;
	struct table called;		/* hash of an id: place in names */
	struct {
		struct span *at;
		size_t n;
		size_t cap;
	} names;
};

int file_pool_get(struct import_job *job, const struct importer *format,
	     struct file_pool **out, struct err *err)
{
	static const struct table table = TABLE_INIT(SHA256_BYTES,
						     TABLE_NO_LIMIT);
	struct file_pool *pool = job->pools;

	while (pool && pool->format != format)
		pool = pool->next;
	if (!pool) {
		pool = calloc(1, sizeof(*pool));
		if (!pool)
			return err_set(err, ERR_NOMEM, "out of memory");
		pool->format = format;
		pool->called = table;
		pool->next = job->pools;
		job->pools = pool;
	}
	*out = pool;
	return 0;
}

void file_pools_free(struct import_job *job)
{
	struct file_pool *pool;

	while ((pool = job->pools)) {
		job->pools = pool->next;
		bundle_free(pool->other);
		table_release(&pool->called);
		arena_release(&pool->arena);
		free(pool->names.at);
		free(pool->files.at);
		free(pool);
	}
}

int file_pool_add(struct file_pool *pool, struct import_source *source, struct err *err)
{
	const struct bundle *bundle = source->input.bundle;
	const struct bundle_file *file;
	struct pool_file *made;
	struct span name;
	size_t i;
	int rc = 0;

	pool->is_sorted = false;
	for (i = 0; rc == 0 && bundle && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		rc = array_room(&pool->files, err);
		if (rc == 0)
			rc = arena_keep(&pool->arena, span_str(file->name),
					&name, err);
		if (rc < 0)
			break;
		made = &pool->files.at[pool->files.n++];
		*made = (struct pool_file){
			{ name.at, file->size }, path_base(name.at), source,
			false
		};
	}
	return rc;
}

static int order_files(const void *a, const void *b)
{
	const struct pool_file *x = a;
	const struct pool_file *y = b;
	int order = strcmp(x->base, y->base);

	if (!order)
		order = (x->source > y->source) - (x->source < y->source);
	return order ? order : strcmp(x->file.name, y->file.name);
}

static void sort_files(struct file_pool *pool)
{
	if (!pool->is_sorted && pool->files.n)
		qsort(pool->files.at, pool->files.n, sizeof(*pool->files.at),
		      order_files);
	pool->is_sorted = true;
}

size_t file_pool_count(const struct file_pool *pool)
{
	return pool->files.n;
}

struct pool_file *file_pool_at(struct file_pool *pool, size_t at)
{
	sort_files(pool);
	return &pool->files.at[at];
}

size_t file_pool_find(struct file_pool *pool, const struct import_source *source,
		 struct span prefix)
{
	size_t low = 0;
	size_t high = pool->files.n;
	size_t first;

	sort_files(pool);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strncmp(pool->files.at[middle].base, prefix.at,
			    prefix.len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (first = low; low < pool->files.n &&
	     !strncmp(pool->files.at[low].base, prefix.at, prefix.len); low++) {
		if (pool->files.at[low].source == source)
			return low;
	}
	return low > first ? first : FILE_POOL_NONE;
}

/* The bundle of a source: its own while it is being read, else opened anew. */
static int find_bundle(struct file_pool *pool, struct import_source *source,
		       struct bundle **out, struct err *err)
{
	int rc;

	*out = source->input.bundle;
	if (*out)
		return 0;
	if (pool->opened != source) {
		bundle_free(pool->other);
		pool->other = NULL;
		pool->opened = NULL;
		rc = bundle_open(source->input.path, &pool->other, err);
		if (rc < 0)
			return rc;
		pool->opened = source;
	}
	*out = pool->other;
	return 0;
}

int file_pool_load(struct file_pool *pool, size_t at, size_t max, struct buf *out,
	      struct err *err)
{
	const struct pool_file *wanted = file_pool_at(pool, at);
	const struct bundle_file *file;
	struct bundle *bundle;
	int rc = find_bundle(pool, wanted->source, &bundle, err);

	if (rc < 0)
		return rc;
	file = bundle_find(bundle, wanted->file.name);
	return file ? bundle_load(bundle, file, max, out, err) :
		err_set(err, ERR_NOT_FOUND, "'%s' is gone", wanted->file.name);
}

int file_pool_call(struct file_pool *pool, struct span id, struct span name,
	      struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	bool is_new = false;
	int rc = array_room(&pool->names, err);

	sha256_of(id.at, id.len, digest);
	if (rc == 0)
		rc = table_add(&pool->called, digest, pool->names.n, &is_new,
			       err);
	if (rc == 0 && is_new)
		rc = arena_keep(&pool->arena, name,
				&pool->names.at[pool->names.n++], err);
	return rc;
}

struct span file_pool_called(const struct file_pool *pool, struct span id)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t at;

	sha256_of(id.at, id.len, digest);
	return table_get(&pool->called, digest, &at) ? pool->names.at[at] :
		span_of(NULL, 0);
}
