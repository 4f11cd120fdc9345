#include "objects/store/store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "objects/store/store_internal.h"

#define DIR_MODE 0700
#define FILE_MODE 0600

/* Packs are read through windows of this size, and no more of them at once
 * than the limit: their pages count as ours. */
#define WINDOW_BYTES ((size_t)1 << 20)
#define WINDOWS_BYTES ((size_t)32 << 20)
#define CACHE_BYTES ((size_t)4 << 20)

/*
 * deltaCacheSize: libgit2 1.5 takes this key also for the size above which
 * no delta is tried, and a push of segments that never delta is ten times as
 * fast without the search. gc.auto, preciousObjects: git must not repack
 * behind our back, nor drop what no ref reaches yet, which is what a writer
 * beside it has just written. git heeds this extension in version 0 as well,
 * where programs that do not know it open the repository all the same.
 */
static const char config_text[] =
	"[core]\n"
	"\trepositoryformatversion = 0\n"
	"\tfilemode = true\n"
	"\tbare = true\n"
	"[extensions]\n"
	"\tpreciousObjects = true\n"
	"[gc]\n"
	"\tauto = 0\n"
	"[pack]\n"
	"\tdeltaCacheSize = 1\n";

/* A branch that never exists: whoever makes the first ref sets it. */
static const char head_text[] = "ref: refs/heads/vault\n";

static const char *const dirs[] = {
	"objects", "objects/info", "objects/pack", "refs", "refs/heads",
	"refs/tags", NULL
};

/* Which a repository of version 1 may ask for. */
static const char *extensions[] = { "preciousobjects" };

static int set_options(void)
{
	int rc = 0;
	int level;

	for (level = GIT_CONFIG_LEVEL_PROGRAMDATA;
	     level <= GIT_CONFIG_LEVEL_GLOBAL; level++)
		rc |= git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
	rc |= git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
	rc |= git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	rc |= git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
	rc |= git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, WINDOW_BYTES);
	rc |= git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT,
			       WINDOWS_BYTES);
	rc |= git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE,
			       (ssize_t)CACHE_BYTES);
	rc |= git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, (size_t)1);
	return rc;
}

int store_init_library(struct err *err)
{
	int rc = git_libgit2_init();

	if (rc < 0)
		return libgit2_error(rc, "cannot start libgit2", err);
	if (rc > 1)
		return 0;
	rc = set_options();
	if (rc < 0) {
		rc = libgit2_error(rc, "cannot set up libgit2", err);
		git_libgit2_shutdown();
	}
	return rc;
}

void store_stop_library(void)
{
	git_libgit2_shutdown();
}

static int write_file(const char *path, const char *name, const char *text,
		      struct err *err)
{
	struct buf file = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_printf(&file, err, "%s/%s", path, name);

	if (rc == 0)
		rc = file_write_atomic(buf_text(&file), span_str(text),
				       FILE_MODE, err);
	buf_release(&file);
	return rc;
}

/* The ones above come first. What cannot be made is left for those who miss
 * it, who say so. */
void store_mend(const char *path)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; dirs[i]; i++) {
		buf_reset(&folder);
		if (buf_printf(&folder, NULL, "%s/%s", path, dirs[i]) == 0 &&
		    !file_exists(buf_text(&folder)))
			(void)!dir_make(buf_text(&folder), DIR_MODE, NULL);
	}
	buf_release(&folder);
}

int store_create(const char *path, struct err *err)
{
	int rc;

	if (mkdir(path, DIR_MODE))
		return err_errno(err, "cannot make '%s'", path);
	rc = dir_make_below(path, dirs, DIR_MODE, err);
	if (rc == 0)
		rc = write_file(path, "config", config_text, err);
	/* HEAD comes last: without it the folder is no repository. */
	return rc < 0 ? rc : write_file(path, "HEAD", head_text, err);
}
