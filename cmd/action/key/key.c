#include "cmd/action/actions.h"
#include "cmd/action/result.h"
#include "cmd/action/key/ask.h"
#include "cmd/action/key/backup.h"
#include "cmd/action/key/copy.h"
#include "lib/id/did.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/key/key.h"

static int key_emit(const struct action_call *call,
		    const struct device_look *look, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf public = BUF_INIT(256);
	struct buf path = PATH_BUF_INIT;
	char backup[DEVICE_BACKUP_TIME_MAX];
	struct device_key key;
	int rc = device_key_ssh_public(look->public, &public, err);

	if (rc == 0)
		rc = path_join(&path, call->keys_folder, DEVICE_KEY_FILE, err);
	device_key_backed_up(call->keys_folder, look->did, backup);
	result_text(&fields, "backup", span_str(backup));
	fields_str(&fields, "did", look->did);
	result_outside(&fields, "path", buf_text(&path));
	fields_text(&fields, "public", buf_span(&public));
	fields_bool(&fields, "sealed", look->is_sealed);
	if (look->is_sealed) {
		fields_bool(&fields, "unlocked", sealed_key_unlocked(
			    &look->sealed, &key, NULL) == 0);
		device_key_wipe(&key);
	}
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	buf_release(&path);
	buf_release(&public);
	return rc;
}

static int show(struct action_call *call, struct err *err)
{
	struct device_look look;
	int rc = device_key_look(call->keys_folder, &look, err);

	return rc < 0 ? rc : key_emit(call, &look, err);
}

/* What is to be done with the copy, for who has just made it. */
static void tell_copy(const struct action_call *call, const char *path)
{
	host_note(call->host, "the key is in '%s', and its passphrase opens "
		  "it: keep both off this machine; 'vvault key restore' "
		  "brings it back", path);
}

int key_backup(struct action_call *call, const struct device_key *key,
	       const char *path, bool is_paper, struct err *err)
{
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	struct buf text = BUF_INIT(KEY_PAGE_MAX);
	struct sealed_key sealed;
	int rc = key_copy_check(path, "a backup", err);

	/* init names the file of another: of the recovery key's. */
	if (rc == 0)
		rc = call->action == &action_init ?
		     key_copy_ask(call, true, &passphrase, err) :
		     key_copy_passphrase(call, true, &passphrase, err);
	if (rc == 0)
		rc = sealed_key_make(key, buf_span(&passphrase), &sealed, err);
	if (rc == 0)
		rc = is_paper ? key_page(&sealed, &text, err) :
				sealed_key_write(&sealed, &text, err);
	if (rc == 0)
		rc = key_copy_put(call, path, buf_span(&text), "a backup",
				  err);
	if (rc == 0)
		key_copy_note(call, key);
	if (rc == 0 && path)
		tell_copy(call, path);
	buf_wipe(&passphrase);
	buf_release(&text);
	return rc;
}

static int backup(struct action_call *call, struct err *err)
{
	struct device_key key = { .did = "" };
	int rc = key_take(call, &key, err);

	if (rc == 0)
		rc = key_backup(call, &key, action_text(call, "file"),
				action_flag(call, "paper"), err);
	device_key_wipe(&key);
	return rc;
}

/* Two devices with one key fork what they write. */
static void tell_restored(const struct action_call *call)
{
	host_note(call->host, "this is the key of one device: where that one "
		  "still writes, both fork what they write. Then let this one "
		  "have a key of its own: set VVAULT_KEYS to a new folder, "
		  "for good; 'vvault clone <url>' then makes it, and tells "
		  "what an owner types to let it in");
	host_note(call->host, "where that one is lost, go on here: 'vvault "
		  "clone <url>' brings the vault");
}

static int check_none(const char *folder, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, folder, DEVICE_KEY_FILE, err);

	if (rc == 0 && file_exists(buf_text(&path)))
		rc = err_set(err, ERR_EXISTS, "this device has a key already: "
			     "'%s'", buf_text(&path));
	buf_release(&path);
	return rc;
}

/* The other way: a sealed copy becomes this device's key, where none is. */
static int restore(struct action_call *call, struct err *err)
{
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	struct device_key key = { .did = "" };
	struct device_look look;
	struct sealed_key sealed;
	int rc = check_none(call->keys_folder, err);

	if (rc == 0)
		rc = key_copy_read(call, action_text(call, "file"), &sealed,
				   err);
	if (rc == 0)
		rc = key_copy_passphrase(call, false, &passphrase, err);
	if (rc == 0)
		rc = sealed_key_open(&sealed, buf_span(&passphrase), &key,
				     err);
	if (rc == 0)
		rc = device_key_save(call->keys_folder, &key, err);
	if (rc == 0)
		key_copy_note(call, &key);
	if (rc == 0)
		rc = device_key_look(call->keys_folder, &look, err);
	if (rc == 0)
		rc = key_emit(call, &look, err);
	if (rc == 0)
		tell_restored(call);
	device_key_wipe(&key);
	buf_wipe(&passphrase);
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

static const struct action_param backup_params[] = {
	{ "paper", ACTION_FLAG, 0, NULL,
	  "a page to print, with words to type and a QR code" },
	PASSPHRASE_PARAM,
	{ "file", ACTION_TEXT, ACTION_OPERAND, "<file>",
	  "a new file for it; else standard output" },
	ACTION_PARAMS_END
};

static const struct action_param restore_params[] = {
	PASSPHRASE_PARAM,
	{ "file", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<file>",
	  "what backup has written, or the words of its page; '-': typed" },
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
