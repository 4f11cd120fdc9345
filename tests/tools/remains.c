/*
 * usage: remains <needles> <command> [<word>]...
 *
 * Run the command, stop it when it ends, and look for the needles (a line of
 * hex each) in all memory that it has. What is found is told on standard
 * error, and the exit status is then 99; else that of the command. Memory that
 * cannot be read is not clean: 2.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/id/encode.h"
#include "lib/os/file.h"

#define FOUND 99
#define NEEDLES_MAX 64
#define NEEDLE_MAX 256
#define CHUNK ((size_t)1 << 20)

struct needle {
	unsigned char bytes[NEEDLE_MAX];
	size_t len;
};

struct search {
	struct needle needles[NEEDLES_MAX];
	size_t n;
	size_t found;
	uint64_t bytes;
	char *chunk;
	int memory;
};

static void read_needles(struct search *search, const char *path)
{
	char line[2 * NEEDLE_MAX + 2];
	FILE *file = fopen(path, "r");

	while (file && search->n < NEEDLES_MAX &&
	       fgets(line, sizeof(line), file)) {
		struct needle *needle = &search->needles[search->n++];

		line[strcspn(line, "\n")] = '\0';
		needle->len = strlen(line) / 2;
		if (!needle->len ||
		    !hex_decode(span_str(line), needle->bytes, needle->len))
			exit(2);
	}
	if (!file || !search->n)
		exit(2);
	fclose(file);
}

static bool stands_in(const char *text, size_t len,
		      const struct needle *needle)
{
	const char *at = text;
	const char *end = text + len;

	while (at && (size_t)(end - at) >= needle->len) {
		if (!memcmp(at, needle->bytes, needle->len))
			return true;
		at = memchr(at + 1, needle->bytes[0],
			    (size_t)(end - at) - 1);
	}
	return false;
}

static void search_region(struct search *search, uint64_t from, uint64_t to,
			  const char *line)
{
	while (from < to) {
		size_t want = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
		ssize_t len = pread(search->memory, search->chunk, want,
				    (off_t)from);
		size_t i;

		if (len <= 0) {
			fprintf(stderr, "remains: cannot read %s", line);
			exit(2);
		}
		search->bytes += (uint64_t)len;
		for (i = 0; i < search->n; i++) {
			if (!stands_in(search->chunk, (size_t)len,
				       &search->needles[i]))
				continue;
			search->found++;
			fprintf(stderr, "remains: needle %zu in %s", i + 1,
				line);
		}
		if ((size_t)len == want && from + want == to)
			return;
		/* What lies across two pieces is in the next one. */
		from += (uint64_t)len > NEEDLE_MAX ?
			(uint64_t)len - NEEDLE_MAX : (uint64_t)len;
	}
}

static void search_memory(struct search *search, pid_t pid)
{
	char path[64];
	char line[4096];
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	search->memory = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "r");
	while (maps && fgets(line, sizeof(line), maps)) {
		char *rest;
		uint64_t from = strtoull(line, &rest, 16);
		uint64_t to = *rest == '-' ? strtoull(rest + 1, &rest, 16) : 0;

		if (to && rest[1] == 'r' && !strstr(line, "[v"))
			search_region(search, from, to, line);
	}
	if (!maps || search->memory < 0 || !search->bytes)
		exit(2);
	fclose(maps);
	close(search->memory);
}

/* Until it has ended; its status, as waitpid(2) has it. */
static int follow(struct search *search, pid_t pid)
{
	int status = 0;
	bool has_options = false;

	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		int signal = WSTOPSIG(status);

		if (!has_options)
			ptrace(PTRACE_SETOPTIONS, pid, NULL,
			       (void *)(intptr_t)(PTRACE_O_TRACEEXIT |
						  PTRACE_O_EXITKILL));
		if (!has_options || signal == SIGTRAP)
			signal = 0;
		has_options = true;
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))
			search_memory(search, pid);
		ptrace(PTRACE_CONT, pid, NULL, (void *)(intptr_t)signal);
	}
	return status;
}

int main(int argc, char **argv)
{
	static struct search search;
	int status;
	pid_t pid;

	if (argc < 3)
		return 2;
	read_needles(&search, argv[1]);
	search.chunk = malloc(CHUNK);
	pid = search.chunk ? fork() : -1;
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0)
		return 2;
	status = follow(&search, pid);
	free(search.chunk);
	if (!search.bytes)
		return 2;
	if (search.found)
		return FOUND;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
