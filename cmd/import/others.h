/*
 * What an import would change of what others made: counted, shown, asked
 * about on a terminal, and refused where there is nobody to ask.
 */
#ifndef VV_CMD_IMPORT_OTHERS_H
#define VV_CMD_IMPORT_OTHERS_H

#include "cmd/import/import.h"
#include "lib/json/jdoc.h"

/* What was found in one construct. */
struct import_others {
	struct import_job *job;
	char construct[CONSTRUCT_NAME_MAX];
	uint64_t changed;		/* entities */
	uint64_t removed;
	uint64_t refused;		/* records */
	size_t listed;
	struct buf list;		/* the first ones as JSON, with commas */
};

MUST_USE int others_new(struct import_job *job, const char *construct,
			struct import_others **out, struct err *err);
void others_free(struct import_others *others);

/* Whom a writer of the construct asks. */
struct writer_others others_judge(struct import_others *others);

/* Add what a later version of the same run found. */
MUST_USE int others_merge(struct import_others *into,
			  const struct import_others *more, struct err *err);

/* The member of the report; nothing where nothing was found. others: or
 * NULL. */
void others_json(const struct import_others *others, struct jcs_fields *line);

/* Append that member as lines for a person. */
MUST_USE int others_show(const struct jval *others, const char *verb,
			 struct buf *out, struct err *err);

/* Is there somebody to ask, and standard input no source itself? */
bool import_can_ask(const struct import_job *job);

#endif
