#include "objects/store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "lib/os/file.h"
#include "objects/store/store_internal.h"

/*
 * libgit2 says -36 for a repository of another user, but -3 when no
 * safe.directory is configured, and none ever is: we read no user config.
 */
static int open_error(int git_rc, const char *path, struct err *err)
{
	const git_error *last = git_error_last();
	struct stat st;

	if (git_rc == GIT_EOWNER ||
	    (last && last->message && strstr(last->message, "safe.directory")))
		return err_set(err, ERR_DENIED,
			       "'%s' belongs to another user", path);
	if (git_rc == GIT_ENOTFOUND && stat(path, &st) && errno == EACCES)
		return err_errno(err, "cannot open '%s'", path);
	if (git_rc == GIT_ENOTFOUND)
		return err_set(err, ERR_NOT_FOUND, "no repository at '%s'",
			       path);
	return libgit2_error(git_rc, "cannot open the repository", err);
}

static int open_repository(struct store *store, const char *path,
			   struct err *err)
{
	unsigned flags = GIT_REPOSITORY_OPEN_NO_SEARCH |
			 GIT_REPOSITORY_OPEN_NO_DOTGIT |
			 GIT_REPOSITORY_OPEN_BARE;
	int rc = git_repository_open_ext(&store->repo, path, flags, NULL);

	if (rc < 0)
		return open_error(rc, path, err);
	rc = git_repository_odb(&store->odb, store->repo);
	/* git keeps a file of who descends from whom, which nobody signed. */
	if (rc == 0)
		rc = git_odb_set_commit_graph(store->odb, NULL);
	if (rc < 0)
		return libgit2_error(rc, "cannot open the objects", err);
	rc = store_read_loose_here(store, err);
	return rc < 0 ? rc : store_read_late_packs(store, err);
}

static int copy_paths(struct store *store, const char *path, struct err *err)
{
	size_t len = strlen(path);

	/* libgit2 appends a slash of its own; ours has none, save for "/". */
	while (len > 1 && path[len - 1] == '/')
		len--;
	store->path = calloc(1, len + 1);
	store->objects_path = calloc(1, len + sizeof("/objects"));
	if (!store->path || !store->objects_path)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(store->path, path, len);
	memcpy(store->objects_path, path, len);
	memcpy(store->objects_path + len, "/objects", sizeof("/objects"));
	return 0;
}

int store_open(const char *path, bool may_alternate, struct store **out,
	       struct err *err)
{
	static const struct table no_ids = TABLE_INIT(GIT_OID_RAWSZ,
						      TABLE_NO_LIMIT);
	struct store *store = calloc(1, sizeof(*store));
	int rc;

	if (!store)
		return err_set(err, ERR_NOMEM, "out of memory");
	store->by_id = no_ids;
	rc = copy_paths(store, path, err);
	if (rc == 0)
		rc = store_check_shape(store->path, may_alternate, err);
	if (rc == 0)
		rc = open_repository(store, store->path, err);
	if (rc == 0)
		rc = deflater_new(&store->deflater, err);
	if (rc < 0)
		store_free(store);
	else
		*out = store;
	return rc;
}

int store_open_again(const struct store *from, struct store **out,
		     struct err *err)
{
	int rc = store_open(from->path, true, out, err);

	if (rc == 0 && from->has_secret)
		store_trust_caches(*out, from->secret);
	return rc;
}

/* What libgit2 has open stays so, however long the file has gone. */
int store_reopen(struct store *store, struct err *err)
{
	store_discard(store);
	git_odb_free(store->odb);
	git_repository_free(store->repo);
	store->odb = NULL;
	store->repo = NULL;
	return open_repository(store, store->path, err);
}

void store_free(struct store *store)
{
	if (!store)
		return;
	store_discard(store);
	table_release(&store->by_id);
	free(store->staged.at);
	free(store->new_roots.at);
	deflater_free(store->deflater);
	store_close_caches(store);
	git_odb_free(store->odb);
	git_repository_free(store->repo);
	free(store->objects_path);
	free(store->path);
	sodium_memzero(store, sizeof(*store));
	free(store);
}

git_repository *store_repository(struct store *store)
{
	return store->repo;
}

const char *store_path(const struct store *store)
{
	return store->path;
}

const char *store_objects_path(const struct store *store)
{
	return store->objects_path;
}

static int check_found(const git_oid *id, enum object_type wanted, int type,
		       struct err *err)
{
	static const char *const words[] = { "", "commit", "tree", "blob" };

	if (type == (int)wanted)
		return 0;
	return err_set(err, ERR_INVALID, "object '%s' is no %s",
		       oid_hex(id).text, words[wanted]);
}

