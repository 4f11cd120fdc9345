/* realpath() is POSIX, but glibc shows it only with the X/Open extension. */
#define _XOPEN_SOURCE 700

#include "hooks/approval.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hooks/hook.h"
#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"

#define PLACE_BYTES 16		/* of the hash that names a place */

const char *const hook_names[] = {
	"post-commit", "post-import", "post-pull", "pre-push", NULL
};

void hook_file_release(struct hook_file *file)
{
	buf_release(&file->path);
	buf_release(&file->copy);
	buf_release(&file->why);
	buf_release(&file->bytes);
}

static bool is_name(const char *name)
{
	const char *const *known;

	for (known = hook_names; *known; known++) {
		if (!strcmp(*known, name))
			return true;
	}
	return false;
}

static int unfit(struct hook_file *file, const char *path, const char *what,
		 struct err *err)
{
	file->state = HOOK_UNSAFE;
	return buf_printf(&file->why, err, "'%s' %s", path, what);
}

/*
 * The folder at path, which may be a symlink, then those below it, which may
 * not: path grows by one component each. *out_is_there: all are there. Whoever
 * can write in one of them could put words into the user's mouth.
 */
static int check_folders(struct hook_file *file, struct buf *path,
			 const char *const *below, bool *out_is_there,
			 struct err *err)
{
	bool is_first = true;
	struct stat info;
	const char *why;
	int rc = 0;

	*out_is_there = false;
	while (rc == 0) {
		if ((is_first ? stat(buf_text(path), &info) :
				lstat(buf_text(path), &info)) < 0)
			return 0;
		is_first = false;
		why = S_ISDIR(info.st_mode) ? file_distrust(&info) :
					      "is no folder";
		if (why && file->state != HOOK_UNSAFE)
			rc = unfit(file, buf_text(path), why, err);
		if (rc < 0 || !*below)
			break;
		rc = path_add(path, *below++, err);
	}
	*out_is_there = rc == 0;
	return rc;
}

/*
 * Looked at and read through one descriptor, so that nobody can swap the file
 * in between. why is NULL for one that is fit; not there is ERR_NOT_FOUND.
 */
static int read_fit(const char *path, struct buf *out, const char **why,
		    struct err *err)
{
	/* Not blocking: a named pipe must not hang the program. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat info;
	int rc = 0;

	*why = "is no regular file";
	if (fd < 0 && errno == ELOOP)
		return 0;
	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (fstat(fd, &info) < 0)
		rc = err_errno(err, "cannot look at '%s'", path);
	else if (S_ISREG(info.st_mode))
		*why = file_distrust(&info);
	if (rc == 0 && !*why && !(info.st_mode & S_IXUSR))
		*why = "is not executable";
	if (rc == 0 && !*why)
		rc = file_read_fd(fd, path, HOOK_FILE_MAX, out, err);
	close(fd);
	return rc;
}

/* "<keys>/hooks/<place>" and the hook's name. */
static int copy_path(const struct hook_place *place, const char *name,
		     struct hook_file *file, struct err *err)
{
	static const char label[] = "vvault hook 1";
	unsigned char digest[SHA256_BYTES];
	char text[HEX_TEXT(PLACE_BYTES) + 1];
	struct sha256 hash;
	char *keys;
	int rc;

	sha256_init(&hash);
	sha256_add(&hash, label, sizeof(label));
	sha256_add(&hash, place->vault_id, strlen(place->vault_id) + 1);
	sha256_add(&hash, file->path.data, file->path.len);
	sha256_finish(&hash, digest);
	hex_text(digest, PLACE_BYTES, text);
	/* Absolute where it exists, for hooks are run from within the vault. */
	keys = realpath(place->keys_folder, NULL);
	rc = path_join(&file->copy, keys ? keys : place->keys_folder, "hooks",
		       err);
	free(keys);
	if (rc == 0)
		rc = path_add(&file->copy, text, err);
	return rc < 0 ? rc : path_add(&file->copy, name, err);
}

static int look_in_vault(const char *vault, struct hook_file *file,
			 struct err *err)
{
	static const char *const below[] = { "vvault", "hooks", NULL };
	struct buf path = PATH_BUF_INIT;
	struct err reason = ERR_INIT;
	const char *why = NULL;
	bool is_there;
	int rc;

