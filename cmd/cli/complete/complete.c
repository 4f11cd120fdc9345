#include "cmd/cli/complete/complete.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "cmd/cli/complete/behind.h"
#include "cmd/cli/person/preferences.h"
#include "cmd/cli/say.h"
#include "cmd/cli/words/alias.h"
#include "cmd/cli/words/common.h"
#include "cmd/cli/words/family.h"

#define PATIENCE_MS 2000	/* of who pressed a key */

/* Nothing is asked, nothing said, and nobody waits for long. */
static void be_silent(void)
{
	const struct itimerval patience = {
		.it_value = { PATIENCE_MS / 1000, 0 },
	};
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing >= 0) {
		dup2(nothing, STDIN_FILENO);
		dup2(nothing, STDERR_FILENO);
	}
	say_set_quiet();
	setitimer(ITIMER_REAL, &patience, NULL);
}

/* "~/vault", as a shell hands it over that has not expanded it. */
static const char *expand_home(const char *path, struct buf *whole)
{
	const char *home = getenv("HOME");

	if (strncmp(path, "~/", 2) || !home)
		return path;
	buf_reset(whole);
	buf_putf(whole, "%s/%s", home, path + 2);
	return buf_end(whole, NULL) == 0 ? buf_text(whole) : path;
}

static void complete_command(const struct candidates *to)
{
	const struct cmd *cmd;
	const char *alias = NULL;

	for (cmd = cmd_table; cmd->name; cmd++)
		candidate(to, cmd->name, cmd_summary(cmd));
	while ((alias = preference_alias(alias)))
		candidate(to, alias, "a command of your own");
	if (*to->prefix == '-') {
		candidate(to, "-C", "the vault's folder");
		candidate(to, "--version", "print the version");
		candidate_options(to, common_params);
	}
}

/* The words before the command: how many, and whether a folder comes next. */
static int skip_global(struct session *session, int argc, char **argv,
		       bool *wants_folder, struct buf *home)
{
	int i = 0;

	*wants_folder = false;
	while (i < argc && argv[i][0] == '-') {
		if (strcmp(argv[i], "-C")) {
			i += common_length(argc - i,
					   (const char *const *)argv + i);
			continue;
		}
		*wants_folder = i + 1 >= argc;
		if (!*wants_folder)
			session->vault_path = expand_home(argv[i + 1],
							  home);
		i += 2;
	}
	return i < argc ? i : argc;
}

void complete_words(struct session *session, int argc, char **argv)
{
	struct candidates to = { .before = "", .prefix = "" };
	struct alias alias = ALIAS_INIT;
	struct buf home = BUF_INIT(BUF_NO_LIMIT);
	bool wants_folder = false;
	int first = 0;

	be_silent();
	if (argc > 0)
		to.prefix = argv[--argc];
	first = skip_global(session, argc, argv, &wants_folder, &home);
	preferences_load(session->vault_path);
	to.vault = session->vault_path;
	to.wants_files = wants_folder;
	argc -= first;
	argv += first;
	if (argc && alias_expand(session, argc, argv, &alias) == 0 &&
	    alias.argc) {
		argc = alias.argc;
		argv = alias.argv;
	}
	if (argc)
		complete_behind(&to, argc, argv);
	else if (!wants_folder)
		complete_command(&to);
	if (to.wants_files)
		printf(":files\n");
	buf_release(&home);
	alias_release(&alias);
	preferences_release();
	fflush(stdout);
}
