/*
 * A source that is read at once: most often one JSON document.
 */
#ifndef VV_CMD_IMPORT_INPUT_WHOLE_H
#define VV_CMD_IMPORT_INPUT_WHOLE_H

#include "cmd/import/import.h"
#include "cmd/import/parse/value_lines.h"
#include "lib/json/jdoc.h"

#define WHOLE_MAX_BYTES ((size_t)1 << 30)

/* Load the source into its input.head. Returns 0, IMPORT_REFUSED for one that
 * is larger or cannot be read, or an error. */
MUST_USE int whole_load(struct import_source *source, size_t max_bytes,
			struct err *err);

/*
 * Load the source and parse it; lone surrogates are kept, members that stand
 * twice reported. *out is good until the input is closed, and is the caller's
 * to free. Returns 0, IMPORT_REFUSED for what is no such document, or an
 * error.
 */
MUST_USE int whole_read(struct import_source *source, struct jdoc **out,
			struct err *err);
/* The same for one that may have so many containers inside each other. */
MUST_USE int whole_read_deep(struct import_source *source, size_t max_depth,
			     struct jdoc **out, struct err *err);

/* The same for one that may break off: what is whole before that place comes
 * in (begun.h), and the rest is malformed; with job NULL that is not told, for
 * a first look. */
MUST_USE int whole_read_begun(struct import_job *job,
			      struct import_source *source, size_t max_depth,
			      struct jdoc **out, struct err *err);

/* The same for text that is in memory; refuses nothing: *out_why tells. */
MUST_USE int whole_parse(struct import_source *source, struct span text,
			 struct jdoc **out, struct err *out_why,
			 struct err *err);

/* Bytes in memory as a feed; *left is what is still to come. */
struct feed whole_feed(struct span *left);

/*
 * Visit each value of JSON lines, as far as the source is in its input.head:
 * all of one that was loaded. What is broken is import_malformed(), members
 * that stand twice are reported; with job NULL neither, for a first look.
 */
struct lines_visitor {
	int (*line)(void *arg, const struct value_line *line,
		    struct err *err);
	void *arg;
};
MUST_USE int whole_lines(struct import_job *job, struct import_source *source,
			 const struct lines_visitor *visitor,
			 struct err *err);

#endif
