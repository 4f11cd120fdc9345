/*
 * A worker: what comes from it, in order, and its end, whatever that is.
 */
#include "cmd/stay/worker.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "tests/tap.h"

#define MANY 5000

static struct buf came = BUF_INIT(BUF_NO_LIMIT);
static size_t objects;

static int take_object(void *arg, struct span json, struct err *err)
{
	(void)arg;
	(void)err;
	objects++;
	if (objects < 3)
		buf_put_span(&came, json);
	return 0;
}

static int take_bytes(void *arg, struct span bytes, struct err *err)
{
	(void)arg;
	(void)err;
	buf_put_span(&came, bytes);
	return 0;
}

static void take_note(void *arg, struct span sentence)
{
	(void)arg;
	buf_put_span(&came, sentence);
}

/* Until it is over; returns what it did. */
static int finish(struct worker *worker, struct err *err)
{
	const struct worker_calls calls = { NULL, take_object, take_bytes,
					    take_bytes, take_note };
	bool is_over = false;
	int rc = 0;

	while (!is_over) {
		struct pollfd ready = { worker->fd, POLLIN, 0 };

		if (poll(&ready, 1, 20000) <= 0)
			bail_out("nothing comes");
		rc = worker_take(worker, &calls, &is_over, err);
	}
	return rc;
}

static bool print(const struct jval *object)
{
	(void)object;
	return fputs(" \033[1mprinted\n", stdout) >= 0;
}

static int tell_all(const struct host *host, void *arg, struct err *err)
{
	size_t i;
	int rc = 0;

	puts("this goes nowhere");
	for (i = 0; rc == 0 && i < MANY; i++)
		rc = host_json(host, span_str("{\"a\":1}"), err);
	worker_print(host, print, NULL);
	if (rc == 0)
		rc = host_bytes(host, span_of("b\0\2\3", 4), err);
	host_note(host, "%s", (const char *)arg);
	return rc;
}

static int fail(const struct host *host, void *arg, struct err *err)
{
	(void)arg;
	host_note(host, "before");
	return err_set(err, ERR_DENIED, "it may not");
}

static int die(const struct host *host, void *arg, struct err *err)
{
	(void)host;
	(void)arg;
	(void)err;
	kill(getpid(), SIGKILL);
	return 0;
}

static int hang(const struct host *host, void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	host_note(host, "never comes");
	pause();
	return 0;
}

static void test_told(void)
{
	struct worker worker = WORKER_INIT;
	struct err err = ERR_INIT;
	char word[] = " note";

	is_int(worker_start(&worker, tell_all, word, &err), 0, "started");
	is_int(finish(&worker, &err), 0, "it succeeds");
	is_int(objects, MANY, "all objects");
	is_bytes(came.data, came.len, "{\"a\":1}{\"a\":1} \033[1mprinted\nb\0\2\3"
		 " note", 14 + 13 + 4 + 5, "in order, byte for byte");
	ok(!worker.pid && worker.fd < 0, "free again");
	worker_release(&worker);
}

static void test_failed(void)
{
	struct worker worker = WORKER_INIT;
	struct err err = ERR_INIT;

	buf_reset(&came);
	is_int(worker_start(&worker, fail, NULL, &err), 0, "started");
	is_int(finish(&worker, &err), ERR_DENIED, "its failure");
	is_str(err.text, "it may not", "in its words");
	is_str(buf_text(&came), "before", "and what it told before");
	err_clear(&err);
	is_int(worker_start(&worker, die, NULL, &err), 0, "started");
	is_int(finish(&worker, &err), ERR_IO, "one that dies has failed");
	worker_release(&worker);
}

static void test_stopped(void)
{
	struct worker worker = WORKER_INIT;
	struct err err = ERR_INIT;
	pid_t pid;

	is_int(worker_start(&worker, hang, NULL, &err), 0, "started");
	pid = worker.pid;
	worker_stop(&worker);
	ok(kill(pid, 0) < 0 && !worker.pid, "it is gone");
	worker_stop(&worker);
	buf_reset(&came);
	is_int(worker_start(&worker, fail, NULL, &err), 0, "another one");
	is_int(finish(&worker, &err), ERR_DENIED, "runs");
	is_str(buf_text(&came), "before", "with nothing of the first");
	worker_release(&worker);
}

int main(void)
{
	test_told();
	test_failed();
	test_stopped();
	buf_release(&came);
	return done_testing();
}
