#include "cmd/action/actions.h"
#include "cmd/action/open.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/result.h"
#include "refs/index/lists/constructs.h"

struct listing {
	struct action_call *call;
	struct err *err;
	struct jcs_fields fields;
};

static int construct_emit(void *arg, const struct construct_summary *summary,
			  struct err *err)
{
	struct listing *listing = arg;
	struct jcs_fields *fields = &listing->fields;

	(void)err;		/* the call's own */
	fields_str(fields, "construct", *summary->construct ?
		   summary->construct : summary->ref_name);
	result_ids(fields, "heads", summary->heads, summary->heads_n);
	result_digest(fields, "root", summary->root);
	fields_integer(fields, "versions", (int64_t)summary->versions);
	if (summary->has_records) {
		fields_integer(fields, "records", (int64_t)summary->records);
	} else {
		fields_null(fields, "records");
		fields_bool(fields, "blind", true);
	}
	fields_integer(fields, "devices", (int64_t)summary->devices);
	handle_construct(listing->call, summary->ref_name);
	return host_object(listing->call->host, fields, listing->err);
}

static int tell_hurt(void *arg, const char *name, struct err *reason)
{
	struct listing *listing = arg;

	return action_pass_over(listing->call, name, reason, listing->err);
}

static int list(struct action_call *call, struct err *err)
{
	struct listing listing = { call, err, JCS_FIELDS_INIT };
	const struct construct_visitor visitor = { construct_emit, tell_hurt, &listing };
	int rc = constructs_each(call->vault, &visitor, err);

	/* Nobody asks where some were told. */
	call->has_no_source = true;
	jcs_fields_release(&listing.fields);
	return rc;
}

const struct action action_construct_list = {
	"construct list", "list the constructs", no_params,
	ACTION_SHOWS | ACTION_LISTS, NULL, list
};
