#include <stdlib.h>
#include <string.h>

#include "cmd/action/key/ask.h"
#include "cmd/action/key/copy.h"
#include "cmd/action/remote/sync.h"
#include "cmd/action/result.h"
#include "refs/trust/open.h"
#include "refs/vault/records/records.h"
#include "refs/write/write.h"

/* A vault that was lost with its device, and the key that opens it. */
struct rescue {
	struct action_call *call;
	struct device_key key;		/* an owner's, from its sealed copy */
	unsigned char public[DID_KEY_BYTES];	/* of this device */
	bool is_sent;
};

static int open_copy(struct rescue *rescue, struct err *err)
{
	struct action_call *call = rescue->call;
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	struct sealed_key sealed;
	int rc = key_copy_read(call, action_text(call, "file"), &sealed, err);

	if (rc == 0)
		rc = key_copy_passphrase(call, false, &passphrase, err);
	if (rc == 0)
		rc = sealed_key_open(&sealed, buf_span(&passphrase),
				     &rescue->key, err);
	buf_wipe(&passphrase);
	return rc;
}

/* With the key of this device, which is made where there is none. */
static int bring(struct rescue *rescue, struct err *err)
{
	struct action_call *call = rescue->call;
	struct remote_calls calls = sync_calls(call);
	struct clone_options options = {
		.keys_folder = call->keys_folder,
		.device = call->device,
		.expected_vault_id = action_text(call, "vault"),
		.limits = sync_limits(call),
		.calls = &calls,
	};
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	int rc = remote_clone(action_text(call, "url"), action_text(call, "dir"),
			      &options, &call->vault, &report, err);

	if (rc == 0) {
		memcpy(rescue->public, call->vault->device.public,
		       DID_KEY_BYTES);
		call->is_no = report.problems.n > 0;
	}
	host_problems(call->host, &report.problems);
	sync_report_release(&report);
	return rc;
}

static int check_owner(const struct vault *vault, struct err *err)
{
	if (vault_state_role(&vault->state, vault->device.public) ==
	    ROLE_OWNER)
		return 0;
	return err_set(err, ERR_DENIED, "the key is no owner's of this vault, "
		       "so that it lets nobody in: 'vvault key restore' makes "
		       "it the key of this device");
}

/* The word of the key that was kept, in a version that it signs. */
static int admit(struct rescue *rescue, struct vault *vault, struct err *err)
{
	const char *name = action_text(rescue->call, "name");
	struct vault_admission what = {
		.state = &vault->state, .public = rescue->public,
		.role = ROLE_OWNER, .keys = vault->keys,
		.keys_n = vault->keys_n,
		.name = name ? name : rescue->call->settings.device_name,
		.name_key = vault->state.is_encrypted ? vault->name_key : NULL,
	};
	struct buf records = BUF_INIT(BUF_NO_LIMIT);
	struct write_result result = { .has_version = false };
	struct vault_admitted admitted;
	struct writer *writer = NULL;
	char at[HLC_TEXT_MAX];
	int rc = vault_now(vault, at, err);

	what.at = at;
	if (rc == 0)
		rc = writer_new(vault, VAULT_CONSTRUCT, 0, &writer, err);
	if (rc == 0)
		rc = vault_records_admit(&what, &records, &admitted, err);
	if (rc == 0)
		rc = writer_add_lines(writer, buf_span(&records), err);
	if (rc == 0)
		rc = writer_commit(writer, "member: recover", &result, err);
	writer_free(writer);
	buf_release(&records);
	return rc;
}

/* The vault, opened by the key that was kept, and by no file of it. */
static int let_in(struct rescue *rescue, struct err *err)
{
	const struct vault_calls calls = { .device = &rescue->key };
	struct vault *vault = NULL;
	int rc = vault_open_told(action_text(rescue->call, "dir"), NULL,
				 &calls, &vault, err);

	if (rc == 0)
		rc = check_owner(vault, err);
	if (rc == 0)
		rc = admit(rescue, vault, err);
	vault_close(vault);
	return rc < 0 ? rc : vault_refresh(rescue->call->vault, err);
}

