#include "cmd/import/input/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/import/parse/packed/tar.h"
#include "cmd/import/parse/zip.h"
#include "lib/base/arena.h"
#include "lib/base/array.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define BLOCK_BYTES ((size_t)256 << 10)
#define HEAD_BYTES ((size_t)16 << 10)	/* what unpacks to a header */

/* By the last part of the name, then by all of it. Made when first asked
 * for: a folder of many folders is looked at as many bundles, few of which
 * are asked. */
struct base_index {
	const struct bundle_file **at;	/* NULL: not made */
};

struct bundle {
	struct bundle *whole;		/* whose part this is, or itself */
	size_t skipped;			/* bytes of names that stand before
					   those of this part */
	char *path;
	struct zip *zip;		/* both NULL: a folder */
	struct tar *tar;
	struct arena names;
	struct bundle_file *files;
	size_t n;
	size_t cap;
	size_t strays;			/* neither files nor folders */
	struct base_index *bases;
	int fd;				/* of the file that is read */
	const char *reading;		/* its name */
	uint64_t *count;		/* of bytes read; NULL: not counted */
};

static char *copy_name(struct arena *arena, const char *name)
{
	size_t len = strlen(name) + 1;
	char *out = arena_alloc(arena, len);

	if (out)
		memcpy(out, name, len);
	return out;
}

static int add_file(struct bundle *bundle, const char *name, uint64_t size,
		    struct err *err)
{
	struct bundle_file *file;
	int rc;

	if (bundle->n == BUNDLE_FILES_MAX)
		return err_set(err, ERR_LIMIT, "more than %d files in '%s'",
			       BUNDLE_FILES_MAX, bundle->path);
	rc = array_room_in(bundle->files, bundle->n, bundle->cap, err);
	if (rc < 0)
		return rc;
	file = &bundle->files[bundle->n];
	file->name = copy_name(&bundle->names, name);
	file->size = size;
	if (!file->name)
		return err_set(err, ERR_NOMEM, "out of memory");
	bundle->n++;
	return 0;
}

struct walk {
	struct bundle *bundle;
	const char *folder;	/* below the bundle's path, "" at the top */
	size_t depth;
};

static int walk_folder(struct bundle *bundle, const char *folder,
		       size_t depth, struct err *err);

static int walk_entry(void *arg, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct walk *walk = arg;
	struct buf below = PATH_BUF_INIT;
	struct buf path = PATH_BUF_INIT;
	struct stat info;
	int rc = 0;

	/* Symlinks may lead anywhere, so they are left alone. */
	if (kind != DIR_KIND_FILE && kind != DIR_KIND_DIR) {
		walk->bundle->strays++;
		return 0;
	}
	rc = path_join(&below, walk->folder, name, err);
	if (rc == 0 && kind == DIR_KIND_DIR) {
		rc = walk_folder(walk->bundle, buf_text(&below),
				 walk->depth + 1, err);
	} else if (rc == 0) {
		rc = path_join(&path, walk->bundle->path, buf_text(&below),
			       err);
		/* What has gone meanwhile was not there. */
		if (rc == 0 && !lstat(buf_text(&path), &info) &&
		    S_ISREG(info.st_mode))
			rc = add_file(walk->bundle, buf_text(&below),
				      (uint64_t)info.st_size, err);
	}
	buf_release(&below);
	buf_release(&path);
	return rc;
}

static int walk_folder(struct bundle *bundle, const char *folder,
		       size_t depth, struct err *err)
{
	struct walk walk = { bundle, folder, depth };
	struct buf path = PATH_BUF_INIT;
	int rc;

	if (depth > BUNDLE_FOLDERS_DEEP)
		return err_set(err, ERR_LIMIT, "folders are nested too deep "
			       "at '%s'", folder);
	rc = path_join(&path, bundle->path, folder, err);
	if (rc == 0)
		rc = dir_each(buf_text(&path), walk_entry, &walk, err);
	buf_release(&path);
	return rc;
}

