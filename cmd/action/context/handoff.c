#include <stdlib.h>

#include "cmd/action/actions.h"
#include "cmd/action/config/secrets.h"
#include "cmd/action/context/delivery.h"
#include "cmd/action/context/handoff.h"
#include "cmd/action/read/begins.h"
#include "cmd/action/resume/make.h"
#include "cmd/action/result.h"
#include "cmd/context/extract/extract.h"
#include "lib/id/encode.h"

#define BUDGET 8000
#define ROOT_DIGITS 12

/* What one call has open. */
struct handing {
	struct action_call *call;
	struct ref ref;
	struct transcript transcript;
	struct made made;
	struct brief brief;
	char (*refs)[BRIEF_REF + 1];
	struct buf todos;	/* that are kept beside it */
};

static int check_handoff(const struct action_call *call, struct err *err)
{
	int rc = delivery_check(call, BUDGET, err);

	return rc < 0 ? rc : secrets_check(call, err);
}

static int open_session(struct handing *handing, struct err *err)
{
	struct action_call *call = handing->call;
	const char *word = action_text(call, "session");
	int rc = begins_open(call->vault, word, NULL, &handing->ref, err);

	if (rc == 0 && !handing->ref.entity.len)
		rc = err_set(err, ERR_INVALID, "'%s' is no session; 'vvault "
			     "session list' shows them", word);
	return rc < 0 ? rc : transcript_read(handing->ref.view,
					     buf_span(&handing->ref.entity),
					     action_count(call, "branch", 0),
					     &handing->transcript, err);
}

static int make(struct handing *handing, struct err *err)
{
	enum import_secrets secrets = SECRETS_STAY;
	struct made_wish wish = { .writer = NULL };
	int rc = secrets_choose(handing->call, false, &secrets, err);

	wish.redacts = secrets != SECRETS_STAY;
	handing->brief.redacts = wish.redacts;
	return rc < 0 ? rc : made_of(&handing->transcript, &wish,
				     &handing->made, err);
}

static int extract(struct handing *handing, struct err *err)
{
	const struct extracting extracting = {
		&handing->made.passage,
		(const char (*)[BRIEF_REF + 1])handing->refs, &handing->brief,
		buf_span(&handing->todos)
	};
	int (*const parts[])(const struct extracting *, struct err *) = {
		extract_request, extract_decisions, extract_summaries,
		extract_todos, extract_files, extract_failed, extract_prompts,
		extract_last,
	};
	size_t i;
	int rc = handoff_state(&handing->transcript, &handing->made.passage,
			       &handing->brief, err);

	for (i = 0; rc == 0 && i < sizeof(parts) / sizeof(parts[0]); i++)
		rc = parts[i](&extracting, err);
	return rc;
}

/* What it is of, as of when, and how to read on. */
static int head(struct handing *handing, struct err *err)
{
	struct brief *brief = &handing->brief;
	struct span session = handing->made.passage.session;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	char root[HEX_TEXT(SHA256_BYTES) + 1];
	int rc;

	hex_text(handing->ref.view->root, SHA256_BYTES, root);
	buf_put_str(&text, HANDOFF_BEGINS);
	buf_put_span(&text, session);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = arena_keep(&brief->arena, buf_span(&text), &brief->title,
				err);
	buf_reset(&text);
	buf_putf(&text, "vvault read --tools %.*s", (int)session.len,
		 session.at);
	if (rc == 0)
		rc = buf_end(&text, err);
	if (rc == 0)
		rc = arena_keep(&brief->arena, buf_span(&text), &brief->more,
				err);
	buf_release(&text);
	buf_putf(&brief->about, "Taken out of the session as it stands in the "
		 "vault, state %.*s, for %zu tokens by estimate. What stands "
		 "in brackets is a ref: `vvault read <ref>` tells what was "
		 "said there.\n", ROOT_DIGITS, root, brief->budget);
	return rc < 0 ? rc : buf_end(&brief->about, err);
}

static int tell_handoff(struct handing *handing, struct err *err)
{
	const struct passage *passage = &handing->made.passage;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct view *view = handing->ref.view;
	int rc = brief_fit(&handing->brief, err);

	result_construct(&fields, view);
	result_id(&fields, "version", view->heads_n == 1 ? view->heads : NULL);
	result_digest(&fields, "root", view->root);
	fields_text(&fields, "session", passage->session);
	result_text(&fields, "session_title", passage->title);
	result_text(&fields, "project", passage->cwd);
	fields_text(&fields, "provider", passage->provider);
	result_text(&fields, "model", passage->model);
	result_micros(&fields, "created", passage->created);
	result_micros(&fields, "updated", passage->updated);
	fields_integer(&fields, "secrets", (int64_t)passage->counts.secrets);
	if (rc == 0)
		rc = delivery_tell(handing->call, &handing->brief, &fields,
				   err);
	jcs_fields_release(&fields);
	return rc;
}

static int run_handoff(struct action_call *call, struct err *err)
{
	struct handing handing = {
		.call = call, .ref = REF_INIT, .transcript = TRANSCRIPT_INIT,
		.made = MADE_INIT, .brief = BRIEF_INIT,
		.todos = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = open_session(&handing, err);

	delivery_begin(call, BUDGET, &handing.brief);
	if (rc == 0)
		rc = make(&handing, err);
	if (rc == 0)
		rc = handoff_refs(&handing.transcript, &handing.made.passage,
				  &handing.refs, err);
	if (rc == 0)
		rc = handoff_todos(&handing.transcript, &handing.todos, err);
	if (rc == 0)
		rc = extract(&handing, err);
	if (rc == 0)
		rc = head(&handing, err);
	if (rc == 0)
		rc = tell_handoff(&handing, err);
	free(handing.refs);
	buf_release(&handing.todos);
	brief_release(&handing.brief);
	made_release(&handing.made);
	transcript_release(&handing.transcript);
	ref_release(&handing.ref);
	return rc;
}

static const struct action_param params[] = {
	{ "to", ACTION_TEXT, 0, "<agent>",
	  "claude, codex, gemini, person ...: as it reads best" },
	DELIVERY_PARAMS,
	{ "branch", ACTION_COUNT, 0, "<nth>",
	  "where it forks first, that alternative" },
	SECRETS_PARAMS,
	{ "session", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<session|message|@n>", "a session, or up to which message" },
	ACTION_PARAMS_END
};

const struct action action_handoff = {
	"handoff", "a page of a session, for whoever takes it over", params,
	ACTION_SHOWS, check_handoff, run_handoff
};
