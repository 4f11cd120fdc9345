/*
 * Rows of a database as JSON: each row of a table, newest state, with what
 * belongs to it in other tables, as one document.
 *
 * A row is an object with all columns by their names. What JSON cannot say is
 * kept as well: integers stand with all their digits, a real one has a "." or
 * an "e", one without bounds is 9e999; a blob that is no text is
 * {"$base64":<its bytes>}. A blob that is UTF-8 without NUL is a text,
 * whichever of the two the program meant. In a text that is no UTF-8 U+FFFD
 * stands for each byte that is none. A null stands.
 */
#ifndef VV_CMD_IMPORT_DATABASE_ROWS_H
#define VV_CMD_IMPORT_DATABASE_ROWS_H

#include "cmd/import/database/database.h"

#define ROWS_DEPTH_MAX 150	/* of JSON in a column: deeper is a text */

/*
 * A table and what belongs to its rows. Columns and tables that are not there,
 * as in older versions of the program, are left out. All are constants:
 *
 *	static const struct rows_shape parts = {
 *		.table = "part", .member = "parts", .column = "message_id",
 *		.order = (const char *const[]){ "id", NULL },
 *		.json = (const char *const[]){ "data", NULL },
 *	};
 */
struct rows_shape {
	const char *table;
	/* Columns that hold JSON, ended by NULL: it stands in place of the
	 * text, where it is whole; bytes that zstd has compressed are
	 * unpacked before. Torn JSON stays a text. */
	const char *const *json;
	/* Columns that are never read: secrets; ended by NULL. */
	const char *const *without;
	/* Columns, the first counts most, ended by NULL; "-x" is from the last
	 * to the first. What is the same stands as it was put in. */
	const char *const *order;
	/* A condition in SQL on its columns, or NULL: "include <> 0". Columns
	 * that it speaks of must be there, as `signs` can say. */
	const char *where;

	/* Of one that belongs to another: under this name in its row ... */
	const char *member;
	const char *column;	/* ... where this one of its columns is as ... */
	const char *of;		/* ... that one of the other; NULL: "id" */
	/* What its rows are called, where those that belong to no row of the
	 * other are to be told: "messages"; NULL: they need not be. */
	const char *orphans;
	bool is_one;		/* the first alone, not in a list; none: no
				   such member */
	const struct rows_shape *const *inner;	/* ended by NULL */

	/*
	 * Turn the value of a column into other bytes: true when it did; they
	 * are read as the text of the column. NULL: nothing is to be turned.
	 */
	bool (*decode)(const struct database_query *row, int column,
		       struct buf *out);
};

struct rows_visitor {
	/* A row with all that belongs to it. No transaction is open, so that
	 * the program is not kept waiting. */
	int (*row)(void *arg, struct span json, struct err *err);
	/* A row that could not be read, and why; the others follow. */
	int (*bad)(void *arg, const char *why, struct err *err);
	void *arg;
};

/*
 * Visit each row of the shape's table; none where there is no such table.
 * Memory goes with the largest. ERR_CHANGED: it was read without locks, and
 * was written to; what was visited before was whole.
 */
MUST_USE int rows_each(struct database *db, const struct rows_shape *shape,
		       const struct rows_visitor *visitor, struct err *err);

/* The same for the rows whose column is this text: a session by its id. */
MUST_USE int rows_of(struct database *db, const struct rows_shape *shape,
		     const char *column, struct span is,
		     const struct rows_visitor *visitor, struct err *err);

/* Append a value as JSON. is_json: as of a column that holds it. */
MUST_USE int rows_put_value(const struct database_value *value, bool is_json,
			    struct buf *out, struct err *err);

#endif
