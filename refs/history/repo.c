#include "refs/history/repo.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>

#include <git2.h>

#include "refs/history/ref.h"

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

const char *repo_path(struct store *store)
{
	return git_repository_path(store_repository(store));
}

int repo_object(struct store *store, const git_oid *id, const char *what,
		struct repo_object *out, struct err *err)
{
	git_object_t type = GIT_OBJECT_INVALID;
	git_odb *odb = NULL;
	int done = git_repository_odb(&odb, store_repository(store));

	out->len = 0;
	if (done == 0)
		done = git_odb_read_header(&out->len, &type, odb, id);
	git_odb_free(odb);
	out->type = (enum object_type)type;
	return done < 0 ? repo_failed(err, done, "cannot find %s", what) : 0;
}

bool repo_has_commit(struct store *store, const git_oid *id)
{
	struct repo_object object;

	return repo_object(store, id, "a version", &object, NULL) == 0 &&
	       object.type == OBJECT_COMMIT;
}

int repo_find_commit(struct store *store, struct span hex, git_oid *out)
{
	git_odb *odb = NULL;
	git_oid prefix;
	int done = git_oid_fromstrn(&prefix, hex.at, hex.len);

	if (done == 0)
		done = git_repository_odb(&odb, store_repository(store));
	if (done == 0)
		done = git_odb_exists_prefix(out, odb, &prefix, hex.len);
	git_odb_free(odb);
	if (done == GIT_EAMBIGUOUS)
		return ERR_EXISTS;
	return done == 0 && repo_has_commit(store, out) ? 0 : ERR_NOT_FOUND;
}

struct each_commit {
	struct store *store;
	int (*each)(void *arg, const git_oid *id, struct err *err);
	void *arg;
	struct err *err;
	int rc;
};

static int tell_commit(const git_oid *id, void *payload)
{
	struct each_commit *telling = payload;

	if (repo_has_commit(telling->store, id))
		telling->rc = telling->each(telling->arg, id, telling->err);
	return telling->rc;
}

int repo_each_commit(struct store *store,
		     int (*each)(void *arg, const git_oid *id,
				 struct err *err),
		     void *arg, struct err *err)
{
	struct each_commit telling = { store, each, arg, err, 0 };
	git_odb *odb = NULL;

	if (git_repository_odb(&odb, store_repository(store)) < 0)
		return err_set(err, ERR_IO, "cannot open the objects");
	(void)git_odb_foreach(odb, tell_commit, &telling);
	git_odb_free(odb);
	return telling.rc;
}

static int settings_open(struct store *store, git_config **out,
			 struct err *err)
{
	int done = git_repository_config(out, store_repository(store));

	if (done < 0)
		return repo_failed(err, done, "cannot open the configuration");
	return 0;
}

int repo_setting(struct store *store, const char *key, struct buf *out,
		 struct err *err)
{
	git_config *config = NULL;
	git_config *now = NULL;
	const char *value;
	int rc = settings_open(store, &config, err);
	int found;

	if (rc < 0)
		return rc;
	found = git_config_snapshot(&now, config);
	if (found == 0)
		found = git_config_get_string(&value, now, key);
	if (found == GIT_ENOTFOUND)
		rc = ERR_NOT_FOUND;
	else if (found < 0)
		rc = repo_failed(err, found, "cannot read the configuration");
	else
		rc = buf_add_str(out, value, err);
	git_config_free(now);
	git_config_free(config);
	return rc;
}

struct each_setting {
	const char *names;
	int (*each)(void *arg, const char *key, const char *value,
		    struct err *err);
	void *arg;
	struct err *err;
	int rc;
};

static int tell_setting(const git_config_entry *entry, void *payload)
{
	struct each_setting *telling = payload;

	if (fnmatch(telling->names, entry->name, 0) != 0)
		return 0;
	telling->rc = telling->each(telling->arg, entry->name, entry->value,
				    telling->err);
	return telling->rc;
}

int repo_settings_each(struct store *store, const char *names,
		       int (*each)(void *arg, const char *key,
				   const char *value, struct err *err),
		       void *arg, struct err *err)
{
	struct each_setting telling = { names, each, arg, err, 0 };
	git_config *config = NULL;
	int rc = settings_open(store, &config, err);
	int done;

	if (rc < 0)
		return rc;
	done = git_config_foreach(config, tell_setting, &telling);
	git_config_free(config);
	if (telling.rc < 0)
		return telling.rc;
	return done < 0 ? repo_failed(err, done,
				      "cannot read the configuration") : 0;
}

bool repo_setting_is_off(struct store *store, const char *key)
{
	git_config *now = NULL;
	int value = 1;

	if (git_repository_config_snapshot(&now, store_repository(store)) < 0 ||
	    git_config_get_bool(&value, now, key) < 0)
		value = 1;
	git_config_free(now);
	return !value;
}

int repo_setting_put(struct store *store, const char *key, const char *value,
		     struct err *err)
{
	git_config *config = NULL;
	int rc = settings_open(store, &config, err);
	int done;

	if (rc < 0)
		return rc;
	ref_lock_await(repo_path(store), "config");
	done = value ? git_config_set_string(config, key, value) :
		       git_config_delete_multivar(config, key, ".*");
	git_config_free(config);
	return done < 0 ? repo_failed(err, done,
				      "cannot write the configuration") : 0;
}

int repo_set_head(struct store *store, const char *ref_name, struct err *err)
{
	int done = git_repository_set_head(store_repository(store), ref_name);

	return done < 0 ? repo_failed(err, done, "cannot set HEAD") : 0;
}
