#include <stdio.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/result.h"
#include "lib/id/did.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"
#include "refs/key/key.h"

#define PASSPHRASE_MAX 1024
#define BACKUP_MAX ((size_t)16384)

static int key_emit(const struct action_call *call,
		    const struct device_key *key, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf public = BUF_INIT(256);
	struct buf path = PATH_BUF_INIT;
	char backup[DEVICE_BACKUP_TIME_MAX];
	int rc = device_key_ssh_public(key->public, &public, err);

	if (rc == 0)
		rc = path_join(&path, call->keys_folder, DEVICE_KEY_FILE, err);
	device_key_backed_up(call->keys_folder, key->did, backup);
	result_text(&fields, "backup", span_str(backup));
	fields_str(&fields, "did", key->did);
	result_outside(&fields, "path", buf_text(&path));
	fields_text(&fields, "public", buf_span(&public));
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	buf_release(&path);
	buf_release(&public);
	return rc;
}

/* That there is a copy, for whoever asks later; where that cannot be noted,
 * they are asked to make one once more. */
static void note_backup(const struct action_call *call,
			const struct device_key *key)
{
	char at[TIMESTAMP_TEXT_MAX];

	timestamp_text(timestamp_now() / TIMESTAMP_SECOND * TIMESTAMP_SECOND,
		       at);
	snprintf(at + 19, sizeof(at) - 19, "Z");
	(void)!device_key_note_backup(call->keys_folder, key, at, NULL);
}

/* The first line of a file, or of what the host asks for. */
static int read_passphrase(const struct action_call *call, bool is_new,
			   struct buf *out, struct err *err)
{
	const char *file = action_text(call, "passphrase-file");
	const struct host *host = call->host;
	char *newline;
	int rc;

	if (file)
		rc = file_read(file, PASSPHRASE_MAX, out, err);
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

static int show(struct action_call *call, struct err *err)
{
	struct device_key key = { .did = "" };
	int rc = device_key_load(call->keys_folder, &key, err);

	if (rc == 0)
		rc = key_emit(call, &key, err);
	device_key_wipe(&key);
	return rc;
}

/* To a new file of that name, else where results go. */
static int hand_over(const struct action_call *call, struct span sealed,
		     struct err *err)
{
	const char *path = action_text(call, "file");
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

static int backup(struct action_call *call, struct err *err)
{
	struct buf passphrase = BUF_INIT(PASSPHRASE_MAX);
	struct buf sealed = BUF_INIT(BACKUP_MAX);
	struct device_key key = { .did = "" };
	int rc = device_key_load(call->keys_folder, &key, err);

	if (rc == 0)
		rc = read_passphrase(call, true, &passphrase, err);
	if (rc == 0)
		rc = device_key_seal(&key, buf_span(&passphrase), &sealed,
				     err);
	if (rc == 0)
		rc = hand_over(call, buf_span(&sealed), err);
	if (rc == 0)
		note_backup(call, &key);
	device_key_wipe(&key);
	buf_wipe(&passphrase);
	buf_wipe(&sealed);
	return rc;
}

/* The other way: a sealed copy becomes this device's key, where none is. */
static int restore(struct action_call *call, struct err *err)
{
	struct buf passphrase = BUF_INIT(PASSPHRASE_MAX);
	struct buf sealed = BUF_INIT(BACKUP_MAX);
	struct device_key key = { .did = "" };
	int rc = file_read(action_text(call, "file"), BACKUP_MAX, &sealed,
			   err);

	if (rc == 0)
		rc = read_passphrase(call, false, &passphrase, err);
	if (rc == 0)
		rc = device_key_unseal(buf_span(&sealed),
				       buf_span(&passphrase), &key, err);
	if (rc == 0)
		rc = device_key_save(call->keys_folder, &key, err);
	if (rc == 0)
		note_backup(call, &key);
	if (rc == 0)
		rc = key_emit(call, &key, err);
	device_key_wipe(&key);
	buf_wipe(&passphrase);
	buf_wipe(&sealed);
	return rc;
}

/* Everybody who was ever a member: old versions stay theirs. */
static int allowed_signers(struct action_call *call, struct err *err)
{
	const struct vault_state *state = &call->vault->state;
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	char did[DID_TEXT_MAX];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < state->members_n; i++) {
		const unsigned char *public = state->members[i].public;

		did_from_public(public, did);
		buf_putf(&line, "%s namespaces=\"git\" ", did);
		rc = device_key_ssh_public(public, &line, err);
		buf_put_char(&line, '\n');
	}
	if (rc == 0)
		rc = buf_end(&line, err);
	if (rc == 0)
		rc = host_bytes(call->host, buf_span(&line), err);
	buf_release(&line);
	return rc;
}

#define PASSPHRASE_PARAM \
	{ "passphrase-file", ACTION_TEXT, 0, "<file>", \
	  "where the passphrase is; else it is asked for" }

static const struct action_param backup_params[] = {
	PASSPHRASE_PARAM,
	{ "file", ACTION_TEXT, ACTION_OPERAND, "<file>",
	  "a new file for it; else standard output" },
	ACTION_PARAMS_END
};

static const struct action_param restore_params[] = {
	PASSPHRASE_PARAM,
	{ "file", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<file>",
	  "what backup has written" },
	ACTION_PARAMS_END
};

const struct action action_key_show = {
	"key show", "tell who this device is", no_params, ACTION_NO_VAULT,
	NULL, show
};

const struct action action_key_backup = {
	"key backup", "copy the key so that only a passphrase opens it",
	backup_params, ACTION_NO_VAULT, NULL, backup
};

const struct action action_key_restore = {
	"key restore", "make such a copy this device's key", restore_params,
	ACTION_NO_VAULT | ACTION_WRITES, NULL, restore
};

const struct action action_key_allowed_signers = {
	"key allowed-signers", "list the members for git's own verification",
	no_params, 0, NULL, allowed_signers
};
