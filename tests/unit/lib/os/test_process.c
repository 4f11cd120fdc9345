#include "lib/os/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "lib/os/file.h"
#include "tests/unit/fixture.h"

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* sh -c of a script, with what the test sets in spec beforehand. */
struct shell {
	struct process_spec spec;
	const char *argv[4];
	struct buf out;
	struct buf errors;
	struct process_end end;
	struct err err;
};

static void shell_init(struct shell *shell, const char *script)
{
	memset(shell, 0, sizeof(*shell));
	shell->argv[0] = "sh";
	shell->argv[1] = "-c";
	shell->argv[2] = script;
	shell->spec.argv = shell->argv;
	shell->spec.timeout_ms = 20000;
	shell->out = (struct buf)BUF_INIT(1000);
	shell->errors = (struct buf)BUF_INIT(1000);
}

static int shell_run(struct shell *shell)
{
	return process_run(&shell->spec, &shell->out, &shell->errors,
			   &shell->end, &shell->err);
}

static void shell_release(struct shell *shell)
{
	buf_release(&shell->out);
	buf_release(&shell->errors);
}

static void test_run(void)
{
	static const char *const env[] = { "ADDED=yes", "HOME", NULL };
	static const char *const some[] = {
		"+TAP_ONE", "TAP_*", "TAP_NEW=4", NULL
	};
	struct shell shell;

	shell_init(&shell, "echo out; echo err >&2; exit 3");
	is_int(shell_run(&shell), 0, "run");
	is_str(buf_text(&shell.out), "out\n", "stdout");
	is_str(buf_text(&shell.errors), "err\n", "stderr");
	ok(shell.end.status == 3 && !shell.end.signal, "exit status");
	shell_release(&shell);

	shell_init(&shell, "kill -TERM $$");
	is_int(shell_run(&shell), 0, "killed by itself");
	is_int(shell.end.signal, SIGTERM, "its signal");
	shell_release(&shell);

	shell_init(&shell, "echo $ADDED-${HOME-none}-${PATH:+path}; pwd");
	shell.spec.env_add = env;
	shell.spec.cwd = "/";
	is_int(shell_run(&shell), 0, "with an environment and a folder");
	is_str(buf_text(&shell.out), "yes-none-path\n/\n", "both are used");
	shell_release(&shell);

	setenv("TAP_ONE", "1", 1);
	setenv("TAP_TWO", "2", 1);
	setenv("TAPE", "3", 1);
	shell_init(&shell, "echo $TAP_ONE-${TAP_TWO-none}-$TAP_NEW-$TAPE");
	shell.spec.env_add = some;
	is_int(shell_run(&shell), 0, "without all of a prefix");
	is_str(buf_text(&shell.out), "1-none-4-3\n", "but for those kept");
	shell_release(&shell);
}

static void test_arguments(void)
{
	static const char *const argv[] = { "printf", "[%s]", "a b", "$HOME",
					    ";id", "*", NULL };
	struct process_spec spec = { .argv = argv };
	struct buf out = BUF_INIT(100);
	struct process_end end;

	is_int(process_run(&spec, &out, NULL, &end, NULL), 0, "no shell");
	is_str(buf_text(&out), "[a b][$HOME][;id][*]", "touches arguments");
	buf_release(&out);
}

static void test_input(void)
{
	static char big[300000];
	struct shell shell;

	memset(big, 'x', sizeof(big));
	shell_init(&shell, "wc -c | tr -d ' '");
	shell.spec.input = span_of(big, sizeof(big));
	is_int(shell_run(&shell), 0, "more input than a pipe holds");
	is_str(buf_text(&shell.out), "300000\n", "arrives");
	shell_release(&shell);

	shell_init(&shell, "cat");
	shell.out.max = sizeof(big);
	shell.spec.input = span_of(big, sizeof(big));
	is_int(shell_run(&shell), 0, "there and back");
	is_int(shell.out.len, sizeof(big), "without a deadlock");
	shell_release(&shell);

	shell_init(&shell, "exec <&-; echo done");
	shell.spec.input = span_of(big, sizeof(big));
	is_int(shell_run(&shell), 0, "input that nobody reads");
	is_str(buf_text(&shell.out), "done\n", "is no error and no SIGPIPE");
	shell_release(&shell);

	shell_init(&shell, "cat; echo end");
	is_int(shell_run(&shell), 0, "no input");
	is_str(buf_text(&shell.out), "end\n", "is the end of file");
	shell_release(&shell);
}