static int compare_names(const void *a, const void *b)
{
	const struct bundle_file *left = a;
	const struct bundle_file *right = b;

	return strcmp(left->name, right->name);
}

static int list_zip(struct bundle *bundle, struct err *err)
{
	const struct zip_member *member;
	size_t count;
	size_t i;
	int rc;

	rc = zip_open(bundle->path, &bundle->zip, err);
	if (rc < 0)
		return rc;
	count = zip_count(bundle->zip);
	for (i = 0; rc == 0 && i < count; i++) {
		member = zip_at(bundle->zip, i);
		if (!member->is_dir)
			rc = add_file(bundle, member->name, member->size, err);
	}
	return rc;
}

enum bundle_archive bundle_archive_of(const char *path)
{
	enum bundle_archive found = BUNDLE_NO_ARCHIVE;
	struct buf head = BUF_INIT(HEAD_BYTES);
	struct stat info;
	ssize_t got;
	int fd = -1;

	if (buf_reserve(&head, HEAD_BYTES, NULL) == 0 &&
	    stat(path, &info) == 0 && S_ISREG(info.st_mode))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0) {
		do {
			got = read(fd, head.data, HEAD_BYTES);
		} while (got < 0 && errno == EINTR);
		buf_cut(&head, got > 0 ? (size_t)got : 0);
		if (zip_is_magic(buf_span(&head)))
			found = BUNDLE_ZIP;
		else if (tar_is_any(buf_span(&head)))
			found = BUNDLE_TAR;
		close(fd);
	}
	buf_release(&head);
	return found;
}

static int list_tar(struct bundle *bundle, struct err *err)
{
	size_t count;
	size_t i;
	int rc = tar_open(bundle->path, &bundle->tar, err);

	if (rc < 0)
		return rc;
	count = tar_count(bundle->tar);
	for (i = 0; rc == 0 && i < count; i++)
		rc = add_file(bundle, tar_at(bundle->tar, i)->name,
			      tar_at(bundle->tar, i)->size, err);
	bundle->strays = tar_strays(bundle->tar);
	return rc;
}

static struct bundle *bundle_new(const char *path)
{
	struct bundle *bundle = calloc(1, sizeof(*bundle));

	if (!bundle)
		return NULL;
	bundle->whole = bundle;
	bundle->fd = -1;
	bundle->path = copy_name(&bundle->names, path);
	bundle->bases = calloc(1, sizeof(*bundle->bases));
	if (bundle->path && bundle->bases)
		return bundle;
	bundle_free(bundle);
	return NULL;
}

int bundle_open(const char *path, struct bundle **out, struct err *err)
{
	struct bundle *bundle = bundle_new(path);
	int rc;

	if (!bundle)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (file_is_dir(path))
		rc = walk_folder(bundle, "", 0, err);
	else
		rc = bundle_archive_of(path) == BUNDLE_TAR ?
			list_tar(bundle, err) : list_zip(bundle, err);
	if (rc < 0) {
		bundle_free(bundle);
		return rc;
	}
	if (bundle->n)
		qsort(bundle->files, bundle->n, sizeof(*bundle->files),
		      compare_names);
	*out = bundle;
	return 0;
}

static void stop_reading(struct bundle *bundle)
{
	if (bundle->fd >= 0)
		close(bundle->fd);
	bundle->fd = -1;
}

void bundle_free(struct bundle *bundle)
{
	if (!bundle)
		return;
	stop_reading(bundle);
	zip_free(bundle->zip);
	tar_free(bundle->tar);
	if (bundle->bases)
		free(bundle->bases->at);
	free(bundle->bases);
	free(bundle->files);
	arena_release(&bundle->names);
	free(bundle);
}

bool bundle_is_archive(const struct bundle *bundle)
{
	return bundle->whole->zip || bundle->whole->tar;
}

size_t bundle_strays(const struct bundle *bundle)
{
	return bundle->whole->strays;
}

