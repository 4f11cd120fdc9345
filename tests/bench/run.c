/*
 * Run a command and append a line to a log for each time:
 *
 *	<wall microseconds> <user and system microseconds> <peak memory in KiB>
 *
 *	run <log> <times> <command> [<argument>...]
 *
 * The figures are of the command and of the children that it waited for
 * (peak memory: of the largest). Exits as the command did as soon as it
 * fails, and writes no line for that.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long micros(struct timeval time)
{
	return (long long)time.tv_sec * 1000000 + time.tv_usec;
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (long long)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static long long cpu_of_children(long *out_peak)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	*out_peak = usage.ru_maxrss;
	return micros(usage.ru_utime) + micros(usage.ru_stime);
}

static int run_once(FILE *log, char **argv)
{
	long long begun;
	long long cpu;
	long peak;
	int status;
	pid_t pid;

	cpu = cpu_of_children(&peak);
	begun = now();
	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ)) {
		fprintf(stderr, "run: cannot start '%s'\n", argv[0]);
		return 127;
	}
	if (waitpid(pid, &status, 0) != pid)
		return 128;
	begun = now() - begun;
	cpu = cpu_of_children(&peak) - cpu;
	if (!WIFEXITED(status))
		return 128;
	if (WEXITSTATUS(status))
		return WEXITSTATUS(status);
	fprintf(log, "%lld %lld %ld\n", begun, cpu, peak);
	return 0;
}

int main(int argc, char **argv)
{
	FILE *log;
	long times;
	int rc = 0;

	if (argc < 4)
		return 129;
	log = fopen(argv[1], "ae");
	if (!log) {
		fprintf(stderr, "run: cannot write '%s'\n", argv[1]);
		return 128;
	}
	for (times = strtol(argv[2], NULL, 10); times > 0 && !rc; times--)
		rc = run_once(log, argv + 3);
	if (fclose(log) && !rc)
		rc = 128;
	return rc;
}
