/*
 * A source that is a database: its rows as values, as if it were a file of
 * JSON.
 */
#ifndef VV_CMD_IMPORT_INPUT_FROM_DATABASE_H
#define VV_CMD_IMPORT_INPUT_FROM_DATABASE_H

#include "cmd/import/database/database.h"
#include "cmd/import/database/rows.h"
#include "cmd/import/input/values.h"

/*
 * The database that the input is, open as long as the input is. One in an
 * archive or a pipe is copied to a private place that nobody else sees, with
 * its -wal where that lies beside it. ERR_INVALID: it is none; and what
 * database_open() returns.
 */
MUST_USE int input_database(struct import_input *input, struct database **out,
			    struct err *err);

/* Is it what a program writes beside a database (-wal, -shm, -journal), which is
 * there? That is read with it. Looks at names first, then at that one's begin. */
bool input_is_beside_database(const struct import_input *input);

/*
 * values_each() of the rows of a source that is a database. What cannot be
 * read is import_malformed(), and the rest follows; of one that its program
 * writes to right now the rest waits for the next time.
 */
MUST_USE int rows_values(struct import_job *job, struct import_source *source,
			 const struct rows_shape *shape,
			 const struct values_visitor *visitor,
			 struct err *err);

/*
 * One document that was composed, of rows or of files, as a value: what is
 * broken is import_malformed(). offset: what its place is called.
 */
MUST_USE int value_give(struct import_job *job, struct import_source *source,
			struct span json, uint64_t offset,
			const struct values_visitor *visitor,
			struct err *err);

/* What befell the database of a source, but for ERR_NOMEM, is no failure of
 * the import: it is told as above. */
MUST_USE int database_tell(struct import_job *job,
			   struct import_source *source, int rc,
			   const struct err *why, struct err *err);

#endif
