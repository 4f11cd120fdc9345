/*
 * Finding a record or a blob by its CID alone, in any construct.
 */
#ifndef VV_REFS_VIEW_FIND_H
#define VV_REFS_VIEW_FIND_H

#include "lib/base/buf.h"
#include "refs/view/view.h"

/*
 * Append the exact bytes of a record (bagaaiera...) or blob (bafkrei...) that
 * some construct's heads hold. A record costs a walk over what this device can
 * read; a blob only its path. ERR_INVALID: no such name is possible;
 * ERR_NOT_FOUND.
 */
MUST_USE int vault_find(struct vault *vault, struct span cid, struct buf *out,
			struct err *err);

#endif
