/*
 * The refs of a repository, with those whose files are damaged.
 */
#ifndef VV_REFS_HISTORY_REF_SCAN_H
#define VV_REFS_HISTORY_REF_SCAN_H

#include "refs/history/ref.h"

struct refs_found {
	struct head_list *good;
	struct head_list *damaged;	/* NULL: one is an error */
};

/*
 * Append the refs below prefix (of one construct, or NULL for all), sorted if
 * the lists were empty. One whose file holds no id goes to the damaged, with
 * a zero id, and no older packed one of its name stands for it; or ERR_CORRUPT
 * names it. ERR_DENIED names one that is a link.
 */
MUST_USE int refs_scan(struct store *store, const char *prefix,
		       const char *construct, const struct refs_found *found,
		       size_t *out_strays, struct err *err);

#endif
