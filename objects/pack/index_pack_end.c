#define _DEFAULT_SOURCE	/* flock */
#include "objects/pack/index_pack_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "lib/os/file.h"

#define KEEP_TEXT "vvault push\n"
#define CHUNK_BYTES ((size_t)256 << 10)
#define PACK_COUNT_AT 8

/* Hash the file up to its trailer, once its head says another number. */
static int hash_again(struct index_pack *pack, struct err *err)
{
	uint64_t left = pack->at - SHA1_BYTES;
	char *chunk = malloc(CHUNK_BYTES);
	uint64_t at = 0;
	int rc = 0;

	if (!chunk)
		return err_set(err, ERR_NOMEM, "out of memory");
	sha1_init(&pack->hash);
	while (rc == 0 && left) {
		size_t len = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;

		rc = file_read_at(pack->file.fd, pack->options.folder->path,
				  at, chunk, len, err);
		if (rc < 0)
			break;
		sha1_add(&pack->hash, chunk, len);
		at += len;
		left -= len;
		rc = index_pack_tick(pack, err);
	}
	free(chunk);
	sha1_finish(&pack->hash, pack->small);
	return rc;
}

/* Bases were added: number and hash are others. */
static int end_again(struct index_pack *pack, struct err *err)
{
	struct buf count = BUF_INIT(4);
	int fd = pack->file.fd;
	int rc = buf_add_u32(&count, (uint32_t)pack->n, err);

	if (rc == 0 && pwrite(fd, count.data, count.len, PACK_COUNT_AT) !=
		       (ssize_t)count.len)
		rc = err_errno(err, "cannot write a pack");
	buf_release(&count);
	if (rc == 0)
		rc = hash_again(pack, err);
	if (rc == 0 && lseek(fd, (off_t)(pack->at - SHA1_BYTES), SEEK_SET) < 0)
		rc = err_errno(err, "cannot write a pack");
	if (rc == 0)
		rc = file_write_fd(fd, pack->options.folder->path,
				   span_of(pack->small, SHA1_BYTES), err);
	return rc;
}

static int entries_take(struct index_pack *pack, struct pack_entry **out,
			struct err *err)
{
	struct pack_entry *entries = calloc(pack->n, sizeof(*entries));
	size_t i;

	if (!entries)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < pack->n; i++)
		entries[i] = (struct pack_entry){
			pack->entries[i].id, pack->entries[i].crc,
			pack->entries[i].offset
		};
	*out = entries;
	return 0;
}

static int write_index(struct index_pack *pack, struct temp_file *file,
		       struct err *err)
{
	const struct folder *folder = pack->options.folder;
	struct pack_entry *entries = NULL;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	unsigned char sum[SHA1_BYTES];
	struct sha1 hash;
	int rc = entries_take(pack, &entries, err);

	if (rc == 0)
		rc = temp_file_open(file, folder, INDEX_PACK_TEMP, 0444, err);
	if (rc == 0) {
		pack_index_put(&text, entries, pack->n, pack->small);
		sha1_init(&hash);
		sha1_add(&hash, text.data, text.len);
		sha1_finish(&hash, sum);
		buf_put(&text, sum, sizeof(sum));
		rc = buf_end(&text, err);
	}
	if (rc == 0)
		rc = file_write_fd(file->fd, folder->path, buf_span(&text),
				   err);
	buf_release(&text);
	free(entries);
	return rc;
}

/*
 * A `git gc` removes what it had found when it began, by name: a pack of the
 * same bytes, left there by a push that was killed, say. So one that is kept
 * takes a name that nobody has seen.
 */
static void name_make(const struct index_pack *pack,
		      char hex[2 * SHA1_BYTES + 1])
{
	unsigned char name[SHA1_BYTES];

	memcpy(name, pack->small, sizeof(name));
	if (pack->options.is_kept)
		random_bytes(name, sizeof(name));
	hex_text(name, sizeof(name), hex);
}

static int keep_make(struct index_pack *pack, const char *name,
		     struct err *err)
{
	const struct folder *folder = pack->options.folder;
	int rc = temp_file_open_as(&pack->keep, folder, name, 0600, err);

