#include "refs/index/shard/pages.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/os/file.h"

#define MAGIC "VVX1\0\0\0"		/* with its last zero */
#define SALT_BYTES 32
#define HEADER_BYTES (8 + SALT_BYTES + 8)
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEALED_BYTES (PAGE_BYTES + TAG_BYTES)
#define FILE_BYTES_MAX ((uint64_t)1 << 36)
#define READ_PAGES 16		/* at once */
/* A pipe in its place is not waited for. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)

struct page_key {
	unsigned char key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
	struct buf ad;			/* name and length, then the page */
};

/* Opened pages that lie behind one another. */
struct run {
	struct run *next;
	uint64_t first;
	uint64_t n;
	unsigned char plain[];		/* columns of u64 are read in it */
};

struct pages {
	int fd;				/* -1: closed, or in memory alone */
	struct buf path;
	struct page_key key;
	unsigned char name[PAGES_NAME_BYTES];
	uint64_t len;
	struct run **longest;		/* which opens most from a page on */
	struct run *runs;		/* all */
	unsigned char *body;		/* in their place: all is in memory */
	bool is_lent;
};

static void put_number(unsigned char *out, uint64_t value, size_t len)
{
	while (len--) {
		out[len] = (unsigned char)value;
		value >>= 8;
	}
}

static uint64_t page_count(uint64_t len)
{
	return (len + PAGE_BYTES - 1) / PAGE_BYTES;
}

static size_t page_len(uint64_t len, uint64_t page)
{
	uint64_t left = len - page * PAGE_BYTES;

	return left < PAGE_BYTES ? (size_t)left : PAGE_BYTES;
}

static int key_init(struct page_key *key, const struct local_seal *seal,
		    const unsigned char *salt, struct span name,
		    uint64_t len, struct err *err)
{
	unsigned char tail[12] = { 0 };
	struct blake2b hash;

	key->ad = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	blake2b_init(&hash, seal->key, sizeof(seal->key), sizeof(key->key));
	blake2b_add(&hash, salt, SALT_BYTES);
	blake2b_finish(&hash, key->key);
	put_number(tail, len, 8);
	buf_put_span(&key->ad, name);
	buf_put(&key->ad, tail, sizeof(tail));
	return buf_end(&key->ad, err);
}

static void key_wipe(struct page_key *key)
{
	sodium_memzero(key->key, sizeof(key->key));
	buf_release(&key->ad);
}

/* The page's number into the AD and the nonce. */
static void set_page(struct page_key *key, uint64_t page,
		     unsigned char nonce[24])
{
	memset(nonce, 0, 24);
	put_number(nonce + 20, page, 4);
	put_number((unsigned char *)key->ad.data + key->ad.len - 4, page, 4);
}

static int seal_page(struct page_key *key, uint64_t page, struct span plain,
		     struct atomic_file *file, struct err *err)
{
	unsigned char *sealed = malloc(SEALED_BYTES);
	unsigned char nonce[24];
	unsigned long long len = 0;
	int rc;

	if (!sealed)
		return err_set(err, ERR_NOMEM, "out of memory");
	set_page(key, page, nonce);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, &len,
		(const unsigned char *)plain.at, plain.len,
		(const unsigned char *)key->ad.data, key->ad.len, NULL,
		nonce, key->key);
	rc = atomic_file_write(file, span_of(sealed, (size_t)len), err);
	free(sealed);
	return rc;
}

int pages_write(const struct local_seal *seal, struct span name,
		const char *folder, struct span body, struct buf *out_path,
		struct err *err)
{
	unsigned char header[HEADER_BYTES] = MAGIC;
	struct atomic_file file = ATOMIC_FILE_INIT;
	struct page_key key = { .ad = BUF_INIT(0) };
	char hex[2 * PAGES_NAME_BYTES + 1];
	size_t start = out_path->len;
	uint64_t page;
	int rc;

