#include "cmd/export/folder.h"

#include <errno.h>
#include <stdio.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"

int export_folder_begin(struct export_folder *folder, const char *place,
			struct err *err)
{
	int rc = buf_add_str(&folder->place, place, err);

	if (rc == 0)
		rc = file_settle(&folder->place, err);
	while (folder->place.len > 1 &&
	       folder->place.data[folder->place.len - 1] == '/')
		buf_cut(&folder->place, folder->place.len - 1);
	if (rc == 0)
		rc = path_parent(&folder->parent, buf_text(&folder->place),
				 err);
	return rc < 0 ? rc : dir_make_temp(buf_text(&folder->parent),
					   "vvault-export-", &folder->path,
					   err);
}

/* rename() takes the place of a folder that is empty, and of no other. */
static int take_place(const struct export_folder *folder, struct err *err)
{
	const char *place = buf_text(&folder->place);

	if (!rename(buf_text(&folder->path), place))
		return 0;
	if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
		return err_set(err, ERR_EXISTS, "there is something at '%s', "
			       "and nothing is written over", place);
	return err_errno(err, "cannot make '%s'", place);
}

int export_folder_end(struct export_folder *folder, int rc, struct err *err)
{
	if (rc == 0)
		rc = take_place(folder, err);
	if (rc < 0)
		(void)!dir_remove_all(buf_text(&folder->parent),
				      buf_text(&folder->path), NULL);
	else
		rc = dir_sync(buf_text(&folder->parent), err);
	return rc;
}

void export_folder_release(struct export_folder *folder)
{
	buf_release(&folder->path);
	buf_release(&folder->place);
	buf_release(&folder->parent);
}
