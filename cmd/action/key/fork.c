#include "cmd/action/key/fork.h"

#include "refs/vault/vault.h"

#define QUESTION "another device writes with the key of this one, a copy or a " \
	"restored backup: shall this one have a key of its own"

/* Owners can say so themselves. */
static int rotate(const struct action_call *call, struct err *err)
{
	struct action_value values[ACTION_PARAMS_MAX] = {
		{ false, 0, NULL, 0 } };
	struct action_call next = *call;

	next.action = action_find("key rotate");
	next.values = values;
	next.vault = NULL;
	if (action_give(next.action, values, "device", NULL, 0, err) < 0)
		return ERR_INVALID;
	return action_run(&next, err);
}

int key_fork_end(struct action_call *call, bool is_forked, struct err *err)
{
	if (!is_forked)
		return 0;
	if (host_confirm(call->host, span_str(QUESTION)))
		return rotate(call, err);
	host_note(call->host, "another device writes with the key of this one, "
		  "a copy or a restored backup, and both fork what they "
		  "write; nothing is lost, and 'vvault key rotate --device' "
		  "gives this one a key of its own");
	return 0;
}
