/*
 * Taking rights from a member: all that is looked at, told and asked before
 * anything is signed.
 */
#ifndef VV_CMD_ACTION_VAULT_TAKING_H
#define VV_CMD_ACTION_VAULT_TAKING_H

#include "cmd/action/vault/member.h"
#include "cmd/action/vault/member_stays.h"

/* A member on its way to a lesser role, or out. */
struct taking {
	struct action_call *call;
	struct writer *writer;
	unsigned char public[DID_KEY_BYTES];
	enum role before;
	enum role after;		/* ROLE_NONE: it is removed */
	struct buf title;		/* member_title() */
	struct stays stays;
};

#define TAKING_INIT(call, after) \
	{ (call), NULL, { 0 }, ROLE_NONE, (after), BUF_INIT(BUF_NO_LIMIT), \
	  { DEVICE_LASTS_INIT, DEVICE_LASTS_INIT } }
void taking_release(struct taking *taking);

/* The member that "member" names, and the right to write of it. */
MUST_USE int taking_find(struct taking *taking, bool *out_is_removed,
			 struct err *err);

/*
 * May it be taken, what stays, and is it agreed to? Where there is nobody to
 * ask, --yes agrees. Else *out_goes_on is false, and the call a "no".
 * ERR_DENIED: of the last owner, or of whom this device does not stand above.
 */
MUST_USE int taking_prepare(struct taking *taking, bool *out_goes_on,
			    struct err *err);

#define TAKING_PARAMS \
	{ "keep-until", ACTION_TEXT, ACTION_REPEATED, "<version>", \
	  "in its construct only what that version stands on stays" }, \
	{ "yes", ACTION_FLAG, 0, NULL, "without asking" }

#endif
