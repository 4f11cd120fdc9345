#include "objects/index_pack_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/encode.h"
#include "lib/file.h"

#define KEEP_TEXT "vvault push\n"
#define CHUNK_BYTES ((size_t)256 << 10)
#define PACK_COUNT_AT 8

/* Hash the file up to its trailer, once its head says another number. */
static int hash_again(struct index_pack *pack, struct err *err)
{
	uint64_t left = pack->at - SHA1_BYTES;
	char *chunk = malloc(CHUNK_BYTES);
	uint64_t at = 0;
	ssize_t got = 1;
	int rc = 0;

	if (!chunk)
		return err_set(err, ERR_NOMEM, "out of memory");
	sha1_init(&pack->hash);
	while (rc == 0 && left && got > 0) {
		size_t want = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;

		got = pread(pack->file.fd, chunk, want, (off_t)at);
		if (got <= 0 && errno != EINTR)
			rc = err_errno(err, "cannot read a pack");
		if (got <= 0)
			continue;
		sha1_add(&pack->hash, chunk, (size_t)got);
		at += (uint64_t)got;
		left -= (uint64_t)got;
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
		rc = pack_index_add(&text, entries, pack->n, pack->small, err);
	if (rc == 0)
		rc = temp_file_open(file, folder, INDEX_PACK_TEMP, 0444, err);
	if (rc == 0) {
		sha1_init(&hash);
		sha1_add(&hash, text.data, text.len);
		sha1_finish(&hash, sum);
		rc = buf_add(&text, sum, sizeof(sum), err);
	}
	if (rc == 0)
		rc = file_write_fd(file->fd, folder->path, buf_span(&text),
				   err);
	buf_release(&text);
	free(entries);
	return rc;
}

/* Where somebody keeps that pack already, it is kept. */
static int keep_make(struct index_pack *pack, const char *name,
		     struct err *err)
{
	const struct folder *folder = pack->options.folder;
	struct err reason = ERR_INIT;
	int rc = temp_file_open_as(&pack->keep, folder, name, 0600, &reason);

	if (rc == ERR_EXISTS)
		return 0;
	if (rc == 0)
		rc = file_write_fd(pack->keep.fd, name, span_str(KEEP_TEXT),
				   &reason);
	return rc < 0 ? err_set(err, (enum err_code)rc, "%s", reason.text) : 0;
}

/*
 * The index first: without its pack it is nothing to anybody and is swept,
 * while a pack without its index would stay behind a kill.
 */
static int publish(struct index_pack *pack, struct temp_file *index,
		   struct err *err)
{
	char name[2 * SHA1_BYTES + 16];
	char hex[2 * SHA1_BYTES + 1];
	int rc;

	hex_text(pack->small, SHA1_BYTES, hex);
	snprintf(name, sizeof(name), "pack-%s.keep", hex);
	rc = pack->options.is_kept ? keep_make(pack, name, err) : 0;
	snprintf(name, sizeof(name), "pack-%s.idx", hex);
	if (rc == 0)
		rc = temp_file_publish(index, name, err);
	snprintf(name, sizeof(name), "pack-%s.pack", hex);
	if (rc == 0)
		rc = temp_file_publish(&pack->file, name, err);
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

/* A .keep of a push that was killed; anybody else's says something else. */
static int keep_sweep(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct folder *folder = context;
	struct buf text = BUF_INIT(sizeof(KEEP_TEXT));
	size_t len = strlen(name);

	(void)err;
	if (kind == DIR_KIND_FILE && len > 5 &&
	    !strcmp(name + len - 5, ".keep") &&
	    folder_read(folder, name, &text, NULL) == 0 &&
	    span_equals(buf_span(&text), span_str(KEEP_TEXT)))
		folder_sweep_one(folder, name);
	buf_release(&text);
	return 0;
}

void index_pack_sweep(const struct folder *folder)
{
	folder_sweep(folder, INDEX_PACK_TEMP);
	(void)!folder_each(folder, keep_sweep, (void *)(uintptr_t)folder,
			   NULL);
}
