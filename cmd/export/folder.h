/*
 * The folder that an export of many files becomes: made beside its place,
 * which is taken when all is there.
 */
#ifndef VV_CMD_EXPORT_FOLDER_H
#define VV_CMD_EXPORT_FOLDER_H

#include "lib/os/path.h"

struct export_folder {
	struct buf path;	/* where files go until all are there */
	struct buf place;
	struct buf parent;
};

#define EXPORT_FOLDER_INIT { PATH_BUF_INIT, PATH_BUF_INIT, PATH_BUF_INIT }

MUST_USE int export_folder_begin(struct export_folder *folder,
				 const char *place, struct err *err);

/* Take the place, or with a negative rc, or where that fails, leave nothing.
 * ERR_EXISTS where something lies there; else rc. */
MUST_USE int export_folder_end(struct export_folder *folder, int rc,
			       struct err *err);
void export_folder_release(struct export_folder *folder);

#endif
