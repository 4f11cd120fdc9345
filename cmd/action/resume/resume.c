#include "cmd/action/actions.h"
#include "cmd/action/config/secrets.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/resume/report.h"
#include "cmd/action/resume/writing.h"

#define PROMPTS_MAX 1000000

static int resume_check(const struct action_call *call, struct err *err)
{
	const char *as = action_text(call, "as");
	struct going_on on = GOING_ON_INIT;
	uint64_t last = action_count(call, "last", 1);

	if (as && going_on_as(as, span_of(NULL, 0), &on, err) < 0)
		return ERR_INVALID;
	if (!last || last > PROMPTS_MAX)
		return err_set(err, ERR_INVALID, "--last: from 1 to %d",
			       PROMPTS_MAX);
	if (action_flag(call, "run") && action_flag(call, "dry-run"))
		return err_set(err, ERR_INVALID, "--run contradicts "
			       "'--dry-run'");
	return secrets_check(call, err);
}

/* --- the passage ----------------------------------------------------------- */

static int make(struct resuming *resuming, struct err *err)
{
	struct action_call *call = resuming->call;
	enum import_secrets secrets = SECRETS_STAY;
	struct made_wish wish = {
		.writer = resuming->on.writer,
		.is_native = resuming->is_native,
		.last = action_count(call, "last", 0),
		.from_compaction = action_flag(call, "from-last-compaction"),
		.now = resuming->on.target.now,
	};
	int rc = secrets_choose(call, false, &secrets, err);

	wish.redacts = secrets != SECRETS_STAY;
	return rc < 0 ? rc : made_of(&resuming->transcript, &wish,
				     &resuming->made, err);
}

static int open_session(struct resuming *resuming, struct err *err)
{
	struct action_call *call = resuming->call;
	struct ref *ref = &resuming->ref;
	int rc = ref_open(call->vault, action_text(call, "session"), NULL,
			  ref, err);

	if (rc == 0 && !ref->entity.len)
		rc = err_set(err, ERR_INVALID, "'%s' is no session; 'vvault "
			     "session list' shows them",
			     action_text(call, "session"));
	if (rc == 0)
		rc = transcript_read(ref->view, buf_span(&ref->entity),
				     action_count(call, "branch", 0),
				     &resuming->transcript, err);
	return rc;
}

static int resume_run(struct action_call *call, struct err *err)
{
	struct resuming resuming = RESUMING_INIT(call);
	struct passage *passage = &resuming.made.passage;
	int rc = open_session(&resuming, err);

	if (rc == 0)
		rc = going_on_as(action_text(call, "as"),
				 again_provider(&resuming), &resuming.on, err);
	if (rc == 0) {
		resuming.is_native = again_is_native(&resuming);
		rc = make(&resuming, err);
	}
	if (rc == 0)
		rc = going_on_where(call, action_text(call, "in"),
				    passage->cwd, &resuming.on, err);
	if (rc == 0)
		rc = writing_go_on(&resuming, err);
	if (rc == 0)
		rc = report_emit(&resuming, err);
	writing_forget(&resuming);
	buf_release(&resuming.messages);
	made_release(&resuming.made);
	transcript_release(&resuming.transcript);
	going_on_release(&resuming.on);
	ref_release(&resuming.ref);
	return rc;
}

static const struct action_param params[] = {
	{ "as", ACTION_TEXT, 0, "<agent>",
	  "in this agent; without it in the one that it comes from" },
	{ "in", ACTION_TEXT, 0, "<folder>",
	  "in this folder; without it in the session's" },
	{ "last", ACTION_COUNT, 0, "<n>",
	  "only the last so many prompts, and what follows them" },
	{ "from-last-compaction", ACTION_FLAG, 0, NULL,
	  "only from where the agent made room last" },
	{ "branch", ACTION_COUNT, 0, "<n>",
	  "where it forks first, that alternative" },
	{ "dry-run", ACTION_FLAG, 0, NULL, "write nothing" },
	{ "run", ACTION_FLAG, 0, NULL, "start the agent there" },
	SECRETS_PARAMS,
	{ "session", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<session|message|@n>", "a session, or up to which message" },
	ACTION_PARAMS_END
};

const struct action action_resume = {
	"resume", "go on with a session in an agent", params,
	ACTION_WRITES, resume_check, resume_run
};
