#include "lib/os/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_FIRST_MS 1
#define WAIT_LONGEST_MS 20
#define EXEC_FAILED 127

extern char **environ;

/* What the child tells its parent through a pipe that a good exec closes. */
struct failure {
	int number;		/* errno */
	bool is_cwd;		/* chdir failed, not exec */
};

void spawn_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/*
 * Above 2, so that dup2 onto the child's own three descriptors never closes
 * another end, even when we were started without them.
 */
static int lift(int *fd)
{
	int higher = fcntl(*fd, F_DUPFD_CLOEXEC, 3);

	if (higher < 0)
		return -1;
	close(*fd);
	*fd = higher;
	return 0;
}

static int close_on_exec(int *fd)
{
	if (*fd < 3)
		return lift(fd);
	return fcntl(*fd, F_SETFD, FD_CLOEXEC);
}

int spawn_pipe(int out_ends[2], struct err *err)
{
	int ends[2];
	int rc;

	if (pipe(ends) < 0)
		return err_errno(err, "cannot make a pipe");
	if (close_on_exec(&ends[0]) < 0 || close_on_exec(&ends[1]) < 0) {
		rc = err_errno(err, "cannot make a pipe");
		close(ends[0]);
		close(ends[1]);
		return rc;
	}
	out_ends[0] = ends[0];
	out_ends[1] = ends[1];
	return 0;
}

static size_t name_len(const char *entry)
{
	return strcspn(entry, "=");
}

/* Does the rule "NAME=value", "NAME" or "PREFIX*" speak of this entry? */
static bool is_about(const char *rule, const char *entry)
{
	size_t len = name_len(rule);

	if (len && !rule[len] && rule[len - 1] == '*')
		return !strncmp(rule, entry, len - 1);
	return name_len(entry) == len && !strncmp(rule, entry, len);
}

/* The first rule that speaks of it decides. */
static bool is_overridden(const char *entry, const char *const *add)
{
	for (; *add; add++) {
		if (**add == '+' && is_about(*add + 1, entry))
			return false;
		if (is_about(*add, entry))
			return true;
	}
	return false;
}

/*
 * Our environment with the additions, as pointers into both. Made before the
 * fork: afterwards the child may not allocate.
 */
static char **make_env(const char *const *add, bool is_all)
{
	static const char *const none[] = { NULL };
	size_t count = 1;
	size_t used = 0;
	char **env;
	size_t i;

	add = add ? add : none;
	for (i = 0; !is_all && environ && environ[i]; i++)
		count++;
	for (i = 0; add[i]; i++)
		count++;
	env = calloc(count, sizeof(*env));
	if (!env)
		return NULL;
	for (i = 0; !is_all && environ && environ[i]; i++)
		if (!is_overridden(environ[i], add))
			env[used++] = environ[i];
	for (i = 0; add[i]; i++)
		if (strchr(add[i], '='))
			env[used++] = (char *)(uintptr_t)add[i];
	return env;
}

static int open_null(int flags)
{
	return open("/dev/null", flags | O_CLOEXEC);
}

/* The child's descriptor number, from fd or else from /dev/null. */
static int place_fd(int fd, int number)
{
	if (fd < 0)
		fd = open_null(number == 0 ? O_RDONLY : O_WRONLY);
	if (fd < 0)
		return -1;
	if (fd == number)
		return fcntl(fd, F_SETFD, 0);
	return dup2(fd, number) < 0 ? -1 : 0;
}

