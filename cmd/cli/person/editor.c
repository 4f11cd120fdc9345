#include "cmd/cli/person/editor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cli/person/preferences.h"
#include "cmd/cli/person/private_file.h"
#include "cmd/cli/progress.h"
#include "cmd/cli/say.h"
#include "lib/os/spawn.h"

#define SHELL_CHARS "|&;<>()$`\\\"' \t\n*?[#~=%"	/* as git has them */
#define ENDING_MS 2000		/* for an editor that is told to end */

static const char *set_in(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* One that was named runs with the input as it is, as git has it; vi would
 * wait at what is no terminal for ever. */
static int choose(const char *instead, const char **out, struct err *err)
{
	const char *term = getenv("TERM");
	bool is_dumb = !term || !*term || !strcmp(term, "dumb");
	const char *editor = set_in("GIT_EDITOR");

	if (!editor)
		editor = preference("vvault.editor");
	if (!editor && !is_dumb)
		editor = set_in("VISUAL");
	if (!editor)
		editor = set_in("EDITOR");
	if (!editor && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		return err_set(err, ERR_INVALID, "no terminal to edit on; %s",
			       instead);
	if (!editor && is_dumb)
		return err_set(err, ERR_INVALID, "no editor: set EDITOR to one");
	*out = editor ? editor : "vi";
	return 0;
}

static int start(const char *editor, const char *path, pid_t *out_pid,
		 struct err *err)
{
	const int ours[3] = { STDIN_FILENO, -1, -1 };
	const char *plain[] = { editor, path, NULL };
	const char *shell[] = { "/bin/sh", "-c", NULL, editor, path, NULL };
	struct buf command = BUF_INIT(BUF_NO_LIMIT);
	struct process_spec spec = {
		.argv = plain, .shares_group = true, .shares_stdout = true,
		.shares_stderr = true,
	};
	int rc = 0;

	if (strpbrk(editor, SHELL_CHARS)) {
		rc = buf_printf(&command, err, "%s \"$@\"", editor);
		shell[2] = buf_text(&command);
		spec.argv = shell;
	}
	if (rc == 0)
		rc = spawn_child(&spec, ours, out_pid, err);
	buf_release(&command);
	return rc;
}

/* Until the editor has ended, or this process is told to: that signal is
 * returned then. */
static int wait_for(pid_t pid, const sigset_t *watched,
		    struct process_end *end, struct err *err)
{
	const struct timespec a_while = { 1, 0 };
	int rc = ERR_TIMEOUT;

	while (rc == ERR_TIMEOUT) {
		int got = sigtimedwait(watched, NULL, &a_while);

		if (got == SIGTERM || got == SIGHUP) {
			kill(pid, got);
			if (spawn_wait(pid, spawn_now_ms() + ENDING_MS, end,
				       NULL) < 0)
				spawn_kill(pid, false);
			return got;
		}
		rc = spawn_wait(pid, spawn_now_ms(), end, NULL);
	}
	return rc < 0 ? err_set(err, ERR_IO, "cannot wait for the editor") : 0;
}

static int told(const char *editor, const struct process_end *end,
		struct err *err)
{
	if (end->signal)
		return err_set(err, ERR_CANCELED, "the editor '%s' was killed "
			       "by signal %d: nothing is written", editor,
			       end->signal);
	if (end->status)
		return err_set(err, ERR_CANCELED, "the editor '%s' failed "
			       "with status %d: nothing is written", editor,
			       end->status);
	return 0;
}

/* All that could end this process before the file is gone, and what tells of
 * the editor's end. */
static void watch(sigset_t *watched, sigset_t *before)
{
	static const int signals[] = {
		SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD
	};
	size_t i;

	sigemptyset(watched);
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaddset(watched, signals[i]);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, watched, before);
}

/* What a key sent to all at the terminal was for the editor. */
static void forget_keys(void)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t keys;

	sigemptyset(&keys);
	sigaddset(&keys, SIGINT);
	sigaddset(&keys, SIGQUIT);
	while (sigtimedwait(&keys, NULL, &at_once) > 0)
		;
}

/* A signal that this process was told to end by is returned, when all is
 * cleared away. */
static int edit(const char *editor, const char *name, struct buf *text,
		const sigset_t *watched, struct err *err)
{
	struct private_file file = PRIVATE_FILE_INIT;
	struct process_end end = { 0, 0 };
	pid_t pid;
	int rc = private_file_make(&file, name, buf_span(text), err);

	if (rc == 0)
		rc = start(editor, buf_text(&file.path), &pid, err);
	if (rc == 0)
		rc = wait_for(pid, watched, &end, err);
	if (rc == 0)
		rc = told(editor, &end, err);
	if (rc == 0)
		rc = private_file_read(&file, text, err);
	private_file_release(&file);
	return rc;
}

int editor_edit(void *arg, const char *name, const char *instead,
		struct buf *text, struct err *err)
{
	const char *editor = NULL;
	sigset_t watched;
	sigset_t before;
	int rc = choose(instead, &editor, err);

	(void)arg;
	if (rc < 0)
		return rc;
	if (!strcmp(editor, ":"))	/* git's word for none at all */
		return 0;
	progress_wipe();
	say_flush();
	watch(&watched, &before);
	rc = edit(editor, name, text, &watched, err);
	forget_keys();
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (rc <= 0)
		return rc;
	raise(rc);
	return err_set(err, ERR_CANCELED, "told to end");
}
