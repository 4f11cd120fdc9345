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

#include "cmd/cli/say.h"
#include "cmd/cli/surroundings.h"
#include "cmd/cli/terminal.h"
#include "cmd/cli/usage.h"

#define EXIT_FAILED 128
#define EXIT_USAGE 129

/* Words before the command: -C <vault>, --version, --help. Returns how many
 * were taken, or CMD_USAGE. */
static int parse_global(struct session *session, int argc, char **argv)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-') {
		if (!strcmp(argv[i], "--version") || !strcmp(argv[i], "-v")) {
			argv[i] = (char *)"version";
			return i;
		}
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			argv[i] = (char *)"help";
			return i;
		}
		if (strcmp(argv[i], "-C") || i + 1 >= argc) {
			(void)err_set(&session->err, ERR_INVALID,
				      strcmp(argv[i], "-C") ?
				      "unknown option '%s'" :
				      "the vault's folder must follow '%s'",
				      argv[i]);
			return CMD_USAGE;
		}
		session->vault_path = argv[i + 1];
		i += 2;
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

/* "vvault session list --help" is "vvault help session list". */
static void turn_help(int argc, char **argv, int first)
{
	int last = argc - 1;

	if ((argc - first == 2 || argc - first == 3) &&
	    (!strcmp(argv[last], "--help") || !strcmp(argv[last], "-h"))) {
		memmove(&argv[first + 1], &argv[first],
			(size_t)(last - first) * sizeof(*argv));
		argv[first] = (char *)"help";
	}
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
	struct buf usage = BUF_INIT(BUF_NO_LIMIT);

	usage_put(cmd, false, &usage);
	if (buf_end(&usage, NULL) == 0)
		fprintf(stderr, "usage: vvault %s %s\n", cmd->name,
			buf_text(&usage));
	buf_release(&usage);
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
	turn_help(argc, argv, first);
	cmd = cmd_find(argv[first]);
	if (!cmd) {
		(void)!cmd_refuse(argv[first], &session->err);
		return exit_status(session, NULL, CMD_USAGE);
	}
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
