#include "cmd/action/actions.h"
#include "cmd/mcp/signer.h"

static int admit(struct action_call *call, struct err *err)
{
	return signer_admit(call, action_text(call, "construct"), err);
}

static const struct action_param params[] = {
	{ "construct", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<construct>", "to which they may write memories" },
	ACTION_PARAMS_END
};

const struct action action_mcp_admit = {
	"mcp admit", "let agents write memories, with a key of their own",
	params, ACTION_WRITES | ACTION_OPENS, NULL, admit
};
