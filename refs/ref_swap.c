#include "refs/ref.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/file.h"
#include "lib/lock.h"
#include "lib/path.h"
#include "refs/refs_internal.h"

static enum err_code repo_code(int code, const git_error *last)
{
	switch (code) {
	case GIT_ENOTFOUND:
		return ERR_NOT_FOUND;
	case GIT_EEXISTS:
		return ERR_EXISTS;
	case GIT_ELOCKED:
		return ERR_LOCKED;
	case GIT_EMODIFIED:
		return ERR_CHANGED;
	case GIT_EINVALIDSPEC:
		return ERR_INVALID;
	default:
		/* What it can read, and cannot make sense of. */
		return last && last->klass == GIT_ERROR_REFERENCE ?
			       ERR_CORRUPT : ERR_IO;
	}
}

int repo_failed(struct err *err, int code, const char *fmt, ...)
{
	const git_error *last = git_error_last();
	char context[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(context, sizeof(context), fmt, args);
	va_end(args);
	return err_set(err, repo_code(code, last), "%s: %s", context,
		       last && last->message ? last->message : "unknown");
}

/* Where a ref stands; *out_exists false when there is none. */
static int ref_read(git_repository *repo, const char *name, git_oid *out,
		    bool *out_exists, struct err *err)
{
	git_reference *ref = NULL;
	int rc = git_reference_lookup(&ref, repo, name);

	*out_exists = rc == 0;
	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc < 0)
		return repo_failed(err, rc, "cannot read '%s'", name);
	if (git_reference_type(ref) == GIT_REFERENCE_DIRECT)
		*out = *git_reference_target(ref);
	else
		rc = err_set(err, ERR_CORRUPT,
			     "'%s' is a symbolic ref, which vvault never makes",
			     name);
	git_reference_free(ref);
	return rc;
}

/* Only to be asked under the ref's lock: else the answer is history. */
static int ref_expect(git_repository *repo, const char *name,
		      const git_oid *expected, struct err *err)
{
	bool exists;
	git_oid found;
	int rc;

	rc = ref_read(repo, name, &found, &exists, err);
	if (rc < 0)
		return rc;
	if (exists != !!expected ||
	    (exists && !git_oid_equal(&found, expected)))
		return err_set(err, ERR_CHANGED,
			       "'%s' was moved by another process", name);
	return 0;
}

/*
 * A new ref may have made new folders; libgit2 syncs only the last one, and
 * after a power cut the whole folder could be missing from its parent.
 */
static int folders_sync(git_repository *repo, const char *name,
			struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	char part[REF_NAME_MAX];
	char *slash;
	int rc = 0;

	snprintf(part, sizeof(part), "%s", name);
	while (rc == 0 && (slash = strrchr(part, '/')) != NULL) {
		*slash = '\0';
		rc = path_join(&path, git_repository_path(repo), part, err);
		if (rc == 0)
			rc = dir_sync(path.data, err);
	}
	buf_release(&path);
	return rc;
}

#define OURS_WAIT_MS 10000	/* for vvault's own lock */
#define THEIRS_WAIT_MS 500	/* for git's, where no lock of ours is */
#define STEP_MS 20
#define STALE_SECONDS 5

/*
 * Git's ref lock is a file, which a killed process leaves behind. So vvault
 * moves refs under a lock of the kernel too, where there is a place for it:
 * who holds that knows that a ref lock of some age was left by the dead, for
 * git itself holds one for milliseconds. The name of the ref that moves stands
 * in the kernel lock's file meanwhile: who finds one there knows at once.
 */
struct guard {
	struct lock ours;
	git_transaction *theirs;
};

#define GUARD_INIT { LOCK_INIT, NULL }

static void guard_release(struct guard *guard)
{
	git_transaction_free(guard->theirs);
	guard->theirs = NULL;
	if (lock_is_held(&guard->ours))
		/* What stays there would only be swept in vain. */
		(void)!ftruncate(guard->ours.fd, 0);
	lock_release(&guard->ours);
}

/* Remove the lock that one who died under ours has left, and say whose ref is
 * next. A file that cannot be written costs the dead's heirs some seconds. */
static void heir_settle(git_repository *repo, const struct guard *guard,
			const char *name)
{
	char dead[REF_NAME_MAX];
	char file[REF_NAME_MAX + 8];
	struct buf path = PATH_BUF_INIT;
	ssize_t len = pread(guard->ours.fd, dead, sizeof(dead) - 1, 0);

	if (len > 0) {
		dead[len] = '\0';
		snprintf(file, sizeof(file), "%s.lock", dead);
		if (!strncmp(dead, "refs/", 5) && !strstr(dead, "..") &&
		    path_join(&path, git_repository_path(repo), file,
			      NULL) == 0)
			unlink(buf_text(&path));
	}
	buf_release(&path);
	(void)!ftruncate(guard->ours.fd, 0);
	(void)!pwrite(guard->ours.fd, name, strlen(name), 0);
}

static int ours_take(git_repository *repo, const char *name,
		     struct guard *guard, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc;

	rc = path_join(&path, git_repository_path(repo), "vvault/locks", err);
	if (rc == 0 && file_is_dir(path.data)) {
		rc = path_add(&path, ".refs", err);
		if (rc == 0)
			rc = lock_take(&guard->ours, path.data, OURS_WAIT_MS,
				       err);
		if (rc == 0)
			heir_settle(repo, guard, name);
	}
	buf_release(&path);
	return rc;
}

