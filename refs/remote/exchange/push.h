/*
 * A push on its way, by wire (refs/remote/push.c) or into a folder
 * (local_push.c).
 */
#ifndef VV_REFS_REMOTE_EXCHANGE_PUSH_H
#define VV_REFS_REMOTE_EXCHANGE_PUSH_H

#include <git2.h>

#include "refs/remote/side/side.h"
#include "refs/remote/transport/trip.h"
#include "refs/trust/marks.h"

struct push {
	struct vault *vault;
	struct side side;
	struct marks marks;
	struct trip trip;
	struct head_list ours;
	struct head_list theirs;
	struct head_list forks;
	git_remote *remote;
	struct sync_report *report;
	bool is_dry_run;		/* nothing is sent, nothing noted */
	bool is_doubtful;		/* something is missing or damaged
					   here: each head is looked behind */
};

/* A line of the report for each of ours, against what theirs says. */
MUST_USE int push_plan(struct push *push, struct err *err);

/* Planned, and not yet taken by the other side. */
bool push_is_to_send(const struct ref_report *report);

/* Let the report say of what is to be sent that it went. */
void push_pretend(struct push *push);

/* Is there anything to send of which something is missing or damaged here? */
bool push_has_unsound(const struct push *push);

/* Into a repository on this machine: a pack, then its refs. */
MUST_USE int local_push(struct push *push, struct err *err);

#endif
