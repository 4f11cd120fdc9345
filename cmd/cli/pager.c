#include "cmd/cli/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cli/person/preferences.h"
#include "cmd/cli/program.h"
#include "lib/os/process.h"

/* Program state: there is one stdout, so there is one pager. */
static struct process pager = PROCESS_INIT;

static const char *pager_command(void)
{
	const char *command = getenv("GIT_PAGER");

	if (!command)
		command = preference("vvault.pager");
	if (!command)
		command = getenv("PAGER");
	return command ? command : "less";
}

/* What less(1) is told: by the user, else by us; and to go to the mark. */
static void put_less(struct buf *out, const char *less, const char *mark)
{
	const char *own = getenv("LESS");

	buf_putf(out, "LESS=%s", own ? own : less);
	if (mark)
		buf_putf(out, " +/^%s", mark);
}

/* ERR_INVALID: none is wanted. */
static int start_pager(struct process *out, const char *less, const char *mark,
		       struct err *err)
{
	struct buf told = BUF_INIT(BUF_NO_LIMIT);
	const char *env[] = { NULL, "LV=-c", NULL };
	const char *words[PROGRAM_WORDS];
	struct process_spec spec = {
		.argv = words, .shares_group = true, .shares_stdout = true,
	};
	char *command = strdup(pager_command());
	int rc;

	if (!command)
		return err_set(err, ERR_NOMEM, "no memory for the pager");
	put_less(&told, less, mark);
	env[0] = buf_text(&told);
	if (buf_end(&told, NULL) == 0 && (mark || !getenv("LESS")))
		spec.env_add = env;
	if (program_split(command, words) && strcmp(words[0], "cat"))
		rc = process_start(out, &spec, err);
	else
		rc = err_set(err, ERR_INVALID, "'%s' is no pager", command);
	free(command);
	buf_release(&told);
	return rc;
}

void say_pager_begin(const struct session *session, const char *mark)
{
	struct err quiet = ERR_INIT;

	if (session->no_pager || session->is_json || pager.pid ||
	    !say_is_for_people() ||
	    start_pager(&pager, "FRX", mark, &quiet) < 0)
		return;
	say_flush();
	if (dup2(pager.in, STDOUT_FILENO) < 0)
		process_release(&pager);
	else
		say_set_for_people();
}

int say_in_pager(struct span text, struct err *err)
{
	struct process shown = PROCESS_INIT;
	struct process_end end;
	/* It is to wait for the reader, however short the text is. */
	int rc = start_pager(&shown, "R", NULL, err);

	if (rc < 0)
		return rc;
	/* Who has read enough leaves the rest. */
	rc = process_write(&shown, text, 0, NULL);
	rc = rc == ERR_NETWORK ? 0 : rc;
	if (process_finish(&shown, 0, &end, err) < 0)
		rc = ERR_IO;
	return rc < 0 ? err_set(err, rc, "the pager failed") : 0;
}

void say_pager_end(void)
{
	struct process_end end;
	struct err quiet = ERR_INIT;

	if (!pager.pid)
		return;
	say_flush();
	fclose(stdout);
	if (process_finish(&pager, 0, &end, &quiet) < 0)
		process_release(&pager);
}
