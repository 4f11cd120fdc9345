/*
 * Stands in for libFuzzer's main: feeds a target the files of its corpus,
 * tests/fuzz/corpus/<name>/ for fuzz_<name>, and a fixed number of damaged
 * copies of each, always the same. A crash ends the program without a plan,
 * a hang by SIGALRM; both fail the run.
 */
#include <dirent.h>
#include <stdint.h>
#include <unistd.h>

#include "tests/tap.h"

#define INPUT_MAX_BYTES ((size_t)1 << 22)
#define DAMAGED_COPIES 64
#define INPUT_SECONDS 60

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A copy of exactly len bytes, so that reading past the end is noticed. */
static void feed(const unsigned char *bytes, size_t len)
{
	unsigned char *exact = malloc(len ? len : 1);

	if (!exact)
		bail_out("out of memory");
	if (len)
		memcpy(exact, bytes, len);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
}

/* xorshift64: good enough to choose where to hurt. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void feed_damaged(unsigned char *bytes, size_t len)
{
	uint64_t state = 0x9e3779b97f4a7c15u ^ len;
	int copy;

	for (copy = 0; len && copy < DAMAGED_COPIES; copy++) {
		size_t at = (size_t)(next_random(&state) % len);
		unsigned char was = bytes[at];

		if (copy % 4 == 0) {
			feed(bytes, at);
			continue;
		}
		bytes[at] ^= (unsigned char)(1u << next_random(&state) % 8);
		feed(bytes, len);
		bytes[at] = was;
	}
}

static void replay_file(const char *folder, const char *name,
			unsigned char *bytes)
{
	char path[4096];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (!file)
		bail_out("cannot open %s", path);
	len = fread(bytes, 1, INPUT_MAX_BYTES, file);
	fclose(file);
	alarm(INPUT_SECONDS);
	feed(bytes, len);
	feed_damaged(bytes, len);
	alarm(0);
	ok(true, "%s and %d damaged copies", name, DAMAGED_COPIES);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void replay_folder(const char *folder, unsigned char *bytes)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_visible, alphasort);
	int i;

	ok(count > 0, "the corpus %s has files", folder);
	for (i = 0; i < count; i++) {
		replay_file(folder, entries[i]->d_name, bytes);
		free(entries[i]);
	}
	free(entries);
}

int main(int argc, char **argv)
{
	const char *top = getenv("VV_TOP");
	const char *name = strrchr(argv[0], '/');
	unsigned char *bytes = malloc(INPUT_MAX_BYTES);
	char folder[2048];

	(void)argc;
	name = name ? name + 1 : argv[0];
	if (!strncmp(name, "fuzz_", 5))
		name += 5;
	if (!bytes)
		bail_out("out of memory");
	snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s",
		 top ? top : ".", name);
	feed(bytes, 0);
	ok(true, "the empty input");
	replay_folder(folder, bytes);
	free(bytes);
	return done_testing();
}
