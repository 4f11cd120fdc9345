#include "cmd/import/beside/beside.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/import/import.h"
#include "cmd/import/input/archive.h"
#include "cmd/import/input/bundle.h"
#include "lib/base/xxh.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define UUID_LEN 36

void beside_release(struct beside *beside)
{
	arena_release(&beside->arena);
	beside->n = 0;
}

/* Of an archive's member the archive alone lies on the disk. */
static size_t on_disk(const struct import_input *input)
{
	return input->member ? (size_t)(input->member - input->path) -
		strlen(ARCHIVE_MEMBER_MARK) : strlen(input->path);
}

int beside_place(const struct import_input *input, struct buf *out,
		 struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	size_t len = on_disk(input);
	int rc = 0;

	buf_reset(out);
	if (!strcmp(input->path, "-"))
		return 0;
	buf_put(&path, input->path, len);
	rc = buf_end(&path, err);
	if (rc == 0)
		rc = file_settle(&path, err);
	if (rc == 0) {
		buf_put_span(out, buf_span(&path));
		buf_put_str(out, input->path + len);
		rc = buf_end(out, err);
	}
	buf_release(&path);
	return rc;
}

/* Where the names in the archive begin; 0 on disk. */
static size_t top_of(struct span place)
{
	size_t at = span_find(place, ARCHIVE_MEMBER_MARK, 0);

	return at == SPAN_NOWHERE ? 0 : at + strlen(ARCHIVE_MEMBER_MARK);
}

/* What the path of the folder that holds it is long; SIZE_MAX: it is at the
 * top. */
static size_t folder_len(struct span place)
{
	size_t top = top_of(place);
	size_t len = place.len;

	while (len > top && place.at[len - 1] != '/')
		len--;
	return len > top ? len - 1 : SIZE_MAX;
}

struct span beside_part(struct span place, size_t up)
{
	size_t len;

	for (; up; up--) {
		len = folder_len(place);
		if (len == SIZE_MAX)
			return span_of(NULL, 0);
		place.len = len;
	}
	len = folder_len(place);
	len = len == SIZE_MAX ? top_of(place) : len + 1;
	return place.len > len ? span_of(place.at + len, place.len - len) :
		span_of(NULL, 0);
}

struct span beside_between(struct span name, const char *begin,
			   const char *end)
{
	size_t len = strlen(begin) + strlen(end);

	if (name.len <= len || !span_begins(name, begin) ||
	    !span_ends(name, end))
		return span_of(NULL, 0);
	return span_of(name.at + strlen(begin), name.len - len);
}

bool beside_is_uuid(struct span text)
{
	size_t i;

	if (text.len != UUID_LEN)
		return false;
	for (i = 0; i < UUID_LEN; i++) {
		bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_hyphen ? text.at[i] != '-' :
		    !text.at[i] || !strchr("0123456789abcdefABCDEF",
					   text.at[i]))
			return false;
	}
	return true;
}

/* Replace out with the place of that name; false: it is beyond the top. */
static int find(struct span place, const char *name, struct buf *out,
		bool *out_is_one, struct err *err)
{
	size_t len = folder_len(place);

	for (; !strncmp(name, "../", 3) && len != SIZE_MAX; name += 3) {
		place.len = len;
		len = folder_len(place);
	}
	buf_reset(out);
	*out_is_one = strncmp(name, "../", 3) != 0;
	buf_put(out, place.at, len == SIZE_MAX ? top_of(place) : len + 1);
	buf_put_str(out, name);
	return buf_end(out, err);
}

