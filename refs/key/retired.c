#include "refs/key/retired.h"

#include <stdio.h>

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

/* In the form in which it lies. */
static int retire(const char *folder, struct err *err)
{
	struct device_key key = { .did = "" };
	struct buf path = PATH_BUF_INIT;
	char name[DID_SHORT_MAX];
	struct device_look look;
	int rc = device_key_look(folder, &look, err);

	if (rc < 0)
		return rc;
	did_short(look.public, name);
	rc = retired_folder(folder, name, &path, err);
	if (rc == 0 && !look.is_sealed)
		rc = device_key_load(folder, &key, err);
	if (rc == 0)
		rc = device_key_replace(buf_text(&path), &key,
					look.is_sealed ? &look.sealed : NULL,
					err);
	device_key_wipe(&key);
	buf_release(&path);
	return rc;
}

int next_key_take(const char *folder, struct err *err)
{
	struct buf next = PATH_BUF_INIT;
	struct buf from = PATH_BUF_INIT;
	struct buf to = PATH_BUF_INIT;
	int rc = retire(folder, err);

	if (rc == 0)
		rc = next_key_folder(folder, &next, err);
	if (rc == 0)
		rc = path_join(&from, buf_text(&next), DEVICE_KEY_FILE, err);
	if (rc == 0)
		rc = path_join(&to, folder, DEVICE_KEY_FILE, err);
	if (rc == 0 && rename(buf_text(&from), buf_text(&to)) < 0)
		rc = err_errno(err, "cannot move '%s'", buf_text(&from));
	if (rc == 0)
		rc = dir_sync(folder, err);
	if (rc == 0)
		(void)!dir_remove_all(folder, buf_text(&next), NULL);
	buf_release(&to);
	buf_release(&from);
	buf_release(&next);
	return rc;
}

struct wish {
	bool (*is_wanted)(const void *arg, const unsigned char *public);
	const void *arg;
	char name[DID_SHORT_MAX];
};

static int look_retired(void *context, const char *name, enum dir_kind kind,
		   struct err *err)
{
	struct wish *wish = context;
	unsigned char public[DID_KEY_BYTES];

	(void)err;
	if (kind == DIR_KIND_DIR && !wish->name[0] &&
	    strlen(name) < DID_SHORT_MAX &&
	    did_parse_short(span_str(name), public, NULL) == 0 &&
	    wish->is_wanted(wish->arg, public))
		memcpy(wish->name, name, strlen(name) + 1);
	return 0;
}

int retired_key_load(const char *folder,
		     bool (*is_wanted)(const void *arg,
				       const unsigned char *public),
		     const void *arg, struct device_key *out, struct err *err)
{
	struct wish wish = { is_wanted, arg, "" };
	struct buf path = PATH_BUF_INIT;
	int rc = retired_folder(folder, NULL, &path, err);

	if (rc == 0 && file_is_dir(buf_text(&path)))
		rc = dir_each(buf_text(&path), look_retired, &wish, err);
	buf_reset(&path);
	if (rc == 0 && !wish.name[0])
		rc = err_set(err, ERR_NOT_FOUND, "no such key");
	if (rc == 0)
		rc = retired_folder(folder, wish.name, &path, err);
	if (rc == 0)
		rc = device_key_load(buf_text(&path), out, err);
	buf_release(&path);
	return rc;
}
