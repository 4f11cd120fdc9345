#include "cmd/import/parse/zip.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/import/parse/zip_directory.h"
#include "cmd/import/parse/zip_name.h"
#include "cmd/import/parse/zip_stream.h"
#include "lib/base/arena.h"
#include "lib/base/array.h"

#define FLAG_ENCRYPTED 0x0001u
#define FLAG_STRONGLY_ENCRYPTED 0x0040u
#define FLAG_MASKED 0x2000u
#define METHOD_AES 99
#define MODE_SHIFT 16
#define MODE_KIND 0170000u
#define MODE_DIR 0040000u
#define MODE_FILE 0100000u

struct zip {
	char *path;		/* for messages */
	int fd;			/* -1: borrowed */
	struct zip_file *file;
	struct zip_stream *stream;	/* NULL until one is read */
	struct zip_member *members;
	size_t count;
	size_t cap;
	struct arena names;
	const struct zip_member *open;	/* being read, or NULL */
};

bool zip_is_magic(struct span head)
{
	return head.len >= 4 && (!memcmp(head.at, "PK\3\4", 4) ||
				 !memcmp(head.at, "PK\5\6", 4));
}

bool zip_is_picture(struct span head)
{
	return span_begins(head, "\xff\xd8\xff");
}

/* --- What a directory may say ------------------------------------------- */

static bool is_bomb(uint64_t size, uint64_t packed)
{
	return size > ZIP_RATIO_FREE_BYTES && size / ZIP_RATIO_MAX > packed;
}

static int check_entry(const struct zip *zip, const struct zip_entry *entry,
		       struct err *err)
{
	unsigned kind = entry->attributes >> MODE_SHIFT & MODE_KIND;
	unsigned secret = FLAG_ENCRYPTED | FLAG_STRONGLY_ENCRYPTED |
			  FLAG_MASKED;

	if (entry->flags & secret || entry->method == METHOD_AES)
		return err_set(err, ERR_UNSUPPORTED,
			       "a member is encrypted: unpack the archive "
			       "with its password and import the folder");
	if (kind && kind != MODE_DIR && kind != MODE_FILE)
		return err_set(err, ERR_INVALID, "a member is a symbolic link "
			       "or another special file");
	if (entry->packed > zip->file->size || entry->begin > zip->file->size)
		return err_set(err, ERR_CORRUPT, "a member is said to lie "
			       "behind the end of the archive");
	if (is_bomb(entry->size, entry->packed))
		return err_set(err, ERR_LIMIT, "a member would unpack to more "
			       "than %d times its size", ZIP_RATIO_MAX);
	return 0;
}

static int add_name(struct zip *zip, const struct buf *name,
		    struct zip_member *member, struct err *err)
{
	struct span copy;
	int rc = arena_keep(&zip->names, buf_span(name), &copy, err);

	if (rc == 0)
		member->name = copy.at;
	return rc;
}

static int add_member(struct zip *zip, const struct zip_entry *entry,
		      struct buf *name, struct err *err)
{
	unsigned kind = entry->attributes >> MODE_SHIFT & MODE_KIND;
	struct zip_member member = {
		.size = entry->size,
		.packed = entry->packed,
		.method = entry->method,
		.crc = entry->crc,
		.begin = entry->begin,
	};
	int rc;

	rc = zip_name(entry->name, name, &member.is_dir, err);
	if (rc == 0)
		rc = check_entry(zip, entry, err);
	if (rc < 0)
		return rc;
	member.is_dir = member.is_dir || kind == MODE_DIR;
	member.end = member.begin + ZIP_LOCAL_BYTES + entry->name.len +
		     entry->packed;
	if (!name->len && !member.is_dir)
		return err_set(err, ERR_INVALID, "a member has no name");
	rc = array_room_in(zip->members, zip->count, zip->cap, err);
	if (rc == 0)
		rc = add_name(zip, name, &member, err);
	if (rc == 0)
		zip->members[zip->count++] = member;
	return rc;
}

/* Say which entry it was: its raw name is what can be looked up. */
static void blame(const struct zip_entry *entry, struct buf *name,
		  struct err *err)
{
	if (zip_name_shown(entry->name, name, NULL) == 0)
		err_prefix(err, "'%s'", buf_text(name));
}