	rc = buf_add_str(&path, vault, err);
	if (rc == 0)
		rc = check_folders(file, &path, below, &is_there, err);
	/* Where there is no hook it is no matter who could make one. */
	if (rc == 0 && (!is_there || !file_exists(buf_text(&file->path)))) {
		file->state = HOOK_ABSENT;
		buf_reset(&file->why);
		goto out;
	}
	if (rc < 0 || file->state == HOOK_UNSAFE)
		goto out;
	rc = read_fit(buf_text(&file->path), &file->bytes, &why, &reason);
	if (rc == ERR_NOMEM)
		rc = err_set(err, ERR_NOMEM, "%s", reason.text);
	else if (rc < 0)
		rc = unfit(file, buf_text(&file->path), "cannot be read", err);
	else if (why)
		rc = unfit(file, buf_text(&file->path), why, err);
	else
		file->state = HOOK_NEW;
	sha256_of(buf_text(&file->bytes), file->bytes.len, file->sha256);
out:
	buf_release(&path);
	return rc;
}

/* The same for the copy; *out_has_copy false where there is none. */
static int look_at_copy(const struct hook_place *place,
			struct hook_file *file, struct buf *bytes,
			bool *out_has_copy, struct err *err)
{
	const char *below[] = { "hooks", NULL, NULL };
	struct buf path = PATH_BUF_INIT;
	struct buf parent = PATH_BUF_INIT;
	struct err reason = ERR_INIT;
	const char *why = NULL;
	int rc;

	*out_has_copy = false;
	rc = path_parent(&parent, buf_text(&file->copy), err);
	if (rc == 0)
		rc = buf_add_str(&path, place->keys_folder, err);
	below[1] = path_base(buf_text(&parent));
	if (rc == 0)
		rc = check_folders(file, &path, below, out_has_copy, err);
	if (rc == 0)
		*out_has_copy = *out_has_copy &&
				file_exists(buf_text(&file->copy));
	if (rc < 0 || !*out_has_copy || file->state == HOOK_UNSAFE)
		goto out;
	rc = read_fit(buf_text(&file->copy), bytes, &why, &reason);
	if (rc < 0)
		rc = err_set(err, (enum err_code)rc, "%s", reason.text);
	else if (why)
		rc = unfit(file, buf_text(&file->copy), why, err);
out:
	buf_release(&parent);
	buf_release(&path);
	return rc;
}

static int compare(struct hook_file *file, const struct buf *copy,
		   bool has_copy, struct err *err)
{
	const char *path = buf_text(&file->path);

	if (file->state == HOOK_ABSENT && has_copy) {
		file->state = HOOK_GONE;
		return buf_printf(&file->why, err, "'%s' is gone", path);
	}
	if (file->state != HOOK_NEW)
		return 0;
	if (!has_copy)
		return buf_printf(&file->why, err, "'%s' is not approved on "
				  "this device", path);
	file->state = HOOK_APPROVED;
	if (span_equals(buf_span(&file->bytes), buf_span(copy)))
		return 0;
	file->state = HOOK_CHANGED;
	return buf_printf(&file->why, err, "'%s' has changed since it was "
			  "approved on this device", path);
}

int hook_look(const struct hook_place *place, const char *name,
	      struct hook_file *out, struct err *err)
{
	struct buf copy = BUF_INIT(HOOK_FILE_MAX);
	char *vault = NULL;
	bool has_copy, is_absent;
	int rc;

	if (!is_name(name))
		return err_set(err, ERR_INVALID, "no hook is called '%s'",
			       name);
	vault = realpath(place->vault_path, NULL);
	if (!vault)
		return err_errno(err, "cannot find '%s'", place->vault_path);
	rc = path_join(&out->path, vault, "vvault/hooks", err);
	if (rc == 0)
		rc = path_add(&out->path, name, err);
	if (rc == 0)
		rc = copy_path(place, name, out, err);
	if (rc == 0)
		rc = look_in_vault(vault, out, err);
	is_absent = out->state == HOOK_ABSENT;
	if (rc == 0)
		rc = look_at_copy(place, out, &copy, &has_copy, err);
	if (rc == 0 && is_absent && out->state == HOOK_UNSAFE) {
		out->state = HOOK_ABSENT;
		buf_reset(&out->why);
	}
	if (rc == 0)
		rc = compare(out, &copy, has_copy, err);
	buf_release(&copy);
	free(vault);
	return rc;
}

int hook_approve(struct hook_file *file, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	int rc;

	if (file->state == HOOK_ABSENT || file->state == HOOK_GONE)
		return err_set(err, ERR_NOT_FOUND, "there is no hook '%s'",
			       buf_text(&file->path));
	if (file->state == HOOK_UNSAFE)
		return err_set(err, ERR_DENIED, "%s", buf_text(&file->why));
	rc = path_parent(&folder, buf_text(&file->copy), err);
	if (rc == 0)
		rc = dir_make_all(buf_text(&folder), 0700, err);
	if (rc == 0)
		rc = file_write_atomic(buf_text(&file->copy),
				       buf_span(&file->bytes), 0700, err);
	buf_release(&folder);
	if (rc < 0)
		return rc;
	buf_reset(&file->why);
	file->state = HOOK_APPROVED;
	return 0;
}

int hook_revoke(struct hook_file *file, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	int rc = file_remove(buf_text(&file->copy), err);

	if (rc < 0)
		return rc;
	if (path_parent(&folder, buf_text(&file->copy), NULL) == 0)
		(void)rmdir(buf_text(&folder));
	buf_release(&folder);
	if (file->state == HOOK_APPROVED || file->state == HOOK_CHANGED)
		file->state = HOOK_NEW;
	if (file->state == HOOK_GONE)
		file->state = HOOK_ABSENT;
	return 0;
}
