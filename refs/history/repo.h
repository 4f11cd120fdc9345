/*
 * The git repository behind a store, asked for what is neither an object's
 * content nor a ref: which objects there are, its settings, its HEAD.
 */
#ifndef VV_REFS_HISTORY_REPO_H
#define VV_REFS_HISTORY_REPO_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "objects/store/store.h"

/* Its folder, absolute. */
const char *repo_path(struct store *store);

struct repo_object {
	enum object_type type;
	size_t len;		/* bytes */
};

/* What an object is, by its header alone; `what` names it in the error. */
MUST_USE int repo_object(struct store *store, const git_oid *id,
			 const char *what, struct repo_object *out,
			 struct err *err);
/* Is it there, and a commit? */
bool repo_has_commit(struct store *store, const git_oid *id);

/* The commit that this is the id of, or the begin of it (hex digits).
 * ERR_NOT_FOUND; ERR_EXISTS: several objects begin so. No err is set. */
MUST_USE int repo_find_commit(struct store *store, struct span hex,
			      git_oid *out);

/* Call each with every commit in it, until one does not return 0. What cannot
 * be looked through holds nothing that is found. */
MUST_USE int repo_each_commit(struct store *store,
			      int (*each)(void *arg, const git_oid *id,
					  struct err *err),
			      void *arg, struct err *err);

/* The value of a setting, as it is now. ERR_NOT_FOUND sets no err. */
MUST_USE int repo_setting(struct store *store, const char *key,
			  struct buf *out, struct err *err);
/* Of those whose names match a pattern, as file names do (fnmatch). */
MUST_USE int repo_settings_each(struct store *store, const char *names,
				int (*each)(void *arg, const char *key,
					    const char *value,
					    struct err *err),
				void *arg, struct err *err);
/* Is it set to what git takes for false? */
bool repo_setting_is_off(struct store *store, const char *key);
/* Write one, or (value NULL) take it away. */
MUST_USE int repo_setting_put(struct store *store, const char *key,
			      const char *value, struct err *err);

/* Let HEAD name this ref. */
MUST_USE int repo_set_head(struct store *store, const char *ref_name,
			   struct err *err);

/* Record what libgit2 said: "<context>: <its words>", its code translated. */
int repo_failed(struct err *err, int code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

#endif
