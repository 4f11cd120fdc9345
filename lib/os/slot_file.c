#include "lib/os/slot_file.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/id/hash.h"
#include "lib/os/file.h"

#define WAYS 4
#define CODE_BYTES 16
#define SLOT_MAX (SLOT_KEY_MAX + SLOT_VALUE_MAX + CODE_BYTES)

/* A slot is key, value, then the code of both. */
struct slot_file {
	struct slot_shape shape;
	size_t slot_len;
	int fd;				/* -1: in memory only */
	unsigned char *memory;		/* NULL: in the file */
	/* The state after the secret and the magic, which every code shares:
	 * an entry of another kind of file is none of this one. */
	struct blake2b keyed;
};

static off_t file_bytes(const struct slot_file *file)
{
	return (off_t)(SLOT_MAGIC_BYTES + file->shape.slots * file->slot_len);
}

static void magic_of(const struct slot_file *file,
		     char out[SLOT_MAGIC_BYTES])
{
	size_t len = strlen(file->shape.magic);

	memset(out, 0, SLOT_MAGIC_BYTES);
	memcpy(out, file->shape.magic, len < SLOT_MAGIC_BYTES ? len :
	       SLOT_MAGIC_BYTES - 1);
}

/* How many slots a file of so many bytes has; 0: not the number asked for. */
static size_t slots_in(const struct slot_file *file, off_t bytes)
{
	size_t sets;

	if (bytes < file_bytes(file))
		return 0;
	sets = (size_t)(bytes - SLOT_MAGIC_BYTES) / (WAYS * file->slot_len);
	if (bytes > file_bytes(file) &&
	    (!file->shape.is_least ||
	     (size_t)(bytes - SLOT_MAGIC_BYTES) % (WAYS * file->slot_len)))
		return 0;
	return sets * WAYS;
}

static bool is_ours(struct slot_file *file, int fd)
{
	char want[SLOT_MAGIC_BYTES];
	char magic[SLOT_MAGIC_BYTES];
	struct stat st;
	size_t slots;

	magic_of(file, want);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) ||
	    pread(fd, magic, sizeof(magic), 0) != sizeof(magic) ||
	    memcmp(magic, want, sizeof(magic)) != 0)
		return false;
	slots = slots_in(file, st.st_size);
	if (slots)
		file->shape.slots = slots;
	return slots > 0;
}

