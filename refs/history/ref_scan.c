#define _DEFAULT_SOURCE	/* d_type */
#include "refs/history/ref_scan.h"

#include <dirent.h>
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
#include "lib/os/path.h"
#include "refs/history/packed_under.h"
#include "refs/history/ref_files.h"
#include "refs/history/repo.h"

/*
 * The files of refs, read here rather than by libgit2: that looks at each
 * several times over, which with thousands of constructs is most of what a
 * listing costs, and leaves out one whose file holds no id, as if it had never
 * been. Loose refs are read before packed ones: whoever packs writes the
 * packed one first, so none is missed on its way.
 */
#define REF_FILE_MAX 4096
#define STRAY_DEPTH 16

struct scan {
	struct head_list *out;
	struct head_list *damaged;	/* NULL: one is an error */
	size_t strays;
	const char *construct;		/* only this one; NULL: all */
	const char *folder;		/* name of the one at hand */
	int fd;				/* and its descriptor */
	unsigned depth;			/* of folders that hold no heads */
	char device[DID_SHORT_MAX];	/* the last spelling that was checked */
	struct buf text;
};

static enum dir_kind kind_of(int fd, const struct dirent *entry)
{
	struct stat status;

	if (entry->d_type == DT_REG)
		return DIR_KIND_FILE;
	if (entry->d_type == DT_DIR)
		return DIR_KIND_DIR;
	if (entry->d_type == DT_UNKNOWN &&
	    fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
		if (S_ISREG(status.st_mode))
			return DIR_KIND_FILE;
		if (S_ISDIR(status.st_mode))
			return DIR_KIND_DIR;
	}
	return DIR_KIND_OTHER;
}

/* Each entry of the folder fd, which is taken over: dir_each() without the
 * order and the look at each that it costs. */
