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
/* What tells that set of ids from others: zeros where there are none, for none
 * of them is chosen. */
MUST_USE int forgotten_sum(struct view *view,
			   unsigned char out[RECORD_ID_BYTES],
			   struct err *err);
bool forgotten_has(const struct view *view,
		   const unsigned char id[RECORD_ID_BYTES]);

#endif
