#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/os/temp.h"
#include "lib/time/timestamp.h"
#include "refs/index/lists/lists_internal.h"
#include "refs/vault/local.h"
#include "refs/view/forgotten.h"

#define FOLDER "lists"		/* in that of the construct's index */
#define LABEL "lists 3"		/* grows with the format */
#define FILES_MAX 4		/* of a construct: what it was of late ... */
#define FILES_BYTES ((uint64_t)16 << 20)	/* ... or fewer that are large */

/* The files of a construct that open. */
struct files {
	struct local_seal seal;
	struct buf name;	/* what they are sealed for */
	struct buf folder;
	struct lists_file *at;
	size_t n;
	size_t cap;
};

static uint32_t count_kinds(void)
{
	uint32_t n = 0;

	while (kind_table[n].name)
		n++;
	return n;
}

static int open_head(struct files *files, const char *path,
		     struct lists_file *out, struct err *err)
{
	const void *head = NULL;
	int rc = pages_open(&files->seal, buf_span(&files->name), path,
			    &out->pages, err);

	if (rc == 0)
		rc = pages_at(out->pages, 0, sizeof(*out->head), &head, err);
	if (rc == 0)
		rc = buf_add_str(&out->path, path, err);
	if (rc < 0)
		return rc;
	out->head = head;
	if (out->head->mark == LISTS_MARK &&
	    out->head->kinds == count_kinds())
		return 0;
	return err_set(err, ERR_CORRUPT, "'%s' is of another program", path);
}

static int add_file(void *arg, const char *name, enum dir_kind kind,
		    struct err *err)
{
	struct files *files = arg;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc = array_room(files, err);

	if (rc < 0 || kind != DIR_KIND_FILE || !pages_is_name(name))
		return rc;
	files->at[files->n] = (struct lists_file)LISTS_FILE_INIT;
	buf_putf(&path, "%s/%s", buf_text(&files->folder), name);
	rc = buf_end(&path, err);
	if (rc == 0)
		rc = open_head(files, buf_text(&path), &files->at[files->n],
			       err);
	if (rc == ERR_CORRUPT)
		unlink(buf_text(&path));
	if (rc == 0)
		files->n++;
	else
		lists_file_release(&files->at[files->n]);
	buf_release(&path);
	return rc == ERR_NOMEM ? rc : 0;
}

static int files_open(struct files *files, struct view *view, struct err *err)
{
	struct vault *vault = view->vault;
	int rc;

	*files = (struct files){ .name = BUF_INIT(BUF_NO_LIMIT),
				 .folder = PATH_BUF_INIT };
	device_key_local_seal(&vault->device, LABEL, vault->state.vault_id,
			      &files->seal);
	rc = forgotten_name(view, &files->name, err);
	if (rc == 0)
		rc = index_folder(vault, view->ref_name, FOLDER, &files->folder,
				  err);
	if (rc == 0 && file_is_dir(buf_text(&files->folder)))
		rc = dir_each(buf_text(&files->folder), add_file, files, err);
	return rc;
}

static void files_release(struct files *files)
{
	size_t i;

	for (i = 0; i < files->n; i++)
		lists_file_release(&files->at[i]);
	free(files->at);
	local_seal_wipe(&files->seal);
	buf_release(&files->name);
	buf_release(&files->folder);
}

static bool is_better(const struct lists_head *head,
		      const struct lists_head *best,
		      const unsigned char root[SHA256_BYTES])
{
	bool is_it = !memcmp(head->root, root, SHA256_BYTES);
	bool was_it = !memcmp(best->root, root, SHA256_BYTES);

	return is_it != was_it ? is_it : head->made > best->made;
}

int lists_file_find(struct view *view, struct lists_file *out,
		    struct err *err)
{
	struct files files;
	size_t best = 0;
	size_t i;
	int rc = files_open(&files, view, err);

	for (i = 1; i < files.n; i++) {
		if (is_better(files.at[i].head, files.at[best].head,
			      view->root))
			best = i;
	}
	if (rc == 0 && files.n) {
		*out = files.at[best];
		files.at[best] = (struct lists_file)LISTS_FILE_INIT;
	}
	files_release(&files);
	return rc;
}

void lists_file_release(struct lists_file *file)
{
	pages_free(file->pages);
	buf_release(&file->path);
	*file = (struct lists_file)LISTS_FILE_INIT;
}

int lists_file_piece(const struct lists_file *file, uint64_t at, uint64_t n,
		     size_t size, const void **out, struct err *err)
{
	if (n > UINT64_MAX / size)
		return err_set(err, ERR_CORRUPT, "a list is too long");
	return pages_at(file->pages, at, n * size, out, err);
}

static bool are_large(const struct files *files)
{
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < files->n; i++)
		bytes += files->at[i].head->more;
	return bytes > FILES_BYTES;
}

/* Of those that there were before, room for one more. */
static void make_room(struct files *files)
{
	while (files->n >= FILES_MAX || (files->n > 1 && are_large(files))) {
		size_t oldest = 0;
		size_t i;

		for (i = 1; i < files->n; i++) {
			if (files->at[i].head->made <
			    files->at[oldest].head->made)
				oldest = i;
		}
		unlink(buf_text(&files->at[oldest].path));
		lists_file_release(&files->at[oldest]);
		files->at[oldest] = files->at[--files->n];
	}
}

int lists_file_write(struct view *view, struct lists_head *head,
		     struct buf *body, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct files files;
	int rc = files_open(&files, view, err);

	head->mark = LISTS_MARK;
	head->made = timestamp_now();
	head->kinds = count_kinds();
	memcpy(head->root, view->root, sizeof(head->root));
	memcpy(head->tree, view->tree.id, sizeof(head->tree));
	memcpy(body->data, head, sizeof(*head));
	if (rc == 0)
		rc = dir_make_all(buf_text(&files.folder), 0700, err);
	if (rc == 0)
		rc = pages_write(&files.seal, buf_span(&files.name),
				 buf_text(&files.folder), buf_span(body),
				 &path, err);
	if (rc == 0) {
		make_room(&files);
		temp_sweep_folder(buf_text(&files.folder),
				  ATOMIC_FILE_TEMP_PREFIX);
	}
	files_release(&files);
	buf_release(&path);
	return rc;
}

void lists_files_drop(struct view *view)
{
	struct files files;
	size_t i;

	(void)!files_open(&files, view, NULL);
	for (i = 0; i < files.n; i++)
		unlink(buf_text(&files.at[i].path));
	files_release(&files);
}
