/*
 * Loose objects are read here and not by libgit2: 1.5 reads on for ever in
 * one that was cut short. As a backend above its own, so that whatever it
 * does for us (walks, packs to push) is safe as well.
 */
#include "objects/store/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2/sys/odb_backend.h>
#include <zlib.h>

#include "lib/os/file.h"

#define PRIORITY 3		/* libgit2's: packs 2, loose objects 1 */
#define HEADER_MAX 32		/* "commit ", a size, a zero */
#define FOLDERS 2
#define ALTERNATES_MAX 4096
#define SEEN_MAX 65536

/*
 * Whoever asks for a header mostly asks for the object next: the file that the
 * header was read from, if it is small, waits for that. One thread uses a
 * store at a time.
 */
struct loose {
	git_odb_backend base;
	struct buf seen;
	git_oid seen_id;
	struct buf folders[FOLDERS];	/* ours, and our one alternate */
	size_t folders_n;
};

static int damaged(const git_oid *id)
{
	char text[128];

	snprintf(text, sizeof(text), "the loose object '%s' is damaged",
		 oid_hex(id).text);
	git_error_set_str(GIT_ERROR_ODB, text);
	return GIT_ERROR;
}

static int read_file(const struct buf *folder, const git_oid *id,
		     struct buf *out)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct err reason = ERR_INIT;
	const struct oid_hex hex = oid_hex(id);
	bool is_missing = false;
	int fd = -1;
	int rc = buf_printf(&path, &reason, "%s/%.2s/%s", buf_text(folder),
			    hex.text, hex.text + 2);

	if (rc == 0)
		fd = open(buf_text(&path), O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		rc = file_read_fd(fd, buf_text(&path), out->max, out,
				  &reason);
		close(fd);
	} else if (rc == 0) {
		is_missing = errno == ENOENT || errno == ENOTDIR;
		rc = err_errno(&reason, "cannot open '%s'", buf_text(&path));
	}
	buf_release(&path);
	if (is_missing)
		return GIT_ENOTFOUND;
	if (rc == 0)
		return 0;
	git_error_set_str(GIT_ERROR_OS, reason.text);
	return GIT_ERROR;
}

/* Inflate into out, which says how much at most; all of it, or a head. */
static int inflate_into(const struct buf *in, bool is_head, unsigned char *out,
			size_t *len)
{
	z_stream zlib;
	int done;

	memset(&zlib, 0, sizeof(zlib));
	if (inflateInit(&zlib) != Z_OK)
		return GIT_ERROR;
	zlib.next_in = (unsigned char *)(uintptr_t)in->data;
	zlib.avail_in = (unsigned)in->len;
	zlib.next_out = out;
	zlib.avail_out = (unsigned)*len;
	done = inflate(&zlib, is_head ? Z_SYNC_FLUSH : Z_FINISH);
	*len -= zlib.avail_out;
	inflateEnd(&zlib);
	if (done == Z_STREAM_END)
		return zlib.avail_in ? GIT_ERROR : 0;
	return is_head && done == Z_OK && !zlib.avail_out ? 0 : GIT_ERROR;
}

/* "<type> <size>\0" */
static int parse_header(const unsigned char *text, size_t len,
			git_object_t *out_type, size_t *out_size,
			size_t *out_len)
{
	const char *blank = memchr(text, ' ', len);
	const unsigned char *end = memchr(text, '\0', len);
	char word[HEADER_MAX];
	const unsigned char *at;
	size_t size = 0;

	if (!blank || !end || (const unsigned char *)blank > end - 2)
		return GIT_ERROR;
	memcpy(word, text, len);
	word[blank - (const char *)text] = '\0';
	*out_type = git_object_string2type(word);
	for (at = (const unsigned char *)blank + 1; at < end; at++) {
		if (*at < '0' || *at > '9' || size > STORE_OBJECT_MAX)
			return GIT_ERROR;
		size = size * 10 + (size_t)(*at - '0');
	}
	*out_size = size;
	*out_len = (size_t)(end - text) + 1;
	return *out_type == GIT_OBJECT_INVALID ? GIT_ERROR : 0;
}

/* The file that was read for its header last is given away. */
static bool take_seen(struct loose *loose, const git_oid *id, struct buf *file)
{
	bool is_it = loose->seen.len && git_oid_equal(&loose->seen_id, id);

	if (is_it)
		*file = loose->seen;
	else
		buf_release(&loose->seen);
	loose->seen = (struct buf)BUF_INIT(SEEN_MAX);
	return is_it;
}

/* What a file of it holds, and what its head says. */
static int read_head(struct loose *loose, const git_oid *id, struct buf *file,
		     git_object_t *type, size_t *size, size_t *header_len)
{
	unsigned char head[HEADER_MAX];
	size_t len = sizeof(head);
	int rc = GIT_ENOTFOUND;
	size_t i;

	if (take_seen(loose, id, file))
		rc = 0;
	for (i = 0; i < loose->folders_n && rc == GIT_ENOTFOUND; i++)
		rc = read_file(&loose->folders[i], id, file);
	if (rc < 0)
		return rc;
	if (inflate_into(file, true, head, &len) < 0 ||
	    parse_header(head, len, type, size, header_len) < 0)
		return damaged(id);
	return 0;
}

