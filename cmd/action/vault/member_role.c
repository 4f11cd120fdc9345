#include <stdlib.h>

#include "cmd/action/vault/taking.h"

static int write_role(struct taking *taking, struct err *err)
{
	struct member_change change = { .public = taking->public,
					.role = taking->after };
	struct member_cut *cuts = NULL;
	int rc = 0;

	if (taking->after < taking->before)
		rc = device_lasts_cuts(&taking->stays.kept, &cuts,
				       &change.cuts_n, err);
	change.cuts = cuts;
	if (rc == 0)
		rc = member_write(taking->call, taking->writer, &change, err);
	free(cuts);
	return rc;
}

static int role_run(struct action_call *call, struct err *err)
{
	struct taking taking = TAKING_INIT(call, ROLE_NONE);
	bool is_removed;
	bool goes_on = true;
	int rc = role_parse(action_text(call, "role"), &taking.after, err);

	if (rc == 0)
		rc = taking_find(&taking, &is_removed, err);
	if (rc == 0 && taking.after >= taking.before &&
	    action_value(call, "keep-until")->is_set)
		rc = err_set(err, ERR_INVALID, "nothing is taken from %s, so "
			     "--keep-until says nothing",
			     buf_text(&taking.title));
	if (rc == 0 && taking.after < taking.before)
		rc = taking_prepare(&taking, &goes_on, err);
	if (rc == 0 && goes_on)
		rc = write_role(&taking, err);
	taking_release(&taking);
	return rc;
}

static const struct action_param role_params[] = {
	TAKING_PARAMS,
	CHANGES_PARAM,
	MEMBER_PARAM,
	{ "role", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "owner|writer|reader", "what it may do from now on" },
	ACTION_PARAMS_END
};

const struct action action_member_role = {
	"member role", "change what a member may do", role_params,
	ACTION_WRITES, NULL, role_run
};
