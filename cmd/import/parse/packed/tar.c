/* O_TMPFILE is Linux's own. */
#define _GNU_SOURCE
#include "cmd/import/parse/packed/tar_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/import/parse/packed/unpack.h"
#include "cmd/import/parse/zip_name.h"
#include "lib/base/arena.h"
#include "lib/base/array.h"
#include "lib/os/file.h"

#define COPY_BYTES ((size_t)256 << 10)
#define HEAD_BYTES ((size_t)16 << 10)

struct tar {
	int fd;
	uint64_t size;			/* of what is there */
	struct tar_member *members;
	size_t n;
	size_t cap;
	size_t strays;
	struct arena names;
	const struct tar_member *open;	/* being read, or NULL */
	uint64_t open_at;
};

/* --- is it one? ------------------------------------------------------------ */

bool tar_is_magic(struct span head)
{
	return head.len >= TAR_BLOCK &&
	       tar_header_is((const unsigned char *)head.at);
}

static int read_head(void *arg, void *bytes, size_t len, size_t *out_len,
		     struct err *err)
{
	struct span *left = arg;

	(void)err;
	len = len < left->len ? len : left->len;
	memcpy(bytes, left->at, len);
	*left = span_of(left->at + len, left->len - len);
	*out_len = len;
	return 0;
}

bool tar_is_packed(struct span head)
{
	const struct feed from = { read_head, &head };
	unsigned char block[TAR_BLOCK];
	struct unpack *unpack = NULL;
	struct feed feed;
	size_t len = 0;
	size_t got = 1;

	if (!unpack_is_magic(head) ||
	    unpack_new(head, from, &unpack, NULL) < 0)
		return false;
	feed = unpack_feed(unpack);
	while (got && len < sizeof(block) &&
	       feed.read(feed.arg, block + len, sizeof(block) - len, &got,
			 NULL) == 0)
		len += got;
	unpack_free(unpack);
	return len == sizeof(block) && tar_header_is(block);
}

bool tar_is_any(struct span head)
{
	return tar_is_magic(head) || tar_is_packed(head);
}

/* --- unpacking ------------------------------------------------------------- */

static int read_fd(void *arg, void *bytes, size_t len, size_t *out_len,
		   struct err *err)
{
	const int *fd = arg;
	ssize_t got;

	do {
		got = read(*fd, bytes, len);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_errno(err, "cannot read it");
	*out_len = (size_t)got;
	return 0;
}

/* On a disk rather than in memory, where there is a place for such things. */
static int open_nameless(struct err *err)
{
	int fd = open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "there is no place to unpack it");
	return fd;
}

static int copy_unpacked(struct unpack *unpack, int to, struct err *err)
{
	struct feed feed = unpack_feed(unpack);
	char *block = malloc(COPY_BYTES);
	struct err why = ERR_INIT;
	size_t len = 1;
	int rc = block ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	while (rc == 0 && len) {
		rc = feed.read(feed.arg, block, COPY_BYTES, &len, &why);
		/* What came before the damage is there. */
		if (rc == ERR_CORRUPT) {
			rc = 0;
			break;
		}
		rc = rc < 0 ? err_copy(err, rc, &why) :
		     file_write_fd(to, "/var/tmp", span_of(block, len), err);
	}
	free(block);
	return rc;
}

/* Let fd be the archive itself, in place of what it is packed in. */
static int unpack_fd(int *fd, struct span head, struct err *err)
{
	const struct feed from = { read_fd, fd };
	struct unpack *unpack = NULL;
	int to = open_nameless(err);
	int rc;

	if (to < 0)
		return to;
	rc = unpack_new(head, from, &unpack, err);
	if (rc == 0)
		rc = copy_unpacked(unpack, to, err);
	unpack_free(unpack);
	if (rc < 0) {
		close(to);
		return rc;
	}
	close(*fd);
	*fd = to;
	return 0;
}

static int unpack_if_packed(struct tar *tar, struct err *err)
{
	char *head = malloc(HEAD_BYTES);
	size_t len = 0;
	int rc = head ? read_fd(&tar->fd, head, HEAD_BYTES, &len, err) :
		err_set(err, ERR_NOMEM, "out of memory");

	if (rc == 0 && lseek(tar->fd, 0, SEEK_SET) < 0)
		rc = err_errno(err, "cannot read it");
	if (rc == 0 && unpack_is_magic(span_of(head, len)))
		rc = unpack_fd(&tar->fd, span_of(head, len), err);
	free(head);
	return rc;
}

