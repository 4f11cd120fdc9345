#include "lib/os/spill.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/base/random.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define TAG_BYTES 16
#define NONCE_BYTES 12
#define KEY_BYTES 32

_Static_assert(crypto_aead_chacha20poly1305_ietf_ABYTES == TAG_BYTES &&
	       crypto_aead_aes256gcm_ABYTES == TAG_BYTES &&
	       crypto_aead_chacha20poly1305_ietf_NPUBBYTES == NONCE_BYTES &&
	       crypto_aead_aes256gcm_NPUBBYTES == NONCE_BYTES &&
	       crypto_aead_chacha20poly1305_ietf_KEYBYTES == KEY_BYTES &&
	       crypto_aead_aes256gcm_KEYBYTES == KEY_BYTES,
	       "both ciphers have one shape");

struct spill {
	struct atomic_file file;	/* never published */
	uint64_t end;
	struct buf sealed;
	bool has_aes;
	unsigned char key[KEY_BYTES];
};

/* The file loses its name at once: what is killed leaves nothing. */
static int open_nameless(struct spill *spill, const char *folder,
			 struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, folder, "spill", err);

	if (rc == 0)
		rc = atomic_file_open(&spill->file, buf_text(&path), 0600,
				      err);
	if (rc == 0 && unlink(spill->file.temp_path) < 0)
		rc = err_errno(err, "cannot use '%s'", spill->file.temp_path);
	if (rc == 0) {
		free(spill->file.temp_path);
		spill->file.temp_path = NULL;
	}
	buf_release(&path);
	return rc;
}

int spill_new(const char *folder, struct spill **out, struct err *err)
{
	struct spill *spill = calloc(1, sizeof(*spill));
	int rc;

	if (!spill)
		return err_set(err, ERR_NOMEM, "out of memory");
	spill->file = (struct atomic_file)ATOMIC_FILE_INIT;
	spill->sealed = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	spill->has_aes = sodium_init() >= 0 &&
			 crypto_aead_aes256gcm_is_available();
	random_bytes(spill->key, sizeof(spill->key));
	rc = open_nameless(spill, folder, err);
	if (rc < 0)
		spill_free(spill);
	else
		*out = spill;
	return rc;
}

void spill_free(struct spill *spill)
{
	if (!spill)
		return;
	atomic_file_release(&spill->file);
	buf_release(&spill->sealed);
	sodium_memzero(spill->key, sizeof(spill->key));
	free(spill);
}

/* Where a piece lies is told once, so it serves as nonce. */
static void make_nonce(uint64_t at, unsigned char out[NONCE_BYTES])
{
	memset(out, 0, NONCE_BYTES);
	memcpy(out, &at, sizeof(at));
}

static void seal(const struct spill *spill, struct span bytes, uint64_t at,
		 unsigned char *out)
{
	unsigned char nonce[NONCE_BYTES];

	make_nonce(at, nonce);
	(spill->has_aes ? crypto_aead_aes256gcm_encrypt :
	 crypto_aead_chacha20poly1305_ietf_encrypt)(
		out, NULL, (const unsigned char *)bytes.at, bytes.len, NULL, 0,
		NULL, nonce, spill->key);
}

static bool open_sealed(const struct spill *spill, struct span sealed,
			uint64_t at, unsigned char *out)
{
	unsigned char nonce[NONCE_BYTES];

	make_nonce(at, nonce);
	return !(spill->has_aes ? crypto_aead_aes256gcm_decrypt :
		 crypto_aead_chacha20poly1305_ietf_decrypt)(
		out, NULL, NULL, (const unsigned char *)sealed.at, sealed.len,
		NULL, 0, nonce, spill->key);
}

int spill_add(struct spill *spill, struct span bytes, struct spill_piece *out,
	      struct err *err)
{
	struct spill_piece piece = { spill->end, bytes.len };
	int rc;

	buf_reset(&spill->sealed);
	rc = buf_reserve(&spill->sealed, bytes.len + TAG_BYTES, err);
	if (rc < 0)
		return rc;
	seal(spill, bytes, piece.at, (unsigned char *)spill->sealed.data);
	rc = atomic_file_write(&spill->file,
			       span_of(spill->sealed.data,
				       bytes.len + TAG_BYTES), err);
	if (rc < 0)
		return rc;
	spill->end += bytes.len + TAG_BYTES;
	*out = piece;
	return 0;
}

int spill_read(struct spill *spill, const struct spill_piece *piece,
	       struct buf *out, struct err *err)
{
	const size_t sealed_len = piece->len + TAG_BYTES;
	int rc;

	buf_reset(&spill->sealed);
	buf_reset(out);
	rc = buf_reserve(&spill->sealed, sealed_len, err);
	if (rc == 0)
		rc = buf_reserve(out, piece->len, err);
	if (rc == 0)
		rc = file_read_at(spill->file.fd, "temporary data", piece->at,
				  spill->sealed.data, sealed_len, err);
	if (rc < 0)
		return rc;
	if (!open_sealed(spill, span_of(spill->sealed.data, sealed_len),
			 piece->at, (unsigned char *)out->data))
		return err_set(err, ERR_CORRUPT,
			       "temporary data were changed on disk");
	out->len = piece->len;
	out->data[out->len] = '\0';
	return 0;
}
