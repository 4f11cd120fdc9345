/*
 * How a database is opened: what database.c does, and database_open() decides.
 */
#ifndef VV_CMD_IMPORT_DATABASE_DATABASE_INTERNAL_H
#define VV_CMD_IMPORT_DATABASE_DATABASE_INTERNAL_H

#include <sys/stat.h>

#include "cmd/import/database/database.h"

enum database_way {
	DATABASE_SHARED,	/* with its program, by its locks */
	DATABASE_STILL,		/* nobody has it open: without locks */
	DATABASE_OURS		/* a copy, which may be mended */
};

/* A file and what lies beside it, as it was. */
struct database_sight {
	struct stat file;
	struct stat log;	/* of "-wal" */
	bool has_log;
	bool has_index;		/* "-shm" */
	bool has_journal;	/* "-journal", with something in it */
	bool is_logged;		/* its header says that it has a -wal */
};

/* ERR_NOT_FOUND, ERR_DENIED, ERR_IO. */
MUST_USE int database_see(const char *path, struct database_sight *out,
			  struct err *err);
/* Are these two the same? */
bool database_same(const struct database_sight *a,
		   const struct database_sight *b);

/*
 * Open it in one way, and read its schema. *out_is_closed: the system would
 * not have it so, another way may do.
 */
MUST_USE int database_try(const char *path, enum database_way way,
			  struct database **out, bool *out_is_closed,
			  struct err *err);

/* What is to be as it was, for database_is_still(); path is copied. */
MUST_USE int database_watch(struct database *db, const char *path,
			    const struct database_sight *sight,
			    struct err *err);

#endif
