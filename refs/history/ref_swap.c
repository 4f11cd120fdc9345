#include "refs/history/ref.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/os/file.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "refs/history/ref_files.h"
#include "refs/history/repo.h"

#define OURS_WAIT_MS 10000
#define HEIRS_MAX ((size_t)64 << 20)

/* Remove the locks that one who died under ours has left. */
static void heirs_settle(const struct folder *git_dir, char *names)
{
	char *name = names, *next;

	for (; name; name = next) {
		next = strchr(name, '\n');
		if (next)
			*next++ = '\0';
		if (!strncmp(name, "refs/", 5) && !strstr(name, "..") &&
		    strlen(name) < REF_NAME_MAX)
			ref_lock_drop(git_dir, name);
	}
}

/*
 * Git's ref lock is a file, which a killed process leaves behind. So vvault
 * moves refs under a lock of the kernel too, where there is a place for it:
 * who holds that knows that a ref lock of some age was left by the dead, for
 * git itself holds one for milliseconds. The names of the refs that move
 * stand in the kernel lock's file meanwhile: who finds some there knows at
 * once. A file that cannot be read or written costs the heirs some seconds.
 */
static void heirs_name(const struct folder *git_dir, const struct lock *lock,
		       const struct ref_move *moves, size_t n)
{
	struct buf names = BUF_INIT(HEIRS_MAX);
	size_t i;
	int rc;

	if (file_read_fd(lock->fd, "locks", HEIRS_MAX, &names, NULL) == 0 &&
	    names.len)
		heirs_settle(git_dir, names.data);
	buf_reset(&names);
	for (i = 0, rc = 0; rc == 0 && i < n; i++)
		rc = buf_printf(&names, NULL, "%s\n", moves[i].name);
	(void)!ftruncate(lock->fd, 0);
	if (names.len)
		(void)!pwrite(lock->fd, names.data, names.len, 0);
	buf_release(&names);
}

static int ours_take(struct store *store, struct lock *lock, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, repo_path(store), "vvault/locks", err);

	if (rc == 0 && file_is_dir(path.data)) {
		rc = path_add(&path, ".refs", err);
		if (rc == 0)
			rc = lock_take(lock, path.data, OURS_WAIT_MS, err);
	}
	buf_release(&path);
	return rc;
}

static void ours_give(struct lock *lock)
{
	if (lock_is_held(lock))
		/* What stays there would only be swept in vain. */
		(void)!ftruncate(lock->fd, 0);
	lock_release(lock);
}

int refs_move(struct store *store, struct ref_move *moves, size_t n,
	      struct err *err)
{
	struct folder git_dir = FOLDER_INIT;
	struct lock lock = LOCK_INIT;
	int rc = n ? folder_open(&git_dir, repo_path(store), err) :
		     0;

	if (rc == 0 && n)
		rc = ours_take(store, &lock, err);
	if (rc == 0 && lock_is_held(&lock))
		heirs_name(&git_dir, &lock, moves, n);
	if (rc == 0 && n)
		rc = ref_files_move(&git_dir, moves, n, lock_is_held(&lock),
				    err);
	ours_give(&lock);
	folder_release(&git_dir);
	return rc;
}

void ref_lock_await(const char *git_dir, const char *name)
{
	struct folder folder = FOLDER_INIT;
	char lock[REF_NAME_MAX + 8];

	snprintf(lock, sizeof(lock), "%s.lock", name);
	if (folder_open(&folder, git_dir, NULL) == 0)
		ref_lock_outlive(&folder, lock);
	folder_release(&folder);
}

static int move_one(struct store *store, const char *name,
		    const git_oid *expected, const git_oid *id, struct err *err)
{
	struct ref_move move;
	int rc;

	memset(&move, 0, sizeof(move));
	snprintf(move.name, sizeof(move.name), "%s", name);
	move.has_expected = expected != NULL;
	move.is_delete = !id;
	if (expected)
		move.expected = *expected;
	if (id)
		move.id = *id;
	rc = refs_move(store, &move, 1, err);
	if (rc == 0 && move.rc < 0)
		rc = err_set(err, (enum err_code)move.rc, "%s", move.reason);
	return rc;
}

int ref_swap(struct store *store, const char *name, const git_oid *expected,
	     const git_oid *id, struct err *err)
{
	return move_one(store, name, expected, id, err);
}

int ref_delete(struct store *store, const char *name, const git_oid *expected,
	       struct err *err)
{
	/* A ref may be packed as well, and goes from there first. */
	ref_lock_await(repo_path(store), "packed-refs");
	return move_one(store, name, expected, NULL, err);
}

bool ref_read(struct store *store, const char *name, git_oid *out)
{
	return git_reference_name_to_id(out, store_repository(store),
					name) == 0;
}

bool head_stands(struct store *store, const struct head *head, git_oid *out)
{
	char name[REF_NAME_MAX];

	return head_ref_name(HEADS_PREFIX, head->construct, head->device,
			     name, NULL) == 0 && ref_read(store, name, out);
}
