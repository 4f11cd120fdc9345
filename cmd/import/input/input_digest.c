#include "cmd/import/input/input.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/import/input/archive.h"
#include "cmd/import/input/bundle.h"
#include "lib/base/xxh.h"
#include "lib/os/file.h"

#define BLOCK_BYTES ((size_t)1 << 20)

/* Whoever hashes: told of the bytes as they come. */
struct taker {
	void (*take)(void *hash, const void *bytes, size_t len);
	void *hash;
	char *block;
};

static void take_xxh(void *hash, const void *bytes, size_t len)
{
	xxh128_add(hash, bytes, len);
}

static void take_sha(void *hash, const void *bytes, size_t len)
{
	sha256_add(hash, bytes, len);
}

static int take_feed(struct taker *taker, struct feed feed, struct err *err)
{
	size_t len = 1;
	int rc = 0;

	while (rc == 0 && len) {
		rc = feed.read(feed.arg, taker->block, BLOCK_BYTES, &len, err);
		if (rc == 0)
			taker->take(taker->hash, taker->block, len);
	}
	return rc;
}

static int refuse_pipe(const char *path, struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "'%s' can be read once only",
		       path);
}

/* A file is opened anew, so that whoever reads it is not disturbed. A pipe is
 * not opened at all: closing it again would break it for its writer. */
static int take_file(struct taker *taker, const struct import_input *file,
		     struct err *err)
{
	struct import_input input = IMPORT_INPUT_INIT;
	struct stat info;
	int rc;

	if (!file->member && !file->archive && !stat(file->path, &info) &&
	    S_ISFIFO(info.st_mode))
		return refuse_pipe(file->path, err);
	/* It may have become one since. */
	input.is_plain = true;
	input.path = file->path;
	input.member = file->member;
	if (file->archive)
		input.archive = archive_hold(file->archive);
	rc = input_open(&input, err);
	if (rc == 0)
		rc = take_feed(taker, input_feed(&input), err);
	input_finish(&input);
	return rc;
}

static int take_folder(struct taker *taker, const char *path, struct err *err)
{
	const struct bundle_file *file;
	struct bundle *bundle = NULL;
	struct feed feed;
	size_t i;
	int rc;

	rc = bundle_open(path, &bundle, err);
	for (i = 0; rc == 0 && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		taker->take(taker->hash, file->name, strlen(file->name) + 1);
		taker->take(taker->hash, &file->size, sizeof(file->size));
		rc = bundle_feed(bundle, file, &feed, err);
		if (rc == 0)
			rc = take_feed(taker, feed, err);
	}
	bundle_free(bundle);
	return rc;
}

static int take_all(struct taker *taker, const struct import_input *input,
		    struct err *err)
{
	int rc;

	if (!strcmp(input->path, "-") || input->is_pipe)
		return refuse_pipe(input->path, err);
	taker->block = malloc(BLOCK_BYTES);
	if (!taker->block)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = input->is_folder ? take_folder(taker, input->path, err) :
		take_file(taker, input, err);
	free(taker->block);
	return rc;
}

int input_hash(struct import_input *input, unsigned char out[HASH128_BYTES],
	       struct err *err)
{
	struct xxh128 hash;
	struct taker taker = { take_xxh, &hash, NULL };
	int rc;

	xxh128_init(&hash);
	rc = take_all(&taker, input, err);
	if (rc == 0)
		xxh128_finish(&hash, out);
	return rc;
}

int input_sha256(struct import_input *input, unsigned char out[SHA256_BYTES],
		 struct err *err)
{
	struct sha256 hash;
	struct taker taker = { take_sha, &hash, NULL };
	int rc;

	if (input->is_folder)
		return err_set(err, ERR_UNSUPPORTED, "'%s' is a folder",
			       input->path);
	sha256_init(&hash);
	rc = take_all(&taker, input, err);
	if (rc == 0)
		sha256_finish(&hash, out);
	return rc;
}
