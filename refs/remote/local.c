#include "refs/remote/remote_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/encode.h"
#include "lib/file.h"
#include "lib/path.h"

#define REF_FILE_MAX 256
#define ATTEMPTS 3		/* while git repacks the other side */

struct ref_walk {
	struct trip *trip;
	struct arrivals *out;
	const char *folder;		/* refs/heads, or below */
	const char *construct;		/* NULL in refs/heads */
};

static int ref_add(struct ref_walk *walk, const char *name, struct span hex,
		   struct err *err)
{
	struct arrivals *out = walk->out;
	struct head head;

	if (head_parse(name, &head, NULL) < 0) {
		out->strays++;
		return 0;
	}
	if (!hex_decode(hex, head.id.id, GIT_OID_RAWSZ))
		return err_set(err, ERR_CORRUPT, "the ref '%s' of '%s' is "
			       "damaged", name, walk->trip->text);
	if (out->heads.n >= walk->trip->limits.refs)
		return err_set(err, ERR_LIMIT, "'%s' has more than %llu refs",
			       walk->trip->text, (unsigned long long)
			       walk->trip->limits.refs);
	/* A loose ref is newer than a packed one of that name. */
	if (head_find(&out->heads, &head))
		return 0;
	return head_list_add(&out->heads, &head, err);
}

/* Read a regular file, whatever a name of it may lead to. */
static int plain_read(const char *path, size_t max, struct buf *out,
		      struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int rc;

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (fstat(fd, &st) < 0)
		rc = err_errno(err, "cannot look at '%s'", path);
	else if (!S_ISREG(st.st_mode))
		rc = err_set(err, ERR_DENIED, "'%s' is no regular file", path);
	else
		rc = file_read_fd(fd, path, max, out, err);
	close(fd);
	return rc;
}

static int loose_ref(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct ref_walk *walk = context;
	struct buf text = BUF_INIT(REF_FILE_MAX);
	struct buf path = PATH_BUF_INIT;
	char full[REF_NAME_MAX];
	int rc;

	snprintf(full, sizeof(full), "%s/%s", walk->construct, name);
	if (kind != DIR_KIND_FILE || strlen(name) > DID_SHORT_MAX ||
	    strchr(name, '.')) {
		walk->out->strays++;
		return 0;
	}
	rc = path_join(&path, walk->folder, name, err);
	if (rc == 0)
		rc = plain_read(buf_text(&path), REF_FILE_MAX, &text, err);
	while (text.len && text.data[text.len - 1] == '\n')
		buf_cut(&text, text.len - 1);
	if (rc == 0)
		rc = ref_add(walk, full, buf_span(&text), err);
	buf_release(&path);
	buf_release(&text);
	return rc;
}

static int loose_folder(void *context, const char *name, enum dir_kind kind,
			struct err *err)
{
	struct ref_walk *walk = context;
	struct ref_walk inner = *walk;
	struct buf path = PATH_BUF_INIT;
	int rc;

	if (kind != DIR_KIND_DIR || strlen(name) >= CONSTRUCT_NAME_MAX) {
		walk->out->strays++;
		return 0;
	}
	rc = path_join(&path, walk->folder, name, err);
	inner.folder = buf_text(&path);
	inner.construct = name;
	if (rc == 0)
		rc = dir_each(inner.folder, loose_ref, &inner, err);
	buf_release(&path);
	return rc;
}

/* "<hex> <name>" per line; '#' and '^' begin others. */
static int packed_refs(struct ref_walk *walk, struct span text,
		       struct err *err)
{
	const size_t skip = GIT_OID_HEXSZ + 1 + strlen(HEADS_PREFIX);
	char name[REF_NAME_MAX];
	struct span line;
	const char *end;
	int rc = 0;

	while (rc == 0 && text.len) {
		end = memchr(text.at, '\n', text.len);
		line = span_of(text.at, end ? (size_t)(end - text.at) :
					      text.len);
		text = span_of(text.at + line.len + (end != NULL),
			       text.len - line.len - (end != NULL));
		if (line.len <= skip || line.len - skip >= sizeof(name) ||
		    memcmp(line.at + GIT_OID_HEXSZ, " " HEADS_PREFIX,
			   strlen(HEADS_PREFIX) + 1))
			continue;
		memcpy(name, line.at + skip, line.len - skip);
		name[line.len - skip] = '\0';
		rc = ref_add(walk, name, span_of(line.at, GIT_OID_HEXSZ), err);
	}
	return rc;
}

