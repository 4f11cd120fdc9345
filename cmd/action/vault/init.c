#include "cmd/action/actions.h"
#include "cmd/action/result.h"
#include "cmd/action/key/ask.h"
#include "cmd/action/key/backup.h"
#include "cmd/action/key/copy.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/key/key.h"
#include "refs/trust/open.h"
#include "refs/trust/whole.h"

/* A new key, written where its owner can carry it away, sealed. */
struct recovery {
	const struct action_call *call;
	const char *path;		/* NULL: none is wanted */
	struct device_key key;
	struct buf passphrase;
	bool is_written;
};

static int recovery_begin(struct recovery *recovery, struct err *err)
{
	const struct action_call *call = recovery->call;
	int rc;

	if (!recovery->path)
		return 0;
	if (file_exists(recovery->path))
		return err_set(err, ERR_EXISTS, "there is a file '%s': the "
			       "recovery key needs one of its own",
			       recovery->path);
	if (host_can_ask(call->host) && !action_text(call, "passphrase-file"))
		host_note(call->host, "a passphrase seals the recovery key in "
			  "'%s': nobody uses one without the other",
			  recovery->path);
	rc = key_copy_passphrase(call, true, &recovery->passphrase, err);
	return rc < 0 ? rc : device_key_generate(&recovery->key, err);
}

static int recovery_write(void *arg, struct err *err)
{
	struct recovery *recovery = arg;
	struct buf text = BUF_INIT(KEY_COPY_MAX);
	int rc;

	if (!recovery->path)
		return 0;
	rc = key_copy_seal(&recovery->key, buf_span(&recovery->passphrase),
			   &text, err);
	if (rc == 0)
		rc = key_copy_put(recovery->call, recovery->path,
				  buf_span(&text), "the recovery key", err);
	recovery->is_written = rc == 0;
	buf_release(&text);
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
static bool offer_copy(struct action_call *call)
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
		rc = key_backup(call, &call->vault->device, buf_text(&path),
				false, &reason);
	}
	if (rc < 0)
		host_note(call->host, "no copy was made: %s", reason.text);
	buf_release(&path);
	return rc == 0;
}

/* What nobody can mend who has not done it before. */
static void tell_key(struct action_call *call)
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
	const char *dir = action_text(call, "dir");
	struct recovery recovery = {
		.call = call, .path = action_text(call, "recovery"),
		.passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX),
	};
	struct vault_options options = {
		.keys_folder = call->keys_folder,
		.is_plain = action_flag(call, "plain"),
		.name = name_of(call),
		.recovery = recovery.path ? recovery.key.public : NULL,
		.ready = recovery_write, .arg = &recovery,
	};
	struct vault_calls calls = { .device = NULL };
	int rc = key_at_hand(call, err);

	options.device = calls.device = call->device;
	if (rc == 0)
		rc = recovery_begin(&recovery, err);
	if (rc == 0)
		rc = vault_make(dir, &options, err);
	/* Ours, for it is never written over; and it opens nothing. */
	if (rc < 0 && recovery.is_written)
		(void)!file_remove(recovery.path, NULL);
	if (rc == 0)
		rc = vault_open_told(dir, call->keys_folder, &calls,
				     &call->vault, err);
	if (rc == 0)
		rc = init_emit(call->host, call->vault, recovery.path, err);
	if (rc == 0)
		tell_key(call);
	if (rc == 0)
		(void)!whole_renew(call->vault, NULL);
	device_key_wipe(&recovery.key);
	buf_wipe(&recovery.passphrase);
	return rc;
}

static const struct action_param params[] = {
	{ "plain", ACTION_FLAG, 0, NULL, "sign, but do not encrypt" },
	{ "name", ACTION_TEXT, 0, "<name>", "what to call this device" },
	{ "recovery", ACTION_TEXT, 0, "<file>",
	  "write there a key that opens the vault, to be kept elsewhere" },
	{ "passphrase-file", ACTION_TEXT, 0, "<file>",
	  "where the passphrase of that key is; else it is asked for" },
	{ "dir", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<dir>",
	  "the folder, new or empty" },
	ACTION_PARAMS_END
};

const struct action action_init = {
	"init", "make a new vault", params, ACTION_NO_VAULT | ACTION_WRITES,
	NULL, init_run
};