static void test_not_found(void)
{
	static const char *const none[] = { "vvault-no-such-program", NULL };
	static const char *const denied[] = { "/dev/null", NULL };
	struct process_spec spec = { .argv = none };
	struct process_end end;
	struct err err = ERR_INIT;

	is_int(process_run(&spec, NULL, NULL, &end, &err), ERR_NOT_FOUND,
	       "no such program");
	ok(strstr(err.text, "'vvault-no-such-program'") != NULL,
	   "is named: %s", err.text);
	spec.argv = denied;
	is_int(process_run(&spec, NULL, NULL, &end, NULL), ERR_DENIED,
	       "not executable");
	err_clear(&err);
	spec.argv = none;
	spec.cwd = "/no/such/folder";
	is_int(process_run(&spec, NULL, NULL, &end, &err), ERR_NOT_FOUND,
	       "no such folder");
	ok(strstr(err.text, "'/no/such/folder'") != NULL, "is named: %s",
	   err.text);
}

/* As execvp(3) does it. */
static void test_script(void)
{
	const char *argv[] = { in_scratch("script"), "word", NULL };
	struct process_spec spec = { .argv = argv };
	struct buf out = BUF_INIT(100);
	struct process_end end;

	if (file_write_atomic(argv[0], span_str("echo $1; exit 4\n"), 0700,
			      NULL) < 0)
		bail_out("cannot write");
	is_int(process_run(&spec, &out, NULL, &end, NULL), 0,
	       "a script that names no interpreter");
	is_str(buf_text(&out), "word\n", "is run by the shell");
	is_int(end.status, 4, "with its status");
	buf_release(&out);
}

static void test_limits(void)
{
	struct shell shell;
	int64_t start = now_ms();

	shell_init(&shell, "echo first; sleep 60; echo never");
	shell.spec.timeout_ms = 300;
	is_int(shell_run(&shell), ERR_TIMEOUT, "a child that hangs");
	ok(now_ms() - start >= 300 && now_ms() - start < 10000, "is killed");
	is_str(buf_text(&shell.out), "first\n", "what it said is kept");
	shell_release(&shell);

	start = now_ms();
	shell_init(&shell, "exec >&- 2>&-; sleep 60");
	shell.spec.timeout_ms = 300;
	is_int(shell_run(&shell), ERR_TIMEOUT, "one that closed its output");
	ok(now_ms() - start < 10000, "is killed as well");
	shell_release(&shell);

	shell_init(&shell, "while :; do echo yes; done");
	is_int(shell_run(&shell), ERR_LIMIT, "endless output");
	is_int(shell.out.len, 1000, "is cut at the bound");
	ok(strstr(shell.err.text, "1000 bytes") != NULL, "which is named: %s",
	   shell.err.text);
	shell_release(&shell);

	shell_init(&shell, "head -c 1000 /dev/zero");
	is_int(shell_run(&shell), 0, "output that just fits");
	is_int(shell.out.len, 1000, "is kept");
	shell_release(&shell);
}

/* The grandchild writes its pid, then must die with its group. */
static void test_group(void)
{
	struct shell shell;
	int pid = 0;
	int tries;

	shell_init(&shell, "sleep 60 & echo $!; wait");
	shell.spec.timeout_ms = 300;
	is_int(shell_run(&shell), ERR_TIMEOUT, "a child with a child");
	ok(sscanf(buf_text(&shell.out), "%d", &pid) == 1 && pid > 1,
	   "tells its pid");
	for (tries = 0; tries < 100 && pid > 1 && kill(pid, 0) == 0; tries++) {
		struct timespec pause = { 0, 10000000 };
		char path[64];
		struct buf stat = BUF_INIT(1000);
		bool is_zombie;

		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		is_zombie = file_read(path, 1000, &stat, NULL) < 0 ||
			    strstr(buf_text(&stat), ") Z ");
		buf_release(&stat);
		if (is_zombie)
			break;
		nanosleep(&pause, NULL);
	}
	ok(tries < 100, "both are killed");
	shell_release(&shell);
}

