#include "cmd/action/actions.h"
#include "refs/view/find.h"

static int cat_run(struct action_call *call, struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	int rc = vault_find(call->vault, span_str(action_text(call, "id")),
			    &bytes, err);

	if (rc == 0)
		rc = host_bytes(call->host, buf_span(&bytes), err);
	buf_release(&bytes);
	return rc;
}

static const struct action_param params[] = {
	{ "id", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<record|blob>",
	  "of which one" },
	ACTION_PARAMS_END
};

const struct action action_cat = {
	"cat", "print exact bytes", params, ACTION_SHOWS, NULL, cat_run
};
