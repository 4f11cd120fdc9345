#include "cmd/action/vault/member.h"

#include <string.h>

#include "cmd/action/know/who.h"
#include "cmd/action/result.h"
#include "refs/trust/open.h"

void member_put(struct jcs_fields *fields, struct vault *vault,
		const struct member *member)
{
	result_did(fields, "did", member->public);
	fields_str(fields, "role", member->is_removed ? "removed" :
		   role_word(member->role));
	result_member(fields, vault, member->public);
	if (vault->has_device && !memcmp(vault->device.public, member->public,
					 DID_KEY_BYTES))
		fields_bool(fields, "self", true);
}

static int make_records(struct vault *vault, struct member_change *change,
			struct buf *out, struct err *err)
{
	struct vault_admission what = {
		.state = &vault->state,
		.public = change->public,
		.role = change->role,
		.name = change->name,
		.keys = vault->keys,
		.keys_n = vault->keys_n,
		.cuts = change->cuts,
		.cuts_n = change->cuts_n,
	};
	char at[HLC_TEXT_MAX];
	int rc = vault_now(vault, at, err);

	if (rc < 0)
		return rc;
	what.at = at;
	if (vault->state.is_encrypted) {
		if (!vault->has_keys)
			return err_set(err, ERR_NO_KEY, "this device holds no "
				       "keys that it could grant");
		what.name_key = vault->name_key;
	}
	return vault_records_admit(&what, out, &change->result, err);
}

/* As member list shows it, and, if wanted, what has changed. */
static int emit_changed(struct action_call *call,
			const struct member_change *change, struct err *err)
{
	const struct vault_admitted *result = &change->result;
	struct vault *vault = call->vault;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct member *member;
	int rc = vault_refresh(vault, err);

	if (rc < 0)
		return rc;
	member = vault_state_member(&vault->state, change->public);
	if (!member)
		return err_set(err, ERR_CORRUPT, "what was written of a member "
			       "is not there");
	member_put(&fields, vault, member);
	if (action_flag(call, "changes")) {
		result_text(&fields, "was", span_str(result->is_new ? NULL :
			    role_word(result->before)));
		fields_bool(&fields, "renamed", result->is_renamed);
		fields_integer(&fields, "granted", (int64_t)result->grants);
	}
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

int member_write(struct action_call *call, struct writer *writer,
		 struct member_change *change, struct err *err)
{
	struct write_result result = { .has_version = false };
	struct buf records = BUF_INIT(BUF_NO_LIMIT);
	int rc = make_records(call->vault, change, &records, err);

	if (rc == 0)
		rc = writer_add_lines(writer, buf_span(&records), err);
	if (rc == 0)
		rc = writer_commit(writer, change->result.is_new ?
				   "member: add" : "member: change", &result,
				   err);
	if (rc == 0)
		rc = emit_changed(call, change, err);
	buf_release(&records);
	return rc;
}

/* Who is a member stays what it is: that is changed under its own name. */
static int check_added(const struct action_call *call,
		       const struct member_change *change, struct err *err)
{
	const char *who = action_text(call, "did");
	struct vault *vault = call->vault;
	const struct member *member =
		vault_state_member(&vault->state, change->public);

	if (!member || member->is_removed)
		return 0;
	if (change->role != ROLE_NONE && change->role != member->role)
		return err_set(err, ERR_EXISTS, "'%s' is a member already, as "
			       "%s: 'vvault member role <member> %s' changes "
			       "that", who, role_word(member->role),
			       role_word(change->role));
	if (change->name && !span_equals(device_name(vault, change->public),
					 span_str(change->name)))
		return err_set(err, ERR_EXISTS, "'%s' is a member already: "
			       "'vvault member rename <member> <name>' calls "
			       "it otherwise", who);
	return 0;
}

static int add(struct action_call *call, struct err *err)
{
	const char *role = action_text(call, "role");
	unsigned char public[DID_KEY_BYTES];
	struct member_change change = {
		.public = public, .name = action_text(call, "name"),
	};
	struct writer *writer = NULL;
	int rc;

	/* The right to write comes first: it is the clearest refusal. */
	rc = writer_new(call->vault, VAULT_CONSTRUCT, 0, &writer, err);
	if (rc == 0)
		rc = who_find(call->vault, action_text(call, "did"), public,
			      err);
	if (rc == 0 && role)
		rc = role_parse(role, &change.role, err);
	if (rc == 0)
		rc = check_added(call, &change, err);
	if (rc == 0)
		rc = member_write(call, writer, &change, err);
	writer_free(writer);
	return rc;
}

static int rename_run(struct action_call *call, struct err *err)
{
	struct member_change change = { .name = action_text(call, "name") };
	unsigned char public[DID_KEY_BYTES];
	const struct member *member;
	struct writer *writer = NULL;
	int rc = writer_new(call->vault, VAULT_CONSTRUCT, 0, &writer, err);

	if (rc == 0)
		rc = who_find_member(call->vault, action_text(call, "member"),
				     &member, err);
	if (rc == 0) {
		memcpy(public, member->public, DID_KEY_BYTES);
		change.public = public;
		rc = member_write(call, writer, &change, err);
	}
	writer_free(writer);
	return rc;
}

static const struct action_param add_params[] = {
	{ "role", ACTION_TEXT, 0, "owner|writer|reader",
	  "what it may do; a writer, if nothing is said" },
	{ "name", ACTION_TEXT, 0, "<name>", "what to call the device" },
	CHANGES_PARAM,
	{ "did", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<did>",
	  "who it is: what 'key show' prints there; a member's name will do" },
	ACTION_PARAMS_END
};

static const struct action_param rename_params[] = {
	CHANGES_PARAM,
	MEMBER_PARAM,
	{ "name", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<name>",
	  "what it is called from now on" },
	ACTION_PARAMS_END
};

const struct action action_member_add = {
	"member add", "let a device in", add_params, ACTION_WRITES, NULL, add
};

const struct action action_member_rename = {
	"member rename", "call a member by another name", rename_params,
	ACTION_WRITES, NULL, rename_run
};
