/*
 * How the rows of a shape are found and read in one database: which of its
 * columns and tables there are, and the queries.
 */
#ifndef VV_CMD_IMPORT_DATABASE_ROWS_INTERNAL_H
#define VV_CMD_IMPORT_DATABASE_ROWS_INTERNAL_H

#include "cmd/import/database/rows.h"
#include "lib/base/table.h"

/* Rows by their numbers (rowid), in order. */
struct rows_numbers {
	int64_t *at;
	size_t n;
	size_t cap;
};

/* Whose a row is, where no index tells: found once for all. */
struct rows_heir {
	uint64_t of;		/* hash of the value that both have */
	uint64_t order;
	int64_t number;
};

struct rows_plan {
	const struct rows_shape *shape;
	const char *rowid;	/* what the number of a row goes by */
	struct {
		struct rows_column {
			char *name;
			bool is_json;
		} *at;
		size_t n;
		size_t cap;
	} columns;
	struct database_query *fetch;	/* a row; NULL: there is no table */
	struct database_query *find;	/* by an index; NULL: there is none */
	struct {
		struct rows_heir *at;
		size_t n;
		size_t cap;
	} heirs;
	bool has_heirs;
	struct table given;	/* hashes of the values whose rows were given */
	int of;			/* the column of the row above; -1: none */
	struct rows_plan *inner;
	size_t inner_n;
};

/* above: what it belongs to, or NULL. *out is to be released whatever it
 * returns. */
MUST_USE int rows_plan_make(struct database *db,
			    const struct rows_shape *shape,
			    const struct rows_plan *above,
			    struct rows_plan *out, struct err *err);
void rows_plan_release(struct rows_plan *plan);

/* The same for a number and for the text of its digits. */
uint64_t rows_hash(const struct database_value *value);

/* All rows; or those whose column is that value. After a failure *out has what
 * was found before. */
MUST_USE int rows_list(struct database *db, const struct rows_plan *plan,
		       struct rows_numbers *out, struct err *err);
MUST_USE int rows_find(struct database *db, struct rows_plan *plan,
		       const struct database_value *of,
		       struct rows_numbers *out, struct err *err);

#endif
