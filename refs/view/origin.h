/*
 * Whose word a record is: the version that first carries it, and so its signer.
 */
#ifndef VV_REFS_VIEW_ORIGIN_H
#define VV_REFS_VIEW_ORIGIN_H

#include "refs/history/version.h"
#include "refs/view/view.h"

/* How many versions are looked at, back from the heads, before it stays
 * unknown who brought a record. */
#define ORIGIN_VERSIONS_MAX ((size_t)1 << 16)

/* What was found out about the history of one view. */
struct origins;

MUST_USE int origins_new(struct view *view, struct origins **out,
			 struct err *err);
void origins_free(struct origins *origins);

/*
 * The version that brought a record of the view: it holds it, and none of its
 * parents does. Its trees tell, so that each was verified when it came. Where
 * the same record came on several lines of history, one of those. *out is
 * borrowed until the next call; NULL where it stays unknown. Cost goes with
 * the number of versions since, and is saved for other records of a segment.
 */
MUST_USE int origin_find(struct origins *origins, struct span entity,
			 const unsigned char id[RECORD_ID_BYTES],
			 const struct version **out, struct err *err);

#endif
