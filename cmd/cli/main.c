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

#include "cmd/cli/out.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "objects/store/store.h"

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

/* "vvault log --help" is "vvault help log". */
static void turn_help(int argc, char **argv, int first)
{
	if (argc - first == 2 && (!strcmp(argv[first + 1], "--help") ||
				  !strcmp(argv[first + 1], "-h"))) {
		argv[first + 1] = argv[first];
		argv[first] = (char *)"help";
	}
}

/* $VVAULT_KEYS, else vvault/keys below $XDG_DATA_HOME or ~/.local/share. */
static int find_keys_folder(struct session *session, struct buf *out)
{
	const char *keys = getenv("VVAULT_KEYS");
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");
	int rc;

	if (keys && *keys)
		rc = buf_add_str(out, keys, &session->err);
	else if (data && *data == '/')
		rc = path_join(out, data, "vvault/keys", &session->err);
	else if (home && *home)
		rc = path_join(out, home, ".local/share/vvault/keys",
			       &session->err);
	else
		rc = err_set(&session->err, ERR_NOT_FOUND,
			     "no folder for keys: set VVAULT_KEYS or HOME");
	/* Hooks run in another folder, and must find the same keys. */
	if (rc >= 0)
		rc = file_settle(out, &session->err);
	session->keys_folder = buf_text(out);
	return rc;
}

/* These need neither keys nor the object store, and start without them. */
static bool is_bare(const struct cmd *cmd)
{
	return cmd->run == cmd_version || cmd->run == cmd_help ||
	       cmd->run == cmd_completion;
}

static int run_command(struct session *session, const struct cmd *cmd,
		       int argc, char **argv)
{
	struct buf keys = PATH_BUF_INIT;
	int rc;

	if (is_bare(cmd))
		return cmd->run(session, argc, argv);
	rc = find_keys_folder(session, &keys);
	if (rc >= 0)
		rc = store_init_library(&session->err);
	if (rc >= 0) {
		rc = cmd->run(session, argc, argv);
		store_stop_library();
	}
	buf_release(&keys);
	return rc;
}

static int exit_status(struct session *session, const struct cmd *cmd, int rc)
{
	if (rc == CMD_USAGE) {
		out_error(session);
		if (cmd && !session->is_json)
			fprintf(stderr, "usage: vvault %s %s\n", cmd->name,
				cmd->usage);
		return EXIT_USAGE;
	}
	if (rc < 0) {
		out_error(session);
		return EXIT_FAILED;
	}
	if (!rc && cmd && cmd_is_reading(cmd->name) && session->has_lost)
		return CMD_NO;
	return rc;
}

static int run(struct session *session, int argc, char **argv)
{
	const struct cmd *cmd = NULL;
	int first;
	int rc;

	session->is_json = wants_json(argc, argv);
	first = parse_global(session, argc, argv);
	if (first < 0)
		return exit_status(session, NULL, first);
	if (first >= argc)
		argv[--first] = (char *)"help", argc = first + 1;
	turn_help(argc, argv, first);
	session->command = argv[first];
	cmd = cmd_find(argv[first]);
	if (!cmd) {
		rc = cmd_refuse(session, argv[first]);
		return exit_status(session, NULL, rc);
	}
	rc = run_command(session, cmd, argc - first, argv + first);
	if (rc >= 0 && out_finish(session) < 0)
		rc = ERR_IO;
	out_pager_end();
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
	session.is_color = isatty(STDOUT_FILENO) && !(no_color && *no_color);
	return run(&session, argc, argv);
}
