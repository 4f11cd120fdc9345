#include "lib/os/local_seal.h"

#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "lib/id/hash.h"
#include "lib/os/file.h"

void local_seal_init(struct local_seal *seal,
		     const unsigned char secret[LOCAL_SEAL_SECRET_BYTES],
		     const char *label, const char *context)
{
	static const char domain[] = "vvault local seal 1";
	struct blake2b hash;

	blake2b_init(&hash, secret, LOCAL_SEAL_SECRET_BYTES,
		     sizeof(seal->key));
	blake2b_add(&hash, domain, sizeof(domain));
	blake2b_add(&hash, label, strlen(label) + 1);
	blake2b_add(&hash, context, strlen(context));
	blake2b_finish(&hash, seal->key);
	sodium_memzero(&hash, sizeof(hash));
}

void local_seal_wipe(struct local_seal *seal)
{
	sodium_memzero(seal, sizeof(*seal));
}

void local_seal_mac(const struct local_seal *seal, struct span name,
		    struct span body, unsigned char out[LOCAL_SEAL_MAC_BYTES])
{
	unsigned char length[8];
	struct blake2b hash;
	size_t i;

	for (i = 0; i < sizeof(length); i++)
		length[i] = (unsigned char)((uint64_t)name.len >>
					    (56 - 8 * i));
	blake2b_init(&hash, seal->key, sizeof(seal->key),
		     LOCAL_SEAL_MAC_BYTES);
	blake2b_add(&hash, length, sizeof(length));
	blake2b_add(&hash, name.at, name.len);
	blake2b_add(&hash, body.at, body.len);
	blake2b_finish(&hash, out);
	sodium_memzero(&hash, sizeof(hash));
}

bool local_seal_is_mac(const struct local_seal *seal, struct span name,
		       struct span body,
		       const unsigned char mac[LOCAL_SEAL_MAC_BYTES])
{
	unsigned char right[LOCAL_SEAL_MAC_BYTES];

	local_seal_mac(seal, name, body, right);
	return !sodium_memcmp(right, mac, sizeof(right));
}

int local_seal_write(const struct local_seal *seal, const char *path,
		     struct span name, struct span body, struct err *err)
{
	unsigned char mac[LOCAL_SEAL_MAC_BYTES];
	struct atomic_file file = ATOMIC_FILE_INIT;
	int rc = atomic_file_open(&file, path, 0600, err);

	local_seal_mac(seal, name, body, mac);
	if (rc == 0)
		rc = atomic_file_write(&file,
				       span_of((const char *)mac, sizeof(mac)),
				       err);
	if (rc == 0)
		rc = atomic_file_write(&file, body, err);
	if (rc == 0)
		rc = atomic_file_publish_cache(&file, err);
	atomic_file_release(&file);
	return rc;
}

/* A pipe or a device in its place would not end. */
static int read_file(const char *path, size_t max_bytes, struct buf *out,
		     struct err *err)
{
	struct stat st;

	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(err, ERR_INVALID, "'%s' is no file", path);
	return file_read(path, max_bytes, out, err);
}

int local_seal_read(const struct local_seal *seal, const char *path,
		    struct span name, size_t max_bytes, struct buf *out,
		    struct err *err)
{
	struct buf text = BUF_INIT(max_bytes);
	struct err reason = ERR_INIT;
	struct span body;
	int rc = read_file(path, max_bytes, &text, &reason);

	if (rc == ERR_LIMIT || rc == ERR_INVALID ||
	    (rc == 0 && text.len < LOCAL_SEAL_MAC_BYTES))
		rc = err_set(&reason, ERR_NOT_FOUND, "'%s' is no file of ours",
			     path);
	if (rc < 0) {
		buf_release(&text);
		return err_set(err, (enum err_code)rc, "%s", reason.text);
	}
	body = span_of(text.data + LOCAL_SEAL_MAC_BYTES,
		       text.len - LOCAL_SEAL_MAC_BYTES);
	if (local_seal_is_mac(seal, name, body,
			      (const unsigned char *)text.data))
		rc = buf_add_span(out, body, err);
	else
		rc = err_set(err, ERR_NOT_FOUND,
			     "'%s' does not bear this device's seal", path);
	buf_release(&text);
	return rc;
}