	random_bytes(header + 8, SALT_BYTES);
	put_number(header + 8 + SALT_BYTES, body.len, 8);
	hex_text(header + 8, PAGES_NAME_BYTES, hex);
	buf_putf(out_path, "%s/%s", folder, hex);
	rc = buf_settle(out_path, start, err);
	if (rc == 0)
		rc = key_init(&key, seal, header + 8, name, body.len, err);
	if (rc == 0)
		rc = atomic_file_open(&file, buf_text(out_path), 0600, err);
	if (rc == 0)
		rc = atomic_file_write(&file, span_of(header, HEADER_BYTES),
				       err);
	for (page = 0; rc == 0 && page < page_count(body.len); page++)
		rc = seal_page(&key, page,
			       span_of(body.at + page * PAGE_BYTES,
				       page_len(body.len, page)), &file, err);
	if (rc == 0)
		rc = atomic_file_publish_cache(&file, err);
	atomic_file_release(&file);
	key_wipe(&key);
	return rc;
}

static int no_pages(const char *path, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "'%s' does not open", path);
}

/* Is it a file of that form and size? */
static bool read_header(const unsigned char header[HEADER_BYTES],
			uint64_t size, uint64_t *len)
{
	size_t i;

	if (memcmp(header, MAGIC, 8))
		return false;
	*len = 0;
	for (i = 8 + SALT_BYTES; i < HEADER_BYTES; i++)
		*len = *len << 8 | header[i];
	return *len < FILE_BYTES_MAX &&
	       size == HEADER_BYTES + *len + page_count(*len) * TAG_BYTES;
}

/* What another file is by now does not open. */
static int wake(struct pages *pages, struct err *err)
{
	if (pages->fd < 0)
		pages->fd = open(buf_text(&pages->path),
				 OPEN_FLAGS);
	return pages->fd < 0 ? err_errno(err, "cannot open '%s'",
					 buf_text(&pages->path)) : 0;
}

static int open_page(struct pages *pages, uint64_t page,
		     const unsigned char *sealed, unsigned char *plain,
		     struct err *err)
{
	unsigned char nonce[24];

	set_page(&pages->key, page, nonce);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL,
			sealed, page_len(pages->len, page) + TAG_BYTES,
			(const unsigned char *)pages->key.ad.data,
			pages->key.ad.len, nonce, pages->key.key) != 0)
		return no_pages(buf_text(&pages->path), err);
	return 0;
}

/* A few pages that lie behind one another. They are read, not mapped: a file
 * that somebody cuts short is an error then, and not the end of the program. */
static int open_few(struct pages *pages, uint64_t page, uint64_t n,
		    unsigned char *plain, struct err *err)
{
	size_t len = (size_t)(n - 1) * SEALED_BYTES +
		     page_len(pages->len, page + n - 1) + TAG_BYTES;
	unsigned char *sealed = malloc(len);
	uint64_t i;
	int rc;

	if (!sealed)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = wake(pages, err);
	if (rc == 0)
		rc = file_read_at(pages->fd, buf_text(&pages->path),
				  HEADER_BYTES + page * SEALED_BYTES, sealed,
				  len, err);
	for (i = 0; rc == 0 && i < n; i++)
		rc = open_page(pages, page + i, sealed + i * SEALED_BYTES,
			       plain + i * PAGE_BYTES, err);
	free(sealed);
	return rc;
}

/* How many pages a run has from that one on. */
static uint64_t run_from(const struct run *run, uint64_t page)
{
	return run ? run->first + run->n - page : 0;
}

/* Pages into a run of their own. What was opened before stays where somebody
 * may have borrowed it. */
static int open_run(struct pages *pages, uint64_t page, uint64_t n,
		    struct err *err)
{
	struct run *run = malloc(sizeof(*run) + (size_t)n * PAGE_BYTES);
	uint64_t few;
	uint64_t i;
	int rc = 0;

	if (!run)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < n; i += few) {
		few = n - i < READ_PAGES ? n - i : READ_PAGES;
		rc = open_few(pages, page + i, few,
			      run->plain + i * PAGE_BYTES, err);
	}
	if (rc < 0) {
		free(run);
		return rc;
	}
	run->first = page;
	run->n = n;
	run->next = pages->runs;
	pages->runs = run;
	return 0;
}

static void note_run(struct pages *pages, struct run *run)
{
	uint64_t page;

	for (page = run->first; page < run->first + run->n; page++) {
		if (run_from(pages->longest[page], page) < run_from(run, page))
			pages->longest[page] = run;
	}
}