void bundle_count_into(struct bundle *bundle, uint64_t *count)
{
	bundle->whole->count = count;
}

size_t bundle_count(const struct bundle *bundle)
{
	return bundle->n;
}

const struct bundle_file *bundle_at(const struct bundle *bundle, size_t at)
{
	return at < bundle->n ? &bundle->files[at] : NULL;
}

/* The place of the first file whose name is not before this. */
static size_t place_of(const struct bundle *bundle, const char *name)
{
	size_t low = 0;
	size_t high = bundle->n;
	size_t middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(bundle->files[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct bundle_file *bundle_find(const struct bundle *bundle,
				      const char *name)
{
	size_t at = place_of(bundle, name);

	if (at == bundle->n || strcmp(bundle->files[at].name, name))
		return NULL;
	return &bundle->files[at];
}

bool bundle_has_below(const struct bundle *bundle, const char *folder)
{
	size_t at = place_of(bundle, folder);

	return at < bundle->n && !strncmp(bundle->files[at].name, folder,
					  strlen(folder));
}

int bundle_below(struct bundle *bundle, const char *folder,
		 struct bundle **out, struct err *err)
{
	struct bundle *part = bundle_new(bundle->path);
	size_t at = place_of(bundle, folder);
	size_t len = strlen(folder);
	size_t n = 0;
	size_t i;

	while (at + n < bundle->n &&
	       !strncmp(bundle->files[at + n].name, folder, len))
		n++;
	if (part && n)
		part->files = malloc(n * sizeof(*part->files));
	if (!part || (n && !part->files)) {
		bundle_free(part);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	for (i = 0; i < n; i++) {
		part->files[i] = bundle->files[at + i];
		part->files[i].name += len;
	}
	part->n = n;
	part->whole = bundle->whole;
	part->skipped = bundle->skipped + len;
	*out = part;
	return 0;
}

static int compare_bases(const void *a, const void *b)
{
	const struct bundle_file *left = *(const struct bundle_file *const *)a;
	const struct bundle_file *right =
		*(const struct bundle_file *const *)b;
	int order = strcmp(path_base(left->name), path_base(right->name));

	return order ? order : strcmp(left->name, right->name);
}

/* Without the memory for it, the search goes through all files. */
static bool make_bases(const struct bundle *bundle)
{
	struct base_index *index = bundle->bases;
	size_t i;

	if (index->at || !bundle->n)
		return index->at;
	index->at = malloc(bundle->n * sizeof(index->at[0]));
	if (!index->at)
		return false;
	for (i = 0; i < bundle->n; i++)
		index->at[i] = &bundle->files[i];
	qsort(index->at, bundle->n, sizeof(index->at[0]), compare_bases);
	return true;
}

static struct span base_begin(const struct bundle_file *file, size_t len)
{
	const char *base = path_base(file->name);

	return span_of(base, strnlen(base, len));
}

static const struct bundle_file *search_bases(const struct bundle *bundle,
					      struct span prefix)
{
	const struct bundle_file *found = NULL;
	const struct bundle_file *file;
	size_t i;

	for (i = 0; i < bundle->n; i++) {
		file = &bundle->files[i];
		if (span_equals(base_begin(file, prefix.len), prefix) &&
		    (!found || compare_bases(&file, &found) < 0))
			found = file;
	}
	return found;
}

const struct bundle_file *bundle_find_base(const struct bundle *bundle,
					   struct span prefix)
{
	size_t low = 0;
	size_t high = bundle->n;
	size_t middle;
	const struct bundle_file *const *at;

	if (!make_bases(bundle))
		return search_bases(bundle, prefix);
	at = bundle->bases->at;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (span_compare(base_begin(at[middle], prefix.len),
				 prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == bundle->n ||
	    !span_equals(base_begin(at[low], prefix.len), prefix))
		return NULL;
	return at[low];
}

static int open_file(struct bundle *whole, const char *name, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct stat info;
	int rc = path_join(&path, whole->path, name, err);

	/* It may be another thing by now: a pipe would block. */
	if (rc == 0) {
		whole->fd = open(buf_text(&path), O_RDONLY | O_CLOEXEC |
				 O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
		if (whole->fd < 0 || fstat(whole->fd, &info) < 0)
			rc = err_errno(err, "cannot open '%s'",
				       buf_text(&path));
		else if (!S_ISREG(info.st_mode))
			rc = err_set(err, ERR_INVALID, "'%s' is no regular "
				     "file", buf_text(&path));
	}
	buf_release(&path);
	return rc;
}

static int open_member(struct bundle *whole, const char *name, struct err *err)
{
	const struct zip_member *member = zip_find(whole->zip, name);

	if (!member)
		return err_set(err, ERR_NOT_FOUND, "'%s' has no '%s'",
			       whole->path, name);
	return zip_member_open(whole->zip, member, err);
}

static int begin_reading(struct bundle *bundle, const struct bundle_file *file,
			 struct err *err)
{
	struct bundle *whole = bundle->whole;

	stop_reading(whole);
	whole->reading = file->name - bundle->skipped;
	if (whole->zip)
		return open_member(whole, whole->reading, err);
	if (whole->tar) {
		tar_member_open(whole->tar, tar_find(whole->tar,
						     whole->reading));
		return 0;
	}
	return open_file(whole, whole->reading, err);
}

static int read_file(struct bundle *whole, void *bytes, size_t len,
		     size_t *out_len, struct err *err)
{
	ssize_t got;

	do {
		got = read(whole->fd, bytes, len);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_errno(err, "cannot read '%s/%s'", whole->path,
				 whole->reading);
	*out_len = (size_t)got;
	return 0;
}

/* As struct feed wants it; arg: the whole bundle. */
static int read_some(void *arg, void *bytes, size_t len, size_t *out_len,
		     struct err *err)
{
	struct bundle *whole = arg;
	int rc;

	if (whole->zip)
		rc = zip_member_read(whole->zip, bytes, len, out_len, err);
	else if (whole->tar)
		rc = tar_member_read(whole->tar, bytes, len, out_len, err);
	else
		rc = read_file(whole, bytes, len, out_len, err);
	if (rc == 0 && whole->count)
		*whole->count += *out_len;
	return rc;
}

int bundle_feed(struct bundle *bundle, const struct bundle_file *file,
		struct feed *out, struct err *err)
{
	int rc = begin_reading(bundle, file, err);

	if (rc < 0)
		return rc;
	out->read = read_some;
	out->arg = bundle->whole;
	return 0;
}

/* Read on until out holds len bytes or all. */
static int fill(struct bundle *bundle, size_t len, struct buf *out,
		struct err *err)
{
	size_t got = 1;
	size_t want;
	int rc = 0;

	while (rc == 0 && got && out->len < len) {
		want = len - out->len;
		want = want < BLOCK_BYTES ? want : BLOCK_BYTES;
		rc = buf_reserve(out, want, err);
		if (rc == 0)
			rc = read_some(bundle->whole, out->data + out->len,
				       want, &got, err);
		if (rc == 0)
			buf_cut(out, out->len + got);
	}
	return rc;
}

int bundle_head(struct bundle *bundle, const struct bundle_file *file,
		size_t len, struct buf *out, struct err *err)
{
	int rc = begin_reading(bundle, file, err);

	buf_reset(out);
	if (rc == 0)
		rc = fill(bundle, len, out, err);
	stop_reading(bundle->whole);
	return rc;
}

int bundle_load(struct bundle *bundle, const struct bundle_file *file,
		size_t max, struct buf *out, struct err *err)
{
	int rc = bundle_head(bundle, file, max + 1, out, err);

	if (rc == 0 && out->len > max)
		rc = err_set(err, ERR_LIMIT, "'%s' is larger than %zu MiB",
			     file->name, max >> 20);
	return rc;
}
