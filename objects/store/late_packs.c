/*
 * libgit2 looks for new packs once when it finds nothing, and opens the ones
 * that it saw only then. Should they be packed anew in between, it says that
 * an object is missing. So below its own backends stands one that, after such
 * a look, looks with fresh eyes; whoever reads, walks and packs to push
 * included.
 */
#include "objects/store/store_internal.h"

#include <stdlib.h>
#include <string.h>

#include <git2/sys/odb_backend.h>

#define PRIORITY 0		/* libgit2's: packs 2, loose objects 1 */
#define TRIES 3

struct late {
	git_odb_backend base;
	const char *objects_path;	/* the store's, which lives longer */
	bool is_due;			/* libgit2 has looked, just now */
};

static int late_refresh(git_odb_backend *base)
{
	((struct late *)base)->is_due = true;
	return 0;
}

static int open_packs(const struct late *late, git_odb **out)
{
	git_odb_backend *packs = NULL;
	int rc = git_odb_new(out);

	if (rc == 0)
		rc = git_odb_backend_pack(&packs, late->objects_path);
	if (rc == 0)
		rc = git_odb_add_backend(*out, packs, 1);
	if (rc < 0 && packs)
		packs->free(packs);
	return rc;
}

/* Read an object, or its header alone where object is NULL. */
static int look(struct late *late, const git_oid *id, git_odb_object **object,
		size_t *out_len, git_object_t *out_type)
{
	int rc = GIT_ENOTFOUND;
	unsigned i;

	for (i = 0; late->is_due && rc == GIT_ENOTFOUND && i < TRIES; i++) {
		git_odb *odb = NULL;

		rc = open_packs(late, &odb);
		if (rc == 0)
			rc = object ? git_odb_read(object, odb, id) :
			     git_odb_read_header(out_len, out_type, odb, id);
		git_odb_free(odb);
	}
	late->is_due = false;
	return rc;
}

static int late_read_header(size_t *out_len, git_object_t *out_type,
			    git_odb_backend *base, const git_oid *id)
{
	return look((struct late *)base, id, NULL, out_len, out_type);
}

static int late_read(void **out, size_t *out_len, git_object_t *out_type,
		     git_odb_backend *base, const git_oid *id)
{
	git_odb_object *object = NULL;
	int rc = look((struct late *)base, id, &object, NULL, NULL);

	if (rc < 0)
		return rc;
	*out_len = git_odb_object_size(object);
	*out_type = git_odb_object_type(object);
	*out = git_odb_backend_data_alloc(base, *out_len + 1);
	if (*out)
		memcpy(*out, git_odb_object_data(object), *out_len);
	git_odb_object_free(object);
	return *out ? 0 : GIT_ERROR;
}

/* libgit2's own backends, above this one, list them. */
static int late_list(git_odb_backend *base, git_odb_foreach_cb each,
		     void *payload)
{
	(void)base;
	(void)each;
	(void)payload;
	return 0;
}

static void late_free(git_odb_backend *base)
{
	free(base);
}

int store_read_late_packs(struct store *store, struct err *err)
{
	struct late *late = calloc(1, sizeof(*late));
	int done;

	if (!late)
		return err_set(err, ERR_NOMEM, "out of memory");
	git_odb_init_backend(&late->base, GIT_ODB_BACKEND_VERSION);
	late->base.read = late_read;
	late->base.read_header = late_read_header;
	late->base.refresh = late_refresh;
	late->base.foreach = late_list;
	late->base.free = late_free;
	late->objects_path = store->objects_path;
	done = git_odb_add_backend(store->odb, &late->base, PRIORITY);
	if (done < 0) {
		free(late);
		return libgit2_error(done, "cannot open the objects", err);
	}
	return 0;
}