/* The members, and the sum of what they would unpack to. */
static int read_members(struct zip *zip, struct zip_directory *directory,
			struct buf *name, struct err *err)
{
	struct zip_entry entry;
	uint64_t sum = 0;
	bool is_there;
	int rc;

	while ((rc = zip_directory_next(directory, &entry, &is_there,
					err)) == 0 && is_there) {
		rc = add_member(zip, &entry, name, err);
		if (rc < 0) {
			blame(&entry, name, err);
			return rc;
		}
		/* Checked at each, so that it cannot overflow. */
		sum += entry.size;
		if (is_bomb(sum, zip->file->size))
			return err_set(err, ERR_LIMIT, "it would unpack to "
				       "more than %d times its size",
				       ZIP_RATIO_MAX);
		if (zip->count > ZIP_MEMBERS_MAX)
			return err_set(err, ERR_LIMIT, "more than %d members",
				       ZIP_MEMBERS_MAX);
	}
	return rc;
}

static int by_begin(const void *a, const void *b)
{
	const struct zip_member *x = a;
	const struct zip_member *y = b;

	return (x->begin > y->begin) - (x->begin < y->begin);
}

static int by_name(const void *a, const void *b)
{
	const struct zip_member *x = a;
	const struct zip_member *y = b;

	return strcmp(x->name, y->name);
}

/* The same bytes in several members are how small archives unpack to huge
 * ones; no two may share any, nor reach into the directory. */
static int set_limits(struct zip *zip, uint64_t directory, struct err *err)
{
	size_t i;

	qsort(zip->members, zip->count, sizeof(*zip->members), by_begin);
	for (i = 0; i < zip->count; i++) {
		struct zip_member *member = &zip->members[i];
		bool is_last = i + 1 == zip->count;

		member->limit = is_last ? directory : member[1].begin;
		if (member->end > member->limit)
			return err_set(err, ERR_INVALID,
				       "'%s' lies on the same bytes as %s",
				       member->name,
				       is_last ? "the directory"
					       : "another member");
	}
	return 0;
}

/* Two folder entries of one name do no harm. */
static int check_doubles(struct zip *zip, struct err *err)
{
	size_t i;

	qsort(zip->members, zip->count, sizeof(*zip->members), by_name);
	for (i = 1; i < zip->count; i++) {
		const struct zip_member *a = &zip->members[i - 1];
		const struct zip_member *b = &zip->members[i];

		if (!strcmp(a->name, b->name) && !(a->is_dir && b->is_dir))
			return err_set(err, ERR_INVALID,
				       "two members have the name '%s'",
				       b->name);
	}
	return 0;
}

/* --- Opening ------------------------------------------------------------- */

static int find_file(struct zip *zip, int fd, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot look at it");
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INVALID, "an archive is read from its "
			       "end, not from a pipe: give the file itself");
	zip->file->fd = fd;
	zip->file->size = (uint64_t)st.st_size;
	return 0;
}

static int read_directory(struct zip *zip, int fd, struct err *err)
{
	struct zip_directory *directory = calloc(1, sizeof(*directory));
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	zip->file = calloc(1, sizeof(*zip->file));
	if (!zip->file || !directory)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	else
		rc = find_file(zip, fd, err);
	if (rc == 0)
		rc = zip_directory_find(zip->file, directory, err);
	if (rc == 0)
		rc = read_members(zip, directory, &name, err);
	if (rc == 0 && zip->count)
		rc = set_limits(zip, directory->begin, err);
	if (rc == 0 && zip->count)
		rc = check_doubles(zip, err);
	buf_release(&name);
	free(directory);
	return rc;
}

static struct zip *zip_new(const char *name, struct err *err)
{
	struct zip *zip = calloc(1, sizeof(*zip));

	if (zip)
		zip->path = strdup(name);
	if (!zip || !zip->path) {
		free(zip);
		(void)err_set(err, ERR_NOMEM, "out of memory");
		return NULL;
	}
	zip->fd = -1;
	return zip;
}

