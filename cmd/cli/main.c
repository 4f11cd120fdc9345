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

#include "cmd/cli/help/help.h"
#include "cmd/cli/help/usage.h"
#include "cmd/cli/say.h"
#include "cmd/cli/surroundings.h"
#include "cmd/cli/terminal.h"
#include "cmd/cli/words/common.h"
#include "cmd/cli/words/family.h"

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

/* "vvault session list -n 3 --help" is "vvault help --brief session list".
 * Returns how many words there are then, at argv[first]. */
static int turn_help(const struct cmd *cmd, int argc, char **argv, int first)
{
	int at = first + 1;
	const char *verb = NULL;

	while (at < argc && strcmp(argv[at], "--help") &&
	       strcmp(argv[at], "-h") && strcmp(argv[at], "--"))
		at++;
	if (at >= argc || !strcmp(argv[at], "--"))
		return argc;
	if (at > first + 1 && family_verb(cmd, argv[first + 1]))
		verb = argv[first + 1];
	/* There are as many words: the command, and the option itself. */
	argv[first] = (char *)"help";
	argv[first + 1] = (char *)cmd->name;
	if (verb)
		argv[first + 2] = (char *)verb;
	help_is_brief();
	return first + (verb ? 3 : 2);
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

static int main_run(struct session *session, int argc, char **argv)
{
	const struct cmd *cmd = NULL;
	bool is_lost = false;
	int first;
	int rc;

	session->is_json = wants_json(argc, argv);
	first = parse_global(session, argc, argv);
	if (first < 0)
		return exit_status(session, NULL, first);
	if (first >= argc) {
		argv[--first] = (char *)command_for_none(session, &is_lost);
		argc = first + 1;
	}
	cmd = cmd_find(argv[first]);
	if (!cmd)
		cmd = family_of_plural(argv[first]);
	if (!cmd) {
		(void)!cmd_refuse(argv[first], &session->err);
		return exit_status(session, NULL, CMD_USAGE);
	}
	argc = turn_help(cmd, argc, argv, first);
	if (!strcmp(argv[first], "help"))
		cmd = cmd_find("help");
	rc = run_command(session, cmd, argc - first, argv + first);
	if (rc >= 0 && say_finish(session) < 0)
		rc = ERR_IO;
	say_pager_end();
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
	struct session session = { .err = ERR_INIT };
	const char *no_color = getenv("NO_COLOR");
	const char *vault = getenv("VVAULT_DIR");

	keep_standard_files();
	/* Nothing that we make is for others, whoever makes it for us. */
	umask(077);
	setlocale(LC_ALL, "C");
	signal(SIGPIPE, SIG_IGN);
	if (sodium_init() < 0) {
		fputs("vvault: libsodium does not start\n", stderr);
		return EXIT_FAILED;
	}
	session.vault_path = vault && *vault ? vault : NULL;
	session.is_progress = isatty(STDERR_FILENO);
	say_set_color(isatty(STDOUT_FILENO) && !(no_color && *no_color));
	return main_run(&session, argc, argv);
}
