#include "lib/os/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/base/random.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define LOCK_MS 10000
#define LENGTH 4
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define HEAD (LENGTH + JOURNAL_TAG + NONCE)
#define AROUND (HEAD + LENGTH)		/* of a frame, but what is sealed */
#define SEALED_MAX ((size_t)1 << 26)

_Static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == JOURNAL_TAG,
	       "the tag is the cipher's");

/* One entry as it lies in the file. */
struct frame {
	const unsigned char *previous;
	const unsigned char *nonce;
	struct span sealed;
	size_t size;
};

/* The frame that begins the bytes, if it is whole. */
static bool frame_at(struct span bytes, struct frame *out)
{
	size_t len = bytes.len >= AROUND ? u32_at(bytes.at) : 0;

	if (len < JOURNAL_TAG || len > SEALED_MAX ||
	    bytes.len - AROUND < len || u32_at(bytes.at + HEAD + len) != len)
		return false;
	out->previous = (const unsigned char *)bytes.at + LENGTH;
	out->nonce = out->previous + JOURNAL_TAG;
	out->sealed = span_of(bytes.at + HEAD, len);
	out->size = AROUND + len;
	return true;
}

static void frame_tag(const struct frame *frame,
		      unsigned char out[JOURNAL_TAG])
{
	memcpy(out, frame->sealed.at + frame->sealed.len - JOURNAL_TAG,
	       JOURNAL_TAG);
}

/* Replaces out. */
static int frame_open(const struct local_seal *seal, const struct frame *frame,
		      struct buf *out, struct err *err)
{
	size_t len = frame->sealed.len - JOURNAL_TAG;
	int rc;

	buf_reset(out);
	rc = buf_reserve(out, len, err);
	if (rc < 0)
		return rc;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    (unsigned char *)out->data, NULL, NULL,
		    (const unsigned char *)frame->sealed.at, frame->sealed.len,
		    frame->previous, JOURNAL_TAG, frame->nonce, seal->key))
		return err_set(err, ERR_UNTRUSTED, "not of this device");
	out->len = len;
	out->data[len] = '\0';
	return 0;
}

static int frame_make(const struct local_seal *seal,
		      const unsigned char previous[JOURNAL_TAG],
		      struct span entry, struct buf *out, struct err *err)
{
	unsigned char nonce[NONCE];
	size_t len = entry.len + JOURNAL_TAG;
	int rc = buf_reserve(out, AROUND + len, err);

	if (rc < 0)
		return rc;
	random_bytes(nonce, sizeof(nonce));
	buf_put_u32(out, (uint32_t)len);
	buf_put(out, previous, JOURNAL_TAG);
	buf_put(out, nonce, sizeof(nonce));
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		(unsigned char *)out->data + out->len, NULL,
		(const unsigned char *)entry.at, entry.len, previous,
		JOURNAL_TAG, NULL, nonce, seal->key);
	out->len += len;
	buf_put_u32(out, (uint32_t)len);
	return buf_end(out, err);
}

/* The last frame, which ends where the file does. */
static bool look_at_end(struct journal *journal)
{
	struct buf bytes = BUF_INIT(SEALED_MAX + AROUND);
	char length[LENGTH];
	struct frame frame;
	bool is_whole = false;
	uint64_t size;

	if (journal->size < AROUND ||
	    file_read_at(journal->fd, journal->path, journal->size - LENGTH,
			 length, LENGTH, NULL) < 0)
		return false;
	size = (uint64_t)u32_at(length) + AROUND;
	if (size <= journal->size && size <= bytes.max &&
	    buf_reserve(&bytes, size, NULL) == 0 &&
	    file_read_at(journal->fd, journal->path, journal->size - size,
			 bytes.data, size, NULL) == 0) {
		bytes.len = size;
		is_whole = frame_at(buf_span(&bytes), &frame) &&
			   frame.size == size &&
			   frame_open(journal->seal, &frame, &journal->last,
				      NULL) == 0;
	}
	if (is_whole) {
		frame_tag(&frame, journal->tag);
		journal->end = journal->size;
	}
	buf_release(&bytes);
	return is_whole;
}

