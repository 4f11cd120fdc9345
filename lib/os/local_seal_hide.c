#include "lib/os/local_seal.h"

#include <sodium.h>

#include "lib/base/random.h"
#include "lib/os/file.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

/* The nonce, then what was sealed under it. */
static int seal_body(const struct local_seal *seal, struct span name,
		     struct span body, struct buf *out, struct err *err)
{
	unsigned char nonce[NONCE_BYTES];
	unsigned long long len = 0;
	int rc = buf_reserve(out, NONCE_BYTES + body.len + TAG_BYTES, err);

	if (rc < 0)
		return rc;
	random_bytes(nonce, sizeof(nonce));
	buf_put(out, nonce, sizeof(nonce));
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		(unsigned char *)out->data + out->len, &len,
		(const unsigned char *)body.at, body.len,
		(const unsigned char *)name.at, name.len, NULL, nonce,
		seal->key);
	out->len += (size_t)len;
	out->data[out->len] = '\0';
	return buf_end(out, err);
}

int local_seal_hide(const struct local_seal *seal, const char *path,
		    struct span name, struct span body, struct err *err)
{
	struct buf sealed = BUF_INIT(BUF_NO_LIMIT);
	struct atomic_file file = ATOMIC_FILE_INIT;
	int rc = seal_body(seal, name, body, &sealed, err);

	if (rc == 0)
		rc = atomic_file_open(&file, path, 0600, err);
	if (rc == 0)
		rc = atomic_file_write(&file, buf_span(&sealed), err);
	if (rc == 0)
		rc = atomic_file_publish_cache(&file, err);
	atomic_file_release(&file);
	buf_release(&sealed);
	return rc;
}

static int open_body(const struct local_seal *seal, const char *path,
		     struct span name, struct span sealed, struct buf *out,
		     struct err *err)
{
	size_t len = sealed.len - NONCE_BYTES - TAG_BYTES;
	int rc = buf_reserve(out, len, err);

	if (rc < 0)
		return rc;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    (unsigned char *)out->data + out->len, NULL, NULL,
		    (const unsigned char *)sealed.at + NONCE_BYTES,
		    sealed.len - NONCE_BYTES, (const unsigned char *)name.at,
		    name.len, (const unsigned char *)sealed.at, seal->key)) {
		buf_cut(out, out->len);
		return err_set(err, ERR_NOT_FOUND, "'%s' does not bear this "
			       "device's seal", path);
	}
	out->len += len;
	out->data[out->len] = '\0';
	return 0;
}

int local_seal_reveal(const struct local_seal *seal, const char *path,
		      struct span name, size_t max_bytes, struct buf *out,
		      struct err *err)
{
	size_t around = NONCE_BYTES + TAG_BYTES;
	struct buf sealed = BUF_INIT(max_bytes + around);
	struct err reason = ERR_INIT;
	int rc = file_read(path, max_bytes + around, &sealed, &reason);

	if (rc == ERR_LIMIT || rc == ERR_INVALID ||
	    (rc == 0 && sealed.len < around))
		rc = err_set(err, ERR_NOT_FOUND, "'%s' is no file of ours",
			     path);
	else if (rc < 0)
		err_copy(err, rc, &reason);
	else
		rc = open_body(seal, path, name, buf_span(&sealed), out, err);
	buf_release(&sealed);
	return rc;
}
