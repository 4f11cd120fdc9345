/*
 * What `forget` records list: of a view, and of its construct by now.
 */
#ifndef VV_REFS_VIEW_FORGOTTEN_H
#define VV_REFS_VIEW_FORGOTTEN_H

#include "refs/view/view.h"

/*
 * Ids that `forget` records list, in the view or in the construct as it is by
 * now: what every fold leaves out, wherever it lies and however old the version
 * that is looked at. Read once per view, with the first records.
 */
MUST_USE int forgotten_read(struct view *view, struct err *err);
/* More is forgotten now than was: versions that are looked at from now on ask
 * again. */
void forgotten_renew(struct vault *vault);
/*
 * Append what a local file that knows of a construct is sealed for: then it
 * opens only as long as nothing more is forgotten and there is no newer content
 * key.
 */
MUST_USE int forgotten_name(struct view *view, struct buf *out,
			    struct err *err);
/* Does the one forget anything that the other does not? Both were read. */
bool forgotten_more(const struct view *view, const struct view *than);
/* Is anything, once it was read? */
bool forgotten_any(const struct view *view);
bool forgotten_has(const struct view *view,
		   const unsigned char id[RECORD_ID_BYTES]);

#endif
