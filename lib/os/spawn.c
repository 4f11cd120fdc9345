#define _GNU_SOURCE	/* O_PATH, posix_spawn_file_actions_addfchdir_np */
#include "lib/os/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_FIRST_MS 1
#define WAIT_LONGEST_MS 20

extern char **environ;

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

/* Our environment with the additions, as pointers into both. */
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

/* What the child does before it becomes the program; the numbers are errno's.
 * cwd: its folder, opened, or -1. */
static int add_actions(posix_spawn_file_actions_t *actions,
		       const struct process_spec *spec, const int fds[3],
		       int cwd)
{
	int number = 0;
	int i;

	for (i = 0; !number && i < 3; i++) {
		if (fds[i] >= 0)
			number = posix_spawn_file_actions_adddup2(actions,
								  fds[i], i);
		else if (!(i == 1 && spec->shares_stdout) &&
			 !(i == 2 && spec->shares_stderr))
			number = posix_spawn_file_actions_addopen(
				actions, i, "/dev/null",
				i == 0 ? O_RDONLY : O_WRONLY, 0);
	}
	if (!number && cwd >= 0)
		number = posix_spawn_file_actions_addfchdir_np(actions, cwd);
	/* What others left open goes too. */
	if (!number && spec->is_detached)
		number = posix_spawn_file_actions_addclosefrom_np(actions, 3);
	return number;
}

/* A caller that blocks or ignores signals must not pass that on. Fails for
 * wrong values, and for nothing else. */
static void set_attributes(posix_spawnattr_t *attributes,
			   const struct process_spec *spec)
{
	short group = spec->is_detached ? POSIX_SPAWN_SETSID :
		      spec->shares_group ? 0 : POSIX_SPAWN_SETPGROUP;
	sigset_t set;

	(void)posix_spawnattr_setflags(attributes, (short)(
		POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group));
	sigemptyset(&set);
	(void)posix_spawnattr_setsigmask(attributes, &set);
	sigaddset(&set, SIGPIPE);
	(void)posix_spawnattr_setsigdefault(attributes, &set);
}

/* A script whose first line names no interpreter is the shell's. */
static int spawn_script(pid_t *out_pid, const struct process_spec *spec,
			const posix_spawn_file_actions_t *actions,
			const posix_spawnattr_t *attributes, char **env)
{
	size_t n = 0;
	char **argv;
	int number;

	while (spec->argv[n])
		n++;
	argv = calloc(n + 2, sizeof(*argv));
	if (!argv)
		return ENOMEM;
	argv[0] = (char *)(uintptr_t)"sh";
	memcpy(argv + 1, spec->argv, n * sizeof(*argv));
	number = posix_spawn(out_pid, "/bin/sh", actions, attributes, argv,
			     env);
	free(argv);
	return number;
}

static int spawn_in(const struct process_spec *spec, const int fds[3],
		    int cwd, char **env, pid_t *out_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char **argv = (char **)(uintptr_t)spec->argv;
	int number = posix_spawn_file_actions_init(&actions);

	if (number)
		return number;
	number = posix_spawnattr_init(&attributes);
	if (number) {
		posix_spawn_file_actions_destroy(&actions);
		return number;
	}
	number = add_actions(&actions, spec, fds, cwd);
	set_attributes(&attributes, spec);
	if (!number)
		number = posix_spawnp(out_pid, argv[0], &actions, &attributes,
				      argv, env);
	if (number == ENOEXEC)
		number = spawn_script(out_pid, spec, &actions, &attributes,
				      env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return number;
}

int spawn_child(const struct process_spec *spec, const int fds[3],
		pid_t *out_pid, struct err *err)
{
	char **env = make_env(spec->env_add, spec->env_is_all);
	int cwd = -1;
	int rc = 0;

	if (!env)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (spec->cwd)
		cwd = open(spec->cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (spec->cwd && cwd < 0) {
		rc = err_errno(err, "cannot enter folder '%s'", spec->cwd);
	} else {
		errno = spawn_in(spec, fds, cwd, env, out_pid);
		if (errno)
			rc = err_errno(err, "cannot run '%s'", spec->argv[0]);
	}
	spawn_close(&cwd);
	free(env);
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
