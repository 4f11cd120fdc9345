/*
 * Which files hold a store's objects: names, sizes and times, as one number
 * for each file. A file that is gone or was written to is another number.
 */
#ifndef VV_OBJECTS_STORE_CENSUS_H
#define VV_OBJECTS_STORE_CENSUS_H

#include "lib/base/err.h"
#include "lib/base/table.h"
#include "objects/store/store.h"

#define CENSUS_KEY 8

/* Add a key of CENSUS_KEY bytes for each loose object, pack and index. */
MUST_USE int store_census_files(const struct store *store, struct table *out,
				struct err *err);

#endif
