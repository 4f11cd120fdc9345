#include <stdlib.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/know/who.h"
#include "cmd/action/result.h"
#include "lib/id/did.h"
#include "refs/trust/cuts.h"
#include "refs/trust/open.h"
#include "refs/vault/records/records.h"
#include "refs/write/write.h"

struct admission {
	struct vault *vault;
	const char *role;	/* or NULL: not named */
	const char *name;	/* or NULL */
	bool is_rename;		/* of one that is a member */
	unsigned char public[DID_KEY_BYTES];
	struct vault_admitted result;
};

static void put_member(struct jcs_fields *fields, struct vault *vault,
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

/* What a lowered member keeps; nothing is cut of anybody else. */
static int find_cuts(struct vault *vault, const struct vault_admission *what,
		     struct member_cut **out, size_t *out_n, struct err *err)
{
	if (what->role == ROLE_NONE ||
	    what->role >= vault_state_role(&vault->state, what->public))
		return 0;
	return bounds_cuts(vault, what->public, out, out_n, err);
}

static int make_records(struct admission *admission, struct buf *out,
			struct err *err)
{
	struct vault *vault = admission->vault;
	struct vault_admission what = {
		.state = &vault->state,
		.public = admission->public,
		.name = admission->name,
		.keys = vault->keys,
		.keys_n = vault->keys_n,
	};
	struct member_cut *cuts = NULL;
	char at[HLC_TEXT_MAX];
	int rc = 0;

	if (admission->role)
		rc = role_parse(admission->role, &what.role, err);
	if (rc == 0)
		rc = vault_now(vault, at, err);
	if (rc < 0)
		return rc;
	what.at = at;
	if (vault->state.is_encrypted) {
		if (!vault->has_keys)
			return err_set(err, ERR_NO_KEY, "this device holds no "
				       "keys that it could grant");
		what.name_key = vault->name_key;
	}
	rc = find_cuts(vault, &what, &cuts, &what.cuts_n, err);
	what.cuts = cuts;
	if (rc == 0)
		rc = vault_records_admit(&what, out, &admission->result, err);
	free(cuts);
	return rc;
}

/* As member list shows it, and, if wanted, what has changed. */
static int emit_admitted(struct action_call *call,
			 const struct admission *admission, struct err *err)
{
	const struct vault_admitted *result = &admission->result;
	struct vault *vault = call->vault;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct member *member;
	int rc = vault_refresh(vault, err);

	if (rc < 0)
		return rc;
	member = vault_state_member(&vault->state, admission->public);
	if (!member)
		return err_set(err, ERR_NOT_FOUND, "'%s' is no member",
			       action_text(call, "did"));
	put_member(&fields, vault, member);
	if (action_flag(call, "changes")) {
		result_text(&fields, "was", span_str(result->is_new ? NULL :
			    role_word(result->before)));
		fields_bool(&fields, "renamed", result->is_renamed);
		fields_integer(&fields, "granted", (int64_t)result->grants);
	}
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int admit(struct action_call *call, struct admission *admission,
		 struct err *err)
{
	struct buf records = BUF_INIT(BUF_NO_LIMIT);
	struct write_result result = { .has_version = false };
	struct writer *writer = NULL;
	int rc;

	/* The right to write comes first: it is the clearest refusal. */
	rc = writer_new(call->vault, VAULT_CONSTRUCT, 0, &writer, err);
	if (rc == 0)
		rc = who_find(call->vault, action_text(call, "did"),
			      admission->public, err);
	if (rc == 0)
		rc = make_records(admission, &records, err);
	if (rc == 0 && admission->is_rename && admission->result.is_new)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' is no member",
			     action_text(call, "did"));
	if (rc == 0)
		rc = writer_add_lines(writer, buf_span(&records), err);
	if (rc == 0)
		rc = writer_commit(writer, admission->result.is_new
						   ? "member: add"
						   : "member: change",
				   &result, err);
	if (rc == 0)
		rc = emit_admitted(call, admission, err);
	writer_free(writer);
	buf_release(&records);
	return rc;
}

static int add(struct action_call *call, struct err *err)
{
	struct admission admission = {
		.vault = call->vault,
		.role = action_text(call, "role"),
		.name = action_text(call, "name"),
	};

	return admit(call, &admission, err);
}

static int rename_run(struct action_call *call, struct err *err)
{
	struct admission admission = {
		.vault = call->vault,
		.name = action_text(call, "name"),
		.is_rename = true,
	};

	return admit(call, &admission, err);
}

static int list(struct action_call *call, struct err *err)
{
	const struct vault_state *state = &call->vault->state;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < state->members_n; i++) {
		put_member(&fields, call->vault, &state->members[i]);
		rc = host_object(call->host, &fields, err);
	}
	jcs_fields_release(&fields);
	return rc;
}

#define CHANGES_PARAM \
	{ "changes", ACTION_FLAG, ACTION_UNLISTED | ACTION_FOR_PEOPLE, NULL, \
	  "tell what is different now" }

static const struct action_param add_params[] = {
	{ "role", ACTION_TEXT, 0, "owner|writer|reader",
	  "what it may do; else it stays what it is, or becomes a writer" },
	{ "name", ACTION_TEXT, 0, "<name>", "what to call the device" },
	CHANGES_PARAM,
	{ "did", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<did>",
	  "who it is: what 'key show' prints there; a member's name will do" },
	ACTION_PARAMS_END
};

static const struct action_param rename_params[] = {
	CHANGES_PARAM,
	{ "did", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<member>",
	  "its name, its did, or how that begins" },
	{ "name", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<name>",
	  "what it is called from now on" },
	ACTION_PARAMS_END
};

const struct action action_member_add = {
	"member add", "let a device in, or change what it may do", add_params,
	ACTION_WRITES, NULL, add
};

const struct action action_member_rename = {
	"member rename", "call a member by another name", rename_params,
	ACTION_WRITES, NULL, rename_run
};

const struct action action_member_list = {
	"member list", "list who may do what", no_params, 0, NULL, list
};
