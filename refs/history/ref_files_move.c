#include "refs/history/ref_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "lib/os/file.h"

#define PACKED_FIRST "# pack-refs with: peeled fully-peeled sorted \n"
#define SORTED_FIRST "# pack-refs with: sorted \n"
#define PACKED_MAX ((size_t)1 << 28)
#define STALE_SECONDS 5
#define LONG_WAIT_MS ((STALE_SECONDS + 1) * 1000)
#define SHORT_WAIT_MS 500
#define STEP_MS 20
#define FOLDER_TRIES 3
#define LOCK_SUFFIX ".lock"

/* A move on its way. */
struct moving {
	const struct folder *git_dir;
	struct ref_move *moves;
	size_t n;
	struct packed_refs packed;
	bool may_break;
	int left_ms;		/* of the time to wait for locks of others */
};

static bool goes_on(const struct ref_move *move)
{
	return move->rc == 0;
}

/* The first reason stands. */
static void fail(struct ref_move *move, int code, const struct err *reason)
{
	if (move->rc < 0)
		return;
	move->rc = code;
	snprintf(move->reason, sizeof(move->reason), "%.250s", reason->text);
}

/* The folder in which a ref's file lies, and the file's name. */
static int folder_of(const struct folder *git_dir, const char *name,
		     bool may_make, struct folder *out, const char **out_base,
		     struct err *err)
{
	const char *slash = strrchr(name, '/');
	char parent[REF_NAME_MAX];

	memcpy(parent, name, (size_t)(slash - name));
	parent[slash - name] = '\0';
	*out_base = slash + 1;
	return folder_enter(git_dir, parent, may_make, out, err);
}

static void lock_name(const char *base, char out[REF_NAME_MAX + 8])
{
	snprintf(out, REF_NAME_MAX + 8, "%s" LOCK_SUFFIX, base);
}

