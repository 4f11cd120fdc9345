#include "cmd/cli/cmd.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "cmd/cli/complete/complete.h"
#include "cmd/cli/go_on.h"
#include "cmd/cli/help/help.h"
#include "cmd/cli/help/usage.h"
#include "cmd/cli/person/preferences.h"
#include "cmd/cli/say.h"
#include "cmd/cli/silence.h"
#include "cmd/cli/surroundings.h"
#include "cmd/cli/terminal.h"
#include "cmd/cli/words/alias.h"
#include "cmd/cli/words/common.h"
#include "cmd/cli/words/family.h"
#include "lib/os/memory.h"
#include "lib/secret/secrecy.h"

#define EXIT_FAILED 128
#define EXIT_USAGE 129

/* What stands for a command: --version, --help, and -v alone. */
static const char *command_of(int left, char **argv)
{
	if (!strcmp(argv[0], "--version") ||
	    (!strcmp(argv[0], "-v") && left == 1))
		return "version";
	return !strcmp(argv[0], "--help") || !strcmp(argv[0], "-h") ? "help" :
	       NULL;
}

/* Words before the command: -C <vault>, and what every command knows. Returns
 * how many were taken, or CMD_USAGE. */
static int parse_global(struct session *session, int argc, char **argv)
{
	int i = 1;
	int used;

	while (i < argc && argv[i][0] == '-') {
		const char *command = command_of(argc - i, argv + i);

		if (command) {
			argv[i] = (char *)command;
			return i;
		}
		used = common_take(session, argc - i,
				   (const char *const *)argv + i);
		if (used == 0 && strcmp(argv[i], "-C"))
			return common_refuse(session, NULL, argv[i]);
		if (used == 0 && i + 1 >= argc)
			return err_set(&session->err, ERR_INVALID,
				       "the vault's folder must follow '-C'"),
			       CMD_USAGE;
		if (used < 0)
			return used;
		if (used == 0) {
			session->vault_path = argv[i + 1];
			used = 2;
		}
		i += used;
	}
	return i;
}

/* Before anything can go wrong: errors are JSON wherever --json stands. */
static bool wants_json(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "--json"))
			return true;
	}
	return false;
}

static int run_command(struct session *session, const struct cmd *cmd,
		       int argc, char **argv)
{
	struct words words;
	int rc = words_parse(session, cmd, argc, argv, &words);

	return rc < 0 ? rc : terminal_run(session, &words);
}

static void print_usage(const struct cmd *cmd)
{
	struct buf lines = BUF_INIT(BUF_NO_LIMIT);

	usage_put_lines(cmd, NULL, &lines);
	if (buf_end(&lines, NULL) == 0)
		fprintf(stderr, "%s\n", buf_text(&lines));
	buf_release(&lines);
}

static int exit_status(struct session *session, const struct cmd *cmd, int rc)
{
	if (rc == CMD_USAGE) {
		say_error(session);
		if (cmd && !session->is_json)
			print_usage(cmd);
		return EXIT_USAGE;
	}
	if (rc < 0) {
		say_error(session);
		return EXIT_FAILED;
	}
	return rc;
}

/* No command at all: whoever sits at a terminal wants to look into the vault;
 * else it is explained what there is. */
static const char *command_for_none(struct session *session, bool *is_lost)
{
	struct surroundings around = SURROUNDINGS_INIT;
	const char *term = getenv("TERM");
	const char *name = "help";

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !term ||
	    !strcmp(term, "dumb"))
		return name;
	if (surroundings_vault(&around, session->vault_path,
			       &session->err) == 0 &&
	    vault_is_at(buf_text(&around.vault_path)))
		name = "browse";
	else
		*is_lost = true;
	surroundings_release(&around);
	return name;
}

/* What was set once and for all, and what this command line says nothing of. */
static void obey_preferences(const struct session *session)
{
	const char *color;

	preferences_load(session->vault_path);
	color = preference("vvault.color");
	if (color && !session->is_color_said && strcmp(color, "auto"))
		say_set_color(!strcmp(color, "always"));
}

/* What the words at argv[0] mean, which a command begins. */
static int run_words(struct session *session, int argc, char **argv,
		     const struct cmd **out)
{
	const struct cmd *cmd = cmd_find(argv[0]);
	int rc;

	if (!cmd)
		cmd = family_of_plural(argv[0]);
	if (!cmd)
		return cmd_refuse(argv[0], &session->err) ? CMD_USAGE : 0;
	argc = help_turn(cmd, argc, argv);
	*out = strcmp(argv[0], "help") ? cmd : cmd_find("help");
	rc = run_command(session, *out, argc, argv);
	return rc >= 0 && say_finish(session) < 0 ? ERR_IO : rc;
}

static int main_run(struct session *session, int argc, char **argv)
{
	const struct cmd *cmd = NULL;
	struct alias alias = ALIAS_INIT;
	bool is_lost = false;
	int first;
	int rc;

	if (argc > 1 && !strcmp(argv[1], COMPLETE_COMMAND)) {
		complete_words(session, argc - 2, argv + 2);
		return 0;
	}
	session->is_json = wants_json(argc, argv);
	first = parse_global(session, argc, argv);
	if (first < 0)
		return exit_status(session, NULL, first);
	if (first >= argc) {
		argv[--first] = (char *)command_for_none(session, &is_lost);
		argc = first + 1;
	}
	argc -= first;
	argv += first;
	obey_preferences(session);
	rc = alias_expand(session, argc, argv, &alias);
	if (rc == 0)
		rc = run_words(session, alias.argc ? alias.argc : argc,
			       alias.argc ? alias.argv : argv, &cmd);
	say_pager_end();
	if (rc == 0)
		rc = go_on_start(session);
	alias_release(&alias);
	preferences_release();
	if (is_lost)
		say_note("there is no vault here: 'vvault init <dir>' makes "
			 "one, 'vvault import' fills it");
	return exit_status(session, cmd, rc);
}

/*
 * Whoever started us may have closed one of the three: the next file that is
 * opened would take its number, and what we print could end up in a vault.
 * What is written to this one fails, and says so.
 */
static void keep_standard_files(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", O_RDONLY);
	}
}

int main(int argc, char **argv)
{
	struct session session = { .go_on = BUF_INIT(BUF_NO_LIMIT) };
	const char *no_color = getenv("NO_COLOR");
	const char *vault = getenv("VVAULT_DIR");
	bool is_silent;
	int rc;

	memory_keep();
	secrecy_begin();
	keep_standard_files();
	/* Nothing that we make is for others, whoever makes it for us. */
	session.umask = umask(077);
	setlocale(LC_ALL, "C");
	signal(SIGPIPE, SIG_IGN);
	if (sodium_init() < 0) {
		fputs("vvault: libsodium does not start\n", stderr);
		return EXIT_FAILED;
	}
	session.vault_path = vault && *vault ? vault : NULL;
	session.is_progress = isatty(STDERR_FILENO);
	say_set_color(isatty(STDOUT_FILENO) && !(no_color && *no_color));
	is_silent = silence(&session, argc, argv);
	rc = main_run(&session, argc, argv);
	buf_release(&session.go_on);
	return is_silent ? 0 : rc;
}
