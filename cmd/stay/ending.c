#include "cmd/stay/ending.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "lib/os/spawn.h"

/* Program state, as signals are. */
static volatile sig_atomic_t came;
static int waking[2] = { -1, -1 };

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

static void on_signal(int number)
{
	int before = errno;

	came = number;
	(void)!write(waking[1], "", 1);
	errno = before;
}

static void handle(void (*handler)(int number))
{
	struct sigaction action = { .sa_handler = handler };
	size_t i;

	for (i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &action, NULL);
}

int ending_begin(struct err *err)
{
	int rc = spawn_pipe(waking, err);

	came = 0;
	if (rc == 0)
		handle(on_signal);
	return rc;
}

void ending_end(void)
{
	handle(SIG_DFL);
	spawn_close(&waking[0]);
	spawn_close(&waking[1]);
}

int ending_fd(void)
{
	return waking[0];
}

int ending_came(void)
{
	return came;
}

void ending_forget(void)
{
	struct pollfd ready = { waking[0], POLLIN, 0 };
	char bytes[64];

	while (poll(&ready, 1, 0) > 0 &&
	       read(waking[0], bytes, sizeof(bytes)) > 0)
		came = 0;
}