void ref_lock_break(const struct folder *folder, const char *lock)
{
	struct stat st;

	if (fstatat(folder->fd, lock, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(st.st_mode) && time(NULL) - st.st_mtime >= STALE_SECONDS)
		unlinkat(folder->fd, lock, 0);
}

void ref_lock_outlive(const struct folder *folder, const char *lock)
{
	static const struct timespec step = { 0, STEP_MS * 1000000L };
	int left = LONG_WAIT_MS;

	ref_lock_break(folder, lock);
	for (; left > 0 && folder_has(folder, lock); left -= STEP_MS) {
		nanosleep(&step, NULL);
		ref_lock_break(folder, lock);
	}
}

/*
 * Make the lock file of a ref, as git does; waits for that of another as long
 * as time is left. A power cut may leave it empty: nobody reads it.
 */
static int lock_make(struct moving *moving, const struct folder *folder,
		     const char *lock, int *out_fd, struct err *err)
{
	static const struct timespec step = { 0, STEP_MS * 1000000L };
	int fd;

	for (;;) {
		fd = openat(folder->fd, lock, O_WRONLY | O_CREAT | O_EXCL |
			    O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd >= 0) {
			*out_fd = fd;
			return 0;
		}
		if (errno != EEXIST)
			return err_errno(err, "cannot lock '%s/%s'",
					 folder->path, lock);
		if (moving->left_ms <= 0)
			return err_set(err, ERR_LOCKED, "'%s/%s' is held by "
				       "another process", folder->path, lock);
		if (moving->may_break)
			ref_lock_break(folder, lock);
		nanosleep(&step, NULL);
		moving->left_ms -= STEP_MS;
	}
}

static int ref_lock_once(struct moving *moving, struct ref_move *move,
			 struct err *err)
{
	struct folder folder = FOLDER_INIT;
	char lock[REF_NAME_MAX + 8];
	const char *base;
	int fd = -1;
	int rc = folder_of(moving->git_dir, move->name, true, &folder, &base,
			   err);

	if (rc == 0) {
		lock_name(base, lock);
		rc = lock_make(moving, &folder, lock, &fd, err);
	}
	if (rc == 0) {
		close(fd);
		move->is_locked = true;
		move->is_loose = folder_has(&folder, base);
	}
	folder_release(&folder);
	return rc;
}

/* Another process may remove an empty folder just before the lock is made. */
static int ref_lock(struct moving *moving, struct ref_move *move,
		    struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = ERR_NOT_FOUND;
	int tries;

	for (tries = 0; rc == ERR_NOT_FOUND && tries < FOLDER_TRIES; tries++) {
		err_clear(&reason);
		rc = ref_lock_once(moving, move, &reason);
	}
	return err_copy(err, rc, &reason);
}

static void lock_all(struct moving *moving)
{
	size_t i;

	for (i = 0; i < moving->n; i++) {
		struct ref_move *move = &moving->moves[i];
		struct err reason = ERR_INIT;
		int rc;

		move->rc = 0;
		move->reason[0] = '\0';
		move->is_locked = false;
		rc = ref_lock(moving, move, &reason);
		if (rc < 0)
			fail(move, rc, &reason);
	}
}

/* Only under the locks: else the answer is history. */
static void compare_all(struct moving *moving)
{
	size_t i;

	for (i = 0; i < moving->n; i++) {
		struct ref_move *move = &moving->moves[i];
		struct err reason = ERR_INIT;
		bool exists = false;
		git_oid found;
		int rc;

		if (!goes_on(move))
			continue;
		move->is_packed = packed_refs_find(&moving->packed,
						   move->name) != NULL;
		rc = ref_files_read(moving->git_dir, &moving->packed,
				    move->name, &found, &exists, &reason);
		if (rc == 0 && (exists != move->has_expected ||
				(exists && !git_oid_equal(&found,
							  &move->expected))))
			rc = err_set(&reason, ERR_CHANGED, "'%s' was moved by "
				     "another process", move->name);
		if (rc < 0)
			fail(move, rc, &reason);
	}
}

/* Write the id into the lock file and sync it. */
static int value_write(const struct moving *moving, struct ref_move *move,
		       struct err *err)
{
	struct folder folder = FOLDER_INIT;
	char hex[GIT_OID_HEXSZ + 2], lock[REF_NAME_MAX + 8];
	const char *base;
	int fd = -1;
	int rc = folder_of(moving->git_dir, move->name, false, &folder, &base,
			   err);

	hex_text(move->id.id, GIT_OID_RAWSZ, hex);
	memcpy(hex + GIT_OID_HEXSZ, "\n", 2);
	if (rc == 0) {
		lock_name(base, lock);
		fd = openat(folder.fd, lock, O_WRONLY | O_CLOEXEC |
			    O_NOFOLLOW | O_NONBLOCK);
		if (fd < 0)
			rc = err_errno(err, "cannot write '%s/%s'",
				       folder.path, lock);
	}
	if (rc == 0)
		rc = file_write_fd(fd, move->name, span_str(hex), err);
	if (rc == 0 && fsync(fd) < 0)
		rc = err_errno(err, "cannot write '%s'", move->name);
	if (fd >= 0 && close(fd) < 0 && rc == 0)
		rc = err_errno(err, "cannot write '%s'", move->name);
	folder_release(&folder);
	return rc;
}

static int value_publish(const struct moving *moving, struct ref_move *move,
			 struct err *err)
{
	struct folder folder = FOLDER_INIT;
	char lock[REF_NAME_MAX + 8];
	const char *base;
	int rc = folder_of(moving->git_dir, move->name, false, &folder, &base,
			   err);

	if (rc == 0 && move->is_delete) {
		if (unlinkat(folder.fd, base, 0) < 0 && errno != ENOENT)
			rc = err_errno(err, "cannot delete '%s'", move->name);
	} else if (rc == 0) {
		lock_name(base, lock);
		if (renameat(folder.fd, lock, folder.fd, base) < 0)
			rc = err_errno(err, "cannot move '%s'", move->name);
		else
			move->is_locked = false;
	}
	folder_release(&folder);
	return rc;
}

/* Is its own file written, or deleted? */
static bool goes_alone(const struct ref_move *move, bool is_many)
{
	return goes_on(move) && (!is_many || move->is_delete ||
				 move->has_expected || move->is_loose);
}

/* Does packed-refs change for it? */
static bool goes_packed(const struct ref_move *move, bool is_many)
{
	return goes_on(move) && (move->is_delete ? move->is_packed :
				 !goes_alone(move, is_many));
}

static void write_alone(struct moving *moving, bool is_many)
{
	struct ref_move *move;
	size_t i;
	int rc;

	for (i = 0; i < moving->n; i++) {
		struct err reason = ERR_INIT;

		move = &moving->moves[i];
		rc = goes_alone(move, is_many) && !move->is_delete ?
			value_write(moving, move, &reason) : 0;
		if (rc < 0)
			fail(move, rc, &reason);
	}
	for (i = 0; i < moving->n; i++) {
		struct err reason = ERR_INIT;

		move = &moving->moves[i];
		rc = goes_alone(move, is_many) ?
			value_publish(moving, move, &reason) : 0;
		if (rc < 0)
			fail(move, rc, &reason);
	}
}

/* The lines of a packed-refs file with the new refs among them. */
struct line {
	struct span name;
	struct span text;	/* empty: move's */
	const struct ref_move *move;
};

static int line_order(const void *a, const void *b)
{
	const struct line *left = a, *right = b;

	return span_compare(left->name, right->name);
}

static size_t lines_collect(const struct moving *moving, bool is_many,
			    struct line *lines)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < moving->n; i++) {
		const struct ref_move *move = &moving->moves[i];
		struct packed_ref *found;

		if (!goes_packed(move, is_many))
			continue;
		found = (struct packed_ref *)packed_refs_find(&moving->packed,
							      move->name);
		if (found)
			found->rest.len = 0;
		if (!move->is_delete)
			lines[n++] = (struct line){ span_str(move->name),
						    { NULL, 0 }, move };
	}
	for (i = 0; i < moving->packed.n; i++) {
		if (moving->packed.at[i].rest.len)
			lines[n++] = (struct line){
				moving->packed.at[i].name,
				moving->packed.at[i].rest, NULL
			};
	}
	qsort(lines, n, sizeof(*lines), line_order);
	return n;
}