/* A caller that blocks or ignores signals must not pass that on. */
static void reset_signals(void)
{
	struct sigaction action;
	sigset_t none;

	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_DFL;
	sigaction(SIGPIPE, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static int set_up_child(const struct process_spec *spec, const int fds[3],
			struct failure *failure)
{
	int i;

	failure->is_cwd = false;
	if (!spec->shares_group && setpgid(0, 0) < 0)
		return -1;
	for (i = 0; i < 3; i++) {
		if (fds[i] < 0 && ((i == 1 && spec->shares_stdout) ||
				   (i == 2 && spec->shares_stderr)))
			continue;
		if (place_fd(fds[i], i) < 0)
			return -1;
	}
	failure->is_cwd = true;
	if (spec->cwd && chdir(spec->cwd) < 0)
		return -1;
	failure->is_cwd = false;
	return 0;
}

/*
 * Only calls that are safe after fork, but for execvp, which may allocate in
 * a C library older than ours; we start children from one thread only.
 */
static _Noreturn void run_child(const struct process_spec *spec,
				const int fds[3], char **env, int tell)
{
	struct failure failure = { 0, false };

	reset_signals();
	if (set_up_child(spec, fds, &failure) == 0) {
		environ = env;
		execvp(spec->argv[0], (char *const *)(uintptr_t)spec->argv);
	}
	failure.number = errno;
	while (write(tell, &failure, sizeof(failure)) < 0 && errno == EINTR)
		;
	_exit(EXEC_FAILED);
}

/* Reads nothing when the exec closed the pipe, that is, when all went well. */
static int hear_child(const struct process_spec *spec, pid_t pid, int hear,
		      struct err *err)
{
	struct failure failure;
	ssize_t got;

	do
		got = read(hear, &failure, sizeof(failure));
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof(failure))
		return 0;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	errno = failure.number;
	if (failure.is_cwd)
		return err_errno(err, "cannot enter folder '%s'", spec->cwd);
	return err_errno(err, "cannot run '%s'", spec->argv[0]);
}

int spawn_child(const struct process_spec *spec, const int fds[3],
		pid_t *out_pid, struct err *err)
{
	int ends[2] = { -1, -1 };
	char **env = NULL;
	pid_t pid;
	int rc;

	rc = spawn_pipe(ends, err);
	if (rc < 0)
		goto out;
	env = make_env(spec->env_add, spec->env_is_all);
	if (!env) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	pid = fork();
	if (pid == 0)
		run_child(spec, fds, env, ends[1]);
	if (pid < 0) {
		rc = err_errno(err, "cannot start '%s'", spec->argv[0]);
		goto out;
	}
	/* Both sides do it: whichever comes first, kill() finds the group. */
	if (!spec->shares_group)
		(void)setpgid(pid, pid);
	spawn_close(&ends[1]);
	rc = hear_child(spec, pid, ends[0], err);
	if (rc == 0)
		*out_pid = pid;
out:
	free(env);
	spawn_close(&ends[0]);
	spawn_close(&ends[1]);
	return rc;
}

int64_t spawn_now_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int spawn_left_ms(int64_t deadline)
{
	int64_t left;

	if (deadline < 0)
		return -1;
	left = deadline - spawn_now_ms();
	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

static void tell_end(int status, struct process_end *end)
{
	end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	end->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

/*
 * There is no waitpid with a time limit. By then the pipes are closed and
 * nearly every child has ended, so asking again is cheap enough.
 */
int spawn_wait(pid_t pid, int64_t deadline, struct process_end *end,
	       struct err *err)
{
	int64_t pause = WAIT_FIRST_MS;
	int status;

	for (;;) {
		pid_t got = waitpid(pid, &status, deadline < 0 ? 0 : WNOHANG);
		struct timespec time = { 0, (long)pause * 1000000 };

		if (got == pid)
			break;
		if (got < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for a program");
		if (got < 0)
			continue;
		if (!spawn_left_ms(deadline))
			return err_set(err, ERR_TIMEOUT,
				       "the program did not end in time");
		nanosleep(&time, NULL);
		pause = pause * 2 < WAIT_LONGEST_MS ? pause * 2 :
						      WAIT_LONGEST_MS;
	}
	tell_end(status, end);
	return 0;
}

void spawn_kill(pid_t pid, bool has_group)
{
	kill(has_group ? -pid : pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

ssize_t spawn_write(int fd, const void *bytes, size_t len)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t pipe_signal, old, pending;
	bool was_pending;
	ssize_t done;
	int number;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&pending);
	was_pending = sigismember(&pending, SIGPIPE) == 1;
	sigprocmask(SIG_BLOCK, &pipe_signal, &old);
	done = write(fd, bytes, len);
	number = errno;
	if (done < 0 && number == EPIPE && !was_pending)
		while (sigtimedwait(&pipe_signal, NULL, &at_once) < 0 &&
		       errno == EINTR)
			;
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = number;
	return done;
}
