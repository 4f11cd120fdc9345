#include "objects/store/settings.h"

#include <git2.h>

#include "objects/store/store_internal.h"

static int settings_failed(struct err *err, int code, const char *path)
{
	const git_error *said = git_error_last();

	if (code == GIT_ENOTFOUND)
		return err_set(err, ERR_NOT_FOUND, "it is not set in '%s'",
			       path);
	return err_set(err, code == GIT_ELOCKED ? ERR_LOCKED : ERR_IO,
		       "'%s': %s", path, said ? said->message : "failed");
}

struct telling {
	int (*each)(void *arg, const char *key, const char *value,
		    struct err *err);
	void *arg;
	struct err *err;
	int rc;
};

static int tell_entry(const git_config_entry *entry, void *payload)
{
	struct telling *telling = payload;

	/* git's short form of true has no value at all. */
	telling->rc = telling->each(telling->arg, entry->name,
				    entry->value ? entry->value : "true",
				    telling->err);
	return telling->rc;
}

int settings_each(const char *path,
		  int (*each)(void *arg, const char *key, const char *value,
			      struct err *err),
		  void *arg, struct err *err)
{
	struct telling telling = { each, arg, err, 0 };
	git_config *config = NULL;
	int rc = store_check_config(path, err);
	int done;

	if (rc < 0)
		return rc;
	done = git_config_open_ondisk(&config, path);
	if (done == 0)
		done = git_config_foreach(config, tell_entry, &telling);
	git_config_free(config);
	if (telling.rc < 0)
		return telling.rc;
	return done < 0 ? settings_failed(err, done, path) : 0;
}

int settings_put(const char *path, const char *key, const char *value,
		 struct err *err)
{
	git_config *config = NULL;
	int rc = store_check_config(path, err);
	int done;

	if (rc < 0)
		return rc;
	done = git_config_open_ondisk(&config, path);
	if (done == 0)
		done = value ? git_config_set_string(config, key, value) :
		       git_config_delete_multivar(config, key, ".*");
	git_config_free(config);
	return done < 0 ? settings_failed(err, done, path) : 0;
}