static int open_ours(struct slot_file *file, const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd >= 0 && !is_ours(file, fd)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Under a temporary name first: whoever has the old one open keeps it. */
static int replace(const struct slot_file *file, const char *path,
		   struct err *err)
{
	struct atomic_file fresh = ATOMIC_FILE_INIT;
	char magic[SLOT_MAGIC_BYTES];
	int rc;

	magic_of(file, magic);
	rc = atomic_file_open(&fresh, path, 0600, err);
	if (rc < 0)
		goto out;
	rc = atomic_file_write(&fresh, span_of(magic, sizeof(magic)), err);
	if (rc < 0)
		goto out;
	if (ftruncate(fresh.fd, file_bytes(file)))
		rc = err_errno(err, "cannot size '%s'", path);
	else
		rc = atomic_file_publish(&fresh, err);
out:
	atomic_file_release(&fresh);
	return rc;
}

static int open_file(struct slot_file *file, const char *path,
		     struct err *err)
{
	int rc;

	file->fd = open_ours(file, path);
	if (file->fd >= 0)
		return 0;
	rc = replace(file, path, err);
	if (rc < 0)
		return rc;
	file->fd = open_ours(file, path);
	if (file->fd < 0)
		return err_set(err, ERR_IO, "cannot open '%s'", path);
	return 0;
}

static int open_memory(struct slot_file *file, struct err *err)
{
	file->memory = calloc(file->shape.slots, file->slot_len);
	if (!file->memory)
		return err_set(err, ERR_NOMEM, "out of memory");
	return 0;
}

/* The first byte of the set of WAYS slots that a key may be in. */
static size_t set_of(const struct slot_file *file, const unsigned char *key)
{
	uint32_t hash;

	memcpy(&hash, key, sizeof(hash));
	return hash % (file->shape.slots / WAYS) * WAYS * file->slot_len;
}

static bool read_set(struct slot_file *file, size_t set, unsigned char *out)
{
	size_t len = WAYS * file->slot_len;

	if (file->memory) {
		memcpy(out, file->memory + set, len);
		return true;
	}
	return pread(file->fd, out, len, (off_t)(SLOT_MAGIC_BYTES + set)) ==
	       (ssize_t)len;
}

static void code_of(const struct slot_file *file, const unsigned char *slot,
		    unsigned char out[CODE_BYTES])
{
	struct blake2b hash = file->keyed;

	blake2b_add(&hash, slot, file->slot_len - CODE_BYTES);
	blake2b_finish(&hash, out);
	/* Never 0, so that a slot of zeros is no entry. */
	out[0] |= 1;
}

static bool holds(const struct slot_file *file, const unsigned char *slot,
		  const void *key)
{
	unsigned char code[CODE_BYTES];

	if (memcmp(slot, key, file->shape.key_len) != 0)
		return false;
	code_of(file, slot, code);
	return !memcmp(slot + file->slot_len - CODE_BYTES, code, CODE_BYTES);
}

/* Its own slot, else one that is free, else one that its key chooses. */
static size_t choose(const struct slot_file *file, const unsigned char *slots,
		     const unsigned char *key)
{
	static const unsigned char zeros[CODE_BYTES];
	size_t free_way = WAYS;
	size_t way;

	for (way = 0; way < WAYS; way++) {
		const unsigned char *slot = slots + way * file->slot_len;

		if (holds(file, slot, key))
			return way;
		if (!memcmp(slot + file->slot_len - CODE_BYTES, zeros,
			    CODE_BYTES))
			free_way = way;
	}
	if (free_way < WAYS)
		return free_way;
	return key[file->shape.key_len - 1] % WAYS;
}

static void key_codes(struct slot_file *file, const unsigned char *secret)
{
	static const unsigned char none[SLOT_SECRET_BYTES];
	char magic[SLOT_MAGIC_BYTES];

	magic_of(file, magic);
	blake2b_init(&file->keyed, secret ? secret : none, SLOT_SECRET_BYTES,
		     CODE_BYTES);
	blake2b_add(&file->keyed, magic, sizeof(magic));
}

int slot_file_open(const char *path, const struct slot_shape *shape,
		   const unsigned char *secret, struct slot_file **out,
		   struct err *err)
{
	struct slot_file *file = calloc(1, sizeof(*file));
	int rc;

	assert(shape->key_len >= sizeof(uint32_t) &&
	       shape->key_len <= SLOT_KEY_MAX &&
	       shape->value_len <= SLOT_VALUE_MAX && shape->slots >= WAYS &&
	       shape->slots % WAYS == 0);
	if (!file)
		return err_set(err, ERR_NOMEM, "out of memory");
	file->shape = *shape;
	file->slot_len = shape->key_len + shape->value_len + CODE_BYTES;
	file->fd = -1;
	key_codes(file, secret);
	rc = path && secret ? open_file(file, path, err) : open_memory(file, err);
	if (rc < 0)
		slot_file_free(file);
	else
		*out = file;
	return rc;
}

void slot_file_free(struct slot_file *file)
{
	if (!file)
		return;
	if (file->fd >= 0)
		close(file->fd);
	free(file->memory);
	sodium_memzero(&file->keyed, sizeof(file->keyed));
	free(file);
}

bool slot_file_get(struct slot_file *file, const void *key, void *out_value)
{
	unsigned char slots[WAYS * SLOT_MAX];
	size_t way;

	if (!read_set(file, set_of(file, key), slots))
		return false;
	for (way = 0; way < WAYS; way++) {
		const unsigned char *slot = slots + way * file->slot_len;

		if (!holds(file, slot, key))
			continue;
		memcpy(out_value, slot + file->shape.key_len,
		       file->shape.value_len);
		return true;
	}
	return false;
}

void slot_file_put(struct slot_file *file, const void *key, const void *value)
{
	unsigned char slots[WAYS * SLOT_MAX];
	unsigned char slot[SLOT_MAX];
	size_t set = set_of(file, key);
	ssize_t written;
	size_t at;

	if (!read_set(file, set, slots))
		return;
	memcpy(slot, key, file->shape.key_len);
	memcpy(slot + file->shape.key_len, value, file->shape.value_len);
	code_of(file, slot, slot + file->slot_len - CODE_BYTES);
	at = set + choose(file, slots, key) * file->slot_len;
	if (file->memory) {
		memcpy(file->memory + at, slot, file->slot_len);
		return;
	}
	/* A full disk leaves an entry that is torn or old: a miss. */
	written = pwrite(file->fd, slot, file->slot_len,
			 (off_t)(SLOT_MAGIC_BYTES + at));
	(void)written;
}
