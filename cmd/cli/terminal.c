#include "cmd/cli/terminal.h"

#include "cmd/cli/go_on.h"
#include "cmd/cli/person/ask.h"
#include "cmd/cli/person/clipboard.h"
#include "cmd/cli/person/credentials.h"
#include "cmd/cli/person/editor.h"
#include "cmd/cli/person/secret.h"
#include "cmd/cli/progress.h"
#include "cmd/cli/say.h"
#include "cmd/cli/show.h"
#include "cmd/cli/surroundings.h"
#include "cmd/cli/verbose.h"

static int flush(void *arg, struct err *err)
{
	(void)arg;
	return say_sent(err);
}

static void note(void *arg, struct span sentence)
{
	(void)arg;
	progress_wipe();
	say_note("%.*s", (int)sentence.len, sentence.at);
}

static void problem(void *arg, const struct problem *problem_)
{
	(void)arg;
	progress_wipe();
	say_problem(problem_);
}

static void progress(void *arg, const struct host_progress *progress_)
{
	const struct terminal *terminal = arg;

	verbose_progress(progress_);
	if (terminal->session->is_progress)
		progress_draw(progress_);
}

static void end_progress(void *arg)
{
	(void)arg;
	progress_wipe();
}

static void heard(void *arg, struct span bytes)
{
	(void)arg;
	if (say_is_quiet())
		return;
	/* Behind the results that it came after. */
	say_flush();
	progress_heard(bytes);
}

/* The agent of a session that goes on starts when all of ours has ended. */
static int show_and_keep(void *arg, struct span json, struct err *err)
{
	struct terminal *terminal = arg;
	int rc = show_object(arg, json, err);

	return rc < 0 ? rc : go_on_keep(terminal->session, json);
}

/* What a call of an action needs beside its words. */
static int make_call(struct session *session, const struct words *words,
		     struct surroundings *around, struct action_call *call)
{
	unsigned flags = words->action->flags;
	int rc = 0;

	call->action = words->action;
	call->values = words->values;
	if (flags & ACTION_BARE)
		return 0;
	rc = surroundings_settings(around, &call->settings, &session->err);
	if (rc == 0)
		rc = surroundings_keys(around, &session->err);
	call->keys_folder = buf_text(&around->keys_folder);
	if (rc == 0 && !(flags & ACTION_NO_VAULT))
		rc = surroundings_vault(around, session->vault_path,
					&session->err);
	if (around->vault_path.len)
		call->vault_path = buf_text(&around->vault_path);
	return rc;
}

static int run(struct session *session, struct action_call *call)
{
	bool needs_store = !(call->action->flags & ACTION_BARE);
	int rc = needs_store ? store_init_library(&session->err) : 0;

	if (rc < 0)
		return rc;
	if (session->is_verbose)
		verbose_begin(call);
	rc = action_run(call, &session->err);
	verbose_end(call);
	if (needs_store)
		store_stop_library();
	return call->is_misused ? CMD_USAGE : rc;
}

struct host terminal_host(struct terminal *terminal)
{
	return (struct host){
		.arg = terminal, .object = show_object, .list = show_list,
		.item = show_item, .list_end = show_list_end,
		.bytes = show_bytes, .flush = flush, .note = note, .heard = heard,
		.problem = problem, .progress = progress,
		.progress_end = end_progress, .credentials = credentials_ask,
		.credentials_result = credentials_tell,
		.confirm = ask_is_possible(terminal->session) ? ask : NULL,
		.choose = ask_is_possible(terminal->session) ? ask_which :
			  NULL,
		.passphrase = secret_passphrase, .edit = editor_edit,
		.copy = clipboard_copy,
	};
}

static void say_nothing(const struct rendering *rendering,
			const struct action_call *call)
{
	const char *sentence = call->has_no_source ? rendering->no_source :
			       rendering->nothing;

	if (sentence && !call->has_lost)
		say_note("%s", sentence);
}

int terminal_run(struct session *session, const struct words *words)
{
	struct terminal terminal = {
		.session = session,
		.rendering = session->is_json ? NULL :
			     rendering_find(words->action->name),
		.rest = BUF_INIT(BUF_NO_LIMIT),
		.handles = HANDLES_INIT,
	};
	struct host host = terminal_host(&terminal);
	struct surroundings around = SURROUNDINGS_INIT;
	struct action_call call = { .host = &host };
	int rc = make_call(session, words, &around, &call);

	/* What a program or a hook lists is nobody's last list. */
	if (terminal.rendering && !call.settings.running_hooks)
		call.settings.handles = &terminal.handles;
	/* A pager takes no pictures, and hides what is said beside it. */
	if (session->is_verbose || action_flag(&call, "images"))
		session->no_pager = true;
	if (rc == 0 && action_flag(&call, "run"))
		host.object = show_and_keep;
	if (rc == 0)
		rc = run(session, &call);
	if (rc == 0 && terminal.rendering && terminal.rendering->end)
		terminal.rendering->end(terminal.printed, call.is_no);
	if (rc == 0 && terminal.rendering && !terminal.printed)
		say_nothing(terminal.rendering, &call);
	buf_release(&terminal.rest);
	handles_release(&terminal.handles);
	surroundings_release(&around);
	if (rc == 0 && call.is_partial)
		return CMD_PARTIAL;
	return rc == 0 && call.is_no ? CMD_NO : rc;
}
