#include "refs/key/retired.h"

#include <stdio.h>
#include <string.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define RETIRED "retired"
#define NEXT "next"

int next_key_folder(const char *folder, struct buf *out, struct err *err)
{
	return path_join(out, folder, NEXT, err);
}

static int retired_folder(const char *folder, const char *name,
			  struct buf *out, struct err *err)
{
	int rc = path_join(out, folder, RETIRED, err);

	return rc < 0 || !name ? rc : buf_printf(out, err, "/%s", name);
}

static int retire(const char *folder, const struct device_look *look,
		  const struct sealed_key *before, struct err *err)
{
	struct device_key key = { .did = "" };
	struct buf path = PATH_BUF_INIT;
	char name[DID_SHORT_MAX];
	int rc;

	if (!before && look->is_sealed)
		before = &look->sealed;
	did_short(look->public, name);
	rc = retired_folder(folder, name, &path, err);
	if (rc == 0 && !before)
		rc = device_key_load(folder, &key, err);
	if (rc == 0)
		rc = device_key_replace(buf_text(&path), &key, before, err);
	device_key_wipe(&key);
	buf_release(&path);
	return rc;
}

static bool is_taken(const char *folder, const unsigned char *public)
{
	struct device_look look;

	return device_key_look(folder, &look, NULL) == 0 &&
	       !memcmp(look.public, public, DID_KEY_BYTES);
}

/* Another process may have been first. */
static int move(const char *folder, const char *next,
		const unsigned char *public, struct err *err)
{
	struct buf from = PATH_BUF_INIT;
	struct buf to = PATH_BUF_INIT;
	int rc = path_join(&from, next, DEVICE_KEY_FILE, err);

	if (rc == 0)
		rc = path_join(&to, folder, DEVICE_KEY_FILE, err);
	if (rc == 0 && rename(buf_text(&from), buf_text(&to)) < 0) {
		rc = err_errno(err, "cannot move '%s'", buf_text(&from));
		if (rc == ERR_NOT_FOUND && is_taken(folder, public)) {
			err_clear(err);
			rc = 0;
		}
	}
	if (rc == 0)
		rc = dir_sync(folder, err);
	buf_release(&to);
	buf_release(&from);
	return rc;
}

int next_key_take(const char *folder,
		  const unsigned char public[DID_KEY_BYTES],
		  const struct sealed_key *before, struct err *err)
{
	struct buf next = PATH_BUF_INIT;
	struct device_look look;
	int rc = device_key_look(folder, &look, err);

	if (rc == 0 && !memcmp(look.public, public, DID_KEY_BYTES))
		return 0;
	if (rc == 0)
		rc = retire(folder, &look, before, err);
	if (rc == 0)
		rc = next_key_folder(folder, &next, err);
	if (rc == 0)
		rc = move(folder, buf_text(&next), public, err);
	if (rc == 0)
		(void)!dir_remove_all(folder, buf_text(&next), NULL);
	buf_release(&next);
	return rc;
}

/* Who goes over the keys that are kept. */
struct key_walk {
	const char *folder;
	int (*each)(void *arg, const char *folder, struct err *err);
	void *arg;
};

static int visit(void *context, const char *name, enum dir_kind kind,
		 struct err *err)
{
	const struct key_walk *walk = context;
	unsigned char public[DID_KEY_BYTES];
	struct buf path = PATH_BUF_INIT;
	int rc;

	if (kind != DIR_KIND_DIR || strlen(name) >= DID_SHORT_MAX ||
	    did_parse_short(span_str(name), public, NULL) < 0)
		return 0;
	rc = retired_folder(walk->folder, name, &path, err);
	if (rc == 0)
		rc = walk->each(walk->arg, buf_text(&path), err);
	buf_release(&path);
	return rc;
}

static int retired_each(const struct key_walk *walk, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = retired_folder(walk->folder, NULL, &path, err);

	if (rc == 0 && file_is_dir(buf_text(&path)))
		rc = dir_each(buf_text(&path), visit, (void *)walk, err);
	buf_release(&path);
	return rc;
}

int other_keys_each(const char *folder,
		    int (*each)(void *arg, const char *folder,
				struct err *err),
		    void *arg, struct err *err)
{
	const struct key_walk walk = { folder, each, arg };
	struct buf next = PATH_BUF_INIT;
	int rc = retired_each(&walk, err);

	if (rc == 0)
		rc = next_key_folder(folder, &next, err);
	if (rc == 0 && file_is_dir(buf_text(&next)))
		rc = each(arg, buf_text(&next), err);
	buf_release(&next);
	return rc;
}

struct wish {
	bool (*is_wanted)(const void *arg, const unsigned char *public);
	const void *arg;
	struct buf *out;
};

static int find_wanted(void *arg, const char *folder, struct err *err)
{
	struct wish *wish = arg;
	unsigned char public[DID_KEY_BYTES];
	const char *name = strrchr(folder, '/') + 1;

	if (wish->out->len ||
	    did_parse_short(span_str(name), public, NULL) < 0 ||
	    !wish->is_wanted(wish->arg, public))
		return 0;
	return buf_add_str(wish->out, folder, err);
}

int retired_key_find(const char *folder,
		     bool (*is_wanted)(const void *arg,
				       const unsigned char *public),
		     const void *arg, struct buf *out, struct err *err)
{
	struct wish wish = { is_wanted, arg, out };
	const struct key_walk walk = { folder, find_wanted, &wish };

	return retired_each(&walk, err);
}
