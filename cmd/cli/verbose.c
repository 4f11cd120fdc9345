#include "cmd/cli/verbose.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "cmd/cli/progress.h"
#include "cmd/cli/say.h"
#include "lib/time/timestamp.h"
#include "objects/store/store.h"
#include "refs/vault/vault.h"

#define WHAT_MAX 64

/* Program state, as the line of progress is: there is one stderr. */
static bool is_on;
static int64_t begun;
static const struct action_call *running;
static bool has_result;
static struct {
	char what[WHAT_MAX];
	uint64_t done;
	uint64_t bytes;
	int64_t begun;
} phase;

static double seconds_since(int64_t then)
{
	return (double)(timestamp_now() - then) / 1e6;
}

void verbose_begin(const struct action_call *call)
{
	is_on = true;
	begun = timestamp_now();
	running = call;
	say_note("does: %s", call->action->name);
	if (call->vault_path)
		say_note("vault: '%s'", call->vault_path);
	if (call->keys_folder)
		say_note("keys: '%s'", call->keys_folder);
	if (call->settings.config_file)
		say_note("settings: '%s'", call->settings.config_file);
}

static void end_phase(void)
{
	char bytes[48] = "";

	if (!phase.what[0])
		return;
	if (phase.bytes)
		snprintf(bytes, sizeof(bytes), ", %llu bytes",
			 (unsigned long long)phase.bytes);
	progress_wipe();
	say_note("%s: %llu%s, %.3f s", phase.what,
		 (unsigned long long)phase.done, bytes,
		 seconds_since(phase.begun));
	phase.what[0] = '\0';
}

/* Where a result is long, this is what there is to know before it. */
void verbose_result(void)
{
	struct store_stats stats;

	if (!is_on || has_result)
		return;
	has_result = true;
	end_phase();
	if (!running->opened)
		return;
	progress_wipe();
	say_note("opening the vault: %.3f s",
		 (double)(running->opened - begun) / 1e6);
	if (!running->vault)
		return;
	stats = store_stats(running->vault->store);
	say_note("until the first result: %.3f s more, %zu objects read",
		 seconds_since(running->opened), (size_t)stats.read);
}

void verbose_progress(const struct host_progress *progress)
{
	if (!is_on)
		return;
	if (strncmp(phase.what, progress->what, WHAT_MAX - 1)) {
		end_phase();
		snprintf(phase.what, sizeof(phase.what), "%s", progress->what);
		phase.begun = progress->started ? progress->started :
			      timestamp_now();
	}
	phase.done = progress->done;
	phase.bytes = progress->bytes;
}

/* What the kernel counted for this process; false: it does not tell. */
static bool read_counts(unsigned long long *read, unsigned long long *written)
{
	FILE *file = fopen("/proc/self/io", "re");
	bool is_known = file && fscanf(file, "rchar: %llu wchar: %llu", read,
				       written) == 2;

	if (file)
		fclose(file);
	return is_known;
}

void verbose_end(const struct action_call *call)
{
	unsigned long long in = 0;
	unsigned long long out = 0;
	struct rusage used;

	if (!is_on)
		return;
	/* On one screen it stands behind the results. */
	say_flush();
	end_phase();
	if (call->objects_read)
		say_note("objects read: %zu, which are %zu bytes",
			 call->objects_read, call->bytes_read);
	if (read_counts(&in, &out))
		say_note("bytes read from files: %llu, written: %llu", in, out);
	getrusage(RUSAGE_SELF, &used);
	say_note("took %.3f s, %.3f s of a processor, %ld MiB of memory",
		 seconds_since(begun),
		 (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
		 used.ru_maxrss / 1024);
}
