/*
 * Judging the heads that a remote has sent, and taking in what is good: the
 * gate of the vault. (What transport/receive.h checks are bytes of packs; what
 * history/reach.h lists is what versions need; members are admitted.)
 */
#ifndef VV_REFS_REMOTE_INTAKE_INTAKE_H
#define VV_REFS_REMOTE_INTAKE_INTAKE_H

#include "refs/remote/side/side.h"
#include "refs/remote/transport/calls.h"
#include "refs/remote/transport/report.h"
#include "refs/trust/marks.h"

/*
 * Judge heads that lie in the side repository, verify what is new, move its
 * objects and then the refs. Marks and the side's lists follow.
 */
struct intake {
	struct vault *vault;
	struct side *side;
	const struct head_list *heads;
	struct marks *marks;
	struct sync_report *report;
	const struct remote_calls *calls;
	const char *expected_vault_id;	/* or NULL */
	bool is_all;			/* a mark without a head is a loss */
	bool moved_vault;		/* out: a head of `vault` moved */
	bool lacks_objects;		/* out: something was not there */
	struct head_list put_off;	/* of `vault`, beyond a cut: till it is
					   known who names them */
};
MUST_USE int intake_run(struct intake *intake, struct err *err);

#endif
