#include "cmd/stay/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/os/spawn.h"
#include "refs/verify/verify.h"

/* What comes through the pipe: a letter, the length in four bytes, as many
 * bytes. The last one says how it ended, with the code before the text. */
enum piece { PIECE_OBJECT = 'o', PIECE_BYTES = 'b', PIECE_NOTE = 'n',
	     PIECE_END = 'e' };
#define PIECE_HEAD 5
/* Printed text has no length before it: these stand around it. */
#define TEXT_BEGIN '\2'
#define TEXT_END '\3'
#define WRITE_AT 65536
#define TAKE_AT_ONCE 16384

/* In the child. */
struct teller {
	int fd;
	struct buf out;
};

static void teller_flush(struct teller *teller)
{
	size_t at = 0;
	ssize_t n;

	while (at < teller->out.len) {
		n = write(teller->fd, teller->out.data + at,
			  teller->out.len - at);
		/* Whoever started us is gone. */
		if (n < 0 && errno != EINTR)
			_exit(1);
		at += n > 0 ? (size_t)n : 0;
	}
	buf_reset(&teller->out);
}

static int tell(struct teller *teller, enum piece piece, struct span bytes,
		struct err *err)
{
	int rc;

	buf_put_char(&teller->out, (char)piece);
	buf_put_u32(&teller->out, (uint32_t)bytes.len);
	buf_put_span(&teller->out, bytes);
	rc = buf_end(&teller->out, err);
	if (rc == 0 && teller->out.len >= WRITE_AT)
		teller_flush(teller);
	return rc;
}

static int tell_object(void *arg, struct span json, struct err *err)
{
	return tell(arg, PIECE_OBJECT, json, err);
}

static int tell_bytes(void *arg, struct span bytes, struct err *err)
{
	return tell(arg, PIECE_BYTES, bytes, err);
}

static void tell_note(void *arg, struct span sentence)
{
	(void)!tell(arg, PIECE_NOTE, sentence, NULL);
}

void worker_print(const struct host *host,
		  bool (*print)(const struct jval *object),
		  const struct jval *object)
{
	struct teller *teller = host->arg;

	teller_flush(teller);
	/* It leads nowhere but for now. */
	fflush(stdout);
	(void)!dup2(teller->fd, STDOUT_FILENO);
	putchar(TEXT_BEGIN);
	print(object);
	putchar(TEXT_END);
	fflush(stdout);
	(void)!dup2(STDIN_FILENO, STDOUT_FILENO);
}

static void tell_problem(void *arg, const struct problem *problem)
{
	struct buf sentence = BUF_INIT(BUF_NO_LIMIT);

	buf_putf(&sentence, "%s: %s: %s", problem->code, problem->object,
		 problem->message);
	tell_note(arg, buf_span(&sentence));
	buf_release(&sentence);
}

static void tell_end(struct teller *teller, int rc, const struct err *err)
{
	struct buf end = BUF_INIT(BUF_NO_LIMIT);

	buf_put_u32(&end, (uint32_t)-rc);
	buf_put_str(&end, rc < 0 ? err->text : "");
	(void)!tell(teller, PIECE_END, buf_span(&end), NULL);
	teller_flush(teller);
}

/* The terminal is the parent's: nothing is read from it or printed to it. */
static void leave_terminal(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGTSTP,
				       SIGWINCH, SIGCONT };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	size_t i;
	int fd;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	for (fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		(void)!dup2(null, fd);
	setlocale(LC_ALL, "C");
}

static _Noreturn void run_child(int fd, int (*job)(const struct host *host,
						   void *arg,
						   struct err *err), void *arg)
{
	struct teller teller = { fd, BUF_INIT(BUF_NO_LIMIT) };
	const struct host host = {
		.arg = &teller, .object = tell_object, .bytes = tell_bytes,
		.note = tell_note, .problem = tell_problem,
	};
	struct err err = ERR_INIT;

	leave_terminal();
	tell_end(&teller, job(&host, arg, &err), &err);
	_exit(0);
}