/* Others learn of it from the remote; what it cannot take now it takes later. */
static void send(struct rescue *rescue)
{
	struct action_call *call = rescue->call;
	struct remote_calls calls = sync_calls(call);
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	struct err why = ERR_INIT;
	size_t i;
	int rc = remote_push(call->vault, "origin", &calls, &report, &why);

	rescue->is_sent = rc == 0;
	for (i = 0; i < report.n; i++)
		rescue->is_sent &= report.at[i].result != REF_REJECTED;
	host_problems(call->host, &report.problems);
	sync_report_release(&report);
	if (!rescue->is_sent)
		host_note(call->host, "the remote does not know it yet%s%s: "
			  "'vvault push' tells it", rc < 0 ? ": " : "",
			  why.text);
}

/* The lost one is among those that are still members. */
static void tell_others(const struct rescue *rescue)
{
	struct vault *vault = rescue->call->vault;
	const struct vault_state *state = &vault->state;
	struct buf names = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < state->members_n; i++) {
		const unsigned char *public = state->members[i].public;
		struct span name = device_name(vault, public);
		char brief[DID_SHORT_MAX];

		if (state->members[i].is_removed ||
		    !memcmp(public, rescue->public, DID_KEY_BYTES) ||
		    !memcmp(public, rescue->key.public, DID_KEY_BYTES))
			continue;
		did_short(public, brief);
		buf_putf(&names, "%s%.*s%s%.*s%s", names.len ? ", " : "",
			 (int)name.len, name.at, name.len ? " (" : "",
			 DEVICE_BRIEF, brief, name.len ? ")" : "");
	}
	if (buf_end(&names, NULL) == 0 && names.len)
		host_note(rescue->call->host, "still members: %s; 'vvault help "
			  "member' says how the one that is lost is removed, "
			  "so that what it still signs counts no more",
			  buf_text(&names));
	buf_release(&names);
}

static int emit_rescue(const struct rescue *rescue, struct err *err)
{
	const struct vault *vault = rescue->call->vault;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "by", rescue->key.did);
	fields_str(&fields, "device", vault->device.did);
	result_outside(&fields, "path", vault->path);
	fields_bool(&fields, "pushed", rescue->is_sent);
	fields_str(&fields, "role", role_word(vault_state_role(
		   &vault->state, rescue->public)));
	fields_str(&fields, "vault", vault->state.vault_id);
	rc = host_object(rescue->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int recover(struct action_call *call, struct err *err)
{
	struct rescue rescue = { .call = call };
	int rc = key_at_hand(call, err);

	if (rc == 0)
		rc = open_copy(&rescue, err);
	if (rc == 0)
		rc = bring(&rescue, err);
	if (rc == 0) {
		rc = let_in(&rescue, err);
		if (rc < 0)
			host_note(call->host, "the vault is in '%s' all the "
				  "same", action_text(call, "dir"));
	}
	if (rc == 0) {
		send(&rescue);
		rc = emit_rescue(&rescue, err);
	}
	if (rc == 0)
		tell_others(&rescue);
	device_key_wipe(&rescue.key);
	return rc;
}

static const struct action_param params[] = {
	{ "vault", ACTION_TEXT, 0, "<id>",
	  "the id that it must have; else whichever is found" },
	{ "name", ACTION_TEXT, 0, "<name>",
	  "what to call this device; else as the machine is" },
	PASSPHRASE_PARAM,
	LIMIT_PARAMS,
	{ "file", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<file>",
	  "the recovery key or a backup; '-': the words of a page, typed" },
	{ "url", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<url>",
	  "a path, or an address with file, git, https or ssh" },
	{ "dir", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<dir>",
	  "the folder, new or empty" },
	ACTION_PARAMS_END
};

const struct action action_recover = {
	"recover", "come back into a vault by a key that was kept elsewhere",
	params, ACTION_NO_VAULT | ACTION_WRITES, NULL, recover
};
