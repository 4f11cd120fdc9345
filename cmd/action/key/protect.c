#include "cmd/action/key/ask.h"
#include "cmd/action/key/copy.h"
#include "cmd/action/key/seal.h"
#include "cmd/action/result.h"
#include "lib/time/timestamp.h"
#include "refs/key/retired.h"

int key_seal_emit(const struct action_call *call, const char *did,
		  bool is_sealed, int64_t until, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char at[TIMESTAMP_TEXT_MAX];
	int rc;

	fields_str(&fields, "did", did);
	fields_bool(&fields, "sealed", is_sealed);
	if (is_sealed)
		fields_bool(&fields, "unlocked", until != 0);
	if (until) {
		timestamp_text(until, at);
		fields_str(&fields, "until", at);
	}
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* The key's, and that of each other that the device has: those of before, by
 * which other vaults know it, and one that a rotation was killed at. */
struct sealing {
	struct span passphrase;
	bool is_off;
	size_t left;		/* sealed by a passphrase that is not known */
};

static int seal_key(const struct sealing *sealing, const char *folder,
		    const struct device_key *key, struct err *err)
{
	struct device_look before;
	struct sealed_key sealed;
	int rc = device_key_look(folder, &before, err);

	if (rc == 0 && !sealing->is_off)
		rc = sealed_key_make(key, sealing->passphrase, &sealed, err);
	if (rc == 0 && (before.is_sealed || !sealing->is_off))
		rc = device_key_replace(folder, key,
					sealing->is_off ? NULL : &sealed, err);
	/* What was unlocked by another passphrase is locked. */
	if (rc == 0 && before.is_sealed)
		(void)!sealed_key_lock(&before.sealed, NULL);
	return rc;
}

static int seal_other(void *arg, const char *folder, struct err *err)
{
	struct sealing *sealing = arg;
	struct device_key key = { .did = "" };
	struct err why = ERR_INIT;
	int rc = device_key_load(folder, &key, &why);

	if (rc == ERR_SEALED) {
		sealing->left++;
		return 0;
	}
	rc = rc < 0 ? err_copy(err, rc, &why) :
		      seal_key(sealing, folder, &key, err);
	device_key_wipe(&key);
	return rc;
}

static void tell_sealing(const struct action_call *call,
			 const struct sealing *sealing)
{
	if (!sealing->is_off)
		host_note(call->host, "without its passphrase, and a backup or "
			  "a recovery key, nobody opens it again");
	if (sealing->left)
		host_note(call->host, "%zu key%s that this device had before "
			  "stay%s under the passphrase of then", sealing->left,
			  sealing->left == 1 ? "" : "s",
			  sealing->left == 1 ? "s" : "");
}

static int protect(struct action_call *call, struct err *err)
{
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	struct device_key key = { .did = "" };
	struct sealing sealing = { .is_off = action_flag(call, "off") };
	int rc = key_take(call, &key, err);

	if (rc == 0 && !sealing.is_off)
		rc = key_copy_passphrase(call, true, &passphrase, err);
	sealing.passphrase = buf_span(&passphrase);
	if (rc == 0)
		rc = other_keys_each(call->keys_folder, seal_other, &sealing,
				     err);
	if (rc == 0)
		rc = seal_key(&sealing, call->keys_folder, &key, err);
	if (rc == 0)
		rc = key_seal_emit(call, key.did, !sealing.is_off, 0, err);
	if (rc == 0)
		tell_sealing(call, &sealing);
	buf_wipe(&passphrase);
	device_key_wipe(&key);
	return rc;
}

static const struct action_param protect_params[] = {
	{ "off", ACTION_FLAG, 0, NULL, "take the seal off again" },
	PASSPHRASE_PARAM,
	ACTION_PARAMS_END
};

const struct action action_key_protect = {
	"key protect", "seal the key where it lies, by a passphrase",
	protect_params, ACTION_NO_VAULT | ACTION_WRITES, NULL, protect
};
