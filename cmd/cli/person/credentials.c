#include "cmd/cli/person/credentials.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "cmd/cli/person/secret.h"
#include "lib/base/text.h"
#include "lib/os/file.h"
#include "lib/os/process.h"

#define HELPER_TIMEOUT_MS 120000
#define SECRET_MAX 4096

/* What the last answer was, to tell git's helpers whether it was good. */
static struct buf last_answer = BUF_INIT(3 * SECRET_MAX);

/* The url's parts as git-credential(1) wants them; none may hold a newline. */
static int describe_url(const char *url, const char *user, struct buf *out,
			struct err *err)
{
	const char *host = strstr(url, "://");
	size_t host_len;

	if (!host || strpbrk(url, "\n\r"))
		return err_set(err, ERR_INVALID, "no host in '%s'", url);
	host += 3;
	host_len = strcspn(host, "/");
	if (memchr(host, '@', host_len)) {
		const char *at = memchr(host, '@', host_len);

		host_len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	buf_putf(out, "protocol=%.*s\nhost=%.*s\n",
		 (int)(strstr(url, "://") - url), url, (int)host_len, host);
	if (user && *user && !strpbrk(user, "\n\r"))
		buf_putf(out, "username=%s\n", user);
	return buf_end(out, err);
}

/*
 * The person's own helpers are asked, and no others: git, run in a vault,
 * would take it for its repository and obey the vault's own configuration,
 * which can name a helper that is a shell command. So git is told of a
 * repository that cannot be, which stops it from looking for one, sits in a
 * folder of nobody's, and hears of the environment only where the person's
 * own configuration is.
 */
static int run_git(const char *verb, struct span input, struct buf *out,
		   bool *is_ok, struct err *err)
{
	const char *const argv[] = { "git", "credential", verb, NULL };
	static const char *const env[] = {
		"+GIT_CONFIG_GLOBAL", "+GIT_CONFIG_SYSTEM",
		"+GIT_CONFIG_NOSYSTEM", "GIT_*", "GIT_DIR=/dev/null",
		"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", NULL
	};
	struct process_spec spec = {
		.argv = argv, .env_add = env, .input = input,
		.cwd = "/", .timeout_ms = HELPER_TIMEOUT_MS,
	};
	struct process_end end;
	int rc;

	rc = process_run(&spec, out, NULL, &end, err);
	*is_ok = rc == 0 && !end.signal && !end.status;
	return rc;
}

static bool find_line(struct span text, const char *name, struct span *out)
{
	size_t len = strlen(name);

	while (text.len) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t line = end ? (size_t)(end - text.at) : text.len;

		if (line > len && text.at[len] == '=' &&
		    !memcmp(text.at, name, len)) {
			*out = span_of(text.at + len + 1, line - len - 1);
			return true;
		}
		if (!end)
			break;
		text = span_of(end + 1, text.len - line - 1);
	}
	return false;
}

static int ask_git(struct span question, struct buf *out_user,
		   struct buf *out_secret, struct err *err)
{
	struct err quiet = ERR_INIT;
	struct span user;
	struct span secret;
	bool is_ok = false;
	int rc;

	buf_wipe(&last_answer);
	rc = run_git("fill", question, &last_answer, &is_ok, &quiet);
	if (rc < 0 || !is_ok ||
	    !find_line(buf_span(&last_answer), "username", &user) ||
	    !find_line(buf_span(&last_answer), "password", &secret))
		return ERR_NOT_FOUND;
	rc = buf_add_span(out_user, user, err);
	return rc < 0 ? rc : buf_add_span(out_secret, secret, err);
}

static int ask_person(const char *url, struct buf *out_user,
		      struct buf *out_secret, struct err *err)
{
	FILE *terminal = fopen("/dev/tty", "r+");
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!terminal)
		return err_set(err, ERR_AUTH, "'%s' wants a password: there "
			       "is no terminal to ask at, and 'git "
			       "credential' knows none", url);
	if (text_escape(&safe, span_str(url), 0, NULL) >= 0)
		fprintf(terminal, "%s\n", buf_text(&safe));
	buf_release(&safe);
	rc = secret_read_line(terminal, "user: ", false, out_user, err);
	if (rc == 0)
		rc = secret_read_line(terminal, "password: ", true, out_secret,
				      err);
	fclose(terminal);
	return rc;
}

int credentials_ask(void *arg, const char *url, const char *user,
		    struct buf *out_user, struct buf *out_secret,
		    struct err *err)
{
	struct buf question = BUF_INIT(SECRET_MAX);
	int rc;

	(void)arg;
	rc = describe_url(url, user, &question, err);
	if (rc == 0)
		rc = ask_git(buf_span(&question), out_user, out_secret, err);
	if (rc == ERR_NOT_FOUND) {
		buf_wipe(&last_answer);
		rc = ask_person(url, out_user, out_secret, err);
	}
	buf_release(&question);
	return rc;
}

void credentials_tell(void *arg, bool is_good)
{
	struct err quiet = ERR_INIT;
	bool is_ok;

	(void)arg;
	/* Only what git's helpers gave is theirs to keep or to forget. */
	if (last_answer.len &&
	    run_git(is_good ? "approve" : "reject", buf_span(&last_answer),
		    NULL, &is_ok, &quiet) < 0)
		err_clear(&quiet);
	buf_wipe(&last_answer);
}
