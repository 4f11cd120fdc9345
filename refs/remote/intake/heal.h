/*
 * Objects that the vault has lost, brought back from a remote.
 */
#ifndef VV_REFS_REMOTE_INTAKE_HEAL_H
#define VV_REFS_REMOTE_INTAKE_HEAL_H

#include "lib/base/table.h"
#include "refs/remote/side/side.h"
#include "refs/remote/transport/trip.h"

/*
 * Bring back the objects that these heads of the vault reach and that are not
 * here, or among the holes, as far as the remote behind the side repository
 * has them: all of it is downloaded once more, and what is missing here is
 * taken from that.
 */
struct healing {
	struct side *side;
	const char *url;
	const struct head_list *heads;
	const struct table *holes;
	const struct remote_limits *limits;
	const struct remote_calls *calls;
	struct sync_report *report;
};
MUST_USE int heal_objects(const struct healing *healing,
			  uint64_t *out_brought, struct err *err);

/* Was the same tried in vain, with a remote that had the same refs? Noted
 * after a fetch, so that not every one downloads everything. */
bool heal_is_vain(const struct side *side, const struct table *holes);
void heal_note_vain(const struct side *side, const struct table *holes);

#endif
