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
#include "refs/key/sealed.h"

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

/* What lies in the folder, by whoever may have put it there. */
static int key_text(const char *folder, struct buf *path, struct buf *text,
		    struct err *err)
{
	int fd = -1;
	int rc = folder_check(folder, err);

	if (rc == 0)
		rc = path_join(path, folder, DEVICE_KEY_FILE, err);
	if (rc == 0)
		rc = key_open(path->data, &fd, err);
	if (rc == 0)
		rc = owner_check(fd, path->data, err);
	if (rc == 0)
		rc = buf_reserve(text, KEY_FILE_MAX, err);
	if (rc == 0)
		rc = file_read_fd(fd, path->data, KEY_FILE_MAX, text, err);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int load_sealed(struct span text, struct device_key *out,
		       struct err *err)
{
	struct sealed_key sealed;
	int rc = sealed_key_read(text, &sealed, err);

	if (rc == 0 && sealed_key_unlocked(&sealed, out, NULL) < 0)
		rc = err_set(err, ERR_SEALED, "the key is sealed by a "
			     "passphrase: 'vvault key unlock' opens it for a "
			     "while");
	return rc;
}

int device_key_load(const char *folder, struct device_key *out,
		    struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(KEY_FILE_MAX);
	int rc = key_text(folder, &path, &text, err);

	if (rc == 0) {
		rc = sealed_key_is_text(buf_span(&text)) ?
		     load_sealed(buf_span(&text), out, err) :
		     device_key_read(buf_span(&text), out, err);
		if (rc < 0)
			err_prefix(err, "'%s'", path.data);
	}
	buf_wipe(&text);
	buf_release(&path);
	return rc;
}

int device_key_look(const char *folder, struct device_look *out,
		    struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(KEY_FILE_MAX);
	struct device_key key = { .did = "" };
	int rc = key_text(folder, &path, &text, err);

	memset(out, 0, sizeof(*out));
	out->is_sealed = rc == 0 && sealed_key_is_text(buf_span(&text));
	if (rc == 0)
		rc = out->is_sealed ?
		     sealed_key_read(buf_span(&text), &out->sealed, err) :
		     device_key_read(buf_span(&text), &key, err);
	if (rc == 0) {
		memcpy(out->did, out->is_sealed ? out->sealed.did : key.did,
		       sizeof(out->did));
		rc = did_parse(span_str(out->did), out->public, err);
	} else if (path.len) {
		err_prefix(err, "'%s'", path.data);
	}
	device_key_wipe(&key);
	buf_wipe(&text);
	buf_release(&path);
	return rc;
}

/* <folder>/device, ready to be published. */
static int key_draft(const char *folder, const struct device_key *key,
		     const struct sealed_key *sealed,
		     struct atomic_file *file, struct buf *path,
		     struct err *err)
{
	struct buf text = BUF_INIT(KEY_FILE_MAX);
	int rc = dir_make_all(folder, 0700, err);

	if (rc == 0)
		rc = folder_check(folder, err);
	if (rc == 0)
		rc = path_join(path, folder, DEVICE_KEY_FILE, err);
	if (rc == 0)
		rc = buf_reserve(&text, KEY_FILE_MAX, err);
	if (rc == 0)
		rc = sealed ? sealed_key_write(sealed, &text, err) :
			      device_key_write(key, key->did, &text, err);
	if (rc == 0)
		rc = atomic_file_open(file, path->data, 0600, err);
	if (rc == 0)
		rc = atomic_file_write(file, buf_span(&text), err);
	buf_wipe(&text);
	return rc;
}

int device_key_save_sealed(const char *folder, const struct device_key *key,
			   const struct sealed_key *sealed, struct err *err)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	struct buf path = PATH_BUF_INIT;
	int rc = key_draft(folder, key, sealed, &file, &path, err);

	if (rc == 0)
		rc = atomic_file_publish_new(&file, err);
	atomic_file_release(&file);
	buf_release(&path);
	return rc;
}

int device_key_save(const char *folder, const struct device_key *key,
		    struct err *err)
{
	return device_key_save_sealed(folder, key, NULL, err);
}

/* The bytes of a file, if it has no name any more: another may be somebody's
 * backup. */
static void overwrite(int fd)
{
	static const char zeros[KEY_FILE_MAX];
	struct stat st;

	if (fstat(fd, &st) == 0 && st.st_nlink == 0 && st.st_size > 0 &&
	    (size_t)st.st_size <= sizeof(zeros) &&
	    pwrite(fd, zeros, (size_t)st.st_size, 0) == st.st_size)
		(void)fsync(fd);
}

int device_key_replace(const char *folder, const struct device_key *key,
		       const struct sealed_key *sealed, struct err *err)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	struct buf path = PATH_BUF_INIT;
	int rc = key_draft(folder, key, sealed, &file, &path, err);
	int before = -1;

	if (rc == 0)
		before = open(path.data, O_WRONLY | O_CLOEXEC | O_NOFOLLOW |
			      O_NONBLOCK);
	if (rc == 0)
		rc = atomic_file_publish(&file, err);
	if (rc == 0 && before >= 0)
		overwrite(before);
	if (before >= 0)
		close(before);
	atomic_file_release(&file);
	buf_release(&path);
	return rc;
}
