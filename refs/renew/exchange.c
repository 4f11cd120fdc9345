#include "refs/renew/renew_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/history/fork_refs.h"
#include "refs/remote/side/side.h"
#include "refs/trust/open.h"

#define END_LOCK_MS 60000

/* What of the new vault takes the place of the old one's; the last two are
 * what this device has verified of it, and seen of its remote. */
static const char *const taken[] = {
	"objects", "refs", "packed-refs", VAULT_LOCAL "/verified",
	VAULT_LOCAL "/marks", NULL
};

/* What git may have left beside: all of it names or holds old versions. */
static const char *const dropped[] = {
	"logs", "FETCH_HEAD", "ORIG_HEAD", "index", "worktrees", "shallow",
	NULL
};

/* What of vvault/ says nothing of any record; the rest goes. */
static const char *const kept_local[] = {
	"format", "id", "clock", "hooks", "locks", "verified", "marks",
	RENEWING, NULL
};

static bool is_among(const char *name, const char *const *names)
{
	while (*names && strcmp(*names, name))
		names++;
	return *names != NULL;
}

static int join(struct buf *out, const char *path, const char *inner,
		const char *name, struct err *err)
{
	buf_reset(out);
	return buf_printf(out, err, "%s%s%s/%s", path, inner[0] ? "/" : "",
			  inner, name);
}

static int move(const char *from, const char *to, struct err *err)
{
	return rename(from, to) < 0 ?
		       err_errno(err, "cannot move '%s'", from) : 0;
}

/* Once more changes nothing: what was moved is not there to be moved. */
static int take_one(const char *path, const char *name, struct err *err)
{
	struct buf fresh = PATH_BUF_INIT;
	struct buf stands = PATH_BUF_INIT;
	struct buf aside = PATH_BUF_INIT;
	int rc = join(&fresh, path, VAULT_LOCAL "/" RENEWING_VAULT, name, err);

	if (rc == 0)
		rc = join(&stands, path, "", name, err);
	if (rc == 0)
		rc = join(&aside, path, VAULT_LOCAL "/" RENEWING_TRASH, name,
			  err);
	if (rc == 0 && file_exists(buf_text(&fresh))) {
		if (file_exists(buf_text(&stands)))
			rc = move(buf_text(&stands), buf_text(&aside), err);
		if (rc == 0)
			rc = move(buf_text(&fresh), buf_text(&stands), err);
	}
	buf_release(&aside);
	buf_release(&stands);
	buf_release(&fresh);
	return rc;
}

static int drop_one(const char *path, const char *inner, const char *name,
		    struct err *err)
{
	struct buf gone = PATH_BUF_INIT;
	int rc = join(&gone, path, inner, name, err);

	if (rc == 0)
		rc = dir_remove_all(path, buf_text(&gone), err);
	buf_release(&gone);
	return rc;
}

static int drop_local(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	(void)kind;
	if (is_among(name, kept_local))
		return 0;
	return drop_one(context, VAULT_LOCAL, name, err);
}

/* Every step may have been done before. */
static int take_all(const char *path, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	size_t i;
	int rc = join(&folder, path, VAULT_LOCAL, RENEWING_TRASH, err);

	if (rc == 0)
		rc = dir_make(buf_text(&folder), 0700, err);
	if (rc == 0)
		rc = join(&folder, path, VAULT_LOCAL "/" RENEWING_TRASH,
			  VAULT_LOCAL, err);
	if (rc == 0)
		rc = dir_make(buf_text(&folder), 0700, err);
	for (i = 0; rc == 0 && taken[i]; i++)
		rc = take_one(path, taken[i], err);
	if (rc == 0)
		rc = dir_sync(path, err);
	for (i = 0; rc == 0 && dropped[i]; i++)
		rc = drop_one(path, "", dropped[i], err);
	if (rc == 0)
		rc = join(&folder, path, "", VAULT_LOCAL, err);
	if (rc == 0)
		rc = dir_each(buf_text(&folder), drop_local,
			      (void *)(uintptr_t)path, err);
	buf_release(&folder);
	return rc;
}

/* The word that it is ready goes last. */
static int clear(const char *path, struct err *err)
{
	int rc = drop_one(path, VAULT_LOCAL, RENEWING_TRASH, err);

	if (rc == 0)
		rc = drop_one(path, VAULT_LOCAL, RENEWING_VAULT, err);
	return rc < 0 ? rc : drop_one(path, VAULT_LOCAL, RENEWING, err);
}

static bool is_there(const char *path, const char *name)
{
	struct buf file = PATH_BUF_INIT;
	bool is = join(&file, path, VAULT_LOCAL, name, NULL) == 0 &&
		  file_exists(buf_text(&file));

	buf_release(&file);
	return is;
}

/* Under the lock: the old vault's refs are not moved by anybody meanwhile. */
static int end_ready(const char *path, struct err *err)
{
	struct buf name = PATH_BUF_INIT;
	struct lock refs = LOCK_INIT;
	int rc = join(&name, path, VAULT_LOCAL "/locks", ".refs", err);

	if (rc == 0)
		rc = lock_take(&refs, buf_text(&name), END_LOCK_MS, err);
	if (rc == 0)
		rc = take_all(path, err);
	lock_release(&refs);
	buf_release(&name);
	return rc < 0 ? rc : clear(path, err);
}

int renewal_clear(const char *path, struct err *err)
{
	if (is_there(path, RENEWING_READY))
		return end_ready(path, err);
	return is_there(path, RENEWING) ? clear(path, err) : 0;
}

