/*
 * Capsules for tests: tests/data/capsules, and where present the shared ones.
 */
#ifndef VV_TESTS_UNIT_CAPSULE_FIXTURE_H
#define VV_TESTS_UNIT_CAPSULE_FIXTURE_H

#include "cmd/import/capsule/capsule_internal.h"
#include "lib/os/file.h"
#include "tests/unit/fixture.h"

/* The file's bytes; false where there is none. */
static bool TAP_UNUSED read_file(const char *path, struct buf *out)
{
	buf_reset(out);
	return file_read(path, CAPSULE_MAX_BYTES, out, NULL) >= 0;
}

static void TAP_UNUSED read_capsule_file(const char *name, struct buf *out)
{
	const char *top = getenv("VV_TOP");
	char path[FIXTURE_PATH_MAX * 2];

	snprintf(path, sizeof(path), "%s/tests/data/capsules/%s",
		 top ? top : ".", name);
	if (!read_file(path, out))
		bail_out("cannot read %s", path);
}

/* The same from ../shared/data/vvault; false where that is absent. */
static bool TAP_UNUSED read_shared_file(const char *name, struct buf *out)
{
	const char *shared = getenv("VV_SHARED");
	char path[FIXTURE_PATH_MAX * 2];

	snprintf(path, sizeof(path), "%s/data/vvault/%s",
		 shared && *shared ? shared : "../shared", name);
	return read_file(path, out);
}

/* Parsed, or the program ends. */
static void TAP_UNUSED parse_capsule_file(const char *name, struct buf *bytes,
					  struct capsule *out)
{
	struct err err = ERR_INIT;

	read_capsule_file(name, bytes);
	if (capsule_parse(buf_span(bytes), out, &err) < 0)
		bail_out("%s: %s", name, err.text);
}

#endif
