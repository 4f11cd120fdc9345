#include "lib/os/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "lib/os/spawn.h"

#define HEARD_BYTES 4096

static int64_t deadline_of(int timeout_ms)
{
	return timeout_ms ? spawn_now_ms() + timeout_ms : -1;
}

int process_detach(const struct process_spec *spec, struct err *err)
{
	struct process_spec alone = *spec;
	const int none[3] = { -1, -1, -1 };
	pid_t pid;

	alone.is_detached = true;
	alone.shares_stdout = false;
	alone.shares_stderr = false;
	return spawn_child(&alone, none, &pid, err);
}

/* The ends that are ours and theirs of up to three pipes. */
struct pipes {
	int ours[3];
	int theirs[3];
};

static int make_pipe(struct pipes *pipes, int number, struct err *err)
{
	int ends[2];
	int rc = spawn_pipe(ends, err);

	if (rc < 0)
		return rc;
	/* They read from the first, and write to the others. */
	pipes->ours[number] = ends[number == 0];
	pipes->theirs[number] = ends[number != 0];
	if (number != 1 &&
	    fcntl(pipes->ours[number], F_SETFL, O_NONBLOCK) < 0)
		return err_errno(err, "cannot make a pipe");
	return 0;
}

int process_start(struct process *process, const struct process_spec *spec,
		  struct err *err)
{
	struct process_spec talking = *spec;
	struct pipes pipes = { { -1, -1, -1 }, { -1, -1, -1 } };
	pid_t pid;
	int i;
	int rc;

	talking.shares_stderr = !spec->heard;
	rc = make_pipe(&pipes, 0, err);
	if (rc == 0 && !spec->shares_stdout)
		rc = make_pipe(&pipes, 1, err);
	if (rc == 0 && spec->heard)
		rc = make_pipe(&pipes, 2, err);
	if (rc == 0)
		rc = spawn_child(&talking, pipes.theirs, &pid, err);
	if (rc < 0)
		goto out;
	process->pid = pid;
	process->in = pipes.ours[0];
	process->out = pipes.ours[1];
	process->errors = pipes.ours[2];
	process->heard = spec->heard;
	process->heard_arg = spec->heard_arg;
	process->has_group = !spec->shares_group;
	for (i = 0; i < 3; i++)
		pipes.ours[i] = -1;
out:
	for (i = 0; i < 3; i++) {
		spawn_close(&pipes.ours[i]);
		spawn_close(&pipes.theirs[i]);
	}
	return rc;
}

/* Hand on what has come on stderr. */
static void hear(struct process *process)
{
	char bytes[HEARD_BYTES];
	ssize_t got;

	while (process->errors >= 0) {
		got = read(process->errors, bytes, sizeof(bytes));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0)
			spawn_close(&process->errors);
		else
			process->heard(process->heard_arg,
				       span_of(bytes, (size_t)got));
	}
}

/* Wait for a pipe of the process; -1: for the end of its stderr. */
static int wait_fd(struct process *process, int fd, short events,
		   int64_t deadline, struct err *err)
{
	while (fd >= 0 || process->errors >= 0) {
		struct pollfd ready[2] = {
			{ fd, events, 0 }, { process->errors, POLLIN, 0 },
		};
		int rc = poll(ready, 2, spawn_left_ms(deadline));

		if (rc < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for a program");
		if (rc == 0)
			return err_set(err, ERR_TIMEOUT,
				       "the program did not answer in time");
		if (rc > 0 && ready[1].revents)
			hear(process);
		if (rc > 0 && ready[0].revents)
			return 0;
	}
	return 0;
}

int process_write(struct process *process, struct span bytes, int timeout_ms,
		  struct err *err)
{
	int64_t deadline = deadline_of(timeout_ms);

	if (process->in < 0)
		return err_set(err, ERR_NETWORK, "the program has hung up");
	while (bytes.len) {
		ssize_t done;
		int rc = wait_fd(process, process->in, POLLOUT, deadline,
				 err);

		if (rc < 0)
			return rc;
		done = spawn_write(process->in, bytes.at, bytes.len);
		if (done < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (done < 0 && errno == EPIPE)
			return err_set(err, ERR_NETWORK,
				       "the program has hung up");
		if (done < 0)
			return err_errno(err, "cannot write to a program");
		bytes = span_of(bytes.at + done, bytes.len - (size_t)done);
	}
	return 0;
}

int process_read(struct process *process, void *bytes, size_t len,
		 int timeout_ms, size_t *out_len, struct err *err)
{
	int64_t deadline = deadline_of(timeout_ms);
	ssize_t got;
	int rc;

	if (process->out < 0)
		return err_set(err, ERR_NETWORK, "the program has hung up");
	do {
		rc = wait_fd(process, process->out, POLLIN, deadline, err);
		if (rc < 0)
			return rc;
		got = read(process->out, bytes, len);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_errno(err, "cannot read from a program");
	*out_len = (size_t)got;
	return 0;
}

int process_finish(struct process *process, int timeout_ms,
		   struct process_end *end, struct err *err)
{
	int64_t deadline = deadline_of(timeout_ms);
	int rc;

	spawn_close(&process->in);
	spawn_close(&process->out);
	if (!process->pid)
		return err_set(err, ERR_INVALID, "no program is running");
	rc = wait_fd(process, -1, 0, deadline, err);
	if (rc == 0)
		rc = spawn_wait(process->pid, deadline, end, err);
	spawn_close(&process->errors);
	if (rc < 0)
		spawn_kill(process->pid, process->has_group);
	process->pid = 0;
	return rc;
}

void process_release(struct process *process)
{
	spawn_close(&process->in);
	spawn_close(&process->out);
	spawn_close(&process->errors);
	if (process->pid)
		spawn_kill(process->pid, process->has_group);
	process->pid = 0;
}
