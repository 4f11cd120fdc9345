/*
 * Finding by its name alone what may be in any construct.
 */
#ifndef VV_CMD_ACTION_READ_SEEK_H
#define VV_CMD_ACTION_READ_SEEK_H

#include "cmd/action/read/ref.h"
#include "refs/index/by_id.h"

/* The one construct, at its heads, that has the entity; or the one record
 * whose id begins so (word: as it was given). ERR_NOT_FOUND; ERR_INVALID lists
 * several. out is released by the caller whatever comes. */
MUST_USE int seek_entity(struct vault *vault, const char *entity,
			 struct ref *out, struct err *err);
MUST_USE int seek_record(struct vault *vault, const char *word,
			 const struct id_begin *begin, struct ref *out,
			 struct err *err);

/* The one entity whose name begins so ("memory:px5"), at least three characters
 * behind its kind. Of messages there are too many to look at each. */
MUST_USE int seek_begin(struct vault *vault, const char *begin,
			struct ref *out, struct err *err);

#endif