int zip_open_fd(int fd, const char *name, struct zip **out, struct err *err)
{
	struct zip *zip = zip_new(name, err);
	int rc;

	if (!zip)
		return ERR_NOMEM;
	rc = read_directory(zip, fd, err);
	if (rc < 0) {
		err_prefix(err, "zip archive '%s'", name);
		zip_free(zip);
		return rc;
	}
	*out = zip;
	return 0;
}

int zip_open(const char *path, struct zip **out, struct err *err)
{
	/* A fifo without a writer must not hold us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc;

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	rc = zip_open_fd(fd, path, out, err);
	if (rc < 0)
		close(fd);
	else
		(*out)->fd = fd;
	return rc;
}

void zip_free(struct zip *zip)
{
	if (!zip)
		return;
	zip_stream_free(zip->stream);
	free(zip->file);
	if (zip->fd >= 0)
		close(zip->fd);
	arena_release(&zip->names);
	free(zip->members);
	free(zip->path);
	free(zip);
}

/* --- Members -------------------------------------------------------------- */

size_t zip_count(const struct zip *zip)
{
	return zip->count;
}

const struct zip_member *zip_at(const struct zip *zip, size_t at)
{
	return &zip->members[at];
}

const struct zip_member *zip_find(const struct zip *zip, const char *name)
{
	struct zip_member key = { .name = name };

	if (!zip->count)
		return NULL;
	return bsearch(&key, zip->members, zip->count, sizeof(key), by_name);
}

static const char *method_name(unsigned method)
{
	switch (method) {
	case 9:
		return "deflate64";
	case 12:
		return "bzip2";
	case 14:
		return "lzma";
	case 93:
		return "zstd";
	case 95:
		return "xz";
	default:
		return "an unknown method";
	}
}

static int blame_member(const struct zip *zip, const struct zip_member *member,
			int rc, struct err *err)
{
	if (rc < 0)
		err_prefix(err, "'%s' in zip archive '%s'", member->name,
			   zip->path);
	return rc;
}

int zip_member_open(struct zip *zip, const struct zip_member *member,
		    struct err *err)
{
	int rc = 0;

	zip->open = NULL;
	if (member->is_dir)
		rc = err_set(err, ERR_INVALID, "it is a folder");
	else if (member->method != ZIP_STORED &&
		 member->method != ZIP_DEFLATED)
		rc = err_set(err, ERR_UNSUPPORTED, "packed by %s (%u): unpack "
			     "the archive and import the folder",
			     method_name(member->method), member->method);
	else if (!zip->stream)
		rc = zip_stream_new(zip->file, &zip->stream, err);
	if (rc == 0)
		rc = zip_stream_begin(zip->stream, member, err);
	if (rc == 0)
		zip->open = member;
	return blame_member(zip, member, rc, err);
}

int zip_member_read(struct zip *zip, void *bytes, size_t len, size_t *out_len,
		    struct err *err)
{
	const struct zip_member *member = zip->open;
	int rc;

	if (!member)
		return err_set(err, ERR_INVALID,
			       "no member of the archive is open");
	rc = zip_stream_read(zip->stream, bytes, len, out_len, err);
	if (rc < 0)
		zip->open = NULL;
	return blame_member(zip, member, rc, err);
}

int zip_member_load(struct zip *zip, const struct zip_member *member,
		    size_t max, struct buf *out, struct err *err)
{
	size_t got = 0;
	int rc;

	buf_reset(out);
	rc = zip_member_open(zip, member, err);
	if (rc == 0 && member->size > max)
		rc = blame_member(zip, member,
				  err_set(err, ERR_LIMIT,
					  "larger than %zu bytes", max), err);
	/* A byte more, so that the end is seen without another block. */
	if (rc == 0)
		rc = buf_reserve(out, (size_t)member->size + 1, err);
	while (rc == 0) {
		rc = zip_member_read(zip, out->data + out->len,
				     (size_t)member->size + 1 - out->len,
				     &got, err);
		if (rc < 0 || !got)
			break;
		out->len += got;
	}
	if (rc == 0)
		out->data[out->len] = '\0';
	else
		buf_reset(out);
	return rc;
}