static int packed_text(const struct moving *moving, bool is_many,
		       struct buf *out, struct err *err)
{
	struct line *lines = calloc(moving->packed.n + moving->n + 1,
				    sizeof(*lines));
	char hex[GIT_OID_HEXSZ + 1];
	size_t n, i;

	if (!lines)
		return err_set(err, ERR_NOMEM, "out of memory");
	n = lines_collect(moving, is_many, lines);
	buf_put_str(out, moving->packed.is_peeled ? PACKED_FIRST :
						    SORTED_FIRST);
	for (i = 0; i < n; i++) {
		if (lines[i].move) {
			hex_text(lines[i].move->id.id, GIT_OID_RAWSZ, hex);
			buf_putf(out, "%s %s\n", hex, lines[i].move->name);
			continue;
		}
		buf_put_span(out, lines[i].text);
		buf_put_char(out, '\n');
	}
	free(lines);
	return buf_end(out, err);
}

static int packed_publish(struct moving *moving, bool is_many,
			  const char *lock, int fd, struct err *err)
{
	struct buf text = BUF_INIT(PACKED_MAX);
	/* Read again under its lock: others may have packed theirs. */
	int rc = packed_refs_read(moving->git_dir, PACKED_MAX,
				  &moving->packed, err);

	if (rc == 0)
		rc = packed_text(moving, is_many, &text, err);
	if (rc == 0)
		rc = file_write_fd(fd, "packed-refs", buf_span(&text), err);
	if (rc == 0 && fsync(fd) < 0)
		rc = err_errno(err, "cannot write 'packed-refs'");
	if (rc == 0 && renameat(moving->git_dir->fd, lock,
				moving->git_dir->fd, "packed-refs") < 0)
		rc = err_errno(err, "cannot write 'packed-refs'");
	buf_release(&text);
	return rc;
}

/*
 * New refs, all in one file: what git itself does when it clones. Each is
 * locked and has no loose file, so nobody else makes it meanwhile. Deleted
 * ones go from here before their files, which would else uncover old values.
 */
static void write_packed(struct moving *moving, bool is_many)
{
	static const char lock[] = "packed-refs" LOCK_SUFFIX;
	struct err reason = ERR_INIT;
	int fd = -1;
	size_t i;
	int rc = lock_make(moving, moving->git_dir, lock, &fd, &reason);

	if (rc == 0) {
		rc = packed_publish(moving, is_many, lock, fd, &reason);
		close(fd);
		if (rc < 0)
			unlinkat(moving->git_dir->fd, lock, 0);
	}
	for (i = 0; rc < 0 && i < moving->n; i++) {
		if (goes_packed(&moving->moves[i], is_many))
			fail(&moving->moves[i], rc, &reason);
	}
}

/* How many would change packed-refs? */
static size_t packed_count(const struct moving *moving, bool is_many)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < moving->n; i++)
		n += goes_packed(&moving->moves[i], is_many);
	return n;
}

/* "refs/heads/nova" of "refs/heads/nova/<device>"; false for "refs/heads". */
static bool parent_of(const char *name, char out[REF_NAME_MAX])
{
	const char *slash = strrchr(name, '/');

	memcpy(out, name, (size_t)(slash - name));
	out[slash - name] = '\0';
	slash = strchr(out, '/');
	return slash && strchr(slash + 1, '/');
}

