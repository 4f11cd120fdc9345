#include "refs/history/packed_under.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <git2.h>

#include "lib/os/file.h"

#define FILE_MAX ((uint64_t)256 << 20)
#define PIECE_BYTES ((size_t)8 << 10)	/* more than the longest name */
#define NAME_AT (GIT_OID_HEXSZ + 1)

struct packed {
	const char *path;
	struct span prefix;
	int fd;
	uint64_t size;
	char piece[PIECE_BYTES];
};

/* Below 0, 0 or above 0: the line's name comes before all that begin with the
 * prefix, is one of them, or comes behind. What is no ref's line is before. */
static int line_compare(const struct packed *packed, struct span line)
{
	struct span name = span_of(line.at + NAME_AT, 0);
	size_t both;
	int order;

	if (line.len <= NAME_AT || line.at[GIT_OID_HEXSZ] != ' ')
		return -1;
	name.len = line.len - NAME_AT;
	both = name.len < packed->prefix.len ? name.len : packed->prefix.len;
	order = memcmp(name.at, packed->prefix.at, both);
	return order || both == packed->prefix.len ? order : -1;
}

static bool is_ref(struct span line)
{
	return line.len > NAME_AT && line.at[0] != '#' && line.at[0] != '^';
}

/* How many bytes from `at` on are in the piece now. */
static int read_piece(struct packed *packed, uint64_t at, size_t *out_len,
		      struct err *err)
{
	uint64_t left = packed->size - at;

	*out_len = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
	return file_read_at(packed->fd, packed->path, at, packed->piece,
			    *out_len, err);
}

/* The first whole line of a ref in the piece but for its begin, which may be
 * the middle of one; false: there is none. */
static bool first_ref(const struct packed *packed, size_t len,
		      struct span *out)
{
	struct span rest = span_of(packed->piece, len);
	const char *end;

	while ((end = memchr(rest.at, '\n', rest.len)) != NULL) {
		size_t used = (size_t)(end - rest.at) + 1;

		rest = span_of(end + 1, rest.len - used);
		end = memchr(rest.at, '\n', rest.len);
		if (!end)
			return false;
		*out = span_of(rest.at, (size_t)(end - rest.at));
		if (is_ref(*out))
			return true;
	}
	return false;
}

/* Where a line begins that is not behind the first one of the prefix. */
static int find_begin(struct packed *packed, uint64_t *out, struct err *err)
{
	uint64_t low = 0;
	uint64_t high = packed->size;
	struct span line;
	size_t len;
	int rc = 0;

	while (rc == 0 && high - low > PIECE_BYTES) {
		uint64_t middle = low + (high - low) / 2;

		rc = read_piece(packed, middle, &len, err);
		if (rc < 0 || !first_ref(packed, len, &line))
			break;	/* from there on it is read as it comes */
		if (line_compare(packed, line) < 0)
			low = middle + (uint64_t)(line.at - packed->piece);
		else
			high = middle;
	}
	*out = low;
	return rc;
}

/* One line; false: in a sorted file all others are behind the prefix, too. */
static bool take_line(const struct packed *packed, struct span line,
		      struct buf *out)
{
	int order = is_ref(line) ? line_compare(packed, line) : -1;

	if (order == 0) {
		buf_put_span(out, line);
		buf_put_char(out, '\n');
	}
	return order <= 0;
}

/* The lines of the prefix from there on. */
static int take_lines(struct packed *packed, uint64_t at, bool is_sorted,
		      struct buf *out, struct err *err)
{
	size_t len = 0;
	int rc = 0;

	while (rc == 0 && at < packed->size) {
		struct span rest;
		const char *end;

		rc = read_piece(packed, at, &len, err);
		if (rc < 0)
			return rc;
		rest = span_of(packed->piece, len);
		while ((end = memchr(rest.at, '\n', rest.len)) != NULL) {
			size_t line_len = (size_t)(end - rest.at);

			if (!take_line(packed, span_of(rest.at, line_len),
				       out) && is_sorted)
				return buf_end(out, err);
			rest = span_of(end + 1, rest.len - line_len - 1);
		}
		if (at + len == packed->size && rest.len)
			(void)take_line(packed, rest, out);
		/* A line that is longer than a piece is no ref of ours. */
		at += rest.len == len ? len : len - rest.len;
		if (len < PIECE_BYTES)
			break;
	}
	return buf_end(out, err);
}

static int search(struct packed *packed, struct buf *out, struct err *err)
{
	uint64_t at = 0;
	bool is_sorted;
	size_t len;
	char *end;
	int rc = read_piece(packed, 0, &len, err);

	if (rc < 0)
		return rc;
	end = memchr(packed->piece, '\n', len);
	if (end)
		*end = '\0';
	is_sorted = end && packed->piece[0] == '#' &&
		    strstr(packed->piece, " sorted");
	if (is_sorted)
		rc = find_begin(packed, &at, err);
	return rc < 0 ? rc : take_lines(packed, at, is_sorted, out, err);
}

int packed_refs_under(const char *path, const char *prefix, struct buf *out,
		      struct err *err)
{
	struct packed packed = { .path = path, .prefix = span_str(prefix) };
	struct stat status;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int rc;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	packed.fd = fd;
	if (fstat(fd, &status) < 0)
		rc = err_errno(err, "cannot look at '%s'", path);
	else if (!S_ISREG(status.st_mode))
		rc = err_set(err, ERR_DENIED, "'%s' is no file", path);
	else if ((uint64_t)status.st_size > FILE_MAX)
		rc = err_set(err, ERR_LIMIT, "'%s' has more than %llu bytes",
			     path, (unsigned long long)FILE_MAX);
	else {
		packed.size = (uint64_t)status.st_size;
		rc = search(&packed, out, err);
	}
	close(fd);
	return rc;
}