static int each_entry(struct scan *scan, int fd, const char *path,
		      int (*each)(struct scan *scan, const char *name,
				  enum dir_kind kind, struct err *err),
		      struct err *err)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	int outer = scan->fd;
	int rc = 0;

	if (!dir) {
		close(fd);
		return err_errno(err, "cannot open folder '%s'", path);
	}
	scan->fd = fd;
	while (rc == 0 && (errno = 0, entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			rc = each(scan, entry->d_name, kind_of(fd, entry),
				  err);
	if (rc == 0 && errno)
		rc = err_errno(err, "cannot list '%s'", path);
	scan->fd = outer;
	closedir(dir);
	return rc;
}

static bool is_lock(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && !strcmp(name + len - 5, ".lock");
}

/* The spelling of a device is worth checking once for all its constructs. */
static bool take_name(struct scan *scan, const char *folder, const char *name,
		      struct head *out)
{
	char text[REF_NAME_MAX];
	int len;

	memset(out, 0, sizeof(*out));
	if (!strcmp(name, scan->device) &&
	    construct_name_check(span_str(folder), NULL) == 0) {
		snprintf(out->construct, sizeof(out->construct), "%s", folder);
		snprintf(out->device, sizeof(out->device), "%s", name);
		return true;
	}
	len = snprintf(text, sizeof(text), "%s/%s", folder, name);
	if (len < 0 || (size_t)len >= sizeof(text) ||
	    head_parse(text, out, NULL) < 0)
		return false;
	memcpy(scan->device, out->device, sizeof(scan->device));
	return true;
}

/* A name that is no construct's, or lies deeper than heads do. */
static int count_strays(struct scan *scan, const char *name, enum dir_kind kind,
			struct err *err)
{
	int fd;
	int rc;

	if (kind != DIR_KIND_DIR) {
		scan->strays += kind == DIR_KIND_FILE && !is_lock(name);
		return 0;
	}
	if (scan->depth == STRAY_DEPTH)
		return err_set(err, ERR_LIMIT, "the folder of refs '%s' is too "
			       "deep", name);
	fd = openat(scan->fd, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return 0;	/* gone meanwhile: git removes empty ones */
	scan->depth++;
	rc = each_entry(scan, fd, name, count_strays, err);
	scan->depth--;
	return rc;
}

/* What a file of one of our names says: an id, or another ref's name. */
static int take_content(struct scan *scan, struct head *head, struct err *err)
{
	struct span text = buf_span(&scan->text);

	while (text.len && text.at[text.len - 1] == '\n')
		text.len--;
	/* A symbolic ref would let one device's head speak for another's. */
	if (span_begins(text, "ref: ")) {
		scan->strays++;
		return 0;
	}
	if (hex_decode(text, head->id.id, GIT_OID_RAWSZ))
		return head_list_add(scan->out, head, err);
	memset(&head->id, 0, sizeof(head->id));
	if (scan->damaged)
		return head_list_add(scan->damaged, head, err);
	return err_set(err, ERR_CORRUPT, "the ref '%s/%s' is damaged: its file "
		       "holds no id; 'vvault verify --repair' looks for the "
		       "version that it named", head->construct, head->device);
}

static int scan_file(struct scan *scan, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct head head;
	int fd;
	int rc;

	if (kind == DIR_KIND_DIR || !take_name(scan, scan->folder, name, &head))
		return count_strays(scan, name, kind, err);
	fd = openat(scan->fd, name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;	/* gone meanwhile */
	if (fd < 0 && errno == ELOOP)
		return err_set(err, ERR_DENIED, "the ref '%s/%s' is no file of "
			       "its own", scan->folder, name);
	if (fd < 0)
		return err_errno(err, "cannot open the ref '%s/%s'",
				 scan->folder, name);
	buf_reset(&scan->text);
	rc = file_read_fd(fd, name, REF_FILE_MAX, &scan->text, err);
	close(fd);
	return rc < 0 ? rc : take_content(scan, &head, err);
}

static int scan_folder(struct scan *scan, const char *name, enum dir_kind kind,
		       struct err *err)
{
	int fd;

	if (kind == DIR_KIND_OTHER)
		return err_set(err, ERR_DENIED, "'refs/.../%s' is no folder of "
			       "its own", name);
	if (kind != DIR_KIND_DIR)
		return count_strays(scan, name, kind, err);
	fd = openat(scan->fd, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return err_set(err, ERR_DENIED, "'refs/.../%s' is no folder of "
			       "its own", name);
	if (fd < 0)
		return err_errno(err, "cannot open the folder of refs '%s'",
				 name);
	scan->folder = name;
	return each_entry(scan, fd, name, scan_file, err);
}

static int scan_loose(struct scan *scan, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (!scan->construct)
		return each_entry(scan, fd, path, scan_folder, err);
	scan->fd = fd;
	rc = scan_folder(scan, scan->construct, DIR_KIND_DIR, err);
	close(fd);
	return rc;
}

/* One line of a ref whose name begins with the prefix. */
static int take_packed(struct scan *scan, struct span line, const char *prefix,
		       const struct head_list *loose, struct err *err)
{
	size_t skip = strlen(prefix);
	struct packed_ref ref;
	char name[REF_NAME_MAX];
	struct head head;
	char *slash;

	if (!packed_ref_parse(line, &ref) || ref.name.len <= skip ||
	    ref.name.len >= skip + sizeof(name))
		return 0;
	memcpy(name, ref.name.at + skip, ref.name.len - skip);
	name[ref.name.len - skip] = '\0';
	slash = strchr(name, '/');
	if (slash)
		*slash = '\0';
	if (!slash || !take_name(scan, name, slash + 1, &head)) {
		scan->strays++;
		return 0;
	}
	head.id = ref.id;
	if (head_list_find(loose, &head) ||
	    (scan->damaged && head_list_find(scan->damaged, &head)))
		return 0;
	return head_list_add(scan->out, &head, err);
}

static int scan_packed(struct scan *scan, const char *path, const char *prefix,
		       const struct head_list *loose, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	char below[REF_NAME_MAX * 2];
	struct span rest;
	int rc;

	snprintf(below, sizeof(below), "%s%s%s", prefix,
		 scan->construct ? scan->construct : "",
		 scan->construct ? "/" : "");
	rc = packed_refs_under(path, below, &text, err);
	rest = buf_span(&text);
	while (rc == 0 && rest.len)
		rc = take_packed(scan, span_take_line(&rest), prefix, loose,
				 err);
	buf_release(&text);
	return rc;
}

int refs_scan(struct store *store, const char *prefix, const char *construct,
	      const struct refs_found *found, size_t *out_strays,
	      struct err *err)
{
	struct head_list *out = found->good;
	struct head_list packed = HEAD_LIST_INIT;
	struct scan scan = { .out = out, .damaged = found->damaged,
			     .construct = construct, .fd = -1,
			     .text = BUF_INIT(REF_FILE_MAX) };
	struct buf path = PATH_BUF_INIT;
	size_t i;
	int rc = path_join(&path, repo_path(store), prefix, err);

	if (rc == 0)
		rc = scan_loose(&scan, buf_text(&path), err);
	buf_reset(&path);
	if (rc == 0)
		rc = path_join(&path, repo_path(store), "packed-refs",
			       err);
	head_list_sort(out);
	if (scan.damaged)
		head_list_sort(scan.damaged);
	scan.out = &packed;
	if (rc == 0)
		rc = scan_packed(&scan, buf_text(&path), prefix, out, err);
	for (i = 0; rc == 0 && i < packed.n; i++)
		rc = head_list_add(out, &packed.at[i], err);
	if (packed.n)
		head_list_sort(out);
	*out_strays = scan.strays;
	head_list_release(&packed);
	buf_release(&scan.text);
	buf_release(&path);
	return rc;
}
