/*
 * What `forget` records of a view list.
 */
#ifndef VV_REFS_VIEW_FORGOTTEN_H
#define VV_REFS_VIEW_FORGOTTEN_H

#include "refs/view/view.h"

/*
 * Ids that `forget` records of the view list: what every fold leaves out,
 * wherever it lies. Read once per view, with the first records.
 */
MUST_USE int forgotten_read(struct view *view, struct err *err);
/*
 * Append what a local file that knows of a construct is sealed for: then it
 * opens only as long as nothing more is forgotten and there is no newer content
 * key. ERR_CHANGED: more is forgotten now than in the view, and nothing of it
 * may be kept.
 */
MUST_USE int forgotten_name(struct view *view, struct buf *out,
			    struct err *err);
bool forgotten_has(const struct view *view,
		   const unsigned char id[RECORD_ID_BYTES]);

#endif
