/*
 * Changing who is a member: what the actions of that family share.
 */
#ifndef VV_CMD_ACTION_VAULT_MEMBER_H
#define VV_CMD_ACTION_VAULT_MEMBER_H

#include "cmd/action/actions.h"
#include "refs/trust/cuts.h"
#include "refs/vault/records/records.h"
#include "refs/write/write.h"

/* "did", "name", "role" ("removed" for one who was), "self". */
void member_put(struct jcs_fields *fields, struct vault *vault,
		const struct member *member);

/* An admission, or a change of what is named. */
struct member_change {
	const unsigned char *public;
	enum role role;			/* ROLE_NONE: not named */
	const char *name;		/* NULL: not named */
	const struct member_cut *cuts;	/* where the role is lowered */
	size_t cuts_n;
	struct vault_admitted result;	/* out */
};

/* Write it as one version, and show the member as it is then. */
MUST_USE int member_write(struct action_call *call, struct writer *writer,
			  struct member_change *change, struct err *err);

#define MEMBER_PARAM \
	{ "member", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, \
	  "<member>", "its name, its did, or how that begins" }

#define CHANGES_PARAM \
	{ "changes", ACTION_FLAG, ACTION_UNLISTED | ACTION_FOR_PEOPLE, NULL, \
	  "tell what is different now" }

#endif
