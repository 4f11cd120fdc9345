#include <stdlib.h>

#include "cmd/action/result.h"
#include "cmd/action/vault/taking.h"
#include "refs/trust/open.h"

static int emit_removed(const struct taking *taking,
			const struct vault_rekeyed *made, struct err *err)
{
	struct vault *vault = taking->call->vault;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct member *member;
	int rc = vault_refresh(vault, err);

	if (rc < 0)
		return rc;
	member = vault_state_member(&vault->state, taking->public);
	if (!member || !member->is_removed)
		return err_set(err, ERR_CORRUPT, "the removal that was "
			       "written is not there");
	member_put(&fields, vault, member);
	stays_put(&fields, vault, &taking->stays);
	fields_integer(&fields, "granted", (int64_t)made->grants);
	fields_str(&fields, "was", role_word(taking->before));
	rc = host_object(taking->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int write_removal(const struct taking *taking, struct err *err)
{
	struct vault *vault = taking->call->vault;
	struct write_result result = { .has_version = false };
	struct vault_removal removal = { .state = &vault->state,
					 .public = taking->public };
	struct vault_rekeyed made = { .grants = 0 };
	struct buf records = BUF_INIT(BUF_NO_LIMIT);
	struct member_cut *cuts = NULL;
	char at[HLC_TEXT_MAX];
	int rc = vault_now(vault, at, err);

	removal.at = at;
	if (rc == 0)
		rc = device_lasts_cuts(&taking->stays.kept, &cuts,
				       &removal.cuts_n, err);
	removal.cuts = cuts;
	if (rc == 0)
		rc = vault_records_remove(&removal, &records, &made, err);
	if (rc == 0)
		rc = writer_add_lines(taking->writer, buf_span(&records), err);
	if (rc == 0)
		rc = writer_commit(taking->writer, "member: remove", &result,
				   err);
	if (rc == 0)
		rc = emit_removed(taking, &made, err);
	buf_release(&records);
	free(cuts);
	return rc;
}

static int remove_run(struct action_call *call, struct err *err)
{
	struct taking taking = TAKING_INIT(call, ROLE_NONE);
	bool is_removed = false;
	bool goes_on = false;
	int rc = taking_find(&taking, &is_removed, err);

	if (rc == 0 && is_removed) {
		host_note(call->host, "%s was removed already",
			  buf_text(&taking.title));
		call->is_no = true;
	} else if (rc == 0) {
		rc = taking_prepare(&taking, &goes_on, err);
	}
	if (rc == 0 && goes_on)
		rc = write_removal(&taking, err);
	taking_release(&taking);
	return rc;
}

static const struct action_param remove_params[] = {
	TAKING_PARAMS,
	MEMBER_PARAM,
	ACTION_PARAMS_END
};

const struct action action_member_remove = {
	"member remove", "shut a device out, for good", remove_params,
	ACTION_WRITES, NULL, remove_run
};
