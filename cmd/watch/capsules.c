#include "cmd/watch/watch_internal.h"

#include <string.h>
#include <sys/stat.h>

#include "lib/os/dir.h"
#include "lib/os/path.h"

#define SUFFIX ".capsule"
#define FOLDERS_DEEP 32

bool capsules_may_be(const char *name)
{
	size_t len = strlen(name);

	return *name != '.' && len > strlen(SUFFIX) &&
	       !strcmp(name + len - strlen(SUFFIX), SUFFIX);
}

struct walking {
	const struct capsules_calls *calls;
	const char *path;
	unsigned depth;
};

static int walk(const struct walking *walking, struct err *err);

static int take_file(const struct walking *walking, const char *path,
		     struct err *err)
{
	struct stat info;

	/* Gone meanwhile, or no file any more. */
	if (lstat(path, &info) < 0 || !S_ISREG(info.st_mode))
		return 0;
	return walking->calls->file(walking->calls->arg, path, &info, err);
}

/* What is hidden is somebody's own matter; links may lead anywhere. */
static int take_entry(void *arg, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct walking *above = arg;
	struct buf path = PATH_BUF_INIT;
	struct walking walking = *above;
	int rc = 0;

	if (*name == '.' || path_join(&path, above->path, name, NULL) < 0)
		goto out;
	walking.path = buf_text(&path);
	walking.depth++;
	if (kind == DIR_KIND_DIR && walking.depth < FOLDERS_DEEP)
		rc = walk(&walking, err);
	else if (kind == DIR_KIND_FILE && capsules_may_be(name))
		rc = take_file(&walking, walking.path, err);
out:
	buf_release(&path);
	return rc;
}

static int walk(const struct walking *walking, struct err *err)
{
	struct err why = ERR_INIT;
	int rc = walking->calls->folder(walking->calls->arg, walking->path,
					err);

	if (rc < 0)
		return rc;
	rc = dir_each(walking->path, take_entry, (void *)(uintptr_t)walking,
		      &why);
	return rc == ERR_NOMEM ? err_copy(err, rc, &why) : 0;
}

int capsules_each(const char *folder, const struct capsules_calls *calls,
		  struct err *err)
{
	const struct walking walking = { calls, folder, 0 };

	return walk(&walking, err);
}
