/*
 * Databases of other programs (SQLite), which may be alive: they are read, and
 * nothing else. Nobody is kept from writing, nothing is left beside the file,
 * and what is seen is what was committed last, its -wal included.
 *
 * An importer of a program with a database
 *
 *   - says in importer.tables which tables and columns make it its own
 *     (database_has()), for then it is asked instead of by `signs`;
 *   - says in a table (rows.h) which tables make a session, and gives it to
 *     flat_format.rows, or calls rows_each() itself: each row of the first
 *     table comes as one JSON document with what belongs to it;
 *   - or asks for single values of a table of keys (pairs.h);
 *   - or queries by itself, with SQL that is a constant of its own.
 *
 * Only what is named is read: tables of accounts, tokens and settings are
 * never looked into.
 */
#ifndef VV_CMD_IMPORT_DATABASE_DATABASE_H
#define VV_CMD_IMPORT_DATABASE_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define DATABASE_VALUE_MAX ((size_t)512 << 20)	/* bytes of one value; a row
						   with a longer one fails */
#define DATABASE_WAIT_MS 2000	/* for a program that keeps others out */

struct database;
struct database_query;

/* Does a file begin so? */
bool database_is_magic(struct span head);

/*
 * Open a file. room: a folder of ours for a copy, where the file cannot be
 * read in its place (removed again before this returns); NULL: "/tmp".
 * ERR_CORRUPT: no database, damaged, or encrypted; ERR_LOCKED: its program
 * keeps all others out; ERR_NOT_FOUND, ERR_DENIED, ERR_IO, ERR_NOMEM.
 */
MUST_USE int database_open(const char *path, const char *room,
			   struct database **out, struct err *err);
/* The same for a file that is made for it: make() writes it, and what belongs
 * beside it, under that path in a private folder. */
MUST_USE int database_open_made(const char *room,
				int (*make)(void *arg, const char *path,
					    struct err *err),
				void *arg, struct database **out,
				struct err *err);
void database_free(struct database *db);	/* accepts NULL */

/*
 * Signs of a format: "session id directory title; message session_id data":
 * these tables are there, each with these columns. A "!" before a name: there
 * is none. Of tables alone, no views and no virtual ones.
 */
bool database_has(struct database *db, const char *signs);
/* Any of these, ended by NULL? */
bool database_has_any(struct database *db, const char *const *signs);

/* Append "a, b, c": the first tables by their names, for a message. */
MUST_USE int database_describe(struct database *db, struct buf *out,
			       struct err *err);

/*
 * What is read between these two is of one moment. Keep it short: what the
 * program writes meanwhile cannot be folded into its file, and a program that
 * writes without a log waits. Not nested.
 */
MUST_USE int database_begin(struct database *db, struct err *err);
void database_end(struct database *db);

/* Is the file, where it could only be read without the program's locks, still
 * as it was when it was opened? Else what was read may be of two moments. */
bool database_is_still(const struct database *db);

enum database_type {
	DATABASE_NULL,
	DATABASE_INTEGER,
	DATABASE_REAL,		/* never NaN, which is null there */
	DATABASE_TEXT,		/* may hold NUL, and bytes that are no UTF-8 */
	DATABASE_BLOB
};

/* Borrowed until the query's next step. */
struct database_value {
	enum database_type type;
	int64_t integer;
	double real;
	struct span bytes;	/* of a text or blob; never absent there */
};

/*
 * SQL of ours, a constant but for names that were looked up: one SELECT.
 * ERR_INVALID: it speaks of a table or column that is not there. Parameters
 * are numbered from 1, columns from 0.
 */
MUST_USE int database_query(struct database *db, const char *sql,
			    struct database_query **out, struct err *err);
void database_query_free(struct database_query *query);

/* Begin anew with these values; text is borrowed until the next. */
void database_query_reset(struct database_query *query);
MUST_USE int database_bind_text(struct database_query *query, int number,
				struct span text, struct err *err);
MUST_USE int database_bind_integer(struct database_query *query, int number,
				   int64_t value, struct err *err);
MUST_USE int database_bind(struct database_query *query, int number,
			   const struct database_value *value,
			   struct err *err);

/* The next row; *out_is_row false: there is no more. ERR_CORRUPT, ERR_LIMIT (a
 * value too long), ERR_LOCKED, ERR_IO, ERR_NOMEM. */
MUST_USE int database_step(struct database_query *query, bool *out_is_row,
			   struct err *err);
int database_columns(const struct database_query *query);
const char *database_column_name(const struct database_query *query,
				 int column);
struct database_value database_column(const struct database_query *query,
				      int column);

/*
 * How many bytes a text or blob has, without reading it: of the row of that
 * number (rowid). ERR_NOT_FOUND: there is none, or it is neither.
 */
MUST_USE int database_size(struct database *db, const char *table,
			   const char *column, int64_t rowid,
			   uint64_t *out, struct err *err);

/* The columns of a table, in their order, without generated ones: visit each;
 * none where there is no such table. has_rowid may be NULL. */
struct database_columns_visitor {
	int (*column)(void *arg, const char *name, struct err *err);
	void *arg;
};
MUST_USE int database_table(struct database *db, const char *table,
			    const struct database_columns_visitor *visitor,
			    struct err *err);
bool database_has_column(struct database *db, const char *table,
			 const char *column);
/* Is a row found by this column without looking at all others? */
bool database_has_index(struct database *db, const char *table,
			const char *column);
/* What the numbers of its rows go by in SQL: "rowid", or another name where a
 * column has that one; NULL: they have none. */
const char *database_rowid(struct database *db, const char *table);

/* Append a name as SQL takes it: in quotes. */
void database_put_name(struct buf *sql, struct span name);

#endif
