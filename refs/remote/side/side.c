#include "refs/remote/side/side.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/remote/side/side_internal.h"

#define LOCK_MS 60000
#define SEEN_PREFIX "refs/seen/"
#define HELD_PREFIX "refs/held/"
#define REFUSED_PREFIX "refs/refused/"
#define GUESS_PREFIX "refs/guess/"

/* The state of the vault that those refused were refused by. */
#define JUDGED_NAME "refs/judged"

/* The order of the lines is a promise of the first. */
#define FIRST_LINE "# pack-refs with: peeled fully-peeled sorted \n"

/* From <vault>/vvault/remotes/<name>.git/objects to <vault>/objects. */
#define ALTERNATE "../../../../objects\n"

int side_path(struct vault *vault, const char *name, struct buf *out,
	      struct err *err)
{
	char inner[REMOTE_NAME_MAX + 32];

	snprintf(inner, sizeof(inner), "remotes/%s.git", name);
	return vault_local_path(vault, inner, out, err);
}

static int take_lock(struct side *side, struct err *err)
{
	char inner[REMOTE_NAME_MAX + 32];

	snprintf(inner, sizeof(inner), "locks/.remote-%s", side->name);
	return vault_local_lock(side->vault, inner, LOCK_MS, &side->lock, err);
}

int side_file_remove(const char *folder, const char *name, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, folder, name, err);

	if (rc == 0 && remove(buf_text(&path)) && errno != ENOENT)
		rc = err_errno(err, "cannot delete '%s'", buf_text(&path));
	buf_release(&path);
	return rc;
}

/* Under a name of its own until it is whole. Called under the lock. */
static int make(struct side *side, struct err *err)
{
	char inner[REMOTE_NAME_MAX + 32];
	struct buf root = PATH_BUF_INIT;
	struct buf fresh = PATH_BUF_INIT;
	int rc;

	snprintf(inner, sizeof(inner), "remotes/.new-%s", side->name);
	rc = vault_local_path(side->vault, "remotes", &root, err);
	if (rc == 0)
		rc = vault_local_path(side->vault, inner, &fresh, err);
	if (rc == 0)
		rc = dir_remove_all(buf_text(&root), buf_text(&fresh), err);
	if (rc == 0)
		rc = store_create(buf_text(&fresh), err);
	if (rc == 0)
		rc = dir_remove_all(buf_text(&root), buf_text(&side->path),
				    err);
	if (rc == 0 && rename(buf_text(&fresh), buf_text(&side->path)))
		rc = err_errno(err, "cannot make '%s'",
			       buf_text(&side->path));
	if (rc == 0)
		rc = dir_sync(buf_text(&root), err);
	buf_release(&fresh);
	buf_release(&root);
	return rc;
}

/*
 * What it lacks is made anew: folders that were dropped because they were
 * empty, the way to the vault's objects, without which all of them would be
 * fetched again.
 */
int side_mend(struct side *side, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(PATH_TEXT_MAX);
	int rc;

	store_mend(buf_text(&side->path));
	rc = path_join(&path, buf_text(&side->path),
		       "objects/info/alternates", err);
	if (rc == 0 && (file_read(buf_text(&path), PATH_TEXT_MAX, &text,
				  NULL) < 0 ||
			!span_equals(buf_span(&text), span_str(ALTERNATE))))
		rc = file_write_atomic(buf_text(&path), span_str(ALTERNATE),
				       0600, err);
	buf_release(&text);
	buf_release(&path);
	return rc;
}

int side_reopen(struct side *side, struct err *err)
{
	store_free(side->store);
	side->store = NULL;
	return store_open(buf_text(&side->path), true, &side->store, err);
}

/* What names an object that is not there would only stop negotiations. */
static int list_read(struct side *side, const char *prefix,
		     struct head_list *out, struct err *err)
{
	size_t kept = 0;
	size_t i;
	int rc = heads_list(side->store, prefix, NULL, out, NULL, err);

	for (i = 0; rc == 0 && i < out->n; i++) {
		if (store_has(side->store, &out->at[i].id))
			out->at[kept++] = out->at[i];
	}
	out->n = kept;
	return rc;
}

static void judged_by(const struct side *side, git_oid *out)
{
	const struct vault_state *state = &side->vault->state;
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash = { { 0 } };
	size_t i;

	sha256_init(&hash);
	for (i = 0; i < state->heads_n; i++)
		sha256_add(&hash, state->heads[i].id, GIT_OID_RAWSZ);
	sha256_finish(&hash, digest);
	git_oid_fromraw(out, digest);
}

/*
 * One whose objects were too much to be kept is refused by its id, as long as
 * the members are those who it was refused by; then it is asked for again.
 */