static int open_fds(void)
{
	int count = 0;
	int fd;

	for (fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* What a child inherits from whoever started this test, above its own three. */
static int inherited_fds(void)
{
	int count = 0;
	int fd;

	for (fd = 3; fd < 256; fd++) {
		int flags = fcntl(fd, F_GETFD);

		count += flags >= 0 && !(flags & FD_CLOEXEC);
	}
	return count;
}

static int count_lines(const char *text)
{
	int count = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		count++;
	}
	return count;
}

static void test_leaks(void)
{
	static const char *const none[] = { "vvault-no-such-program", NULL };
	struct shell shell;
	int before = open_fds();
	struct process process = PROCESS_INIT;
	int i;

	for (i = 0; i < 5; i++) {
		shell_init(&shell, "ls /proc/self/fd");
		shell.spec.input = span_str("x");
		is_int(shell_run(&shell), 0, "run");
		is_int(count_lines(buf_text(&shell.out)),
		       3 + inherited_fds() + 1,
		       "a child has its three descriptors, and ls one more");
		shell_release(&shell);
	}
	shell_init(&shell, "x");
	shell.spec.argv = none;
	shell.spec.input = span_str("x");
	is_int(shell_run(&shell), ERR_NOT_FOUND, "a failure");
	shell_release(&shell);
	is_int(process_start(&process, &shell.spec, NULL), ERR_NOT_FOUND,
	       "and another");
	process_release(&process);
	is_int(open_fds(), before, "we keep none open");
}

/* In a child: started without stdin and stdout, pipes become 0 and 1. */
static void test_closed_stdio(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct shell shell;
		bool is_good;

		close(0);
		close(1);
		shell_init(&shell, "cat; echo err >&2");
		shell.spec.input = span_str("in");
		is_good = shell_run(&shell) == 0 &&
			  !strcmp(buf_text(&shell.out), "in") &&
			  !strcmp(buf_text(&shell.errors), "err\n");
		shell_release(&shell);
		_exit(is_good ? 0 : 1);
	}
	ok(waitpid(pid, &status, 0) == pid && status == 0,
	   "works without our own stdin and stdout");
}

static void test_signals(void)
{
	struct shell shell;
	sigset_t set, now;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	shell_init(&shell, "kill -TERM $$; sleep 60");
	is_int(shell_run(&shell), 0, "a child is not blocked as we are");
	is_int(shell.end.signal, SIGTERM, "it was killed");
	shell_release(&shell);
	shell_init(&shell, "kill -PIPE $$; echo ignored");
	is_int(shell_run(&shell), 0, "nor does it ignore SIGPIPE");
	is_int(shell.end.signal, SIGPIPE, "it was killed");
	shell_release(&shell);
	sigprocmask(SIG_BLOCK, NULL, &now);
	ok(sigismember(&now, SIGTERM) == 1 && sigismember(&now, SIGPIPE) == 0,
	   "our own mask is as before");
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGPIPE, SIG_DFL);
}

static void test_talk(void)
{
	struct process process = PROCESS_INIT;
	struct shell shell;
	struct process_end end = { 0, -1 };
	char bytes[100];
	size_t len = 0;

	shell_init(&shell, "read a; echo got $a; read b; exit 4");
	is_int(process_start(&process, &shell.spec, NULL), 0, "started");
	is_int(process_read(&process, bytes, sizeof(bytes), 100, &len, NULL),
	       ERR_TIMEOUT, "it waits for us");
	is_int(process_write(&process, span_str("hello\n"), 5000, NULL), 0,
	       "told");
	is_int(process_read(&process, bytes, sizeof(bytes), 5000, &len, NULL),
	       0, "answered");
	is_bytes(bytes, len, "got hello\n", 10, "what we said");
	is_int(process_finish(&process, 5000, &end, NULL), 0, "finished");
	ok(end.status == 4 && !end.signal, "its exit status");
	is_int(process_write(&process, span_str("x"), 10, NULL), ERR_NETWORK,
	       "nobody is there any more");
	process_release(&process);
}