int renewal_end(const char *path, struct err *err)
{
	struct buf name = PATH_BUF_INIT;
	struct lock lock = LOCK_INIT;
	struct err reason = ERR_INIT;
	bool is_ready;
	int rc;

	if (!is_there(path, RENEWING))
		return 0;
	is_ready = is_there(path, RENEWING_READY);
	rc = join(&name, path, VAULT_LOCAL "/locks", ".renew", err);
	if (rc == 0)
		rc = lock_take(&lock, buf_text(&name),
			       is_ready ? END_LOCK_MS : 0, &reason);
	if (rc == 0)
		rc = renewal_clear(path, &reason);
	/* One is being made, or what is left of it cannot be removed: the
	 * vault is as it was. */
	if (rc < 0 && !is_ready)
		rc = 0;
	lock_release(&lock);
	buf_release(&name);
	return rc < 0 ? err_copy(err, rc, &reason) : 0;
}

static int by_all(const void *a, const void *b)
{
	const struct head *x = a;
	const struct head *y = b;
	int order = strcmp(x->construct, y->construct);

	if (!order)
		order = strcmp(x->device, y->device);
	return order ? order : git_oid_cmp(&x->id, &y->id);
}

int stage_list_refs(const struct stage *stage, struct head_list *out,
		    struct err *err)
{
	struct store *store = stage->vault->store;
	int rc = heads_list(store, HEADS_PREFIX, NULL, out, NULL, err);

	if (rc == 0)
		rc = fork_refs_list(store, NULL, out, err);
	if (rc == 0 && out->n)
		qsort(out->at, out->n, sizeof(*out->at), by_all);
	return rc;
}

static int check_unmoved(const struct stage *stage, struct err *err)
{
	struct head_list now = HEAD_LIST_INIT;
	bool is_same;
	size_t i;
	int rc = stage_list_refs(stage, &now, err);

	is_same = now.n == stage->refs.n;
	for (i = 0; is_same && i < now.n; i++)
		is_same = !by_all(&now.at[i], &stage->refs.at[i]);
	head_list_release(&now);
	if (rc < 0 || is_same)
		return rc;
	return err_set(err, ERR_CHANGED, "this vault was written to "
		       "meanwhile: nothing was changed, do it again");
}

static int settle_file(const struct stage *stage, const char *name,
		       mode_t mode, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, buf_text(&stage->path), name, err);

	if (rc == 0 && !file_exists(buf_text(&path)))
		rc = file_write_atomic(buf_text(&path), span_str(""), mode,
				       err);
	buf_release(&path);
	return rc;
}

/* All that is taken must be there, for what is not cannot be taken. */
static int settle_taken(const struct stage *stage, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = settle_file(stage, "packed-refs", 0644, err);

	if (rc == 0)
		rc = settle_file(stage, VAULT_LOCAL "/verified", 0600, err);
	if (rc == 0)
		rc = path_join(&path, buf_text(&stage->path),
			       VAULT_LOCAL "/marks", err);
	if (rc == 0)
		rc = dir_make(buf_text(&path), 0700, err);
	buf_release(&path);
	return rc;
}

static int say_ready(const struct stage *stage, struct err *err)
{
	return vault_local_write(stage->vault, RENEWING_READY,
				 span_str("ready\n"), err);
}

/* The side repositories of remotes, whose fetches bring objects of before. */
struct held_sides {
	struct side *at;
	size_t n;
};

static int sides_hold(struct vault *vault, struct held_sides *sides,
		      struct err *err)
{
	static const struct side none = SIDE_INIT;
	struct remote_list list = REMOTE_LIST_INIT;
	size_t i;
	int rc = remote_list(vault, &list, err);

	sides->at = calloc(list.n + 1, sizeof(*sides->at));
	if (rc == 0 && !sides->at)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < list.n; i++) {
		sides->at[sides->n] = none;
		rc = side_open(vault, list.at[i].name,
			       &sides->at[sides->n++], err);
	}
	remote_list_release(&list);
	return rc;
}

static void sides_release(struct held_sides *sides)
{
	while (sides->n)
		side_release(&sides->at[--sides->n]);
	free(sides->at);
}

/* From its being ready on the new vault counts, whatever fails. */
static int end_exchange(const char *path, struct lock *refs, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = take_all(path, &reason);

	lock_release(refs);
	if (rc == 0)
		rc = clear(path, &reason);
	return rc == 0 ? 0 : err_set(err, ERR_IO, "the vault is made anew, "
		"and what is left of the old one cannot be taken away yet: "
		"%s; the next command goes on with that", reason.text);
}

int stage_exchange(struct stage *stage, struct err *err)
{
	struct held_sides sides = { NULL, 0 };
	struct lock refs = LOCK_INIT;
	int rc;

	/* What it has verified is written when it is closed. */
	vault_close(stage->made);
	stage->made = NULL;
	store_free(stage->store);
	stage->store = NULL;
	rc = settle_taken(stage, err);
	if (rc == 0)
		rc = sides_hold(stage->vault, &sides, err);
	if (rc == 0)
		rc = vault_local_lock(stage->vault, "locks/.refs", END_LOCK_MS,
				      &refs, err);
	if (rc == 0)
		rc = check_unmoved(stage, err);
	if (rc == 0)
		rc = say_ready(stage, err);
	if (rc == 0)
		rc = end_exchange(stage->vault->path, &refs, err);
	lock_release(&refs);
	sides_release(&sides);
	return rc;
}
