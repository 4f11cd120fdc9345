#include "lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "lib/spawn.h"

static int64_t deadline_of(int timeout_ms)
{
	return timeout_ms ? spawn_now_ms() + timeout_ms : -1;
}

int process_start(struct process *process, const struct process_spec *spec,
		  struct err *err)
{
	struct process_spec talking = *spec;
	int in[2] = { -1, -1 };
	int out[2] = { -1, -1 };
	int fds[3];
	pid_t pid;
	int rc;

	talking.shares_stderr = true;
	rc = spawn_pipe(in, err);
	if (rc == 0)
		rc = spawn_pipe(out, err);
	if (rc == 0 && fcntl(in[1], F_SETFL, O_NONBLOCK) < 0)
		rc = err_errno(err, "cannot make a pipe");
	if (rc < 0)
		goto out;
	fds[0] = in[0];
	fds[1] = out[1];
	fds[2] = -1;
	rc = spawn_child(&talking, fds, &pid, err);
	if (rc < 0)
		goto out;
	process->pid = pid;
	process->in = in[1];
	process->out = out[0];
	process->has_group = !spec->shares_group;
	in[1] = -1;
	out[0] = -1;
out:
	spawn_close(&in[0]);
	spawn_close(&in[1]);
	spawn_close(&out[0]);
	spawn_close(&out[1]);
	return rc;
}

static int wait_fd(int fd, short events, int64_t deadline, struct err *err)
{
	struct pollfd ready = { fd, events, 0 };
	int rc;

	do
		rc = poll(&ready, 1, spawn_left_ms(deadline));
	while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return err_errno(err, "cannot wait for a program");
	if (rc == 0)
		return err_set(err, ERR_TIMEOUT,
			       "the program did not answer in time");
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
		int rc = wait_fd(process->in, POLLOUT, deadline, err);

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
		rc = wait_fd(process->out, POLLIN, deadline, err);
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
	int rc;

	spawn_close(&process->in);
	spawn_close(&process->out);
	if (!process->pid)
		return err_set(err, ERR_INVALID, "no program is running");
	rc = spawn_wait(process->pid, deadline_of(timeout_ms), end, err);
	if (rc < 0)
		spawn_kill(process->pid, process->has_group);
	process->pid = 0;
	return rc;
}

void process_release(struct process *process)
{
	spawn_close(&process->in);
	spawn_close(&process->out);
	if (process->pid)
		spawn_kill(process->pid, process->has_group);
	process->pid = 0;
}