static void test_hang_up(void)
{
	static char big[300000];
	struct process process = PROCESS_INIT;
	struct shell shell;
	struct process_end end = { 0, -1 };
	char byte;
	size_t len = 1;
	int64_t start;

	shell_init(&shell, "exec <&-; exit 0");
	is_int(process_start(&process, &shell.spec, NULL), 0, "started");
	is_int(process_read(&process, &byte, 1, 5000, &len, NULL), 0,
	       "it ends at once");
	is_int(len, 0, "which is the end of file");
	is_int(process_write(&process, span_of(big, sizeof(big)), 5000, NULL),
	       ERR_NETWORK, "writing then is an error and no SIGPIPE");
	is_int(process_finish(&process, 5000, &end, NULL), 0, "finished");

	shell_init(&shell, "sleep 60");
	is_int(process_start(&process, &shell.spec, NULL), 0, "started");
	is_int(process_write(&process, span_of(big, sizeof(big)), 200, NULL),
	       ERR_TIMEOUT, "one that does not read");
	start = now_ms();
	is_int(process_finish(&process, 200, &end, NULL), ERR_TIMEOUT,
	       "nor end");
	ok(now_ms() - start < 10000 && !process.pid, "is killed");

	is_int(process_start(&process, &shell.spec, NULL), 0, "started");
	process_release(&process);
	process_release(&process);
	ok(!process.pid && process.in < 0, "release kills, twice is fine");
}

static void collect(void *arg, struct span bytes)
{
	if (buf_add_span(arg, bytes, NULL) < 0)
		bail_out("more than expected on stderr");
}

/* What it says on stderr comes while it is read from, and at its end. */
static void test_heard(void)
{
	struct process process = PROCESS_INIT;
	struct buf heard = BUF_INIT(256);
	struct process_end end = { -1, -1 };
	struct shell shell;
	char byte;
	size_t len;

	shell_init(&shell, "echo one >&2; echo x; read end; echo two >&2");
	shell.spec.heard = collect;
	shell.spec.heard_arg = &heard;
	is_int(process_start(&process, &shell.spec, NULL), 0, "started");
	is_int(process_read(&process, &byte, 1, 5000, &len, NULL), 0, "read");
	is_str(buf_text(&heard), "one\n", "heard before it answered");
	is_int(process_finish(&process, 5000, &end, NULL), 0, "finished");
	is_str(buf_text(&heard), "one\ntwo\n", "and to the end");

	buf_reset(&heard);
	shell_init(&shell, "exec sleep 60");
	shell.spec.heard = collect;
	shell.spec.heard_arg = &heard;
	is_int(process_start(&process, &shell.spec, NULL), 0, "started");
	is_int(process_finish(&process, 100, &end, NULL), ERR_TIMEOUT,
	       "a silent one has no more time for it");
	buf_release(&heard);
}

/* A program that shares our stdout has no pipe there. */
static void test_shared_stdout(void)
{
	struct process process = PROCESS_INIT;
	struct process_end end = { -1, -1 };
	struct shell shell;

	shell_init(&shell, "echo \"# from the child\"");
	shell.spec.shares_stdout = true;
	fflush(stdout);
	is_int(process_start(&process, &shell.spec, NULL), 0, "started");
	is_int(process.out, -1, "no pipe from it");
	is_int(process_finish(&process, 5000, &end, NULL), 0, "finished");
	is_int(end.status, 0, "and it could write");
}

int main(void)
{
	scratch_begin();
	test_run();
	test_arguments();
	test_input();
	test_not_found();
	test_script();
	test_limits();
	test_group();
	test_leaks();
	test_closed_stdio();
	test_signals();
	test_talk();
	test_hang_up();
	test_heard();
	test_shared_stdout();
	scratch_end();
	return done_testing();
}
