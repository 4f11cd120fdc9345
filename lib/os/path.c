#include "lib/os/path.h"

#include <string.h>

int path_join(struct buf *out, const char *dir, const char *name,
	      struct err *err)
{
	struct buf joined = BUF_INIT(out->max);
	size_t dir_len = strlen(dir);
	int rc;

	while (dir_len > 1 && dir[dir_len - 1] == '/')
		dir_len--;
	buf_put(&joined, dir, dir_len);
	if (dir_len && dir[dir_len - 1] != '/')
		buf_put_char(&joined, '/');
	buf_put_str(&joined, name);
	rc = buf_end(&joined, err);
	if (rc < 0) {
		buf_release(&joined);
		return rc;
	}
	/* Only now: dir may be the old text of out. */
	buf_release(out);
	*out = joined;
	return 0;
}

int path_add(struct buf *path, const char *name, struct err *err)
{
	size_t start = path->len;

	if (path->len && path->data[path->len - 1] != '/')
		buf_put_char(path, '/');
	buf_put_str(path, name);
	return buf_settle(path, start, err);
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int path_parent(struct buf *out, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 1;

	while (slash && len > 1 && path[len - 1] == '/')
		len--;
	buf_reset(out);
	if (!slash)
		return buf_add_str(out, ".", err);
	return buf_add(out, path, len ? len : 1, err);
}

/* The next component; skips "/" repeated and ".". False at the end. */
static bool next_component(const char **at, struct span *out)
{
	do {
		while (**at == '/')
			(*at)++;
		out->at = *at;
		out->len = strcspn(*at, "/");
		*at += out->len;
	} while (out->len == 1 && out->at[0] == '.');
	return out->len > 0;
}

static bool has_dot_dot(const char *path)
{
	struct span part;

	while (next_component(&path, &part))
		if (span_equals(part, span_str("..")))
			return true;
	return false;
}

bool path_is_inside(const char *root, const char *path)
{
	struct span want, got;

	if ((root[0] == '/') != (path[0] == '/'))
		return false;
	while (next_component(&root, &want))
		if (!next_component(&path, &got) || !span_equals(want, got))
			return false;
	/* Where both begin alike, ".." leads both to the same place. */
	return !has_dot_dot(path);
}
