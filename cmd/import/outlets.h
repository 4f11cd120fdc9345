/*
 * Where the records of an import go: a writer per construct, several open at
 * once, because one export speaks of many constructs.
 */
#ifndef VV_CMD_IMPORT_OUTLETS_H
#define VV_CMD_IMPORT_OUTLETS_H

#include "cmd/import/import.h"
#include "cmd/import/results.h"

#define OUTLETS_MAX 64		/* open; before one more all are committed
				   (a construct may get two versions then) */
#define OUTLETS_WAITING ((size_t)32 << 20)	/* bytes of records in memory */

struct outlet {
	char construct[CONSTRUCT_NAME_MAX];
	struct writer *writer;
	struct import_others *others;
	struct writer_others judge;	/* others as the writer asks it */
	const struct importer *format;	/* of its first source */
	size_t sources;
	uint64_t repeated;	/* records that copies of sessions say again */
};

struct outlets {
	struct outlet **at;
	size_t n;
	size_t cap;
	size_t waiting;			/* about, since the last settling */
	struct outlet *last;		/* that was asked for */
	struct import_results *results;
};

/* The outlet of a construct; makes it. Borrowed until the next call. What is
 * written to it is of the source that is being read. */
MUST_USE int outlets_open(struct import_job *job, const char *construct,
			  struct outlet **out, struct err *err);

/* One more source, of this format, has given it records. */
void outlet_count(struct outlet *outlet, const struct importer *format);

/* Store what waits where all outlets together hold too much. */
MUST_USE int outlets_settle(struct outlets *outlets, size_t more,
			    struct err *err);

bool outlets_has(const struct outlets *outlets, const char *construct);

/* One version for each; their results are added up by construct. */
MUST_USE int outlets_commit(struct outlets *outlets, struct err *err);

/* Forget what was not committed, of this construct or of all. */
void outlets_drop_one(struct outlets *outlets, const char *construct);
void outlets_drop(struct outlets *outlets);

#endif