	return rc < 0 ? rc : file_write_fd(pack->keep.fd, name,
					   span_str(KEEP_TEXT), err);
}

/*
 * The index first: without its pack it is nothing to anybody and is swept,
 * while a pack without its index would stay behind a kill. Not so where a
 * `git gc` may be at work: that sweeps it, and a .keep with it, before the
 * pack is there; one that a kill leaves is found by its .keep.
 */
static int publish(struct index_pack *pack, struct temp_file *index,
		   struct err *err)
{
	struct temp_file *files[] = { index, &pack->file };
	const char *const ends[] = { "idx", "pack" };
	bool is_kept = pack->options.is_kept;
	char name[2 * SHA1_BYTES + 16];
	char hex[2 * SHA1_BYTES + 1];
	size_t i;
	int rc;

	name_make(pack, hex);
	snprintf(name, sizeof(name), "pack-%s.keep", hex);
	rc = is_kept ? keep_make(pack, name, err) : 0;
	for (i = 0; rc == 0 && i < 2; i++) {
		size_t at = is_kept ? 1 - i : i;

		snprintf(name, sizeof(name), "pack-%s.%s", hex, ends[at]);
		rc = temp_file_publish(files[at], name, err);
	}
	return rc < 0 ? rc : folder_sync(pack->options.folder, err);
}

int index_pack_finish(struct index_pack *pack, struct err *err)
{
	struct temp_file index = TEMP_FILE_INIT;
	int rc = 0;

	if (pack->state != AT_END)
		return index_pack_damaged(pack, "it is cut off", err);
	pack->sent_n = pack->n;
	pack->sent_end = pack->at - SHA1_BYTES;
	if (!pack->n)
		return 0;
	rc = index_pack_resolve(pack, err);
	if (rc == 0 && pack->n != pack->sent_n)
		rc = end_again(pack, err);
	if (rc == 0)
		rc = write_index(pack, &index, err);
	if (rc == 0)
		rc = publish(pack, &index, err);
	temp_file_release(&index);
	return rc;
}

int index_pack_file(struct index_pack *pack, int fd, const char *name,
		    struct err *err)
{
	char *chunk = malloc(CHUNK_BYTES);
	ssize_t got = 1;
	int rc = 0;

	if (!chunk)
		return err_set(err, ERR_NOMEM, "out of memory");
	while (rc == 0 && got > 0) {
		do
			got = read(fd, chunk, CHUNK_BYTES);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			rc = err_errno(err, "cannot read '%s'", name);
		else if (got > 0)
			rc = index_pack_feed(pack, span_of(chunk, (size_t)got),
					     err);
	}
	free(chunk);
	return rc < 0 ? rc : index_pack_finish(pack, err);
}

/* What a killed push kept, if its pack has no index yet; then the .keep. */
static void keep_remove(const struct folder *folder, const char *keep)
{
	int stem = (int)(strlen(keep) - strlen("keep"));
	char index[NAME_MAX + 1], pack[NAME_MAX + 1];
	int fd = openat(folder->fd, keep, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
			O_NONBLOCK);

	snprintf(index, sizeof(index), "%.*sidx", stem, keep);
	snprintf(pack, sizeof(pack), "%.*spack", stem, keep);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
		if (!folder_has(folder, index))
			unlinkat(folder->fd, pack, 0);
		unlinkat(folder->fd, keep, 0);
	}
	if (fd >= 0)
		close(fd);
}

/* A .keep of a push that was killed; anybody else's says something else. */
static int keep_sweep(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct folder *folder = context;
	struct buf text = BUF_INIT(sizeof(KEEP_TEXT));
	size_t len = strlen(name);

	(void)err;
	if (kind == DIR_KIND_FILE && len > 5 && len < NAME_MAX &&
	    !strcmp(name + len - 5, ".keep") &&
	    folder_read(folder, name, &text, NULL) == 0 &&
	    span_equals(buf_span(&text), span_str(KEEP_TEXT)))
		keep_remove(folder, name);
	buf_release(&text);
	return 0;
}

void index_pack_sweep(const struct folder *folder)
{
	folder_sweep(folder, INDEX_PACK_TEMP);
	(void)!folder_each(folder, keep_sweep, (void *)(uintptr_t)folder,
			   NULL);
}
