#include "cmd/action/actions.h"
#include "cmd/action/capture/behind.h"
#include "cmd/action/capture/hooked.h"
#include "cmd/action/capture/noted.h"
#include "cmd/action/config/secrets.h"
#include "cmd/action/open.h"
#include "cmd/action/times.h"

#define WAIT_MS (10 * 60 * 1000)

static int read_agents(const struct action_call *call,
		       const struct agent *out[AGENTS_MAX], size_t *out_n,
		       struct err *err)
{
	const struct action_value *names = action_value(call, "agent");
	size_t i;

	for (i = 0; i < names->n && i < AGENTS_MAX; i++) {
		out[i] = agent_find(names->texts[i]);
		if (!out[i])
			return agent_refuse(names->texts[i], err);
	}
	*out_n = i;
	return 0;
}

static int read_wish(const struct action_call *call,
		     const struct agent *agents[AGENTS_MAX],
		     struct bring_wish *out, struct err *err)
{
	struct period times;
	int rc;

	*out = (struct bring_wish){
		.agents = agents,
		.construct = action_text(call, "construct"),
		.has_since = action_flag(call, "since"),
		.is_dry_run = action_flag(call, "dry-run"),
		.by = action_flag(call, "watched") ? CAPTURED_BY_WATCH :
		      CAPTURED_BY_HAND,
		.wait_ms = WAIT_MS,
	};
	rc = times_read(call, &times, err);
	if (rc < 0)
		return rc;
	out->since = times.start;
	return read_agents(call, agents, &out->agents_n, err);
}

static int capture_check(const struct action_call *call, struct err *err)
{
	const struct agent *agents[AGENTS_MAX];
	struct bring_wish wish;
	int rc = read_wish(call, agents, &wish, err);

	if (rc == 0 && action_flag(call, "event") &&
	    !action_flag(call, "hook"))
		rc = err_set(err, ERR_INVALID, "capture takes no words of its "
			     "own: '%s'; 'vvault import' brings in what is "
			     "named", action_text(call, "event"));
	return rc < 0 ? rc : secrets_check(call, err);
}

static int capture_now(struct action_call *call, struct bring_wish *wish,
		       struct err *err)
{
	struct bring_sums sums = BRING_SUMS_INIT;
	char own[CONSTRUCT_NAME_MAX];
	size_t i;
	int rc = action_enter(call, err);

	if (rc == 0 && wish->construct)
		rc = action_construct(call, wish->construct, own,
				      &wish->construct, err);
	if (rc == 0)
		rc = secrets_choose(call, !wish->is_dry_run, &wish->secrets,
				    err);
	if (rc == 0)
		rc = bring(call, wish, NULL, &sums, err);
	call->has_no_source = rc == 0 && !sums.n;
	for (i = 0; i < sums.n; i++)
		call->is_partial |= sums.at[i].unread > 0;
	bring_sums_release(&sums);
	return rc;
}

static int capture_run(struct action_call *call, struct err *err)
{
	const struct agent *agents[AGENTS_MAX];
	const char *hook = action_text(call, "hook");
	struct bring_wish wish;
	int rc;

	if (hook)
		return behind_hook(call, agent_find(hook), err);
	if (action_flag(call, "install-hook"))
		return hooked_change(call, action_text(call, "install-hook"),
				     true, err);
	if (action_flag(call, "uninstall-hook"))
		return hooked_change(call, action_text(call, "uninstall-hook"),
				     false, err);
	rc = read_wish(call, agents, &wish, err);
	if (rc < 0)
		return rc;
	return action_flag(call, "behind") ? behind_run(call, &wish, err) :
	       capture_now(call, &wish, err);
}

static const struct action_param params[] = {
	{ "agent", ACTION_TEXT, ACTION_REPEATED, "<agent>",
	  "of this one alone; 'vvault agents' names them" },
	{ "construct", ACTION_TEXT, 0, "<name>",
	  "into this construct, not those of the agents" },
	{ "since", ACTION_TEXT, 0, "<date>",
	  "no sessions that were last changed before" },
	{ "dry-run", ACTION_FLAG, 0, NULL, "write nothing" },
	{ "hook", ACTION_TEXT, 0, "<agent>",
	  "what a hook of that agent calls: say nothing, work behind" },
	{ "install-hook", ACTION_TEXT, 0, "<agent>",
	  "have that agent call us, in its settings" },
	{ "uninstall-hook", ACTION_TEXT, 0, "<agent>",
	  "take that out of its settings" },
	{ "behind", ACTION_FLAG, ACTION_INTERNAL, NULL,
	  "the work behind a hook" },
	{ "watched", ACTION_FLAG, ACTION_INTERNAL, NULL,
	  "the work of a watch" },
	SECRETS_PARAMS,
	{ "event", ACTION_TEXT, ACTION_OPERAND | ACTION_INTERNAL, "<json>",
	  "what Codex tells its hook" },
	ACTION_PARAMS_END
};

const struct action action_capture = {
	"capture", "bring in the sessions of the agents of this machine",
	params, ACTION_OPENS | ACTION_WRITES, capture_check, capture_run
};
