/*
 * The heads of constructs that a fetch has moved, and what there was before.
 */
#ifndef VV_CMD_ACTION_MEND_MOVES_H
#define VV_CMD_ACTION_MEND_MOVES_H

#include "refs/history/ref.h"
#include "refs/remote/remote.h"
#include "refs/view/view.h"

struct moves {
	const struct ref_report **at;	/* by construct, then device; not of
					   `vault` */
	size_t n;
	struct head_list heads;		/* all, as they are now */
};

#define MOVES_INIT { NULL, 0, HEAD_LIST_INIT }

/* The report is borrowed. */
MUST_USE int moves_make(struct moves *moves, struct vault *vault,
			const struct sync_report *report, struct err *err);
void moves_release(struct moves *moves);

bool moves_has(const struct moves *moves, const char *construct);

/* The construct as it was before; *out stays NULL where it was not here. */
MUST_USE int moves_before(const struct moves *moves, struct vault *vault,
			  const char *construct, struct view **out,
			  struct err *err);

#endif
