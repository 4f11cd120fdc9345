#include "lib/os/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "lib/os/spawn.h"

#define CHUNK_BYTES ((size_t)1 << 16)

/* Our ends of the pipes of one run; -1: none or done. */
struct run {
	pid_t pid;
	int64_t deadline;
	int in;
	int out;
	int errors;
	struct span input;	/* what is left to write */
};

/* The pipe that one of the child's three descriptors needs, if any. */
static int make_pipe(bool is_wanted, int *ours, int *theirs, bool we_write,
		     struct err *err)
{
	int ends[2];
	int rc;

	if (!is_wanted)
		return 0;
	rc = spawn_pipe(ends, err);
	if (rc < 0)
		return rc;
	*ours = ends[we_write ? 1 : 0];
	*theirs = ends[we_write ? 0 : 1];
	if (we_write && fcntl(*ours, F_SETFL, O_NONBLOCK) < 0)
		return err_errno(err, "cannot make a pipe");
	return 0;
}

static int start(struct run *run, const struct process_spec *spec,
		 bool has_out, bool has_errors, struct err *err)
{
	int fds[3] = { -1, -1, -1 };
	int i;
	int rc;

	rc = make_pipe(spec->input.len > 0, &run->in, &fds[0], true, err);
	if (rc == 0)
		rc = make_pipe(has_out, &run->out, &fds[1], false, err);
	if (rc == 0)
		rc = make_pipe(has_errors && !spec->shares_stderr,
			       &run->errors, &fds[2], false, err);
	if (rc == 0)
		rc = spawn_child(spec, fds, &run->pid, err);
	for (i = 0; i < 3; i++)
		spawn_close(&fds[i]);
	return rc;
}

/* A child that does not read its input has its reasons. */
static int feed(struct run *run, struct err *err)
{
	ssize_t done = spawn_write(run->in, run->input.at, run->input.len);

	if (done < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (done < 0 && errno != EPIPE)
		return err_errno(err, "cannot write to a program");
	if (done >= 0)
		run->input = span_of(run->input.at + done,
				     run->input.len - (size_t)done);
	if (done < 0 || !run->input.len)
		spawn_close(&run->in);
	return 0;
}

/* Read what is there; closes the descriptor at the end. */
static int collect(int *fd, struct buf *into, struct err *err)
{
	char chunk[CHUNK_BYTES];
	size_t room = into->max - into->len;
	ssize_t got = read(*fd, chunk, sizeof(chunk));
	size_t len;
	int rc;

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got < 0)
		return err_errno(err, "cannot read from a program");
	if (got == 0) {
		spawn_close(fd);
		return 0;
	}
	len = (size_t)got;
	rc = buf_add(into, chunk, len < room ? len : room, err);
	if (rc == 0 && len > room)
		rc = err_set(err, ERR_LIMIT,
			     "the program wrote more than %zu bytes",
			     into->max);
	return rc;
}

static int serve(struct run *run, const struct pollfd ready[3],
		 struct buf *out, struct buf *errors, struct err *err)
{
	int rc = 0;

	if (ready[0].revents)
		rc = feed(run, err);
	if (rc == 0 && ready[1].revents)
		rc = collect(&run->out, out, err);
	if (rc == 0 && ready[2].revents)
		rc = collect(&run->errors, errors, err);
	return rc;
}

/* poll ignores descriptors below 0. */
static int talk(struct run *run, struct buf *out, struct buf *errors,
		struct err *err)
{
	int rc = 0;

	while (rc == 0 && (run->out >= 0 || run->errors >= 0 || run->in >= 0)) {
		struct pollfd ready[3] = {
			{ run->in, POLLOUT, 0 },
			{ run->out, POLLIN, 0 },
			{ run->errors, POLLIN, 0 },
		};
		int count = poll(ready, 3, spawn_left_ms(run->deadline));

		if (count < 0 && errno != EINTR)
			rc = err_errno(err, "cannot wait for a program");
		else if (count == 0)
			rc = err_set(err, ERR_TIMEOUT,
				     "the program did not end in time");
		else if (count > 0)
			rc = serve(run, ready, out, errors, err);
	}
	return rc;
}

int process_run(const struct process_spec *spec, struct buf *out,
		struct buf *errors, struct process_end *end, struct err *err)
{
	struct run run = { 0, -1, -1, -1, -1, spec->input };
	int rc;

	if (spec->timeout_ms)
		run.deadline = spawn_now_ms() + spec->timeout_ms;
	rc = start(&run, spec, out != NULL, errors != NULL, err);
	if (rc < 0)
		goto out;
	rc = talk(&run, out, errors, err);
	if (rc == 0)
		rc = spawn_wait(run.pid, run.deadline, end, err);
	if (rc < 0) {
		spawn_kill(run.pid, !spec->shares_group);
		err_prefix(err, "'%s'", spec->argv[0]);
	}
out:
	spawn_close(&run.in);
	spawn_close(&run.out);
	spawn_close(&run.errors);
	return rc;
}
