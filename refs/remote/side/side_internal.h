/*
 * What the files of side repositories share.
 */
#ifndef VV_REFS_REMOTE_SIDE_SIDE_INTERNAL_H
#define VV_REFS_REMOTE_SIDE_SIDE_INTERNAL_H

#include "refs/remote/side/side.h"

/* Delete a file of it; a missing one is a success. */
MUST_USE int side_file_remove(const char *folder, const char *name,
			      struct err *err);

#endif
