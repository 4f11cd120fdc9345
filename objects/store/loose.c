#include "objects/store/loose.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/temp.h"
#include "objects/pack/libgit2.h"

#define FILE_MODE 0400	/* as git does it, but for their owner alone */
#define DIR_MODE 0700
#define HEADER_MAX 32	/* "commit ", a size, a zero */

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
	deflater_put(deflater, span_of(object->bytes,
				       object->header_len + object->len),
		     stream);
	rc = buf_end(stream, err);
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

/* "<type> <size>\0", the size as a number is written. */
static bool parse_head(struct span text, struct loose_head *out)
{
	static const char *const words[] = {
		"commit ", "tree ", "blob ", "tag "
	};
	const char *end = memchr(text.at, '\0', text.len);
	char again[HEADER_MAX];
	size_t i;

	for (i = 0; end && i < sizeof(words) / sizeof(*words); i++) {
		if (!span_begins(text, words[i]))
			continue;
		out->type = (unsigned)i + 1;
		out->size = strtoull(text.at + strlen(words[i]), NULL, 10);
		out->len = (size_t)(end - text.at) + 1;
		snprintf(again, sizeof(again), "%s%llu", words[i],
			 (unsigned long long)out->size);
		return !strcmp(again, text.at);
	}
	return false;
}

static int no_object(struct err *err)
{
	return err_set(err, ERR_CORRUPT, "it does not begin as an object");
}

int loose_head(struct span file, struct inflate_stream *stream,
	       struct loose_head *out, struct err *err)
{
	unsigned char head[HEADER_MAX];
	struct inflate_room room = { head, sizeof(head) };
	bool is_end;
	int rc;

	inflate_stream_reset(stream);
	rc = inflate_stream_step(stream, &file, &room, &is_end, err);
	if (rc == 0 && !parse_head(span_of((const char *)head,
					   sizeof(head) - room.len), out))
		rc = no_object(err);
	return rc;
}

int loose_content(struct span file, struct inflater *inflater,
		  struct buf *text, struct loose_head *out_head,
		  struct span *out, struct err *err)
{
	int rc = inflater_run(inflater, file, text, err);

	if (rc < 0)
		return rc;
	if (!parse_head(buf_span(text), out_head) ||
	    out_head->size != text->len - out_head->len)
		return no_object(err);
	*out = span_of(text->data + out_head->len, (size_t)out_head->size);
	return 0;
}

int loose_load(const char *objects_path, const git_oid *id, struct buf *file,
	       struct err *err)
{
	const struct oid_hex hex = oid_hex(id);
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_printf(&path, err, "%s/%.2s/%s", objects_path, hex.text,
			    hex.text + 2);
	int fd = -1;

	buf_reset(file);
	if (rc == 0)
		fd = open(buf_text(&path), O_RDONLY | O_CLOEXEC);
	/* Where its folder should be there may be something else. */
	if (rc == 0 && fd < 0 && errno == ENOTDIR)
		rc = err_set(err, ERR_NOT_FOUND, "no '%s'", buf_text(&path));
	else if (rc == 0 && fd < 0)
		rc = err_errno(err, "cannot open '%s'", buf_text(&path));
	if (fd >= 0) {
		rc = file_read_fd(fd, buf_text(&path), file->max, file, err);
		close(fd);
	}
	buf_release(&path);
	return rc;
}
