#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/result.h"
#include "lib/id/did.h"
#include "lib/os/file.h"
#include "refs/key/key.h"

#define PASSPHRASE_MAX 1024
#define BACKUP_MAX ((size_t)16384)

static int key_emit(const struct host *host, const struct device_key *key,
		    struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf public = BUF_INIT(256);
	int rc = device_key_ssh_public(key->public, &public, err);

	fields_str(&fields, "did", key->did);
	fields_text(&fields, "public", buf_span(&public));
	if (rc == 0)
		rc = host_object(host, &fields, err);
	jcs_fields_release(&fields);
	buf_release(&public);
	return rc;
}

/* The first line of a file, or of what the host asks for. */
static int read_passphrase(const struct action_call *call, struct buf *out,
			   struct err *err)
{
	const char *file = action_text(call, "passphrase-file");
	const struct host *host = call->host;
	char *newline;
	int rc;

	if (file)
		rc = file_read(file, PASSPHRASE_MAX, out, err);
	else if (host->passphrase)
		rc = host->passphrase(host->arg, out, err);
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
		rc = key_emit(call->host, &key, err);
	device_key_wipe(&key);
	return rc;
}

static int backup(struct action_call *call, struct err *err)
{
	struct buf passphrase = BUF_INIT(PASSPHRASE_MAX);
	struct buf sealed = BUF_INIT(BACKUP_MAX);
	struct device_key key = { .did = "" };
	int rc = device_key_load(call->keys_folder, &key, err);

	if (rc == 0)
		rc = read_passphrase(call, &passphrase, err);
	if (rc == 0)
		rc = device_key_seal(&key, buf_span(&passphrase), &sealed,
				     err);
	if (rc == 0)
		rc = host_bytes(call->host, buf_span(&sealed), err);
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
		rc = read_passphrase(call, &passphrase, err);
	if (rc == 0)
		rc = device_key_unseal(buf_span(&sealed),
				       buf_span(&passphrase), &key, err);
	if (rc == 0)
		rc = device_key_save(call->keys_folder, &key, err);
	if (rc == 0)
		rc = key_emit(call->host, &key, err);
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
	  "where the passphrase is; else standard input" }

static const struct action_param backup_params[] = {
	PASSPHRASE_PARAM, ACTION_PARAMS_END
};

static const struct action_param restore_params[] = {
	PASSPHRASE_PARAM,
	{ "file", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<file>",
	  "what backup has printed" },
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
