/*
 * Loose objects are read here and not by libgit2: 1.5 reads on for ever in
 * one that was cut short. As a backend above its own, so that whatever it
 * does for us (walks, packs to push) is safe as well.
 */
#include "objects/store/store_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <git2/sys/odb_backend.h>

#include "lib/os/file.h"

#define PRIORITY 3		/* libgit2's: packs 2, loose objects 1 */
#define FOLDERS 2
#define ALTERNATES_MAX 4096
#define SEEN_MAX 65536

/*
 * Whoever asks for a header mostly asks for the object next: the file that the
 * header was read from, if it is small, waits for that; and where there was
 * none, it is not looked for again. One thread uses a store at a time.
 */
struct loose {
	git_odb_backend base;
	struct inflate_stream *stream;
	struct inflater *inflater;
	struct buf seen;
	git_oid seen_id;
	bool is_missed;			/* seen_id has no file */
	struct buf folders[FOLDERS];	/* ours, and our one alternate */
	size_t folders_n;
};

static int failed(const git_oid *id, int rc, const struct err *why)
{
	char text[128];

	if (rc == ERR_NOT_FOUND)
		return GIT_ENOTFOUND;
	if (rc == ERR_NOMEM) {
		git_error_set_oom();
	} else if (rc == ERR_CORRUPT) {
		snprintf(text, sizeof(text), "the loose object '%s' is damaged",
			 oid_hex(id).text);
		git_error_set_str(GIT_ERROR_ODB, text);
	} else {
		git_error_set_str(GIT_ERROR_OS, why->text);
	}
	return GIT_ERROR;
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
	loose->is_missed = false;
	return is_it;
}

/* What a file of it holds, and what its head says. */
static int read_head(struct loose *loose, const git_oid *id, struct buf *file,
		     struct loose_head *head, struct err *err)
{
	int rc = take_seen(loose, id, file) ? 0 : ERR_NOT_FOUND;
	size_t i;

	for (i = 0; i < loose->folders_n && rc == ERR_NOT_FOUND; i++) {
		err_clear(err);
		rc = loose_load(buf_text(&loose->folders[i]), id, file, err);
	}
	return rc < 0 ? rc : loose_head(buf_span(file), loose->stream, head,
					err);
}

static int loose_read_header(size_t *out_len, git_object_t *out_type,
			     git_odb_backend *base, const git_oid *id)
{
	struct loose *loose = (struct loose *)base;
	struct buf file = BUF_INIT(2 * STORE_OBJECT_MAX);
	struct err why = ERR_INIT;
	struct loose_head head;
	int rc = read_head(loose, id, &file, &head, &why);

	if (rc == 0) {
		*out_len = (size_t)head.size;
		*out_type = (git_object_t)head.type;
	}
	loose->seen_id = *id;
	loose->is_missed = rc == ERR_NOT_FOUND;
	if (rc < 0 || file.len > SEEN_MAX) {
		buf_release(&file);
		return rc < 0 ? failed(id, rc, &why) : 0;
	}
	loose->seen = file;
	return 0;
}

static int read_whole(struct loose *loose, const git_oid *id, struct buf *text,
		      struct loose_head *head, struct span *out,
		      struct err *err)
{
	struct buf file = BUF_INIT(2 * STORE_OBJECT_MAX);
	int rc = read_head(loose, id, &file, head, err);

	if (rc == 0 && head->size > STORE_OBJECT_MAX)
		rc = ERR_LIMIT;
	/* No more than it says, and no less room than that takes. */
	text->max = head->len + (size_t)head->size;
	if (rc == 0)
		rc = loose_content(buf_span(&file), loose->inflater, text, head,
				   out, err);
	buf_release(&file);
	return rc == ERR_LIMIT ? ERR_CORRUPT : rc;
}

/* Once: who looks again, after all others had none, means it. */
static bool is_missed(struct loose *loose, const git_oid *id)
{
	bool is_it = loose->is_missed && git_oid_equal(&loose->seen_id, id);

	loose->is_missed = false;
	return is_it;
}

/* What was seen to be damaged may have been mended since. */
static int loose_read(void **out, size_t *out_len, git_object_t *out_type,
		      git_odb_backend *base, const git_oid *id)
{
	struct loose *loose = (struct loose *)base;
	struct buf text = BUF_INIT(0);
	bool was_seen = loose->seen.len && git_oid_equal(&loose->seen_id, id);
	struct err why = ERR_INIT;
	struct loose_head head = { 0, 0, 0 };
	struct span content;
	int rc;

	if (is_missed(loose, id))
		return GIT_ENOTFOUND;
	rc = read_whole(loose, id, &text, &head, &content, &why);
	if (rc < 0 && was_seen) {
		err_clear(&why);
		rc = read_whole(loose, id, &text, &head, &content, &why);
	}
	if (rc == 0) {
		*out = git_odb_backend_data_alloc(base, content.len + 1);
		rc = *out ? 0 : ERR_NOMEM;
	}
	if (rc == 0) {
		memcpy(*out, content.at, content.len);
		*out_len = content.len;
		*out_type = (git_object_t)head.type;
	}
	buf_release(&text);
	return rc < 0 ? failed(id, rc, &why) : 0;
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
	inflate_stream_free(loose->stream);
	inflater_free(loose->inflater);
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
		rc = inflate_stream_new(INFLATE_ZLIB, &loose->stream, err);
	if (rc == 0)
		rc = inflater_new(&loose->inflater, err);
	if (rc == 0)
		rc = add_alternate(store->objects_path, loose, err);
	if (rc < 0) {
		loose_free(&loose->base);
		return rc;
	}
	done = git_odb_add_backend(store->odb, &loose->base, PRIORITY);
	if (done < 0) {
		loose_free(&loose->base);
		return libgit2_error(done, "cannot open the objects", err);
	}
	return 0;
}
