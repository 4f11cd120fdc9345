#include "refs/key/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define KEY_FILE_MAX 8192

void device_key_name(struct device_key *key)
{
	did_from_public(key->public, key->did);
	did_short(key->public, key->name);
	did_node(key->public, key->node);
}

int device_key_generate(struct device_key *out, struct err *err)
{
	if (sodium_init() < 0)
		return err_set(err, ERR_IO, "cannot start libsodium");
	memset(out, 0, sizeof(*out));
	crypto_sign_keypair(out->public, out->secret);
	device_key_name(out);
	return 0;
}

/* libsodium's secret key begins with the seed. */
void device_key_local_seal(const struct device_key *key, const char *label,
			   const char *context, struct local_seal *out)
{
	local_seal_init(out, key->secret, label, context);
}

void device_key_wipe(struct device_key *key)
{
	sodium_memzero(key, sizeof(*key));
}

/* Looked at through the descriptor, so that nobody can swap the file. */
static int owner_check(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot look at '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_DENIED,
			       "the device key '%s' is not a regular file",
			       path);
	if (st.st_uid != geteuid())
		return err_set(err, ERR_DENIED,
			       "the device key '%s' belongs to another user",
			       path);
	if (st.st_mode & 077)
		return err_set(err, ERR_DENIED,
			       "others can use the device key '%s': its mode "
			       "is %04o and must be 0600", path,
			       (unsigned)(st.st_mode & 07777));
	return 0;
}

/* Who can write in the folder can put another key in place of ours. */
static int folder_check(const char *folder, struct err *err)
{
	const char *why;
	struct stat st;

	if (stat(folder, &st) < 0)
		return err_errno(err, "cannot look at the keys' folder '%s'",
				 folder);
	why = file_distrust(&st);
	if (why)
		return err_set(err, ERR_DENIED, "the keys' folder '%s' %s: "
			       "its mode is %04o and must be 0700", folder,
			       why, (unsigned)(st.st_mode & 07777));
	return 0;
}

static int key_open(const char *path, int *out_fd, struct err *err)
{
	/* Not blocking: a named pipe must not hang the program. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0 && errno == ELOOP)
		return err_set(err, ERR_DENIED,
			       "the device key '%s' is a symbolic link", path);
	if (fd < 0)
		return err_errno(err, "cannot open the device key '%s'", path);
	*out_fd = fd;
	return 0;
}

int device_key_load(const char *folder, struct device_key *out,
		    struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(KEY_FILE_MAX);
	int fd = -1;
	int rc = folder_check(folder, err);

	if (rc == 0)
		rc = path_join(&path, folder, DEVICE_KEY_FILE, err);
	if (rc == 0)
		rc = key_open(path.data, &fd, err);
	if (rc == 0)
		rc = owner_check(fd, path.data, err);
	if (rc == 0)
		rc = buf_reserve(&text, KEY_FILE_MAX, err);
	if (rc == 0)
		rc = file_read_fd(fd, path.data, KEY_FILE_MAX, &text, err);
	if (rc == 0) {
		rc = device_key_read(buf_span(&text), out, err);
		if (rc < 0)
			err_prefix(err, "'%s'", path.data);
	}
	if (fd >= 0)
		close(fd);
	buf_wipe(&text);
	buf_release(&path);
	return rc;
}

int device_key_save(const char *folder, const struct device_key *key,
		    struct err *err)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(KEY_FILE_MAX);
	int rc = dir_make_all(folder, 0700, err);

	if (rc == 0)
		rc = folder_check(folder, err);
	if (rc == 0)
		rc = path_join(&path, folder, DEVICE_KEY_FILE, err);
	if (rc == 0)
		rc = buf_reserve(&text, KEY_FILE_MAX, err);
	if (rc == 0)
		rc = device_key_write(key, key->did, &text, err);
	if (rc == 0)
		rc = atomic_file_open(&file, path.data, 0600, err);
	if (rc == 0)
		rc = atomic_file_write(&file, buf_span(&text), err);
	if (rc == 0)
		rc = atomic_file_publish_new(&file, err);
	atomic_file_release(&file);
	buf_wipe(&text);
	buf_release(&path);
	return rc;
}
