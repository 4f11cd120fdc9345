#include "cmd/cli/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/os/process.h"

#define PAGER_WORDS 16

/* Program state: there is one stdout, so there is one pager. */
static struct process pager = PROCESS_INIT;

static const char *pager_command(void)
{
	const char *command = getenv("GIT_PAGER");

	if (!command)
		command = getenv("PAGER");
	return command ? command : "less";
}

/* The command's words; no shell sees them. */
static size_t split_words(char *text, const char **words)
{
	size_t n = 0;
	char *rest = text;

	while (n < PAGER_WORDS - 1) {
		rest += strspn(rest, " \t");
		if (!*rest)
			break;
		words[n++] = rest;
		rest += strcspn(rest, " \t");
		if (*rest)
			*rest++ = '\0';
	}
	words[n] = NULL;
	return n;
}

void say_pager_begin(const struct session *session)
{
	static const char *const defaults[] = { "LESS=FRX", "LV=-c", NULL };
	const char *words[PAGER_WORDS];
	struct process_spec spec = {
		.argv = words, .shares_group = true, .shares_stdout = true,
	};
	struct err quiet = ERR_INIT;
	char *command;

	if (session->no_pager || session->is_json || pager.pid ||
	    !say_is_for_people())
		return;
	command = strdup(pager_command());
	if (!command)
		return;
	if (!getenv("LESS"))
		spec.env_add = defaults;
	if (split_words(command, words) && strcmp(words[0], "cat") &&
	    process_start(&pager, &spec, &quiet) == 0) {
		say_flush();
		if (dup2(pager.in, STDOUT_FILENO) < 0)
			process_release(&pager);
		else
			say_set_for_people();
	}
	free(command);
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