int worker_start(struct worker *worker,
		 int (*job)(const struct host *host, void *arg,
			    struct err *err),
		 void *arg, struct err *err)
{
	int ends[2];
	int rc = spawn_pipe(ends, err);

	if (rc < 0)
		return rc;
	worker->has_ended = false;
	buf_reset(&worker->got);
	worker->pid = fork();
	if (worker->pid == 0)
		run_child(ends[1], job, arg);
	spawn_close(&ends[1]);
	worker->fd = ends[0];
	if (worker->pid > 0)
		return 0;
	worker->pid = 0;
	spawn_close(&worker->fd);
	return err_errno(err, "cannot start a process");
}

static int hand_over(struct worker *worker, const struct worker_calls *calls,
		     char piece, struct span bytes, struct err *err)
{
	switch (piece) {
	case PIECE_OBJECT:
		return calls->object ? calls->object(calls->arg, bytes, err) :
		       0;
	case PIECE_BYTES:
		return calls->bytes ? calls->bytes(calls->arg, bytes, err) : 0;
	case TEXT_BEGIN:
		return calls->text ? calls->text(calls->arg, bytes, err) : 0;
	case PIECE_NOTE:
		if (calls->note)
			calls->note(calls->arg, bytes);
		return 0;
	default:
		worker->has_ended = true;
		if (bytes.len < 4 || !u32_at(bytes.at))
			return 0;
		return err_set(err, (enum err_code)-(int)u32_at(bytes.at),
			       "%.*s", (int)(bytes.len - 4), bytes.at + 4);
	}
}

/* The piece that left begins with, if it has come whole: the bytes that it
 * takes, else 0. */
static size_t next_piece(struct span left, struct span *piece)
{
	const char *end;

	if (left.len && left.at[0] == TEXT_BEGIN) {
		end = memchr(left.at, TEXT_END, left.len);
		if (!end)
			return 0;
		*piece = span_of(left.at + 1, (size_t)(end - left.at) - 1);
		return piece->len + 2;
	}
	if (left.len < PIECE_HEAD ||
	    left.len - PIECE_HEAD < u32_at(left.at + 1))
		return 0;
	*piece = span_of(left.at + PIECE_HEAD, u32_at(left.at + 1));
	return PIECE_HEAD + piece->len;
}

/* All pieces that are complete. */
static int hand_over_all(struct worker *worker,
			 const struct worker_calls *calls, struct err *err)
{
	struct span left = buf_span(&worker->got);
	struct span piece;
	size_t len;
	int rc = 0;

	while (rc == 0 && (len = next_piece(left, &piece))) {
		rc = hand_over(worker, calls, left.at[0], piece, err);
		left = span_of(left.at + len, left.len - len);
	}
	if (left.len && left.len < worker->got.len)
		memmove(worker->got.data, left.at, left.len);
	buf_cut(&worker->got, left.len);
	return rc;
}

static int end_worker(struct worker *worker, int rc, struct err *err)
{
	bool has_ended = worker->has_ended;

	worker_stop(worker);
	return rc < 0 || has_ended ? rc :
	       err_set(err, ERR_IO, "it ended without saying why");
}

int worker_take(struct worker *worker, const struct worker_calls *calls,
		bool *is_over, struct err *err)
{
	struct pollfd ready = { worker->fd, POLLIN, 0 };
	char bytes[TAKE_AT_ONCE];
	ssize_t n;
	int rc;

	*is_over = false;
	if (poll(&ready, 1, 0) <= 0)
		return 0;
	n = read(worker->fd, bytes, sizeof(bytes));
	if (n < 0 && errno == EINTR)
		return 0;
	rc = buf_add(&worker->got, bytes, n > 0 ? (size_t)n : 0, err);
	if (rc == 0)
		rc = hand_over_all(worker, calls, err);
	if (rc == 0 && n > 0 && !worker->has_ended)
		return 0;
	*is_over = true;
	return end_worker(worker, rc, err);
}

void worker_stop(struct worker *worker)
{
	/* What it has started goes with it, where it made itself a group; where
	 * it did not, there is none of that number. */
	if (worker->pid) {
		kill(-worker->pid, SIGKILL);
		spawn_kill(worker->pid, false);
	}
	worker->pid = 0;
	spawn_close(&worker->fd);
	buf_reset(&worker->got);
}

void worker_release(struct worker *worker)
{
	worker_stop(worker);
	buf_release(&worker->got);
}
