/* memfd_create() is Linux's own. */
#define _GNU_SOURCE
#include "cmd/action/construct/picked.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/import/run.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/os/file.h"
#include "objects/blob/blob.h"

static int pick_record(void *arg, const struct record_parts *parts, struct err *err)
{
	struct picked *picked = arg;

	picked->taken++;
	return picked_take(picked, parts->entity, span_str(parts->at),
			   parts->data, err);
}

/*
 * Read it as it was imported, and keep what its records speak of. Whatever
 * was left out then, for its time or its secrets, picks nothing.
 */
static int read_again(struct picked *picked, const char *path, int input,
		      const char *format, struct err *err)
{
	static const struct host nobody = { .arg = NULL };
	struct import_results results = IMPORT_RESULTS_INIT;
	struct import_job job = {
		.options = {
			.construct = picked->view->construct,
			.format = format ? importer_find(format) : NULL,
			.accepts_mismatch = true, .allows_future = true,
			.is_dry_run = true, .input = input,
		},
		.vault = picked->view->vault, .host = &nobody,
		.sink = pick_record, .sink_arg = picked,
	};
	uint64_t before = picked->taken;
	int rc = import_run(&job, &path, 1, &results, err);

	if (rc == 0 && before == picked->taken)
		rc = err_set(err, ERR_INVALID, "nothing was found in '%s' that "
			     "could have been imported", path);
	import_results_release(&results);
	import_job_release(&job);
	return rc;
}

static int add_source(struct picked *picked, struct span bytes,
		      struct err *err)
{
	char entity[sizeof("source:") + HEX_TEXT(SHA256_BYTES)] = "source:";
	static const struct span none = { NULL, 0 };
	unsigned char digest[SHA256_BYTES];

	sha256_of(bytes.at, bytes.len, digest);
	hex_text(digest, SHA256_BYTES, entity + strlen(entity));
	return picked_take(picked, span_str(entity), none, none, err);
}

int picked_add_file(struct picked *picked, const char *path, struct err *err)
{
	struct file_map map = FILE_MAP_INIT;
	int rc = read_again(picked, path, -1, NULL, err);

	if (rc == 0 && !file_is_dir(path))
		rc = file_map_open(&map, path, BLOB_MAX_BYTES, err);
	if (rc == 0 && map.bytes.at)
		rc = add_source(picked, map.bytes, err);
	file_map_release(&map);
	return rc;
}

static int write_all(int fd, struct span bytes, struct err *err)
{
	ssize_t n;

	while (bytes.len) {
		n = write(fd, bytes.at, bytes.len);
		if (n < 0)
			return err_errno(err, "cannot hold a source in "
					 "memory");
		bytes = span_of(bytes.at + n, bytes.len - (size_t)n);
	}
	return lseek(fd, 0, SEEK_SET) < 0 ?
		err_errno(err, "cannot hold a source in memory") : 0;
}

/* In memory: what is sealed is nowhere on the disk in clear text. */
int picked_add_bytes(struct picked *picked, struct span bytes,
		     const char *format, struct err *err)
{
	int fd = memfd_create("vvault source", MFD_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_errno(err, "cannot hold a source in memory");
	rc = write_all(fd, bytes, err);
	if (rc == 0)
		rc = read_again(picked, "-", fd, format, err);
	close(fd);
	return rc;
}