void ref_lock_drop(const struct folder *git_dir, const char *name)
{
	struct folder folder = FOLDER_INIT;
	char lock[REF_NAME_MAX + 8], parent[REF_NAME_MAX];
	const char *base;

	if (folder_of(git_dir, name, false, &folder, &base, NULL) == 0) {
		lock_name(base, lock);
		unlinkat(folder.fd, lock, 0);
	}
	folder_release(&folder);
	if (parent_of(name, parent) &&
	    folder_of(git_dir, parent, false, &folder, &base, NULL) == 0)
		unlinkat(folder.fd, base, AT_REMOVEDIR);
	folder_release(&folder);
}

/* Locks that are left, and the folders that were made for them alone. */
static void unlock_all(struct moving *moving)
{
	size_t i;

	for (i = 0; i < moving->n; i++) {
		if (moving->moves[i].is_locked)
			ref_lock_drop(moving->git_dir,
				      moving->moves[i].name);
	}
}

static int name_order(const void *a, const void *b)
{
	const struct ref_move *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

/* What is synced already: a folder, and one with all that are above it. */
struct synced {
	char last[REF_NAME_MAX];
	char deep[REF_NAME_MAX];
};

static bool is_synced(const struct synced *synced, const char *path)
{
	size_t len = strlen(path);

	return !strcmp(synced->last, path) ||
	       (!strncmp(synced->deep, path, len) &&
		(synced->deep[len] == '/' || !synced->deep[len]));
}

/* The folder of a ref; of a new one those above it too, up to refs/. */
static int folders_sync(const struct moving *moving, const char *name,
			bool is_new, struct synced *synced, struct err *err)
{
	struct folder folder = FOLDER_INIT;
	char part[REF_NAME_MAX];
	char *slash = part;
	int rc = 0;

	snprintf(part, sizeof(part), "%s", name);
	*strrchr(part, '/') = '\0';
	while (rc == 0 && slash && !is_synced(synced, part)) {
		rc = folder_enter(moving->git_dir, part, false, &folder, err);
		if (rc == 0)
			rc = folder_sync(&folder, err);
		folder_release(&folder);
		slash = is_new ? strrchr(part, '/') : NULL;
		if (slash)
			*slash = '\0';
	}
	snprintf(part, sizeof(part), "%s", name);
	*strrchr(part, '/') = '\0';
	memcpy(is_new ? synced->deep : synced->last, part, sizeof(part));
	return rc;
}

/*
 * In the order of names, so that each folder comes once, and after all that
 * lies in them is there.
 */
static int sync_all(const struct moving *moving, bool many, bool has_packed,
		    struct err *err)
{
	const struct ref_move **order = calloc(moving->n + 1, sizeof(*order));
	struct synced synced = { "", "" };
	size_t n = 0;
	size_t i;
	int rc = 0;

	if (!order)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < moving->n; i++) {
		if (goes_alone(&moving->moves[i], many))
			order[n++] = &moving->moves[i];
	}
	if (n > 1)
		qsort(order, n, sizeof(*order), name_order);
	for (i = 0; rc == 0 && i < n; i++)
		rc = folders_sync(moving, order[i]->name,
				  !order[i]->is_loose &&
				  !order[i]->is_delete, &synced, err);
	if (rc == 0 && has_packed)
		rc = folder_sync(moving->git_dir, err);
	free(order);
	return rc;
}

int ref_files_move(const struct folder *git_dir, struct ref_move *moves,
		   size_t n, bool may_break, struct err *err)
{
	struct moving moving = {
		git_dir, moves, n, PACKED_REFS_INIT, may_break,
		may_break ? LONG_WAIT_MS : SHORT_WAIT_MS
	};
	bool many, has_packed;
	int rc;

	lock_all(&moving);
	rc = packed_refs_read(git_dir, PACKED_MAX, &moving.packed, err);
	if (rc == 0) {
		compare_all(&moving);
		many = packed_count(&moving, true) >= REF_FILES_PACK_MIN;
		has_packed = packed_count(&moving, many) > 0;
		if (has_packed)
			write_packed(&moving, many);
		write_alone(&moving, many);
		rc = sync_all(&moving, many, has_packed, err);
	}
	unlock_all(&moving);
	packed_refs_release(&moving.packed);
	return rc;
}
