/*
 * Whose word a hit is, by the signature of the version that brought it.
 */
#ifndef VV_CMD_ACTION_RECALL_FROM_H
#define VV_CMD_ACTION_RECALL_FROM_H

#include "lib/json/jcs_write.h"
#include "refs/index/recall.h"
#include "refs/view/origin.h"

/* What was found out about each view of a recall, in their order. */
struct from_list {
	struct origins **at;
	size_t n;
};

void from_list_release(struct from_list *list);

/*
 * "from": {name, signer, source, via} of a row whose text was read; name and
 * signer are null where it stays unknown. via: "import", "mcp:<client>", else
 * "cli"; source: the provider that it was imported from, or what a memory says
 * of its source.
 */
MUST_USE int from_put(struct from_list *list, struct recall *recall,
		      const struct row *row, const struct spoken *spoken,
		      struct jcs_fields *fields, struct err *err);

#endif
