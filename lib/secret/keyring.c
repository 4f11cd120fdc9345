#include "lib/secret/keyring.h"

#include <errno.h>
#include <string.h>

#include <keyutils.h>
#include <sodium.h>

#define TYPE "user"
/* Whoever has the session's keyring, and nobody by being the same user. */
#define RIGHTS (KEY_POS_VIEW | KEY_POS_READ | KEY_POS_SEARCH | \
		KEY_POS_WRITE | KEY_POS_SETATTR | KEY_USR_VIEW)

/*
 * The session's keyring, by its number: for a process that is in no session
 * of its own that of the user. Adding to KEY_SPEC_SESSION_KEYRING itself would
 * there make a new one, which ends with the process.
 */
static key_serial_t session_keyring(void)
{
	return (key_serial_t)keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING,
						   0);
}

static int find_kept(const char *name, key_serial_t *out, struct err *err)
{
	key_serial_t ring = session_keyring();
	long found = ring < 0 ? -1 : keyctl_search(ring, TYPE, name, 0);

	if (found < 0)
		return err_set(err, ERR_NOT_FOUND, "nothing is unlocked");
	*out = (key_serial_t)found;
	return 0;
}

int keyring_put(const char *name, struct span secret, unsigned seconds,
		struct err *err)
{
	key_serial_t ring = session_keyring();
	key_serial_t key = -1;
	int why;

	if (ring >= 0)
		key = add_key(TYPE, name, secret.at, secret.len, ring);
	if (key >= 0 && keyctl_set_timeout(key, seconds) == 0 &&
	    keyctl_setperm(key, RIGHTS) == 0)
		return 0;
	why = errno;
	if (key >= 0)
		keyctl_invalidate(key);
	return err_set(err, ERR_UNSUPPORTED, "the kernel keeps nothing for "
		       "this session: %s", strerror(why));
}

int keyring_get(const char *name, struct buf *out, struct err *err)
{
	char secret[KEYRING_SECRET_MAX];
	key_serial_t key;
	long len;
	int rc = find_kept(name, &key, err);

	if (rc < 0)
		return rc;
	len = keyctl_read(key, secret, sizeof(secret));
	if (len < 0 || (size_t)len > sizeof(secret))
		rc = err_set(err, ERR_NOT_FOUND, "nothing is unlocked");
	else
		rc = buf_add(out, secret, (size_t)len, err);
	sodium_memzero(secret, sizeof(secret));
	return rc;
}

int keyring_drop(const char *name, struct err *err)
{
	key_serial_t key;
	int rc = find_kept(name, &key, err);

	if (rc == 0 && keyctl_invalidate(key) < 0)
		rc = err_errno(err, "cannot lock the key");
	return rc;
}