/* Each page is sealed for the length that the file says: once the first is
 * open, it is true and may be given room. */
static int open_first(struct pages *pages, struct err *err)
{
	int rc = pages->len ? open_run(pages, 0, 1, err) : 0;

	if (rc < 0)
		return rc;
	pages->longest = calloc((size_t)page_count(pages->len) + 1,
				sizeof(struct run *));
	if (!pages->longest)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (pages->runs)
		note_run(pages, pages->runs);
	return 0;
}

static int open_body(struct pages *pages, const struct local_seal *seal,
		     struct span name, const char *path, struct err *err)
{
	unsigned char header[HEADER_BYTES];
	struct stat info;
	int rc;

	pages->fd = open(path, OPEN_FLAGS);
	if (pages->fd < 0 || fstat(pages->fd, &info) < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (!S_ISREG(info.st_mode))
		return no_pages(path, err);
	rc = file_read_at(pages->fd, path, 0, header, sizeof(header), err);
	if (rc == 0 && !read_header(header, (uint64_t)info.st_size,
				    &pages->len))
		rc = no_pages(path, err);
	if (rc < 0)
		return rc;
	rc = buf_add_str(&pages->path, path, err);
	if (rc < 0)
		return rc;
	memcpy(pages->name, header + 8, sizeof(pages->name));
	rc = key_init(&pages->key, seal, header + 8, name, pages->len, err);
	return rc < 0 ? rc : open_first(pages, err);
}

int pages_open(const struct local_seal *seal, struct span name,
	       const char *path, struct pages **out, struct err *err)
{
	struct pages *pages = calloc(1, sizeof(*pages));
	int rc;

	if (!pages)
		return err_set(err, ERR_NOMEM, "out of memory");
	pages->path = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	rc = open_body(pages, seal, name, path, err);
	if (rc < 0) {
		pages_free(pages);
		return rc;
	}
	*out = pages;
	return 0;
}

int pages_lend(struct span body, struct pages **out, struct err *err)
{
	struct pages *pages = calloc(1, sizeof(*pages));

	if (!pages)
		return err_set(err, ERR_NOMEM, "out of memory");
	pages->fd = -1;
	pages->body = (unsigned char *)body.at;
	pages->len = body.len;
	pages->is_lent = true;
	*out = pages;
	return 0;
}

int pages_of(struct buf *body, struct pages **out, struct err *err)
{
	int rc = pages_lend(buf_span(body), out, err);

	if (rc < 0)
		return rc;
	(*out)->is_lent = false;
	*body = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	return 0;
}

void pages_rest(struct pages *pages)
{
	if (pages->fd >= 0)
		close(pages->fd);
	pages->fd = -1;
}

void pages_free(struct pages *pages)
{
	if (!pages)
		return;
	pages_rest(pages);
	buf_release(&pages->path);
	key_wipe(&pages->key);
	if (!pages->is_lent)
		free(pages->body);
	while (pages->runs) {
		struct run *run = pages->runs;

		pages->runs = run->next;
		free(run);
	}
	free(pages->longest);
	free(pages);
}

bool pages_is_name(const char *name)
{
	return strspn(name, "0123456789abcdef") == 2 * PAGES_NAME_BYTES &&
	       !name[2 * PAGES_NAME_BYTES];
}

const unsigned char *pages_name(const struct pages *pages)
{
	return pages->name;
}

int pages_at(struct pages *pages, uint64_t at, uint64_t len,
	     const void **out, struct err *err)
{
	const uint64_t page = at / PAGE_BYTES;
	const struct run *run;
	uint64_t n;
	int rc;

	if (at > pages->len || len > pages->len - at)
		return err_set(err, ERR_CORRUPT, "an index is too short");
	*out = pages->body ? pages->body + at : pages->name;
	if (pages->body || !len)
		return 0;
	n = (at + len - 1) / PAGE_BYTES + 1 - page;
	if (run_from(pages->longest[page], page) < n) {
		rc = open_run(pages, page, n, err);
		if (rc < 0)
			return rc;
		note_run(pages, pages->runs);
	}
	run = pages->longest[page];
	*out = run->plain + (at - run->first * PAGE_BYTES);
	return 0;
}