/* Behind the last whole frame; false: that one is not ours. */
static int look_at_all(struct journal *journal, bool *out_is_ours,
		       struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct frame frame = { .size = 0 };
	struct frame last;
	struct span rest;
	int rc = file_read(journal->path, (size_t)journal->size, &bytes, err);

	journal->end = 0;
	*out_is_ours = true;
	rest = buf_span(&bytes);
	while (rc == 0 && frame_at(rest, &last)) {
		frame = last;
		journal->end += frame.size;
		rest = span_of(rest.at + frame.size, rest.len - frame.size);
	}
	if (rc == 0 && journal->end) {
		*out_is_ours = frame_open(journal->seal, &frame,
					  &journal->last, NULL) == 0;
		frame_tag(&frame, journal->tag);
	}
	buf_release(&bytes);
	return rc;
}

static int put_aside(struct journal *journal, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = buf_printf(&path, err, "%s.refused", journal->path);

	if (rc == 0 && rename(journal->path, buf_text(&path)) < 0)
		rc = err_errno(err, "cannot rename '%s'", journal->path);
	buf_release(&path);
	return rc;
}

static int open_file(struct journal *journal, struct err *err)
{
	struct stat st;

	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = open(journal->path, O_RDWR | O_CREAT | O_CLOEXEC |
			   O_NOFOLLOW | O_NONBLOCK, 0600);
	if (journal->fd < 0 || fstat(journal->fd, &st) < 0)
		return err_errno(err, "cannot open '%s'", journal->path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INVALID, "'%s' is no file",
			       journal->path);
	journal->is_shared = st.st_nlink > 1;
	journal->size = (uint64_t)st.st_size;
	journal->end = 0;
	memset(journal->tag, 0, sizeof(journal->tag));
	buf_reset(&journal->last);
	return 0;
}

/* The newest entries, of so many bytes at most, sealed anew as they follow
 * each other already: the first one's previous tag is no matter. */
static int keep_newest(struct journal *journal, uint64_t max_bytes,
		       struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct atomic_file file = ATOMIC_FILE_INIT;
	struct frame frame;
	struct span rest;
	int rc = file_read(journal->path, (size_t)journal->size, &bytes, err);

	rest = span_of(bytes.data, journal->end);
	while (rc == 0 && rest.len > max_bytes && frame_at(rest, &frame))
		rest = span_of(rest.at + frame.size, rest.len - frame.size);
	if (rc == 0)
		rc = atomic_file_open(&file, journal->path, 0600, err);
	if (rc == 0)
		rc = atomic_file_write(&file, rest, err);
	if (rc == 0)
		rc = atomic_file_publish_cache(&file, err);
	atomic_file_release(&file);
	if (rc == 0) {
		close(journal->fd);
		journal->fd = open(journal->path, O_RDWR | O_CLOEXEC |
				   O_NOFOLLOW);
		journal->size = journal->end = rest.len;
		if (journal->fd < 0)
			rc = err_errno(err, "cannot open '%s'", journal->path);
	}
	buf_release(&bytes);
	return rc;
}

/* No file, and nothing that ever was one of ours: a link, a pipe. */
static bool is_odd(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && !S_ISREG(st.st_mode) &&
	       !S_ISDIR(st.st_mode);
}

/* What is larger than it ever gets is not read at all. */
static int open_ours(struct journal *journal, bool *out_is_ours,
		     struct err *err)
{
	int rc;

	*out_is_ours = false;
	if (is_odd(journal->path))
		return 0;
	rc = open_file(journal, err);
	if (rc < 0 || journal->size > journal->max_bytes)
		return rc;
	*out_is_ours = true;
	if (journal->size && !look_at_end(journal))
		rc = look_at_all(journal, out_is_ours, err);
	return rc;
}

int journal_open(struct journal *journal, const char *path,
		 const char *lock_path, const struct local_seal *seal,
		 bool *out_is_refused, struct err *err)
{
	bool is_ours = true;
	int rc = lock_take(&journal->lock, lock_path, LOCK_MS, err);

	*out_is_refused = false;
	journal->path = path;
	journal->seal = seal;
	if (rc == 0)
		rc = open_ours(journal, &is_ours, err);
	if (rc == 0 && !is_ours) {
		*out_is_refused = true;
		rc = put_aside(journal, err);
		if (rc == 0)
			rc = open_file(journal, err);
	}
	/* Another name of the file, a backup's perhaps, keeps what it holds. */
	if (rc == 0 && journal->is_shared)
		rc = keep_newest(journal, journal->size, err);
	if (rc < 0)
		journal_close(journal);
	return rc;
}

