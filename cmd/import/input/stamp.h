/*
 * What the file system says of a source, by which it is known again without
 * being read: of its file, and of what a database writes beside it.
 */
#ifndef VV_CMD_IMPORT_INPUT_STAMP_H
#define VV_CMD_IMPORT_INPUT_STAMP_H

#include "cmd/import/import.h"

/* Set source->stamp, and what goes with it. false: it is nothing that could be
 * asked again. */
bool stamp_take(const struct import_job *job, struct import_source *source);

/* Is the file as it was when it was looked at? Else somebody is writing to
 * it. */
bool stamp_is_still(struct import_source *source);

/*
 * Of a database the stamp is all that is asked: it may have gigabytes. Put it
 * in place of source->hash; one of its own where a change may have left the
 * stamp as it was. Returns 0, or ERR_UNSUPPORTED when there is none.
 */
MUST_USE int stamp_as_hash(struct import_source *source);

#endif