static int refused_read(struct side *side, struct err *err)
{
	struct store *store = side->store;
	git_oid judged;
	git_oid now;

	judged_by(side, &now);
	if (ref_read(store, JUDGED_NAME, &judged) &&
	    git_oid_equal(&judged, &now))
		return heads_list(store, REFUSED_PREFIX, NULL, &side->refused,
				  NULL, err);
	return list_read(side, REFUSED_PREFIX, &side->refused, err);
}

/* What waits there: mostly nothing, where thousands were seen. */
static int waiting_read(struct side *side, struct err *err)
{
	int rc = list_read(side, HELD_PREFIX, &side->held, err);

	return rc < 0 ? rc : refused_read(side, err);
}

bool side_refuses(const struct side *side, const struct head *head)
{
	size_t i;

	for (i = 0; i < side->refused.n; i++) {
		if (git_oid_equal(&side->refused.at[i].id, &head->id) &&
		    head_find(&side->refused, head) == &side->refused.at[i])
			return true;
	}
	return false;
}

static int lists_read(struct side *side, struct err *err)
{
	int rc = list_read(side, SEEN_PREFIX, &side->seen, err);

	return rc < 0 ? rc : waiting_read(side, err);
}

int side_peek(struct vault *vault, const char *name, struct side *out,
	      struct err *err)
{
	int rc = side_path(vault, name, &out->path, err);

	out->vault = vault;
	if (rc == 0)
		rc = side_reopen(out, err);
	return rc < 0 ? rc : waiting_read(out, err);
}

static int reopen_mended(struct side *side, struct err *err)
{
	int rc = side_mend(side, err);

	if (rc == 0)
		rc = side_reopen(side, err);
	return rc < 0 ? rc : lists_read(side, err);
}

int side_open(struct vault *vault, const char *name, struct side *out,
	      struct err *err)
{
	struct err reason = ERR_INIT;
	int rc;

	out->vault = vault;
	snprintf(out->name, sizeof(out->name), "%s", name);
	rc = side_path(vault, name, &out->path, err);
	if (rc == 0)
		rc = take_lock(out, err);
	if (rc < 0)
		return rc;
	vault_sweep(vault);
	rc = ERR_NOT_FOUND;
	if (file_exists(buf_text(&out->path)))
		rc = reopen_mended(out, &reason);
	/* It holds only what a remote can give again. */
	if (rc == ERR_NOT_FOUND || rc == ERR_CORRUPT) {
		rc = make(out, err);
		if (rc == 0)
			rc = reopen_mended(out, err);
	} else if (rc < 0) {
		rc = err_copy(err, rc, &reason);
	}
	return rc;
}

void side_release(struct side *side)
{
	store_free(side->store);
	side->store = NULL;
	head_list_release(&side->seen);
	head_list_release(&side->held);
	head_list_release(&side->refused);
	buf_release(&side->path);
	lock_release(&side->lock);
}

static int refs_write(struct side *side, const struct buf *text,
		      struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, buf_text(&side->path), "packed-refs", err);

	if (rc == 0)
		rc = file_write_atomic(buf_text(&path), buf_span(text), 0600,
				       err);
	buf_release(&path);
	return rc;
}

static void put_lines(struct buf *text, const char *prefix,
		      const struct head_list *list)
{
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;

	for (i = 0; list && i < list->n; i++) {
		hex_text(list->at[i].id.id, GIT_OID_RAWSZ, hex);
		buf_putf(text, "%s %s%s/%s\n", hex, prefix,
			 list->at[i].construct, list->at[i].device);
	}
}

/*
 * Only what one download should say "have" of; side_save() comes after. What
 * libgit2 says is the twenty newest, and an answer to any of them is enough
 * for it, so what has nothing to do with the matter must not be there.
 */
int side_negotiate(struct side *side, const struct head_list *tips,
		   struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_str(&text, FIRST_LINE);
	put_lines(&text, GUESS_PREFIX, tips);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = refs_write(side, &text, err);
	buf_release(&text);
	return rc;
}

/*
 * One file for all refs: one rename, however many there are. In the order of
 * the prefixes, as the file's first line promises.
 */
int side_save(struct side *side, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	char hex[GIT_OID_HEXSZ + 1];
	git_oid judged;
	int rc;

	judged_by(side, &judged);
	hex_text(judged.id, GIT_OID_RAWSZ, hex);
	head_list_sort(&side->seen);
	head_list_sort(&side->held);
	head_list_sort(&side->refused);
	buf_put_str(&text, FIRST_LINE);
	put_lines(&text, HELD_PREFIX, &side->held);
	if (side->refused.n)
		buf_putf(&text, "%s " JUDGED_NAME "\n", hex);
	put_lines(&text, REFUSED_PREFIX, &side->refused);
	put_lines(&text, SEEN_PREFIX, &side->seen);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = refs_write(side, &text, err);
	buf_release(&text);
	return rc;
}

int copied_forget(struct side *side, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, buf_text(&side->path), COPIED_FILE, err);

	if (rc == 0)
		rc = file_remove(buf_text(&path), err);
	buf_release(&path);
	return rc;
}
