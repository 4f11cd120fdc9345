/*
 * What judging heads (intake.c) hands to moving their objects (objects.c) and
 * their refs (refs.c).
 */
#ifndef VV_REFS_REMOTE_INTAKE_INTAKE_INTERNAL_H
#define VV_REFS_REMOTE_INTAKE_INTAKE_INTERNAL_H

#include "refs/remote/intake/intake.h"
#include "refs/trust/verified.h"

struct candidate {
	const struct head *head;
	git_oid local;			/* where our ref of that name stands */
	bool has_local;
	bool is_open;			/* to be verified */
	bool is_moved;			/* its ref, with others */
	bool is_fork;
	bool is_kept_out;		/* stays in the side repository */
	const struct mark *mark;	/* of REF_BACK */
	enum ref_result result;
	char reason[256];
};

struct judgement {
	struct head_list heads;		/* refs/heads */
	struct head_list known;		/* and second lines: all verified */
	enum vouch vouch;		/* how those to be verified are now */
	struct candidate *at;		/* room for two of each head */
	size_t n;
	struct head_list cut;		/* what stands in the place of heads
					   that lie beyond a cut */
};

/*
 * Move objects, then refs of what was found good; report all; note marks and
 * what stays in the side repository.
 */
MUST_USE int intake_refs(struct intake *intake,
			 struct judgement *judgement, struct err *err);

/* Move what these heads reach, and the vault's own do not, into the vault. */
MUST_USE int intake_objects(struct side *side, const git_oid *heads,
			    size_t heads_n, const struct head_list *known,
			    struct err *err);

#endif
