#include "objects/store/store_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/temp.h"

#define SWEEP_SECONDS (24 * 60 * 60)

/* How temporary files of others are called: libgit2's, git's. An index without
 * its pack goes as well, but not a pack without its index: whoever lost that
 * may want to make it anew. */
static const char *const pack_prefixes[] = {
	"pack_git2_", "tmp_pack_", "tmp_idx_", NULL
};
static const char *const loose_prefixes[] = { LOOSE_TEMP_PREFIX, NULL };

struct sweep {
	const char *folder;
	const char *own;		/* how our own begin */
	const char *const *prefixes;
};

static bool has_prefix(const char *name, const char *const *prefixes)
{
	for (; *prefixes; prefixes++) {
		if (!strncmp(name, *prefixes, strlen(*prefixes)))
			return true;
	}
	return false;
}

static bool is_lone_index(const char *path)
{
	struct buf pack = BUF_INIT(BUF_NO_LIMIT);
	size_t len = strlen(path);
	bool is = span_ends(span_str(path), ".idx") &&
		  !buf_printf(&pack, NULL, "%.*s.pack", (int)len - 4, path) &&
		  !file_exists(buf_text(&pack));

	buf_release(&pack);
	return is;
}

static int sweep_one(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	const struct sweep *sweep = context;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct stat st;
	int rc;

	if (kind != DIR_KIND_FILE)
		return 0;
	rc = buf_printf(&path, err, "%s/%s", sweep->folder, name);
	if (rc == 0 && temp_is_ours(name, sweep->own))
		temp_sweep(AT_FDCWD, buf_text(&path));
	else if (rc == 0 && (has_prefix(name, sweep->prefixes) ||
			is_lone_index(buf_text(&path))) &&
	    !lstat(buf_text(&path), &st) &&
	    time(NULL) - st.st_mtime > SWEEP_SECONDS)
		unlink(buf_text(&path));
	buf_release(&path);
	return rc;
}

/* Whatever stays is for the next time. */
static void sweep_folder(const char *objects_path, const char *name,
			 const char *own, const char *const *prefixes)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct sweep sweep = { NULL, own, prefixes };
	int rc = buf_printf(&folder, NULL, "%s/%s", objects_path, name);

	sweep.folder = buf_text(&folder);
	if (rc == 0)
		rc = dir_each(sweep.folder, sweep_one, &sweep, NULL);
	(void)rc;
	buf_release(&folder);
}

void pack_sweep(const char *objects_path)
{
	sweep_folder(objects_path, "pack", ATOMIC_FILE_TEMP_PREFIX,
		     pack_prefixes);
}

void loose_sweep(const char *objects_path)
{
	char name[3];
	unsigned byte;

	for (byte = 0; byte < 256; byte++) {
		snprintf(name, sizeof(name), "%02x", byte);
		sweep_folder(objects_path, name, LOOSE_TEMP_PREFIX,
			     loose_prefixes);
	}
}

void store_sweep(const struct store *store)
{
	pack_sweep(store->objects_path);
	loose_sweep(store->objects_path);
}
