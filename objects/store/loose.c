#include "objects/pack/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/temp.h"

#define FILE_MODE 0400	/* as git does it, but for their owner alone */
#define DIR_MODE 0700

struct loose {
	int fd;				/* -1: none */
	struct buf dir;			/* objects/ab */
	struct buf path;		/* objects/ab/cdef... */
	struct buf temp;		/* objects/ab/tmp_obj_..., "" if none */
};

#define LOOSE_INIT \
	{ -1, BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
	  BUF_INIT(BUF_NO_LIMIT) }

static void loose_release(struct loose *loose)
{
	if (loose->fd >= 0)
		close(loose->fd);
	if (loose->temp.len)
		unlink(buf_text(&loose->temp));
	buf_release(&loose->dir);
	buf_release(&loose->path);
	buf_release(&loose->temp);
}

static int loose_paths(struct loose *loose, const char *objects_path,
		       const git_oid *id, struct err *err)
{
	char hex[2 * GIT_OID_RAWSZ + 1];
	int rc;

	hex_text(id->id, GIT_OID_RAWSZ, hex);
	rc = buf_printf(&loose->dir, err, "%s/%.2s", objects_path, hex);
	if (rc < 0)
		return rc;
	return buf_printf(&loose->path, err, "%s/%s", buf_text(&loose->dir),
			  hex + 2);
}

/* git prunes forgotten files of this name by itself. */
static int loose_create(struct loose *loose, struct err *err)
{
	int rc = temp_make(&loose->temp, AT_FDCWD, buf_text(&loose->dir),
			   LOOSE_TEMP_PREFIX, FILE_MODE, err);

	if (rc < 0)
		return rc;
	loose->fd = rc;
	return 0;
}

static int loose_fill(struct loose *loose, const struct framed *object,
		      struct deflater *deflater, struct buf *stream,
		      struct err *err)
{
	int rc;

	buf_reset(stream);
	rc = deflater_add(deflater, span_of(object->bytes,
					    object->header_len + object->len),
			  stream, err);
	if (rc < 0)
		return rc;
	return file_write_fd(loose->fd, buf_text(&loose->temp),
			     buf_span(stream), err);
}

static int loose_sync(struct loose *loose, struct err *err)
{
	if (fsync(loose->fd))
		return err_errno(err, "cannot sync '%s'",
				 buf_text(&loose->temp));
	return 0;
}

/* Open until it has its name: so long nobody takes it for a dead one's. */
static int loose_publish(struct loose *loose, struct err *err)
{
	int fd = loose->fd;

	if (rename(buf_text(&loose->temp), buf_text(&loose->path)))
		return err_errno(err, "cannot rename to '%s'",
				 buf_text(&loose->path));
	buf_reset(&loose->temp);
	loose->fd = -1;
	if (close(fd))
		return err_errno(err, "cannot close '%s'",
				 buf_text(&loose->path));
	return 0;
}

static bool is_dir_before(const struct loose *loose, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (span_equals(buf_span(&loose[i].dir),
				buf_span(&loose[n].dir)))
			return true;
	}
	return false;
}

/* The folder above too: a folder that is there may be another process's, who
 * has not synced it yet. */
static int sync_dirs(const struct loose *loose, size_t n,
		     const char *objects_path, struct err *err)
{
	size_t i;
	int rc = dir_sync(objects_path, err);

	for (i = 0; rc == 0 && i < n; i++) {
		if (!is_dir_before(loose, i))
			rc = dir_sync(buf_text(&loose[i].dir), err);
	}
	return rc;
}

static int make_dirs(const struct loose *loose, size_t n, struct err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char *path = buf_text(&loose[i].dir);
		struct stat st;

		if (mkdir(path, DIR_MODE) == 0)
			continue;
		if (errno != EEXIST)
			return err_errno(err, "cannot make '%s'", path);
		if (lstat(path, &st) == 0 && !S_ISDIR(st.st_mode))
			return err_set(err, ERR_DENIED, "'%s' is no folder of "
				       "its own", path);
	}
	return 0;
}

static int write_all(struct loose *loose, const struct framed *const *objects,
		     size_t n, struct deflater *deflater, size_t *bytes,
		     struct err *err)
{
	struct buf stream = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		rc = loose_create(&loose[i], err);
		if (rc == 0)
			rc = loose_fill(&loose[i], objects[i], deflater,
					&stream, err);
		*bytes += stream.len;
	}
	for (i = 0; rc == 0 && i < n; i++)
		rc = loose_sync(&loose[i], err);
	for (i = 0; rc == 0 && i < n; i++)
		rc = loose_publish(&loose[i], err);
	buf_release(&stream);
	return rc;
}

static struct loose *loose_new(size_t n)
{
	static const struct loose empty = LOOSE_INIT;
	struct loose *loose = calloc(n ? n : 1, sizeof(*loose));
	size_t i;

	for (i = 0; loose && i < n; i++)
		loose[i] = empty;
	return loose;
}

int loose_write(const char *objects_path, const struct framed *const *objects,
		size_t n, struct deflater *deflater, size_t *out_bytes,
		struct err *err)
{
	struct loose *loose = loose_new(n);
	size_t bytes = 0;
	size_t i;
	int rc = 0;

	if (!loose)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < n; i++)
		rc = loose_paths(&loose[i], objects_path, &objects[i]->id, err);
	if (rc == 0)
		rc = make_dirs(loose, n, err);
	if (rc == 0)
		rc = write_all(loose, objects, n, deflater, &bytes, err);
	if (rc == 0)
		rc = sync_dirs(loose, n, objects_path, err);
	if (rc == 0)
		*out_bytes = bytes;
	for (i = 0; i < n; i++)
		loose_release(&loose[i]);
	free(loose);
	return rc;
}