static int loose_read_header(size_t *out_len, git_object_t *out_type,
			     git_odb_backend *base, const git_oid *id)
{
	struct loose *loose = (struct loose *)base;
	struct buf file = BUF_INIT(2 * STORE_OBJECT_MAX);
	size_t header_len;
	int rc = read_head(loose, id, &file, out_type, out_len, &header_len);

	if (rc < 0 || file.len > SEEN_MAX) {
		buf_release(&file);
		return rc;
	}
	loose->seen = file;
	loose->seen_id = *id;
	return 0;
}

static int read_whole(struct loose *loose, const git_oid *id, void **out,
		      size_t *out_len, git_object_t *out_type)
{
	struct buf file = BUF_INIT(2 * STORE_OBJECT_MAX);
	unsigned char *all = NULL;
	size_t size, header_len, len;
	int rc = read_head(loose, id, &file, out_type, &size, &header_len);

	if (rc == 0 && size > STORE_OBJECT_MAX)
		rc = damaged(id);
	if (rc < 0)
		goto out;
	/* One byte more shows an object that is longer than it says. */
	len = header_len + size + 1;
	all = git_odb_backend_data_alloc(&loose->base, len);
	if (!all) {
		git_error_set_oom();
		rc = GIT_ERROR;
	} else if (inflate_into(&file, false, all, &len) < 0 ||
		   len != header_len + size) {
		rc = damaged(id);
	} else {
		memmove(all, all + header_len, size);
		*out = all;
		*out_len = size;
		all = NULL;
	}
out:
	if (all)
		git_odb_backend_data_free(&loose->base, all);
	buf_release(&file);
	return rc;
}

/* What was seen to be damaged may have been mended since. */
static int loose_read(void **out, size_t *out_len, git_object_t *out_type,
		      git_odb_backend *base, const git_oid *id)
{
	struct loose *loose = (struct loose *)base;
	bool was_seen = loose->seen.len && git_oid_equal(&loose->seen_id, id);
	int rc = read_whole(loose, id, out, out_len, out_type);

	return rc < 0 && was_seen ? read_whole(loose, id, out, out_len,
					       out_type) : rc;
}

/* libgit2's own backend, below this one, lists them. */
static int loose_list(git_odb_backend *base, git_odb_foreach_cb each,
		      void *payload)
{
	(void)base;
	(void)each;
	(void)payload;
	return 0;
}

static void loose_free(git_odb_backend *base)
{
	struct loose *loose = (struct loose *)base;
	size_t i;

	for (i = 0; i < FOLDERS; i++)
		buf_release(&loose->folders[i]);
	buf_release(&loose->seen);
	free(loose);
}

/* The folder that a side repository of ours names in its one line. */
static int add_alternate(const char *objects, struct loose *loose,
			 struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct buf line = BUF_INIT(ALTERNATES_MAX);
	const char *end = NULL;
	int rc = buf_printf(&path, err, "%s/info/alternates", objects);

	if (rc < 0 || !file_exists(buf_text(&path)))
		goto out;
	rc = file_read(buf_text(&path), ALTERNATES_MAX, &line, err);
	if (rc == 0 && line.len)
		end = memchr(line.data, '\n', line.len);
	if (end)
		buf_cut(&line, (size_t)(end - line.data));
	if (rc < 0 || !line.len)
		goto out;
	if (*line.data != '/')
		rc = buf_printf(&loose->folders[1], err, "%s/", objects);
	if (rc == 0)
		rc = buf_add(&loose->folders[1], line.data, line.len, err);
	loose->folders_n = 2;
out:
	buf_release(&line);
	buf_release(&path);
	return rc;
}

int store_read_loose_here(struct store *store, struct err *err)
{
	static const struct buf empty = BUF_INIT(BUF_NO_LIMIT);
	struct loose *loose = calloc(1, sizeof(*loose));
	int rc, done;

	if (!loose)
		return err_set(err, ERR_NOMEM, "out of memory");
	loose->folders[0] = empty;
	loose->folders[1] = empty;
	git_odb_init_backend(&loose->base, GIT_ODB_BACKEND_VERSION);
	loose->base.read = loose_read;
	loose->base.read_header = loose_read_header;
	loose->base.foreach = loose_list;
	loose->base.free = loose_free;
	rc = buf_add_str(&loose->folders[0], store->objects_path, err);
	loose->folders_n = 1;
	if (rc == 0)
		rc = add_alternate(store->objects_path, loose, err);
	if (rc < 0) {
		loose_free(&loose->base);
		return rc;
	}
	done = git_odb_add_backend(store->odb, &loose->base, PRIORITY);
	if (done < 0) {
		loose_free(&loose->base);
		return store_git_error(done, "cannot open the objects", err);
	}
	return 0;
}
