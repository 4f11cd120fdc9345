/*
 * What stays of a member whose rights are taken: found, and shown before it is
 * signed.
 */
#ifndef VV_CMD_ACTION_VAULT_MEMBER_STAYS_H
#define VV_CMD_ACTION_VAULT_MEMBER_STAYS_H

#include "cmd/action/actions.h"
#include "refs/trust/cuts.h"

struct stays {
	struct device_lasts all;	/* what this vault has verified */
	struct device_lasts kept;	/* of that, what is to count on */
};

void stays_release(struct stays *stays);

/* All that is verified stays; of the constructs of the versions that
 * --keep-until names what these stand on. */
MUST_USE int stays_find(struct action_call *call, const unsigned char *public,
			struct stays *stays, struct err *err);

/* Say it, in words, for whoever is asked. only: one construct, or NULL. */
MUST_USE int stays_tell(const struct action_call *call,
			const struct stays *stays, const char *only,
			struct err *err);

/* "stays": [{"at","construct","gone","version","versions"}] */
void stays_put(struct jcs_fields *fields, struct vault *vault,
	       const struct stays *stays);

/* How the member is called in a sentence: its name, or how its did begins. */
void member_title(struct vault *vault, const unsigned char *public,
		  struct buf *out);

#endif
