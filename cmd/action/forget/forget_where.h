/*
 * Where what was forgotten may still stand: who knows of the version that says
 * so.
 */
#ifndef VV_CMD_ACTION_FORGET_WHERE_H
#define VV_CMD_ACTION_FORGET_WHERE_H

#include "lib/json/jcs_write.h"
#include "refs/remote/remote.h"
#include "refs/view/view.h"

struct forget_where {
	struct vault *vault;
	const char *ref_name;		/* of the construct */
	struct head_list heads;		/* of it, of all devices */
	struct remote_list remotes;
};

/* Add "remotes" and "devices", each with whether it was told. */
MUST_USE int forget_put_where(const struct forget_where *where,
			      const git_oid *version,
			      struct jcs_fields *fields, struct err *err);

#endif
