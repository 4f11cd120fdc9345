#include "cmd/action/remote/told.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/remote/told_group.h"
#include "cmd/action/result.h"
#include "lib/id/did.h"
#include "refs/view/view.h"

int told_members(struct told *told, const struct vault *vault,
		 struct err *err)
{
	const struct vault_state *state = &vault->state;
	const struct member *member = state->members;
	struct told_member *one;

	told->members = calloc(state->members_n + 1, sizeof(*told->members));
	if (!told->members)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (; member < state->members + state->members_n; member++) {
		one = &told->members[told->members_n++];
		memcpy(one->public, member->public, DID_KEY_BYTES);
		one->role = member->role;
		if (!member->name.len)
			continue;
		one->name = strdup(buf_text(&member->name));
		if (!one->name)
			return err_set(err, ERR_NOMEM, "out of memory");
	}
	told->knows_members = true;
	return 0;
}

void told_release(struct told *told)
{
	while (told->members_n)
		free(told->members[--told->members_n].name);
	free(told->members);
	told->members = NULL;
}

void told_put_title(struct jcs_fields *fields, struct vault *vault,
		    const char *construct, const struct told_group *group)
{
	struct err quiet = ERR_INIT;
	struct view *view = NULL;

	if (view_open_ref(vault, construct, &view, &quiet) == 0)
		result_construct(fields, view);
	else
		fields_str(fields, "construct", group &&
			   group->traffic.construct[0] ?
			   group->traffic.construct : construct);
	view_free(view);
}

void told_put_number(struct jcs_fields *fields, const char *name, bool has,
		     uint64_t number)
{
	if (has)
		fields_integer(fields, name, (int64_t)number);
	else
		fields_null(fields, name);
}

/* What of that is this device's. */
static void put_share(struct jcs_fields *fields, const struct ref_report *ref,
		      const struct told_group *group)
{
	static const struct traffic_signer none = { .has_records = true };
	const struct traffic_signer *signer = &none;
	unsigned char public[DID_KEY_BYTES];
	bool is_same = ref->result == REF_SAME;
	bool is_alone;
	size_t i;

	if (!group || !group->has_traffic || !told_is_moved(ref) ||
	    !did_spelled(span_str(ref->head.device), public)) {
		told_put_number(fields, "versions", is_same, 0);
		told_put_number(fields, "records", is_same, 0);
		return;
	}
	is_alone = group->traffic.signers.n == 1;
	for (i = 0; i < group->traffic.signers.n; i++) {
		if (!memcmp(group->traffic.signers.at[i].public, public,
			    DID_KEY_BYTES))
			signer = &group->traffic.signers.at[i];
	}
	told_put_number(fields, "versions", true, signer->versions);
	if (is_alone && signer->versions)
		told_put_number(fields, "records", group->traffic.has_records,
			   group->traffic.records);
	else
		told_put_number(fields, "records", signer->has_records,
			   signer->records);
}

static int emit_ref(struct action_call *call, const struct told *told,
		    const struct ref_report *ref,
		    const struct told_group *group, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	told_put_title(&fields, call->vault, ref->head.construct, group);
	result_device(&fields, "device", ref->head.device);
	result_device_name(&fields, call->vault, ref->head.device);
	result_id(&fields, "from", ref->has_from ? &ref->from : NULL);
	result_id(&fields, "to", ref->has_to ? &ref->to : NULL);
	fields_str(&fields, "result", ref_result_word(ref->result));
	put_share(&fields, ref, group);
	if (told->is_one_of_many)
		fields_str(&fields, "remote", told->remote);
	if (ref->reason[0])
		result_sentence(&fields, "reason", call->vault, ref->reason);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

int told_emit(struct action_call *call, const struct told *told,
	      const struct sync_report *report, struct err *err)
{
	bool is_summary = action_flag(call, "summary");
	bool wants_all = action_flag(call, "unchanged");
	struct told_groups groups = TOLD_GROUPS_INIT;
	size_t i;
	int rc = told_groups_make(call->vault, told, report, &groups, err);

	for (i = 0; rc == 0 && i < report->n; i++) {
		const struct ref_report *ref = &report->at[i];

		if (is_summary ? !told_is_bad(ref) :
		    !wants_all && ref->result == REF_SAME)
			continue;
		rc = emit_ref(call, told, ref, told_group_find(&groups, ref),
			      err);
	}
	if (rc == 0 && is_summary)
		rc = told_emit_summary(call, told, report, &groups, err);
	told_groups_release(&groups);
	return rc;
}
