#include "cmd/action/actions.h"
#include "cmd/action/changes.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"

static int diff_emit(struct action_call *call, struct view *from,
		     struct view *to, uint64_t *out_count, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct host_list list = HOST_LIST(call->host, "changes", &fields);
	const struct changes_of of = {
		from, to, action_flag(call, "brief"), call
	};
	int rc;

	/* A union of several heads has no id. */
	result_id(&fields, "from", from->heads_n == 1 ? from->heads : NULL);
	result_id(&fields, "to", to->heads_n == 1 ? to->heads : NULL);
	rc = changes_emit(&list, &of, out_count, err);
	if (rc == 0)
		rc = host_list_end(&list, err);
	host_list_release(&list);
	jcs_fields_release(&fields);
	return rc;
}

static int diff_run(struct action_call *call, struct err *err)
{
	struct view *from = NULL;
	struct view *to = NULL;
	uint64_t count = 0;
	int rc = ref_open_view(call->vault, action_text(call, "from"), &from,
			       err);

	if (rc == 0)
		rc = ref_open_view(call->vault, action_text(call, "to"), &to,
				   err);
	if (rc == 0)
		rc = diff_emit(call, from, to, &count, err);
	call->is_no = action_flag(call, "exit-code") && count;
	view_free(from);
	view_free(to);
	return rc;
}

#define SIDE_PARAM(name, help) \
	{ name, ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<version>", \
	  help }

static const struct action_param params[] = {
	{ "exit-code", ACTION_FLAG, 0, NULL, "say no where they differ" },
	BRIEF_PARAM,
	SIDE_PARAM("from", "the one before"),
	SIDE_PARAM("to", "the one after"),
	ACTION_PARAMS_END
};

const struct action action_diff = {
	"diff", "what changed between two versions", params,
	ACTION_SHOWS | ACTION_LISTS, NULL, diff_run
};
