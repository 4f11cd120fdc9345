/*
 * What the tests of the JSON modules share: whole files, the shared folder.
 */
#ifndef VV_TESTS_UNIT_JSON_FIXTURE_H
#define VV_TESTS_UNIT_JSON_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "tests/tap.h"

#define NO_SHARED "../shared is not here"

/* "<shared>/<name>", or NULL where the shared folder is absent. */
static TAP_UNUSED const char *shared_path(const char *name)
{
	static char path[2048];
	const char *shared = getenv("VV_SHARED");

	snprintf(path, sizeof(path), "%s/%s",
		 shared && *shared ? shared : "../shared", name);
	return access(path, R_OK) == 0 ? path : NULL;
}

/* Replace the content of out by that of the file. */
static TAP_UNUSED void read_whole(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "rb");
	char part[4096];
	size_t got;

	if (!file)
		bail_out("cannot open %s", path);
	buf_reset(out);
	while ((got = fread(part, 1, sizeof(part), file)) > 0) {
		if (buf_add(out, part, got, NULL) < 0)
			bail_out("out of memory");
	}
	fclose(file);
}

/* xorshift64, always the same sequence. */
static TAP_UNUSED uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif
