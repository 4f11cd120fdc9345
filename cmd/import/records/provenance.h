/*
 * Where records came from: `source:create`, one for each source that brought
 * something new or whose bytes are kept. Its id is the SHA-256 of the source,
 * so that equal files are one entity whatever they are called.
 */
#ifndef VV_CMD_IMPORT_RECORDS_PROVENANCE_H
#define VV_CMD_IMPORT_RECORDS_PROVENANCE_H

#include "cmd/import/import.h"

/*
 * Put it into every construct that the source gave something new. Nothing of
 * a folder or a pipe, which have no bytes to name them by; a note when these
 * were to be kept.
 */
MUST_USE int provenance_put(struct import_job *job,
			    struct import_source *source, struct err *err);

#endif
