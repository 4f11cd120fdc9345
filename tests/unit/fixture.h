/*
 * What several unit tests need: a scratch folder, and the shared vectors
 * where they are present.
 */
#ifndef VV_TESTS_UNIT_FIXTURE_H
#define VV_TESTS_UNIT_FIXTURE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/path.h"
#include "tests/tap.h"

#define FIXTURE_PATH_MAX 512

/* A new empty folder for this program, removed by scratch_end. */
static char scratch[FIXTURE_PATH_MAX];

static void TAP_UNUSED scratch_begin(void)
{
	const char *top = getenv("TMPDIR");

	snprintf(scratch, sizeof(scratch), "%s/vvault-test-XXXXXX",
		 top ? top : "/tmp");
	if (!mkdtemp(scratch))
		bail_out("cannot make a scratch folder");
}

static void TAP_UNUSED scratch_end(void)
{
	struct buf parent = PATH_BUF_INIT;

	if (path_parent(&parent, scratch, NULL) < 0 ||
	    dir_remove_all(buf_text(&parent), scratch, NULL) < 0)
		diag("cannot remove %s", scratch);
	buf_release(&parent);
}

/* "<scratch>/<name>"; good until the same slot is asked for again. */
static TAP_UNUSED const char *in_scratch(const char *name)
{
	static char paths[4][FIXTURE_PATH_MAX * 2];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", scratch, name);
	return path;
}

/* The path of a shared vector, or NULL where the shared folder is absent. */
static TAP_UNUSED const char *vector_path(const char *name)
{
	static char path[FIXTURE_PATH_MAX * 2];
	const char *shared = getenv("VV_SHARED");

	snprintf(path, sizeof(path), "%s/vectors/%s",
		 shared && *shared ? shared : "../shared", name);
	return access(path, R_OK) == 0 ? path : NULL;
}

/* Bytes of a hex text; for constants of a test. */
static size_t TAP_UNUSED from_hex(const char *hex, unsigned char *out,
				  size_t max)
{
	size_t len = strlen(hex) / 2;
	size_t i;

	if (len > max)
		bail_out("hex text is too long");
	for (i = 0; i < len; i++) {
		unsigned int byte;

		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			bail_out("not hex: %s", hex);
		out[i] = (unsigned char)byte;
	}
	return len;
}

#endif
