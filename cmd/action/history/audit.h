/*
 * An audit on its way: one object for each act, or a row of a table for a
 * spreadsheet (RFC 4180).
 */
#ifndef VV_CMD_ACTION_HISTORY_AUDIT_H
#define VV_CMD_ACTION_HISTORY_AUDIT_H

#include "cmd/action/action.h"
#include "cmd/action/history/brought.h"
#include "cmd/action/times.h"

struct audit {
	struct action_call *call;
	struct period times;
	struct brought_list brought;
	bool has_header;		/* of a table for a spreadsheet */
	uint64_t hidden;		/* compactions */
	/* Of the version that is looked at: */
	const struct version *version;
	uint64_t keys;			/* it made, */
	uint64_t grants;		/* and handed over */
};

/* What every line has: the act, who, when, where, and the proof. */
void audit_put_act(struct audit *audit, struct jcs_fields *fields,
		   struct span act, const char *construct);

/* Tell one act; the fields are empty then. */
MUST_USE int audit_emit(struct audit *audit, struct jcs_fields *fields,
			struct err *err);

/* What the version that is looked at did, of another construct than `vault`. */
MUST_USE int audit_tell_data(struct audit *audit, struct err *err);

/* One act, an object as --json has it, as a row; below the names of the
 * columns where they are wanted. */
MUST_USE int audit_csv(const struct host *host, struct span act,
		       bool wants_header, struct err *err);

#endif
