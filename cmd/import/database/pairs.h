/*
 * A table of keys and values in a database: single ones by their key, and all
 * whose keys begin alike, a few at a time, however many others there are.
 */
#ifndef VV_CMD_IMPORT_DATABASE_PAIRS_H
#define VV_CMD_IMPORT_DATABASE_PAIRS_H

#include "cmd/import/database/database.h"

/* Names that are constants: { "cursorDiskKV", "key", "value" }. */
struct database_pairs {
	const char *table;
	const char *key;
	const char *value;
};

/* Are there such a table and columns? */
bool pairs_are_there(struct database *db, const struct database_pairs *pairs);

/*
 * Put the bytes of a value in place of what is in out; a number as its digits.
 * Looks at how long it is first: ERR_LIMIT above max. ERR_NOT_FOUND: there is no
 * such key, or its value is null.
 */
MUST_USE int pairs_get(struct database *db, const struct database_pairs *pairs,
		       struct span key, size_t max, struct buf *out,
		       struct err *err);

/* Borrowed for the call. */
struct database_pair {
	struct span key;
	struct span value;	/* absent: null, longer than max, or it could
				   not be read */
	uint64_t size;		/* bytes of one that is too long; else 0 */
	bool is_broken;		/* that could not be read */
};

struct pairs_visitor {
	int (*pair)(void *arg, const struct database_pair *pair,
		    struct err *err);
	void *arg;
	size_t max;		/* bytes of a value; 0: keys alone */
};

/*
 * Visit all whose key is a text that begins so, in the order of their bytes:
 * through the table's index, and with nothing open while a visitor is at work,
 * so that it may ask for others. prefix is not "". ERR_CHANGED as rows_each().
 */
MUST_USE int pairs_each(struct database *db,
			const struct database_pairs *pairs, const char *prefix,
			const struct pairs_visitor *visitor, struct err *err);

#endif
