/*
 * An importer of a database without one: a row with what belongs to it, as the
 * JSON that is made of it.
 */
#ifndef VV_TESTS_IMPORTER_ROWS_H
#define VV_TESTS_IMPORTER_ROWS_H

#include "cmd/import/flat/flat.h"
#include "tests/importer.h"

static inline int importer_give_row(struct flat *flat, struct err *err)
{
	return flat_give(flat, buf_span(&flat->source->input.head), 0, err);
}

static inline int importer_read_row(struct import_job *job,
				    struct import_source *source,
				    struct err *err)
{
	return flat_read_given(job, source, NULL, importer_give_row, err);
}

static inline int importer_fuzz_row(const struct importer *format,
				    const void *data, size_t len)
{
	struct importer row = *format;

	row.read = importer_read_row;
	row.tables = NULL;
	row.signs = (const char *const[]){ "", NULL };
	return importer_fuzz(&row, data, len);
}

#endif
