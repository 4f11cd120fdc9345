#include "cmd/import/input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/import/database/database.h"
#include "cmd/import/input/archive.h"
#include "cmd/import/input/bundle.h"
#include "cmd/import/parse/packed/tar.h"
#include "cmd/import/parse/packed/unpack.h"
#include "cmd/import/parse/zip.h"

#define HELD_MAX_BYTES ((size_t)1 << 30)

static int read_file(struct import_input *input, void *bytes, size_t len,
		     size_t *out_len, struct err *err)
{
	ssize_t got;

	do {
		got = read(input->fd, bytes, len);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_errno(err, "cannot read '%s'", input->path);
	*out_len = (size_t)got;
	return 0;
}

static int read_stored(struct import_input *input, void *bytes, size_t len,
		       size_t *out_len, struct err *err)
{
	const struct feed *feed;
	int rc;

	if (!input->archive) {
		rc = read_file(input, bytes, len, out_len, err);
	} else {
		feed = archive_feed(input->archive, input);
		if (!feed)
			return err_set(err, ERR_INVALID, "'%s' was closed",
				       input->path);
		rc = feed->read(feed->arg, bytes, len, out_len, err);
	}
	if (rc == 0)
		input->bytes_read += *out_len;
	return rc;
}

/* What damaged data held before the damage is there, as in a file that is cut
 * short. */
static int read_some(struct import_input *input, void *bytes, size_t len,
		     size_t *out_len, struct err *err)
{
	struct err why = ERR_INIT;
	struct feed feed;
	int rc;

	if (!input->unpack)
		return read_stored(input, bytes, len, out_len, err);
	*out_len = 0;
	if (input->torn.code)
		return 0;
	feed = unpack_feed(input->unpack);
	rc = feed.read(feed.arg, bytes, len, out_len, &why);
	if (rc == ERR_CORRUPT || rc == ERR_LIMIT) {
		*out_len = 0;
		(void)err_copy(&input->torn, rc, &why);
		return 0;
	}
	input->unpacked += *out_len;
	return rc < 0 ? err_copy(err, rc, &why) : 0;
}

/* Read on until head holds want bytes or all. */
static int fill(struct import_input *input, size_t want, struct err *err)
{
	size_t got = 1;
	size_t len;
	int rc;

	while (got && input->head.len < want) {
		len = want - input->head.len;
		len = len < INPUT_HEAD_BYTES ? len : INPUT_HEAD_BYTES;
		rc = buf_reserve(&input->head, len, err);
		if (rc == 0)
			rc = read_some(input, input->head.data +
				       input->head.len, len, &got, err);
		if (rc < 0)
			return rc;
		input->head.len += got;
		input->head.data[input->head.len] = '\0';
	}
	input->is_loaded = !got;
	return 0;
}

/* As a feed: what was looked at already comes first. */
static int read_packed(void *arg, void *bytes, size_t len, size_t *out_len,
		       struct err *err)
{
	struct import_input *input = arg;
	size_t left = input->packed.len - input->packed_used;

	if (!left)
		return read_stored(input, bytes, len, out_len, err);
	*out_len = len < left ? len : left;
	memcpy(bytes, input->packed.data + input->packed_used, *out_len);
	input->packed_used += *out_len;
	return 0;
}

static void end_unpacking(struct import_input *input)
{
	unpack_free(input->unpack);
	input->unpack = NULL;
	buf_release(&input->packed);
	input->packed_used = 0;
	input->unpacked = 0;
	err_clear(&input->torn);
}

/* The first bytes; of compressed data those that they hold, unless they hold
 * nothing that can be read. */
static int open_head(struct import_input *input, struct err *err)
{
	const struct feed packed = { read_packed, input };
	struct buf none = BUF_INIT(BUF_NO_LIMIT);
	bool is_loaded;
	int rc;

	end_unpacking(input);
	rc = fill(input, INPUT_HEAD_BYTES, err);
	is_loaded = input->is_loaded;
	if (rc < 0 || !unpack_is_magic(buf_span(&input->head)) ||
	    tar_is_packed(buf_span(&input->head)))
		return rc;
	rc = unpack_new(buf_span(&input->head), packed, &input->unpack, err);
	if (rc < 0)
		return rc;
	input->packed = input->head;
	input->head = none;
	rc = fill(input, INPUT_HEAD_BYTES, err);
	if (rc < 0 || input->head.len || !input->torn.code)
		return rc;
	buf_release(&input->head);
	input->head = input->packed;
	input->packed = none;
	input->is_loaded = is_loaded;
	end_unpacking(input);
	return 0;
}

/* A pipe that nobody has opened yet reads as if it were at its end. One that
 * was written and closed meanwhile keeps its bytes and does not wait. */
static int wait_for_writer(const struct import_input *input, struct err *err)
{
	struct pollfd wait = { .fd = input->fd, .events = POLLIN };

	while (poll(&wait, 1, -1) < 0) {
		if (errno != EINTR)
			return err_errno(err, "cannot read '%s'",
					 input->path);
	}
	return 0;
}

static int open_file(struct import_input *input, struct err *err)
{
	struct stat info;

	/* What is no file and no pipe is refused without waiting for it. */
	input->fd = open(input->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
			 O_NOCTTY);
	if (input->fd < 0)
		return err_errno(err, "cannot open '%s'", input->path);
	if (fstat(input->fd, &info) < 0)
		return err_errno(err, "cannot open '%s'", input->path);
	input->is_pipe = S_ISFIFO(info.st_mode) && !input->is_plain;
	input->size = S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
	if (!S_ISREG(info.st_mode) && !input->is_pipe)
		return err_set(err, ERR_INVALID, "'%s' is no regular file",
			       input->path);
	if (fcntl(input->fd, F_SETFL, O_RDONLY) < 0)
		return err_errno(err, "cannot open '%s'", input->path);
	return input->is_pipe ? wait_for_writer(input, err) : 0;
}

static int open_standard(struct import_input *input, struct err *err)
{
	input->fd = input->standard_input;
	input->is_pipe = input->fd >= 0;
	return input->is_pipe ? 0 : err_set(err, ERR_INVALID, "there is no "
					    "standard input to read");
}

static int open_bundle(struct import_input *input, struct err *err)
{
	size_t i;
	int rc;

	rc = bundle_open(input->path, &input->bundle, err);
	if (rc < 0)
		return rc;
	input->size = 0;
	for (i = 0; i < bundle_count(input->bundle); i++)
		input->size += bundle_at(input->bundle, i)->size;
	bundle_count_into(input->bundle, &input->bytes_read);
	return 0;
}

/* Of a whole archive all is looked at. */
static int open_if_archive(struct import_input *input, struct err *err)
{
	/* A picture may carry one behind it; most do not. */
	if (zip_is_picture(buf_span(&input->head)) && !input->is_pipe &&
	    open_bundle(input, NULL) == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (!zip_is_magic(buf_span(&input->head)) &&
	    !tar_is_any(buf_span(&input->head)))
		return 0;
	if (input->is_pipe)
		return err_set(err, ERR_UNSUPPORTED, "an archive cannot be "
			       "read from a pipe: save it as a file");
	return open_bundle(input, err);
}

static int open_any(struct import_input *input, struct err *err)
{
	int rc;

	if (input->is_folder)
		return open_bundle(input, err);
	if (input->archive)
		rc = archive_begin(input->archive, input->member, input,
				   &input->size, err);
	else if (!strcmp(input->path, "-"))
		rc = open_standard(input, err);
	else
		rc = open_file(input, err);
	if (rc == 0)
		rc = open_head(input, err);
	/* Of archives in others the identifying tells. */
	if (rc == 0 && !input->archive && !input->unpack)
		rc = open_if_archive(input, err);
	return rc;
}

int input_open(struct import_input *input, struct err *err)
{
	int rc;

	input->head_used = 0;
	if (input->is_open)
		return 0;
	input->is_open = true;
	input->bytes_read = 0;
	rc = open_any(input, err);
	if (rc < 0)
		input_close(input);
	return rc;
}

int input_load(struct import_input *input, size_t max_bytes, struct err *err)
{
	int rc = 0;

	if (input->is_folder)
		return err_set(err, ERR_INVALID, "'%s' is a folder",
			       input->path);
	if (!input->is_loaded)
		rc = fill(input, max_bytes + 1, err);
	if (rc == 0 && input->head.len > max_bytes)
		rc = err_set(err, ERR_LIMIT, "'%s' is larger than %zu MiB",
			     input->path, max_bytes >> 20);
	return rc;
}

int input_hold(struct import_input *input, struct err *err)
{
	return input->is_pipe ? input_load(input, HELD_MAX_BYTES, err) : 0;
}

/* Under its name there may be nothing by now, or another thing. */
static int begin_anew(struct import_input *input, struct err *err)
{
	struct stat info;

	if (lseek(input->fd, 0, SEEK_SET) < 0 || fstat(input->fd, &info) < 0)
		return err_errno(err, "cannot read '%s'", input->path);
	input->size = (uint64_t)info.st_size;
	input->bytes_read = 0;
	buf_reset(&input->head);
	return open_head(input, err);
}

int input_rewind(struct import_input *input, struct err *err)
{
	input->head_used = 0;
	if (input->is_loaded)
		return 0;
	if (input->fd >= 0 && !input->is_pipe && !input->bundle)
		return begin_anew(input, err);
	input_close(input);
	return input_open(input, err);
}

int input_read(struct import_input *input, void *bytes, size_t len,
	       size_t *out_len, struct err *err)
{
	size_t left = input->head.len - input->head_used;

	if (left) {
		len = len < left ? len : left;
		memcpy(bytes, input->head.data + input->head_used, len);
		input->head_used += len;
		*out_len = len;
		return 0;
	}
	*out_len = 0;
	if (input->is_loaded)
		return 0;
	return read_some(input, bytes, len, out_len, err);
}

static int read_feed(void *arg, void *bytes, size_t len, size_t *out_len,
		     struct err *err)
{
	return input_read(arg, bytes, len, out_len, err);
}

struct feed input_feed(struct import_input *input)
{
	struct feed feed = { read_feed, input };

	return feed;
}

void input_close(struct import_input *input)
{
	input->head_used = 0;
	if (input->is_pipe || !input->is_open)
		return;
	/* Before the file: closing that one would take its locks away. */
	database_free(input->database);
	input->database = NULL;
	if (input->fd >= 0)
		close(input->fd);
	input->fd = -1;
	bundle_free(input->bundle);
	input->bundle = NULL;
	end_unpacking(input);
	input->is_open = false;
	input->is_loaded = false;
	buf_release(&input->head);
}

void input_finish(struct import_input *input)
{
	if (input->fd == input->standard_input)
		input->fd = -1;
	input->is_pipe = false;
	input_close(input);
	end_unpacking(input);
	archive_drop(input->archive);
	input->archive = NULL;
	buf_release(&input->head);
}

void input_release(struct import_input *input)
{
	input_finish(input);
	free(input->path);
	input->path = NULL;
}
