/*
 * A file of settings as git has them ("[vvault] color = always"), a vault's
 * config or a person's own. Files that take in others are refused: settings
 * never come from elsewhere.
 */
#ifndef VV_OBJECTS_STORE_SETTINGS_H
#define VV_OBJECTS_STORE_SETTINGS_H

#include "lib/base/err.h"

/* Call each with every setting of the file, until one does not return 0. A
 * file that is not there has none. */
MUST_USE int settings_each(const char *path,
			   int (*each)(void *arg, const char *key,
				       const char *value, struct err *err),
			   void *arg, struct err *err);

/* Write one, or (value NULL) take it away: ERR_NOT_FOUND where it is not set.
 * The folder must be there. */
MUST_USE int settings_put(const char *path, const char *key,
			  const char *value, struct err *err);

#endif