/* --- members --------------------------------------------------------------- */

static int read_at(const struct tar *tar, uint64_t at, void *bytes, size_t len,
		   size_t *out_len, struct err *err)
{
	ssize_t got;

	do {
		got = pread(tar->fd, bytes, len, (off_t)at);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_errno(err, "cannot read it");
	*out_len = (size_t)got;
	return 0;
}

/* The text that some headers have behind them. */
static int read_text(const struct tar *tar, uint64_t at, uint64_t size,
		     struct buf *out, struct err *err)
{
	size_t got = 1;
	int rc = 0;

	buf_reset(out);
	if (size > TAR_LONG_MAX)
		return err_set(err, ERR_CORRUPT, "a name of %llu bytes",
			       (unsigned long long)size);
	rc = buf_reserve(out, (size_t)size + 1, err);
	while (rc == 0 && got && out->len < size) {
		rc = read_at(tar, at + out->len, out->data + out->len,
			     (size_t)size - out->len, &got, err);
		if (rc == 0)
			buf_cut(out, out->len + got);
	}
	return rc;
}

static int add_tar_member(struct tar *tar, struct span raw, uint64_t begin,
			  uint64_t size, struct err *err)
{
	struct tar_member member = { .size = size, .begin = begin };
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct span copy;
	bool is_dir = false;
	int rc = zip_name(raw, &name, &is_dir, err);

	if (rc == 0 && (is_dir || !name.len))
		goto out;
	if (rc == 0 && tar->n == TAR_MEMBERS_MAX)
		rc = err_set(err, ERR_LIMIT, "more than %d members",
			     TAR_MEMBERS_MAX);
	if (rc == 0)
		rc = array_room_in(tar->members, tar->n, tar->cap, err);
	if (rc == 0)
		rc = arena_keep(&tar->names, buf_span(&name), &copy, err);
	if (rc < 0)
		goto out;
	member.name = copy.at;
	tar->members[tar->n++] = member;
out:
	buf_release(&name);
	return rc;
}

struct tar_scan {
	struct tar *tar;
	uint64_t at;
	struct buf name;
	struct buf text;
	struct buf long_name;	/* of the next one; empty: its own */
	uint64_t long_size;	/* UINT64_MAX: its own */
};

static int take_header(struct tar_scan *scan, const struct tar_header *header,
		       struct err *err)
{
	uint64_t size = header->size;
	struct span name;
	int rc = 0;

	switch (header->kind) {
	case TAR_LONG_NAME:
	case TAR_NEXT:
		rc = read_text(scan->tar, scan->at, size, &scan->text, err);
		if (rc == 0 && header->kind == TAR_NEXT)
			return tar_pax_read(buf_span(&scan->text),
					    &scan->long_name,
					    &scan->long_size, err);
		buf_reset(&scan->long_name);
		buf_put(&scan->long_name, buf_text(&scan->text),
			strlen(buf_text(&scan->text)));
		return rc < 0 ? rc : buf_end(&scan->long_name, err);
	case TAR_LONG_LINK:
	case TAR_ALL:
		return 0;
	default:
		break;
	}
	name = scan->long_name.len ? buf_span(&scan->long_name) :
		buf_span(&scan->name);
	scan->tar->strays += header->kind == TAR_STRAY;
	if (header->kind == TAR_FILE)
		rc = add_tar_member(scan->tar, name, scan->at, size, err);
	buf_reset(&scan->long_name);
	scan->long_size = UINT64_MAX;
	return rc;
}

/* Stops at the zeros of the end, or where there is nothing more. */
static int scan_members(struct tar_scan *scan, struct err *err)
{
	unsigned char block[TAR_BLOCK];
	struct tar_header header;
	size_t got = 0;
	int rc = 0;

	while (rc == 0 && scan->at < scan->tar->size) {
		rc = read_at(scan->tar, scan->at, block, sizeof(block), &got,
			     err);
		if (rc < 0 || got < sizeof(block))
			break;
		rc = tar_header_read(block, &header, &scan->name, err);
		if (rc < 0 || header.kind == TAR_END)
			break;
		scan->at += TAR_BLOCK;
		if (scan->long_size != UINT64_MAX && header.kind == TAR_FILE)
			header.size = scan->long_size;
		rc = take_header(scan, &header, err);
		if (header.size > scan->tar->size)
			break;
		scan->at += (header.size + TAR_BLOCK - 1) / TAR_BLOCK *
			    TAR_BLOCK;
	}
	return rc;
}

static int by_tar_name(const void *a, const void *b)
{
	const struct tar_member *x = a;
	const struct tar_member *y = b;

	return strcmp(x->name, y->name);
}

static int by_name_then_place(const void *a, const void *b)
{
	const struct tar_member *x = a;
	const struct tar_member *y = b;
	int order = by_tar_name(a, b);

	return order ? order : (x->begin > y->begin) - (x->begin < y->begin);
}

static void sort_members(struct tar *tar)
{
	size_t kept = 0;
	size_t i;

	if (tar->n)
		qsort(tar->members, tar->n, sizeof(*tar->members),
		      by_name_then_place);
	for (i = 0; i < tar->n; i++) {
		if (i + 1 == tar->n ||
		    by_tar_name(&tar->members[i], &tar->members[i + 1]) != 0)
			tar->members[kept++] = tar->members[i];
	}
	tar->n = kept;
}

static int read_members(struct tar *tar, struct err *err)
{
	struct tar_scan scan = {
		.tar = tar, .name = BUF_INIT(BUF_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
		.long_name = BUF_INIT(BUF_NO_LIMIT),
		.long_size = UINT64_MAX,
	};
	struct stat info;
	int rc = 0;

	if (fstat(tar->fd, &info) < 0)
		return err_errno(err, "cannot look at it");
	tar->size = (uint64_t)info.st_size;
	rc = scan_members(&scan, err);
	sort_members(tar);
	buf_release(&scan.name);
	buf_release(&scan.text);
	buf_release(&scan.long_name);
	return rc;
}

/* --- opening --------------------------------------------------------------- */

static int open_regular(const char *path, struct err *err)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return err_errno(err, "cannot open it");
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
		return fd;
	close(fd);
	return err_set(err, ERR_INVALID, "it is no regular file");
}

int tar_open(const char *path, struct tar **out, struct err *err)
{
	struct tar *tar = calloc(1, sizeof(*tar));
	int rc = tar ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	if (!tar)
		return rc;
	tar->fd = open_regular(path, err);
	if (tar->fd < 0)
		rc = tar->fd;
	if (rc == 0)
		rc = unpack_if_packed(tar, err);
	if (rc == 0)
		rc = read_members(tar, err);
	if (rc < 0) {
		err_prefix(err, "tar archive '%s'", path);
		tar_free(tar);
		return rc;
	}
	*out = tar;
	return 0;
}

void tar_free(struct tar *tar)
{
	if (!tar)
		return;
	if (tar->fd >= 0)
		close(tar->fd);
	arena_release(&tar->names);
	free(tar->members);
	free(tar);
}

size_t tar_count(const struct tar *tar)
{
	return tar->n;
}

const struct tar_member *tar_at(const struct tar *tar, size_t at)
{
	return &tar->members[at];
}

const struct tar_member *tar_find(const struct tar *tar, const char *name)
{
	const struct tar_member key = { .name = name };

	return tar->n ? bsearch(&key, tar->members, tar->n, sizeof(key),
				by_tar_name) : NULL;
}

size_t tar_strays(const struct tar *tar)
{
	return tar->strays;
}

void tar_member_open(struct tar *tar, const struct tar_member *member)
{
	tar->open = member;
	tar->open_at = 0;
}

int tar_member_read(struct tar *tar, void *bytes, size_t len, size_t *out_len,
		    struct err *err)
{
	const struct tar_member *member = tar->open;
	uint64_t left = member ? member->size - tar->open_at : 0;
	int rc;

	*out_len = 0;
	if (len > left)
		len = (size_t)left;
	if (!len)
		return 0;
	rc = read_at(tar, member->begin + tar->open_at, bytes, len, out_len,
		     err);
	if (rc == 0 && !*out_len)
		return err_set(err, ERR_CORRUPT, "'%s' in a tar archive: the "
			       "archive ends before it does", member->name);
	if (rc == 0)
		tar->open_at += *out_len;
	return rc;
}
