/*
 * What a source says of a construct itself.
 */
#ifndef VV_CMD_IMPORT_IDENTITY_PERSONA_H
#define VV_CMD_IMPORT_IDENTITY_PERSONA_H

#include "cmd/import/import.h"

/*
 * Give the construct (NULL: source->construct) its name; an empty one: that
 * of the construct. As importers of capsules do: equal for all sources of
 * one name.
 */
MUST_USE int persona_put_name(struct import_job *job,
			      struct import_source *source,
			      const char *construct, struct span name,
			      struct err *err);

/* Give it these fields; at: the record's time. */
MUST_USE int persona_put(struct import_job *job, struct import_source *source,
			 const char *construct, const char *at,
			 struct jcs_fields *fields, struct err *err);

#endif
