#include "cmd/action/key/fork.h"

#include "cmd/action/actions.h"
#include "cmd/action/key/rotate.h"
#include "refs/vault/vault.h"

#define FOUND "another device writes with the key of this one, a copy or a " \
	"restored backup"
#define QUESTION FOUND ": shall this one have a key of its own"

struct key_fork key_fork_look(const struct action_call *call)
{
	const struct vault *vault = call->vault;
	struct key_fork fork = { false, false };

	if (!vault || call->action == &action_key_rotate)
		return fork;
	fork.is_there = vault->has_two_lines;
	fork.is_owner = vault->has_device &&
			vault_state_role(&vault->state,
					 vault->device.public) == ROLE_OWNER;
	return fork;
}

static int rotate(const struct action_call *call, struct err *err)
{
	struct action_value values[ACTION_PARAMS_MAX] = {
		{ false, 0, NULL, 0 } };
	struct action_call next = *call;

	next.action = &action_key_rotate;
	next.values = values;
	next.vault = NULL;
	if (action_give(next.action, values, "device", NULL, 0, err) < 0)
		return ERR_INVALID;
	return action_run(&next, err);
}

/* What was to be done is done, whatever becomes of that. */
static void rotate_told(const struct action_call *call)
{
	struct err why = ERR_INIT;

	if (rotate(call, &why) < 0)
		host_note(call->host, "the key stays as it is: %s", why.text);
}

void key_fork_end(struct action_call *call, const struct key_fork *fork)
{
	if (!fork->is_there)
		return;
	if (!fork->is_owner)
		host_note(call->host, FOUND ", and both fork what they write; "
			  "nothing is lost. One of them needs a key of its "
			  "own: " KEY_OTHER);
	else if (host_confirm(call->host, span_str(QUESTION)))
		rotate_told(call);
	else
		host_note(call->host, FOUND ", and both fork what they write; "
			  "nothing is lost, and 'vvault key rotate --device' "
			  "gives this one a key of its own");
}
