#include "cmd/action/actions.h"

static int version_run(struct action_call *call, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "version", VVAULT_VERSION);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

const struct action action_version = {
	"version", "print the version", no_params, ACTION_BARE,
	NULL, version_run
};
