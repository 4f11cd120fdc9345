#include "cmd/cli/person/secret.h"

#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/os/file.h"

#define SECRET_MAX 4096
#define PASSPHRASE_MAX 1024

int secret_read_line(FILE *terminal, const char *question, bool is_secret,
		     struct buf *out, struct err *err)
{
	struct termios saved;
	struct termios hidden;
	char line[SECRET_MAX];
	bool has_line;
	int rc;

	fputs(question, terminal);
	fflush(terminal);
	if (is_secret && tcgetattr(fileno(terminal), &saved) == 0) {
		hidden = saved;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(fileno(terminal), TCSAFLUSH, &hidden);
	} else {
		is_secret = false;
	}
	has_line = fgets(line, sizeof(line), terminal) != NULL;
	if (is_secret) {
		tcsetattr(fileno(terminal), TCSAFLUSH, &saved);
		fputc('\n', terminal);
	}
	if (!has_line)
		return err_set(err, ERR_AUTH, "no answer at the terminal");
	line[strcspn(line, "\r\n")] = '\0';
	rc = buf_add_str(out, line, err);
	sodium_memzero(line, sizeof(line));
	return rc;
}

static int ask_twice(FILE *terminal, struct buf *out, struct err *err)
{
	struct buf again = BUF_INIT(SECRET_MAX);
	size_t start = out->len;
	int rc = secret_read_line(terminal, "new passphrase: ", true, out,
				  err);

	if (rc == 0 && out->len > start)
		rc = secret_read_line(terminal, "the same once more: ", true,
				      &again, err);
	if (rc == 0 && !span_equals(span_of(out->data + start,
					    out->len - start),
				    buf_span(&again)))
		rc = err_set(err, ERR_INVALID, "the two passphrases differ");
	buf_wipe(&again);
	return rc;
}

int secret_passphrase(void *arg, bool is_new, struct buf *out,
		      struct err *err)
{
	FILE *terminal;
	int rc;

	(void)arg;
	if (!isatty(STDIN_FILENO))
		return file_read_fd(STDIN_FILENO, "standard input",
				    PASSPHRASE_MAX, out, err);
	terminal = fopen("/dev/tty", "r+");
	if (!terminal)
		return err_set(err, ERR_INVALID, "there is no terminal to ask "
			       "for a passphrase at: name a file that holds "
			       "it with --passphrase-file");
	/* What is typed stands in a line of ours, and in no buffer. */
	setvbuf(terminal, NULL, _IONBF, 0);
	rc = is_new ? ask_twice(terminal, out, err) :
	     secret_read_line(terminal, "passphrase: ", true, out, err);
	fclose(terminal);
	return rc;
}
