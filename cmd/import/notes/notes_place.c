#include "cmd/import/notes/notes_internal.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/input/archive.h"
#include "cmd/import/input/bundle.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

void notes_place_release(struct notes_place *place)
{
	buf_release(&place->root);
	buf_release(&place->path);
}

static size_t parent_len(const char *path, size_t len)
{
	while (len && path[len - 1] != '/')
		len--;
	return len ? len - 1 : 0;
}

/* How long the name of the vault is in which a folder on disk lies, or that it
 * is; 0: in none. */
static size_t find_vault(const char *path, size_t len)
{
	struct buf mark = PATH_BUF_INIT;

	for (; len > 1; len = parent_len(path, len)) {
		buf_reset(&mark);
		buf_put(&mark, path, len);
		buf_put_str(&mark, "/" OBSIDIAN);
		if (!buf_end(&mark, NULL) && file_is_dir(buf_text(&mark)))
			break;
	}
	buf_release(&mark);
	return len > 1 ? len : 0;
}

static void put_base(const char *path, size_t len, struct buf *out)
{
	size_t begin = parent_len(path, len);

	begin += path[begin] == '/';
	buf_put(out, path + begin, len - begin);
}

/* Split an absolute path behind the folder that is the root. */
static void split_at(const char *path, size_t root, struct notes_place *out)
{
	put_base(path, root, &out->root);
	if (path[root] == '/')
		buf_put_str(&out->path, path + root + 1);
}

/* "notes" of "/a/notes.zip". */
static void put_archive(const char *path, size_t len, struct buf *out)
{
	size_t begin = parent_len(path, len);
	const char *dot;

	begin += path[begin] == '/';
	dot = memchr(path + begin, '.', len - begin);
	if (dot && dot > path + begin)
		len = (size_t)(dot - path);
	buf_put(out, path + begin, len - begin);
}

size_t notes_top_folder(const struct bundle *bundle)
{
	size_t n = bundle_count(bundle);
	const char *first = n ? bundle_at(bundle, 0)->name : "";
	const char *slash = strchr(first, '/');
	size_t len = slash ? (size_t)(slash - first) + 1 : 0;

	/* They are sorted. */
	return len && !strncmp(bundle_at(bundle, n - 1)->name, first, len) ?
	       len : 0;
}

static void split_archive(const struct import_input *input, const char *path,
			  struct notes_place *out)
{
	size_t len = strlen(path);
	size_t at = input->member ?
		(size_t)(input->member - input->path) : 0;

	if (at) {
		at = span_find(span_of(path, len), ARCHIVE_MEMBER_MARK, 0);
		put_archive(path, at, &out->root);
		buf_put_str(&out->path, path + at +
			    strlen(ARCHIVE_MEMBER_MARK));
		return;
	}
	out->skipped = notes_top_folder(input->bundle);
	if (out->skipped)
		buf_put(&out->root, bundle_at(input->bundle, 0)->name,
			out->skipped - 1);
	else
		put_archive(path, len, &out->root);
}

static void split_on_disk(const struct import_input *input,
			  const struct buf *path, struct notes_place *out)
{
	size_t folder = input->is_folder ? path->len :
		parent_len(path->data, path->len);
	size_t root = find_vault(path->data, folder);

	split_at(path->data, root ? root : folder, out);
	if (input->is_folder && out->path.len)
		buf_put_char(&out->path, '/');
}

int notes_place_find(const struct import_input *input,
		     struct notes_place *out, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc = beside_place(input, &path, &why);

	/* What came through a pipe lies nowhere. */
	if (rc == ERR_NOMEM)
		buf_fail(&out->path, rc);
	else if (rc < 0 || !path.len)
		buf_put_str(&out->path, path_base(input->path));
	else if (input->member || (input->bundle && !input->is_folder))
		split_archive(input, buf_text(&path), out);
	else
		split_on_disk(input, &path, out);
	rc = buf_end(&out->path, err);
	if (rc == 0)
		rc = buf_end(&out->root, err);
	buf_release(&path);
	return rc;
}
