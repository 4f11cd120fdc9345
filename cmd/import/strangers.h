/*
 * Formats of other programs that are known by name and not read yet. Some look
 * much like one that is, and would come in with the wrong roles or without
 * their texts: so each is told from it before any importer is asked.
 */
#ifndef VV_CMD_IMPORT_STRANGERS_H
#define VV_CMD_IMPORT_STRANGERS_H

#include "cmd/import/database/database.h"
#include "lib/base/span.h"

/* "a session of Qwen Code", by what a file begins with; NULL: none of them. */
const char *stranger_of(struct span head);
/* The same of a database, by its tables. */
const char *stranger_of_database(struct database *db);

#endif
