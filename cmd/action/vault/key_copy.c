#include "cmd/action/vault/key_copy.h"

#include <stdio.h>
#include <string.h>

#include "lib/os/file.h"
#include "lib/time/timestamp.h"

int key_copy_passphrase(const struct action_call *call, bool is_new,
			struct buf *out, struct err *err)
{
	const char *file = call->action == &action_init ? NULL :
			   action_text(call, "passphrase-file");
	const struct host *host = call->host;
	char *newline;
	int rc;

	if (file)
		rc = file_read(file, KEY_COPY_PASSPHRASE_MAX, out, err);
	else if (host->passphrase)
		rc = host->passphrase(host->arg, is_new, out, err);
	else
		rc = err_set(err, ERR_INVALID, "there is no passphrase");
	if (rc < 0)
		return rc;
	newline = memchr(buf_text(out), '\n', out->len);
	if (newline)
		out->len = (size_t)(newline - out->data);
	if (!out->len)
		return err_set(err, ERR_INVALID, "the passphrase is empty");
	return 0;
}

/* To a new file of that name, else where results go. */
static int hand_over(const struct action_call *call, const char *path,
		     struct span sealed, struct err *err)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	int rc;

	if (!path)
		return host_bytes(call->host, sealed, err);
	rc = atomic_file_open(&file, path, 0600, err);
	if (rc == 0)
		rc = atomic_file_write(&file, sealed, err);
	if (rc == 0)
		rc = atomic_file_publish_new(&file, err);
	if (rc == ERR_EXISTS) {
		err_clear(err);
		rc = err_set(err, ERR_EXISTS, "there is a file '%s': a backup "
			     "needs one of its own", path);
	}
	if (rc == 0)
		host_note(call->host, "the key is in '%s', and its passphrase "
			  "opens it: keep both off this machine; 'vvault key "
			  "restore' brings it back", path);
	atomic_file_release(&file);
	return rc;
}

int key_copy_write(const struct action_call *call,
		   const struct device_key *key, const char *path,
		   struct err *err)
{
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	struct buf sealed = BUF_INIT(KEY_COPY_MAX);
	int rc = key_copy_passphrase(call, true, &passphrase, err);

	if (rc == 0)
		rc = device_key_seal(key, buf_span(&passphrase), &sealed, err);
	if (rc == 0)
		rc = hand_over(call, path, buf_span(&sealed), err);
	if (rc == 0)
		key_copy_note(call, key);
	buf_wipe(&passphrase);
	buf_wipe(&sealed);
	return rc;
}

void key_copy_note(const struct action_call *call,
		   const struct device_key *key)
{
	char at[TIMESTAMP_TEXT_MAX];

	timestamp_text(timestamp_now() / TIMESTAMP_SECOND * TIMESTAMP_SECOND,
		       at);
	snprintf(at + 19, sizeof(at) - 19, "Z");
	(void)!device_key_note_backup(call->keys_folder, key, at, NULL);
}
