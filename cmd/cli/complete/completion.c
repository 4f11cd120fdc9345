#include "cmd/cli/cmd.h"
#include "cmd/cli/complete/scripts.h"
#include "cmd/cli/say.h"
#include "lib/base/nearest.h"

static int completion_check(const struct action_call *call, struct err *err)
{
	const char *shell = action_text(call, "shell");
	const char *near;

	if (!shell || script_of(shell))
		return 0;
	near = nearest_of(shell, script_shells);
	return err_set(err, ERR_INVALID, near ? "no completion for '%s'; is "
		       "'%s' meant?" : "no completion for '%s', only for bash, "
		       "zsh and fish", shell, near);
}

static int completion_run(struct action_call *call, struct err *err)
{
	(void)err;
	say_printf("%s", script_of(action_text(call, "shell")));
	return 0;
}

static const struct action_param params[] = {
	{ "shell", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "bash|zsh|fish", "for which shell" },
	{ NULL, ACTION_FLAG, 0, NULL, NULL },
};

const struct action completion_action = {
	"completion", "print shell completion", params, ACTION_BARE, completion_check,
	completion_run
};
