#include "cmd/action/key/rotate.h"

#include "cmd/action/key/copy.h"
#include "cmd/action/result.h"
#include "lib/id/encode.h"
#include "refs/vault/records/records.h"
#include "refs/write/write.h"

static int emit_content(const struct action_call *call,
			const struct vault_rekeyed *made,
			const struct write_result *written, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char key[BASE32_TEXT(KEY_ID_BYTES) + 1];
	int rc;

	base32_text(made->key, KEY_ID_BYTES, key);
	fields_integer(&fields, "granted", (int64_t)made->grants);
	fields_str(&fields, "key", key);
	result_id(&fields, "version", written->has_version ?
		  &written->version : NULL);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int rotate_content(struct action_call *call, struct err *err)
{
	struct vault *vault = call->vault;
	struct vault_rekeying what = { .state = &vault->state };
	struct write_result written = { .has_version = false };
	struct buf records = BUF_INIT(BUF_NO_LIMIT);
	struct vault_rekeyed made;
	struct writer *writer = NULL;
	char at[HLC_TEXT_MAX];
	int rc;

	if (!vault->state.is_encrypted)
		return err_set(err, ERR_INVALID, "a plain vault has no content "
			       "key; 'key rotate --device' gives this device "
			       "a new key");
	rc = writer_new(vault, VAULT_CONSTRUCT, 0, &writer, err);
	if (rc == 0)
		rc = vault_now(vault, at, err);
	what.at = at;
	if (rc == 0)
		rc = vault_records_rekey(&what, &records, &made, err);
	if (rc == 0)
		rc = writer_add_lines(writer, buf_span(&records), err);
	if (rc == 0)
		rc = writer_commit(writer, "key: rotate", &written, err);
	if (rc == 0)
		rc = emit_content(call, &made, &written, err);
	writer_free(writer);
	buf_release(&records);
	return rc;
}

static int rotate(struct action_call *call, struct err *err)
{
	return action_flag(call, "device") ? key_rotate_device(call, err) :
					     rotate_content(call, err);
}

static const struct action_param params[] = {
	{ "device", ACTION_FLAG, 0, NULL,
	  "a new key for this device, in the place of the one that it has" },
	PASSPHRASE_PARAM,
	ACTION_PARAMS_END
};

const struct action action_key_rotate = {
	"key rotate", "a new content key, or a new one for this device",
	params, ACTION_WRITES, NULL, rotate
};