/* Loose ones first: a ref is packed before its loose file goes. */
int local_heads(struct trip *trip, const char *git_dir, struct arrivals *out,
		struct err *err)
{
	struct ref_walk walk = { trip, out, NULL, NULL };
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(trip->limits.refs * REF_NAME_MAX);
	int rc = path_join(&path, git_dir, "refs/heads", err);

	walk.folder = buf_text(&path);
	if (rc == 0 && file_exists(walk.folder))
		rc = dir_each(walk.folder, loose_folder, &walk, err);
	if (rc == 0)
		rc = path_join(&path, git_dir, "packed-refs", err);
	if (rc == 0 && file_exists(buf_text(&path)))
		rc = plain_read(buf_text(&path), text.max, &text, err);
	if (rc == 0)
		rc = packed_refs(&walk, buf_span(&text), err);
	head_list_sort(&out->heads);
	buf_release(&text);
	buf_release(&path);
	return rc;
}

static bool is_kind(const char *dir, const char *name, mode_t kind)
{
	struct buf path = PATH_BUF_INIT;
	struct stat st;
	bool is = path_join(&path, dir, name, NULL) == 0 &&
		  lstat(buf_text(&path), &st) == 0 &&
		  (!kind || (st.st_mode & S_IFMT) == kind);

	buf_release(&path);
	return is;
}

int local_git_dir(struct trip *trip, struct buf *out, struct err *err)
{
	const char *path = buf_text(&trip->url.path);
	static const char *const foreign[] = {
		"commondir", "objects/info/alternates",
		"objects/info/http-alternates", NULL
	};
	size_t i;
	int rc = buf_add_str(out, path, err);

	if (rc == 0 && is_kind(path, ".git", S_IFDIR))
		rc = path_add(out, ".git", err);
	if (rc < 0)
		return rc;
	if (!is_kind(buf_text(out), "HEAD", S_IFREG) ||
	    !is_kind(buf_text(out), "objects", 0))
		return err_set(err, ERR_NOT_FOUND, "no repository at '%s'",
			       path);
	if (!is_kind(buf_text(out), "objects", S_IFDIR) ||
	    !is_kind(buf_text(out), "refs", S_IFDIR))
		return err_set(err, ERR_DENIED, "'%s' keeps its objects "
			       "behind a symbolic link", path);
	for (i = 0; foreign[i]; i++) {
		if (is_kind(buf_text(out), foreign[i], 0))
			return err_set(err, ERR_DENIED, "'%s' takes objects "
				       "from elsewhere (%s)", path,
				       foreign[i]);
	}
	return 0;
}

static bool has_heads(struct side *side, const struct head_list *heads)
{
	size_t i;

	for (i = 0; i < heads->n; i++) {
		if (!store_has(side->store, &heads->at[i].id))
			return false;
	}
	return true;
}

/*
 * What is there is copied through the same guard as what comes by wire: the
 * other side's indexes are not believed, and its files are not kept open.
 */
int local_fetch(struct trip *trip, struct side *side, struct arrivals *out,
		struct err *err)
{
	struct buf git_dir = PATH_BUF_INIT;
	struct err reason = ERR_INIT;
	unsigned attempt = 0;
	int rc = local_git_dir(trip, &git_dir, err);

	if (rc == 0)
		rc = local_heads(trip, buf_text(&git_dir), out, err);
	if (rc < 0 || has_heads(side, &out->heads))
		goto out;
	do {
		err_clear(&reason);
		rc = local_objects(trip, side, buf_text(&git_dir), &reason);
	} while (rc == ERR_NOT_FOUND && ++attempt < ATTEMPTS);
	if (rc < 0)
		rc = err_set(err, (enum err_code)rc, "%s", reason.text);
out:
	buf_release(&git_dir);
	return rc;
}
