#include "cmd/import/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_some(struct import_input *input, void *bytes, size_t len,
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

/* Read on until head holds want bytes or all. */
static int fill(struct import_input *input, size_t want, struct err *err)
{
	size_t got = 1;
	size_t len;
	int rc = 0;

	while (rc >= 0 && got && input->head.len < want) {
		len = want - input->head.len;
		len = len < INPUT_HEAD_BYTES ? len : INPUT_HEAD_BYTES;
		rc = buf_reserve(&input->head, len, err);
		if (rc < 0)
			return rc;
		rc = read_some(input, input->head.data + input->head.len, len,
			       &got, err);
		if (rc < 0)
			return rc;
		input->head.len += got;
		input->head.data[input->head.len] = '\0';
	}
	input->is_loaded = !got;
	return rc;
}

static int open_file(struct import_input *input, struct err *err)
{
	struct stat info;

	/* Not to wait for a writer when it is a pipe without one. */
	input->fd = open(input->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
			 O_NOCTTY);
	if (input->fd < 0)
		return err_errno(err, "cannot open '%s'", input->path);
	if (fstat(input->fd, &info) < 0)
		return err_errno(err, "cannot open '%s'", input->path);
	input->is_pipe = S_ISFIFO(info.st_mode);
	input->size = S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
	if (!S_ISREG(info.st_mode) && !input->is_pipe)
		return err_set(err, ERR_INVALID, "'%s' is no regular file",
			       input->path);
	if (fcntl(input->fd, F_SETFL, O_RDONLY) < 0)
		return err_errno(err, "cannot open '%s'", input->path);
	return 0;
}

int input_open(struct import_input *input, struct err *err)
{
	int rc = 0;

	input->head_used = 0;
	if (input->is_folder || input->fd >= 0)
		return 0;
	if (!strcmp(input->path, "-")) {
		input->fd = STDIN_FILENO;
		input->is_pipe = true;
	} else {
		rc = open_file(input, err);
	}
	if (rc >= 0)
		rc = fill(input, INPUT_HEAD_BYTES, err);
	return rc;
}

int input_load(struct import_input *input, size_t max_bytes, struct err *err)
{
	int rc = 0;

	if (!input->is_loaded)
		rc = fill(input, max_bytes + 1, err);
	if (rc >= 0 && input->head.len > max_bytes)
		rc = err_set(err, ERR_LIMIT, "'%s' is larger than %zu MiB",
			     input->path, max_bytes >> 20);
	return rc;
}

int input_read(struct import_input *input, void *bytes, size_t len,
	       size_t *out_len, struct err *err)
{
	size_t left = input->head.len - input->head_used;
	int rc;

	if (left) {
		len = len < left ? len : left;
		memcpy(bytes, input->head.data + input->head_used, len);
		input->head_used += len;
		*out_len = len;
		input->bytes_read += len;
		return 0;
	}
	*out_len = 0;
	if (input->is_loaded)
		return 0;
	rc = read_some(input, bytes, len, out_len, err);
	input->bytes_read += rc < 0 ? 0 : *out_len;
	return rc;
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
	if (input->fd < 0 || input->is_pipe)
		return;
	close(input->fd);
	input->fd = -1;
	input->is_loaded = false;
	buf_release(&input->head);
}

void input_finish(struct import_input *input)
{
	if (input->fd > STDIN_FILENO)
		close(input->fd);
	input->fd = -1;
	buf_release(&input->head);
}

void input_release(struct import_input *input)
{
	input_finish(input);
	free(input->path);
	input->path = NULL;
}
