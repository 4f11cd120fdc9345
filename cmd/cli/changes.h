/*
 * A changelog of a mind: differences between two views, for people and as
 * JSON. `diff` and `log -p` print it.
 */
#ifndef VV_CMD_CLI_CHANGES_H
#define VV_CMD_CLI_CHANGES_H

#include "cmd/cli/cmd.h"
#include "refs/view/view.h"

/*
 * Print what changed. As JSON one object {"from","to","changes"}, from and to
 * being version ids (null for a union of several heads). *out_count is how
 * many entities differ.
 */
MUST_USE int changes_print(struct session *session, struct view *from,
			   struct view *to, uint64_t *out_count);

/* What a version changed against the union of its parents; for people only. */
MUST_USE int changes_of_version(struct session *session, struct vault *vault,
				const git_oid *id);

#endif