/*
 * Look at git's lock of a ref, and remove it if it is old; *out_is_there when
 * it goes on standing.
 */
static int lock_break(const char *git_dir, const char *name,
		      bool *out_is_there)
{
	char file[REF_NAME_MAX + 8];
	struct buf path = PATH_BUF_INIT;
	struct stat st;
	int rc;

	*out_is_there = false;
	snprintf(file, sizeof(file), "%s.lock", name);
	rc = path_join(&path, git_dir, file, NULL);
	if (rc == 0 && lstat(path.data, &st) == 0) {
		*out_is_there = true;
		if (S_ISREG(st.st_mode) &&
		    time(NULL) - st.st_mtime >= STALE_SECONDS)
			*out_is_there = file_remove(path.data, NULL) < 0;
	}
	buf_release(&path);
	return rc;
}

void ref_lock_await(const char *git_dir, const char *name)
{
	static const struct timespec step = { 0, STEP_MS * 1000000L };
	int left = (STALE_SECONDS + 1) * 1000;
	bool is_there = true;

	for (; left > 0; left -= STEP_MS) {
		if (lock_break(git_dir, name, &is_there) < 0 || !is_there)
			return;
		nanosleep(&step, NULL);
	}
}

static int theirs_take(git_repository *repo, const char *name,
		       struct guard *guard)
{
	static const struct timespec step = { 0, STEP_MS * 1000000L };
	bool may_break = lock_is_held(&guard->ours);
	int left = may_break ? (STALE_SECONDS + 1) * 1000 : THEIRS_WAIT_MS;
	bool is_there;
	int rc;

	rc = git_transaction_new(&guard->theirs, repo);
	if (rc < 0)
		return rc;
	rc = git_transaction_lock_ref(guard->theirs, name);
	for (; rc == GIT_ELOCKED && left > 0; left -= STEP_MS) {
		if (!may_break ||
		    lock_break(git_repository_path(repo), name, &is_there) ||
		    is_there)
			nanosleep(&step, NULL);
		rc = git_transaction_lock_ref(guard->theirs, name);
	}
	return rc;
}

/* libgit2 would follow a symlink on the way to a ref, and write elsewhere. */
static int folders_check(git_repository *repo, const char *name,
			 struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	char part[REF_NAME_MAX];
	struct stat st;
	char *slash;
	int rc = 0;

	snprintf(part, sizeof(part), "%s", name);
	while (rc == 0 && (slash = strrchr(part, '/')) != NULL) {
		*slash = '\0';
		rc = path_join(&path, git_repository_path(repo), part, err);
		if (rc == 0 && lstat(path.data, &st) == 0 &&
		    !S_ISDIR(st.st_mode))
			rc = err_set(err, ERR_DENIED, "'%s' is no folder of "
				     "its own: the ref '%s' is left alone",
				     path.data, name);
	}
	buf_release(&path);
	return rc;
}

/*
 * The lock is taken before the old value is read: libgit2's own calls for a
 * compare-and-swap look first where a ref must not exist, and two processes
 * could then both make it.
 */
static int ref_lock(git_repository *repo, const char *name,
		    struct guard *guard, struct err *err)
{
	int rc = folders_check(repo, name, err);

	if (rc == 0)
		rc = ours_take(repo, name, guard, err);
	if (rc < 0)
		return rc;
	rc = theirs_take(repo, name, guard);
	if (rc == GIT_ELOCKED)
		return err_set(err, ERR_LOCKED,
			       "'%s' is locked by another process", name);
	if (rc < 0)
		return repo_failed(err, rc, "cannot lock '%s'", name);
	return 0;
}

int ref_swap(git_repository *repo, const char *name, const git_oid *expected,
	     const git_oid *id, struct err *err)
{
	struct guard guard = GUARD_INIT;
	int rc, done;

	rc = ref_lock(repo, name, &guard, err);
	if (rc == 0)
		rc = ref_expect(repo, name, expected, err);
	if (rc == 0) {
		done = git_transaction_set_target(guard.theirs, name, id,
						  NULL, NULL);
		if (done == 0)
			done = git_transaction_commit(guard.theirs);
		if (done < 0)
			rc = repo_failed(err, done, "cannot move '%s'", name);
	}
	guard_release(&guard);
	if (rc == 0 && !expected)
		rc = folders_sync(repo, name, err);
	return rc;
}

int ref_delete(git_repository *repo, const char *name,
	       const git_oid *expected, struct err *err)
{
	struct guard guard = GUARD_INIT;
	int rc, done;

	/* A ref may be packed as well, and goes from there first. */
	ref_lock_await(git_repository_path(repo), "packed-refs");
	rc = ref_lock(repo, name, &guard, err);
	if (rc == 0)
		rc = ref_expect(repo, name, expected, err);
	if (rc == 0) {
		done = git_transaction_remove(guard.theirs, name);
		if (done == 0)
			done = git_transaction_commit(guard.theirs);
		if (done < 0)
			rc = repo_failed(err, done, "cannot delete '%s'", name);
	}
	guard_release(&guard);
	return rc;
}
