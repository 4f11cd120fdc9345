/*
 * A large ChatGPT export on standard output: the conversations of small ones
 * over and over, every time with other ids.
 *
 *	repeat <bytes> <conversations.json>...
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/import/parse/array_items.h"
#include "lib/base/array.h"
#include "lib/base/buf.h"

#define UUID_LEN 36

struct texts {
	struct buf *at;
	size_t n;
	size_t cap;
};

static int read_fd(void *arg, void *bytes, size_t len, size_t *out_len,
		   struct err *err)
{
	ssize_t got = read(*(int *)arg, bytes, len);

	*out_len = got > 0 ? (size_t)got : 0;
	return got < 0 ? err_errno(err, "cannot read") : 0;
}

static int load(struct texts *texts, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const struct feed feed = { read_fd, &fd };
	struct array_items *items = NULL;
	struct array_item item;
	int rc;

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	rc = array_items_new(feed, NULL, &items, err);
	while (rc == 0 && (rc = array_items_next(items, &item, err)) == 0 &&
	       item.found == FOUND_ONE) {
		rc = array_room(texts, err);
		if (rc < 0)
			break;
		texts->at[texts->n] = (struct buf)BUF_INIT(BUF_NO_LIMIT);
		rc = buf_add_span(&texts->at[texts->n++], item.text, err);
	}
	array_items_free(items);
	close(fd);
	return rc;
}

/* "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" */
static int is_uuid(const char *at)
{
	size_t i;

	for (i = 0; i < UUID_LEN; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23 ?
		    at[i] != '-' : !isxdigit((unsigned char)at[i]))
			return 0;
	}
	return 1;
}

/* The nth copy: the begin of every id is moved by n. */
static void put_copy(const struct buf *text, unsigned n)
{
	const char *end = text->data + text->len;
	const char *from = text->data;
	const char *at = from;
	char digits[9];

	while ((at = memchr(at, '"', (size_t)(end - at)))) {
		if (end - ++at <= UUID_LEN || !is_uuid(at))
			continue;
		fwrite(from, 1, (size_t)(at - from), stdout);
		memcpy(digits, at, 8);
		digits[8] = '\0';
		printf("%08x", (unsigned)strtoul(digits, NULL, 16) +
		       n * 2654435761u);
		from = at + 8;
		at += UUID_LEN;
	}
	fwrite(from, 1, (size_t)(end - from), stdout);
}

int main(int argc, char **argv)
{
	struct texts texts = { NULL, 0, 0 };
	struct err err = ERR_INIT;
	unsigned long long left;
	unsigned long long used = 0;
	size_t i;
	int rc = 0;

	if (argc < 3)
		return 129;
	left = strtoull(argv[1], NULL, 10);
	for (i = 2; rc >= 0 && i < (size_t)argc; i++)
		rc = load(&texts, argv[i], &err);
	if (rc < 0 || !texts.n) {
		fprintf(stderr, "repeat: %s\n", err.text);
		return 128;
	}
	for (i = 0; used < left; i++) {
		fputs(i ? "," : "[", stdout);
		put_copy(&texts.at[i % texts.n], (unsigned)(i / texts.n));
		used += texts.at[i % texts.n].len;
	}
	fputs("]\n", stdout);
	for (i = 0; i < texts.n; i++)
		buf_release(&texts.at[i]);
	free(texts.at);
	return fflush(stdout) || ferror(stdout) ? 128 : 0;
}