static int check_size(const git_oid *id, size_t len, size_t max,
		      struct err *err)
{
	if (len <= max && len <= STORE_OBJECT_MAX)
		return 0;
	return err_set(err, ERR_LIMIT,
		       "object '%s' of %zu bytes is over the limit",
		       oid_hex(id).text, len);
}

/* Where it is, too: a damaged file is what people can do something about. */
static int read_error(struct store *store, int git_rc, const git_oid *id,
		      struct err *err)
{
	struct buf what = BUF_INIT(BUF_NO_LIMIT);
	const git_error *last = git_error_last();
	char reason[256];
	int rc;

	if (git_rc == GIT_ENOTFOUND)
		return err_set(err, ERR_NOT_FOUND, "object '%s' is missing",
			       oid_hex(id).text);
	snprintf(reason, sizeof(reason), "%s", last ? last->message : "");
	rc = buf_printf(&what, NULL, "cannot read object '%s'",
			oid_hex(id).text);
	if (rc == 0 && (!last || last->klass != GIT_ERROR_OS) &&
	    store_find_pack(store, id, &what))
		rc = err_set(err, ERR_CORRUPT, "%s: %s", buf_text(&what),
			     reason);
	else
		rc = libgit2_error(git_rc, buf_text(&what), err);
	buf_release(&what);
	return rc;
}

static int read_once(struct store *store, const git_oid *id,
		     enum object_type type, size_t max, struct buf *out,
		     struct err *err)
{
	git_odb_object *object = NULL;
	git_object_t found;
	size_t len;
	int rc;

	/* The header first: what it says is what would be allocated. */
	errno = 0;
	rc = git_odb_read_header(&len, &found, store->odb, id);
	if (rc < 0)
		return read_error(store, rc, id, err);
	rc = check_found(id, type, (int)found, err);
	if (rc == 0)
		rc = check_size(id, len, max, err);
	if (rc < 0)
		return rc;
	errno = 0;
	rc = git_odb_read(&object, store->odb, id);
	if (rc < 0)
		return read_error(store, rc, id, err);
	/* Another file may have taken its place in between. */
	rc = check_found(id, type, (int)git_odb_object_type(object), err);
	if (rc == 0)
		rc = check_size(id, git_odb_object_size(object), max, err);
	if (rc == 0)
		rc = buf_add(out, git_odb_object_data(object),
			     git_odb_object_size(object), err);
	git_odb_object_free(object);
	return rc;
}

static int read_stored(struct store *store, const git_oid *id,
		       enum object_type type, size_t max, struct buf *out,
		       struct err *err)
{
	size_t before = out->len;
	int rc = read_once(store, id, type, max, out, err);

	store->stats.read += rc == 0;
	store->stats.read_bytes += rc == 0 ? out->len - before : 0;
	store->stats.unread += rc == ERR_NOT_FOUND || rc == ERR_CORRUPT;
	return rc;
}

int store_read(struct store *store, const git_oid *id, enum object_type type,
	       size_t max, struct buf *out, struct err *err)
{
	const struct staged *staged = staged_find(store, id);
	int rc;

	buf_reset(out);
	if (!staged)
		return read_stored(store, id, type, max, out, err);
	rc = check_found(id, type, (int)staged->object.type, err);
	if (rc == 0)
		rc = check_size(id, staged->object.len, max, err);
	if (rc < 0)
		return rc;
	return buf_add(out, staged->object.bytes + staged->object.header_len,
		       staged->object.len, err);
}

int store_size(struct store *store, const git_oid *id, uint64_t *out,
	       struct err *err)
{
	const struct staged *staged = staged_find(store, id);
	git_object_t found;
	size_t len;
	int rc;

	*out = staged ? staged->object.len : 0;
	if (staged)
		return 0;
	errno = 0;
	rc = git_odb_read_header(&len, &found, store->odb, id);
	if (rc < 0)
		return read_error(store, rc, id, err);
	*out = len;
	return 0;
}

bool store_is_known(struct store *store, const git_oid *id)
{
	return git_odb_exists_ext(store->odb, id, GIT_ODB_LOOKUP_NO_REFRESH);
}

bool store_has(struct store *store, const git_oid *id)
{
	return staged_find(store, id) || git_odb_exists(store->odb, id);
}

int store_refresh(struct store *store, struct err *err)
{
	int rc = git_odb_refresh(store->odb);

	if (rc < 0)
		return libgit2_error(rc, "cannot look for new packs", err);
	return 0;
}

struct store_stats store_stats(const struct store *store)
{
	return store->stats;
}