static int open_regular(const char *path)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
		      O_NOCTTY);

	if (fd >= 0 && (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* In an archive there are no folders but in the names of files. */
static bool archive_is_there(struct archive *archive, const char *name)
{
	struct bundle *bundle;

	if (!span_ends(span_str(name), "/"))
		return archive_has(archive, name);
	return archive_open(archive, &bundle, NULL) == 0 &&
	       bundle_has_below(bundle, name);
}

static bool disk_is_there(const char *path)
{
	struct stat info;

	if (lstat(path, &info) < 0)
		return false;
	return span_ends(span_str(path), "/") ? S_ISDIR(info.st_mode) :
		S_ISREG(info.st_mode);
}

bool beside_is_there(const struct import_input *input, struct span place,
		     const char *name)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = false;

	if (find(place, name, &path, &is_there, NULL) < 0)
		is_there = false;
	else if (is_there)
		is_there = input->archive ?
			archive_is_there(input->archive, buf_text(&path) +
					 top_of(place)) :
			disk_is_there(buf_text(&path));
	buf_release(&path);
	return is_there;
}

/* What lies in an archive is read by nobody else meanwhile, so the source
 * itself is to be opened again. */
static int load_member(struct import_input *input, const char *name,
		       size_t max_bytes, struct buf *out, bool *out_is_there,
		       struct err *err)
{
	input_close(input);
	*out_is_there = archive_has(input->archive, name);
	return *out_is_there ? archive_load(input->archive, name, max_bytes,
					    out, err) : 0;
}

static int load(struct import_input *input, struct span path, size_t max_bytes,
		struct buf *out, bool *out_is_there, struct err *err)
{
	int fd;
	int rc;

	if (input->archive)
		return load_member(input, path.at + top_of(path), max_bytes,
				   out, out_is_there, err);
	fd = open_regular(path.at);
	*out_is_there = fd >= 0;
	if (fd < 0)
		return 0;
	rc = file_read_fd(fd, path.at, max_bytes, out, err);
	close(fd);
	return rc;
}

static struct beside_item *add_item(struct beside *to, const char *as)
{
	struct beside_item *item = &to->items[to->n++];

	*item = (struct beside_item){ .as = as };
	return item;
}

int beside_file(struct beside *to, const char *as, const char *name,
		struct err *err)
{
	return arena_keep(&to->arena, span_str(name), &add_item(to, as)->name,
			  err);
}

int beside_say(struct beside *to, const char *as, struct span said,
	       struct err *err)
{
	return arena_keep(&to->arena, said, &add_item(to, as)->said, err);
}

int beside_folder(struct beside *to, const char *as, const char *name,
		  const char *suffix, struct err *err)
{
	int rc = beside_file(to, as, name, err);

	to->items[to->n - 1].suffix = suffix;
	return rc;
}

int beside_later(struct beside *to, const char *as, const char *name,
		 struct err *err)
{
	int rc = beside_file(to, as, name, err);

	to->items[to->n - 1].is_later = true;
	return rc;
}

/* --- folders --------------------------------------------------------------- */

/* One that is gone through, for its stamp or for its bytes. */
struct through {
	const char *path;		/* with '/' behind it */
	const char *suffix;
	uint64_t *stamp;		/* NULL: the bytes are wanted */
	struct buf *bytes;
};

static void stamp_file(const char *path, uint64_t *stamp)
{
	struct stat info;

	if (lstat(path, &info) == 0) {
		const uint64_t words[] = {
			*stamp, (uint64_t)info.st_ino,
			(uint64_t)info.st_size,
			(uint64_t)info.st_mtim.tv_sec,
			(uint64_t)info.st_mtim.tv_nsec,
			(uint64_t)info.st_ctim.tv_sec,
			(uint64_t)info.st_ctim.tv_nsec,
		};

		*stamp = xxh64_of(words, sizeof(words));
	}
}

/* What the next file of a folder may have; the NULs behind them count. */
static size_t room_left(const struct buf *all)
{
	return all->len < BESIDE_FILE_MAX ? BESIDE_FILE_MAX - all->len : 0;
}

static int add_bytes(struct buf *all, int fd, const char *path,
		     struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	int rc = file_read_fd(fd, path, room_left(all), &bytes, err);

	buf_put_span(all, buf_span(&bytes));
	buf_put_char(all, '\0');
	buf_release(&bytes);
	return rc < 0 ? rc : buf_end(all, err);
}

static int go_through(void *arg, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct through *through = arg;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;
	int fd = -1;

	if (kind != DIR_KIND_FILE || !span_ends(span_str(name),
						through->suffix))
		return 0;
	buf_put_str(&path, through->path);
	buf_put_str(&path, name);
	rc = buf_end(&path, err);
	if (rc == 0 && through->stamp)
		stamp_file(buf_text(&path), through->stamp);
	else if (rc == 0)
		fd = open_regular(buf_text(&path));
	if (fd >= 0) {
		rc = add_bytes(through->bytes, fd, buf_text(&path), err);
		close(fd);
	}
	buf_release(&path);
	return rc;
}

static int load_disk_folder(const char *path, const char *suffix,
			    struct buf *out, struct err *err)
{
	struct through through = { path, suffix, NULL, out };

	return dir_each(path, go_through, &through, err);
}

static int load_archive_folder(struct archive *archive, const char *folder,
			       const char *suffix, struct buf *out,
			       struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct bundle *bundle = NULL;
	const char *name;
	size_t len = strlen(folder);
	size_t i;
	int rc = archive_open(archive, &bundle, err);

	for (i = 0; rc == 0 && i < bundle_count(bundle); i++) {
		name = bundle_at(bundle, i)->name;
		if (strncmp(name, folder, len) != 0 ||
		    strchr(name + len, '/') ||
		    !span_ends(span_str(name), suffix))
			continue;
		rc = archive_load(archive, name, room_left(out), &bytes, err);
		buf_put_span(out, buf_span(&bytes));
		buf_put_char(out, '\0');
	}
	buf_release(&bytes);
	return rc < 0 ? rc : buf_end(out, err);
}

/* --- all ------------------------------------------------------------------- */

/* In an archive all of it changes together. */
void beside_look(struct beside *beside, const struct import_input *input,
		 struct span place)
{
	const struct beside_item *item = beside->items;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct through through = { .stamp = &beside->stamp };
	bool is_one;

	for (; item < beside->items + beside->n && !input->archive; item++) {
		if (item->said.at)
			beside->stamp = beside->stamp * 31 +
				xxh64_of(item->said.at, item->said.len);
		if (!item->name.at ||
		    find(place, item->name.at, &path, &is_one, NULL) < 0 ||
		    !is_one)
			continue;
		through.path = buf_text(&path);
		through.suffix = item->suffix;
		if (!item->suffix)
			stamp_file(through.path, &beside->stamp);
		else if (disk_is_there(through.path) &&
			 dir_each(through.path, go_through, &through, NULL) < 0)
			beside->stamp++;
	}
	buf_release(&path);
}

static int load_all(struct import_source *source,
		    const struct beside_item *item, struct span place,
		    struct buf *out, bool *out_is_there, struct err *err)
{
	struct import_input *input = &source->input;
	const char *member = place.at + top_of(place);

	if (!item->suffix)
		return load(input, place, item->is_later ? BESIDE_LATER_MAX :
			    BESIDE_FILE_MAX, out, out_is_there, err);
	if (input->archive)
		input_close(input);
	*out_is_there = input->archive ?
		archive_is_there(input->archive, member) :
		disk_is_there(place.at);
	if (!*out_is_there)
		return 0;
	return input->archive ?
		load_archive_folder(input->archive, member, item->suffix, out,
				    err) :
		load_disk_folder(place.at, item->suffix, out, err);
}

/* What is at a name beside the place; nothing, and a note, where it cannot be
 * read. */
static int load_named(struct import_source *source, struct span place,
		      const struct beside_item *item, struct buf *out,
		      bool *out_is_there, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc;

	rc = find(place, item->name.at, &path, out_is_there, err);
	if (rc == 0 && *out_is_there) {
		rc = load_all(source, item, buf_span(&path), out, out_is_there,
			      &why);
		if (rc < 0)
			*out_is_there = false;
		if (rc < 0 && rc != ERR_NOMEM)
			rc = import_note(source, err, "what lies beside it "
					 "was not read: %s", why.text);
		else if (rc < 0)
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
	buf_release(&path);
	return rc;
}

static int load_item(struct import_source *source, struct span place,
		     struct beside_item *item, struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	unsigned char hash[HASH128_BYTES];
	struct xxh128 mixed;
	bool is_there = false;
	int rc = load_named(source, place, item, &bytes, &is_there, err);

	if (rc == 0 && is_there && item->is_later) {
		xxh128_init(&mixed);
		xxh128_add(&mixed, bytes.data, bytes.len);
		xxh128_finish(&mixed, hash);
		rc = arena_keep(&source->beside.arena,
				span_of((const char *)hash, sizeof(hash)),
				&item->said, err);
	} else if (rc == 0 && is_there) {
		rc = arena_keep(&source->beside.arena, buf_span(&bytes),
				&item->said, err);
	}
	buf_release(&bytes);
	return rc;
}

int beside_fetch(struct import_source *source, const char *as,
		 struct buf *out, struct err *err)
{
	const struct beside *beside = &source->beside;
	struct buf place = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = false;
	size_t i = 0;
	int rc = 0;

	buf_reset(out);
	while (i < beside->n && strcmp(beside->items[i].as, as) != 0)
		i++;
	if (i == beside->n || !beside->items[i].said.at)
		return 0;
	rc = beside_place(&source->input, &place, err);
	if (rc == 0)
		rc = load_named(source, buf_span(&place), &beside->items[i],
				out, &is_there, err);
	if (rc == 0 && !is_there)
		buf_reset(out);
	buf_release(&place);
	return rc;
}

int beside_load(struct import_source *source, struct span place,
		struct err *err)
{
	struct beside *beside = &source->beside;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < beside->n; i++) {
		if (beside->items[i].name.at)
			rc = load_item(source, place, &beside->items[i], err);
	}
	return rc;
}

struct span beside_get(const struct import_source *source, const char *as)
{
	const struct beside *beside = &source->beside;
	size_t i;

	for (i = 0; i < beside->n; i++) {
		if (!strcmp(beside->items[i].as, as))
			return beside->items[i].said;
	}
	return span_of(NULL, 0);
}

static void add_span(struct xxh128 *hash, struct span text)
{
	const uint64_t words[] = { text.at != NULL, text.len };

	xxh128_add(hash, words, sizeof(words));
	xxh128_add(hash, text.at, text.len);
}

void beside_hash(const struct beside *beside,
		 unsigned char hash[HASH128_BYTES])
{
	struct xxh128 mixed;
	size_t i;

	if (!beside->n)
		return;
	xxh128_init(&mixed);
	xxh128_add(&mixed, hash, HASH128_BYTES);
	for (i = 0; i < beside->n; i++) {
		add_span(&mixed, span_str(beside->items[i].as));
		add_span(&mixed, beside->items[i].said);
	}
	xxh128_finish(&mixed, hash);
}
