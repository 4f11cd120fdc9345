#include "cmd/action/actions.h"
#include "cmd/action/result.h"
#include "cmd/action/vault/key_copy.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/key/key.h"
#include "refs/trust/open.h"
#include "refs/trust/whole.h"

/* A new key, written where its owner can carry it away. */
static int make_recovery(const char *path, struct device_key *key,
			 struct err *err)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	struct buf text = BUF_INIT(4096);
	int rc = device_key_generate(key, err);

	if (rc == 0)
		rc = device_key_write(key, "vvault recovery", &text, err);
	if (rc == 0)
		rc = atomic_file_open(&file, path, 0600, err);
	if (rc == 0)
		rc = atomic_file_write(&file, buf_span(&text), err);
	if (rc == 0)
		rc = atomic_file_publish_new(&file, err);
	if (rc == ERR_EXISTS) {
		err_clear(err);
		rc = err_set(err, ERR_EXISTS, "there is a file '%s': the "
			     "recovery key needs one of its own", path);
	}
	atomic_file_release(&file);
	buf_wipe(&text);
	return rc;
}

static int init_emit(const struct host *host, const struct vault *vault,
		     const char *recovery, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "vault", vault->state.vault_id);
	fields_str(&fields, "device", vault->device.did);
	result_outside(&fields, "path", vault->path);
	fields_bool(&fields, "encrypted", vault->state.is_encrypted);
	if (recovery)
		result_outside(&fields, "recovery", recovery);
	rc = host_object(host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* In a plain vault the name of the machine is for nobody's eyes unless its
 * owner says so. */
static const char *name_of(const struct action_call *call)
{
	const char *name = action_text(call, "name");

	if (!name && !action_flag(call, "plain"))
		name = call->settings.device_name;
	return name && *name ? name : NULL;
}

/* Whoever sits at a terminal may have one at once, beside the vault. Was it
 * made? */
static bool offer_copy(const struct action_call *call)
{
	struct buf path = PATH_BUF_INIT;
	struct err reason = ERR_INIT;
	int rc = buf_add_str(&path, action_text(call, "dir"), &reason);

	while (path.len > 1 && path.data[path.len - 1] == '/')
		buf_cut(&path, path.len - 1);
	if (rc == 0)
		rc = buf_add_str(&path, ".key", &reason);
	if (rc == 0) {
		host_note(call->host, "a passphrase makes a copy of the key "
			  "that only it opens, in '%s'; none: no copy now",
			  buf_text(&path));
		rc = key_copy_write(call, &call->vault->device,
				    buf_text(&path), &reason);
	}
	if (rc < 0)
		host_note(call->host, "no copy was made: %s", reason.text);
	buf_release(&path);
	return rc == 0;
}

/* What nobody can mend who has not done it before. */
static void tell_key(const struct action_call *call)
{
	const char *lost = action_text(call, "recovery") ?
			   "only the recovery key opens the vault" :
			   call->vault->state.is_encrypted ?
			   "nobody can read the vault" :
			   "nobody can write to the vault";
	char backup[DEVICE_BACKUP_TIME_MAX];

	device_key_backed_up(call->keys_folder, call->vault->device.did,
			     backup);
	if (backup[0])
		return;
	host_note(call->host, "the key of this device is in '%s/%s'",
		  call->keys_folder, DEVICE_KEY_FILE);
	host_note(call->host, "whoever has it can do what you can; without it "
		  "%s", lost);
	if (!host_can_ask(call->host) || !call->host->passphrase ||
	    !offer_copy(call))
		host_note(call->host, "'vvault key backup <file>' makes a "
			  "copy that only a passphrase opens: keep it "
			  "elsewhere");
}

static int init_run(struct action_call *call, struct err *err)
{
	const char *recovery = action_text(call, "recovery");
	const char *dir = action_text(call, "dir");
	struct device_key recovery_key = { .did = "" };
	struct vault_options options = {
		.keys_folder = call->keys_folder,
		.is_plain = action_flag(call, "plain"),
		.name = name_of(call),
		.recovery = recovery ? recovery_key.public : NULL,
	};
	int rc = recovery ? make_recovery(recovery, &recovery_key, err) : 0;

	if (rc < 0)
		goto out;
	rc = vault_make(dir, &options, err);
	/* Ours, for it is never written over; and it opens nothing. */
	if (rc < 0 && recovery)
		(void)!file_remove(recovery, NULL);
	if (rc == 0)
		rc = vault_open(dir, call->keys_folder, &call->vault, err);
	if (rc == 0)
		rc = init_emit(call->host, call->vault, recovery, err);
	if (rc == 0)
		tell_key(call);
	if (rc == 0)
		(void)!whole_renew(call->vault, NULL);
out:
	device_key_wipe(&recovery_key);
	return rc;
}

static const struct action_param params[] = {
	{ "plain", ACTION_FLAG, 0, NULL, "sign, but do not encrypt" },
	{ "name", ACTION_TEXT, 0, "<name>", "what to call this device" },
	{ "recovery", ACTION_TEXT, 0, "<file>",
	  "write there a key that opens the vault, to be kept elsewhere" },
	{ "dir", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<dir>",
	  "the folder, new or empty" },
	ACTION_PARAMS_END
};

const struct action action_init = {
	"init", "make a new vault", params, ACTION_NO_VAULT | ACTION_WRITES,
	NULL, init_run
};