int journal_add(struct journal *journal, struct span entry, struct err *err)
{
	uint64_t max_bytes = journal->max_bytes;
	struct buf bytes = BUF_INIT(SEALED_MAX);
	int rc = 0;

	if (entry.len + AROUND + JOURNAL_TAG > max_bytes)
		return err_set(err, ERR_LIMIT, "an entry of %zu bytes is too "
			       "long for '%s'", entry.len, journal->path);
	if (journal->end + entry.len + AROUND + JOURNAL_TAG > max_bytes)
		rc = keep_newest(journal, max_bytes / 2, err);
	if (rc == 0)
		rc = frame_make(journal->seal, journal->tag, entry, &bytes,
				err);
	/* What was torn goes first, so that no stop can leave both. */
	if (rc == 0 && journal->end < journal->size &&
	    ftruncate(journal->fd, (off_t)journal->end) < 0)
		rc = err_errno(err, "cannot shorten '%s'", journal->path);
	if (rc == 0 && lseek(journal->fd, (off_t)journal->end, SEEK_SET) < 0)
		rc = err_errno(err, "cannot write '%s'", journal->path);
	if (rc == 0)
		rc = file_write_fd(journal->fd, journal->path,
				   buf_span(&bytes), err);
	if (rc == 0) {
		memcpy(journal->tag,
		       bytes.data + bytes.len - LENGTH - JOURNAL_TAG,
		       JOURNAL_TAG);
		journal->end += bytes.len;
		journal->size = journal->end;
	}
	buf_release(&bytes);
	return rc;
}

void journal_close(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
	buf_wipe(&journal->last);
	lock_release(&journal->lock);
}

static int refuse(const char *path, struct err *err)
{
	return err_set(err, ERR_UNTRUSTED, "'%s' is not as this device wrote "
		       "it, and nothing in it is believed", path);
}

/* Behind what is torn stands nothing; behind what was made so, a good end. */
static bool has_good_end(struct span rest, const struct local_seal *seal)
{
	struct buf entry = BUF_INIT(BUF_NO_LIMIT);
	struct frame frame;
	bool is_good = false;
	size_t size;

	if (rest.len >= AROUND) {
		size = (size_t)u32_at(rest.at + rest.len - LENGTH) + AROUND;
		is_good = size <= rest.len &&
			  frame_at(span_of(rest.at + rest.len - size, size),
				   &frame) &&
			  frame_open(seal, &frame, &entry, NULL) == 0;
	}
	buf_wipe(&entry);
	return is_good;
}

static int each_frame(struct span rest, const char *path,
		      const struct local_seal *seal,
		      const struct journal_visitor *visitor,
		      bool *out_is_torn, struct err *err)
{
	struct buf entry = BUF_INIT(BUF_NO_LIMIT);
	unsigned char tag[JOURNAL_TAG];
	struct frame frame;
	bool is_first = true;
	int rc = 0;

	while (rc == 0 && frame_at(rest, &frame)) {
		rc = frame_open(seal, &frame, &entry, NULL);
		if (rc < 0 || (!is_first && memcmp(tag, frame.previous,
						   sizeof(tag)) != 0)) {
			rc = refuse(path, err);
			break;
		}
		frame_tag(&frame, tag);
		is_first = false;
		rest = span_of(rest.at + frame.size, rest.len - frame.size);
		rc = visitor->entry(visitor->arg, buf_span(&entry), err);
	}
	if (rc == 0 && has_good_end(rest, seal))
		rc = refuse(path, err);
	*out_is_torn = rc == 0 && rest.len;
	buf_wipe(&entry);
	return rc;
}

int journal_each(const char *path, const struct local_seal *seal,
		 uint64_t max_bytes, const struct journal_visitor *visitor,
		 bool *out_is_torn, struct err *err)
{
	struct buf bytes = BUF_INIT(max_bytes);
	struct err reason = ERR_INIT;
	struct stat st;
	int rc;

	*out_is_torn = false;
	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 :
		       err_errno(err, "cannot look at '%s'", path);
	if (!S_ISREG(st.st_mode))
		return refuse(path, err);
	rc = file_read(path, max_bytes, &bytes, &reason);
	if (rc == ERR_LIMIT)
		rc = refuse(path, err);
	else if (rc < 0)
		rc = err_copy(err, rc, &reason);
	else
		rc = each_frame(buf_span(&bytes), path, seal, visitor,
				out_is_torn, err);
	buf_release(&bytes);
	return rc;
}
