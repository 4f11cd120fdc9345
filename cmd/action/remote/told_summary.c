#include "cmd/action/remote/told_group.h"

#include <string.h>

#include "cmd/action/result.h"
#include "objects/record/kinds.h"

/* Of more constructs than these only the largest are told, so many. */
#define GROUPS_ALL 12
#define GROUPS_SHOWN 8

static void put_made(struct jcs_fields *fields, const struct traffic *traffic)
{
	struct jcs_fields made = JCS_FIELDS_INIT;
	size_t i;

	for (i = 0; kind_table[i].name; i++) {
		if ((int64_t)traffic->made[i] > 0)
			fields_integer(&made, kind_table[i].name,
				       (int64_t)traffic->made[i]);
	}
	told_put_number(fields, "versions", true, traffic->versions);
	told_put_number(fields, "records", traffic->has_records, traffic->records);
	if (traffic->has_kinds) {
		fields_object(fields, "made", &made);
		fields_integer(fields, "changes",
			       (int64_t)traffic->changes > 0 ?
			       (int64_t)traffic->changes : 0);
	}
	jcs_fields_release(&made);
}

/* Who has signed them, the one with the most first. */
static void put_signers(struct jcs_fields *fields, struct vault *vault,
			const struct traffic *traffic)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < traffic->signers.n; i++) {
		const unsigned char *public = traffic->signers.at[i].public;
		struct jcs_fields one = JCS_FIELDS_INIT;

		result_did(&one, "device", public);
		result_member(&one, vault, public);
		if (i)
			buf_put_char(&list, ',');
		buf_fail(&list, jcs_fields_write(&one, &list, NULL));
		jcs_fields_release(&one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "by", &list);
	buf_release(&list);
}

static int emit_group(struct action_call *call, const struct told *told,
		      const struct told_group *group, struct err *err)
{
	const struct traffic *traffic = &group->traffic;
	const unsigned char *mine = call->vault->device.public;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	told_put_title(&fields, call->vault, group->construct, group);
	fields_bool(&fields, "new", group->is_new);
	if (!strcmp(group->construct, VAULT_CONSTRUCT))
		fields_bool(&fields, "members", true);
	if (group->has_traffic)
		put_made(&fields, traffic);
	else
		fields_bool(&fields, "uncounted", true);
	/* That one's own work goes out needs no word. */
	if (!told->is_sent || traffic->signers.n > 1 ||
	    (traffic->signers.n && memcmp(traffic->signers.at[0].public, mine,
					  DID_KEY_BYTES)))
		put_signers(&fields, call->vault, traffic);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int emit_rest(struct action_call *call, const char *name,
		     uint64_t constructs, const struct traffic *traffic,
		     struct jcs_fields *fields, struct err *err)
{
	fields_integer(fields, name, (int64_t)constructs);
	put_made(fields, traffic);
	return host_object(call->host, fields, err);
}

/* Sums of what is not told one by one, and of all. */
struct sums {
	struct traffic rest, all;
	uint64_t rest_n, all_n, new_n;
	bool is_uncounted;		/* of something it is not known */
};

static int emit_groups(struct action_call *call, const struct told *told,
		       struct told_groups *groups, struct sums *sums,
		       struct err *err)
{
	size_t shown = 0;
	size_t i;
	int rc = 0;

	told_groups_largest(groups);
	for (i = 0; rc == 0 && i < groups->n; i++) {
		const struct told_group *group = &groups->at[i];
		bool is_vault = !strcmp(group->construct, VAULT_CONSTRUCT);

		if (!group->is_moved)
			continue;
		sums->all_n += !is_vault;
		sums->new_n += !is_vault && group->is_new;
		sums->is_uncounted |= !group->has_traffic;
		told_sum(&sums->all, group, is_vault);
		if (groups->moved_n <= GROUPS_ALL || is_vault ||
		    shown < GROUPS_SHOWN) {
			shown += !is_vault;
			rc = emit_group(call, told, group, err);
			continue;
		}
		sums->rest_n++;
		told_sum(&sums->rest, group, false);
	}
	return rc;
}

static const struct told_member *member_before(const struct told *told,
					       const unsigned char *public)
{
	size_t i;

	for (i = 0; i < told->members_n; i++) {
		if (!memcmp(told->members[i].public, public, DID_KEY_BYTES))
			return &told->members[i];
	}
	return NULL;
}

static int emit_member(struct action_call *call,
		       const unsigned char public[DID_KEY_BYTES],
		       const char *name, const char *role, const char *was,
		       struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	result_did(&fields, "member", public);
	if (name)
		fields_str(&fields, "name", name);
	else
		result_member(&fields, call->vault, public);
	fields_str(&fields, "role", role);
	result_text(&fields, "was", span_str(was));
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* Whom nobody who counts has let in. */
static int emit_gone(struct action_call *call, const struct told *told,
		     struct err *err)
{
	const struct told_member *before = told->members;
	int rc = 0;

	for (; rc == 0 && before < told->members + told->members_n; before++)
		if (!vault_state_member(&call->vault->state, before->public) &&
		    before->role != ROLE_NONE)
			rc = emit_member(call, before->public, before->name,
					 "no member, for what let it in "
					 "counts no more",
					 role_word(before->role), err);
	return rc;
}

static int emit_members(struct action_call *call, const struct told *told,
			struct err *err)
{
	const struct vault_state *state = &call->vault->state;
	const struct told_member *before;
	size_t i;
	int rc = told->knows_members ? emit_gone(call, told, err) : 0;

	for (i = 0; rc == 0 && told->knows_members && i < state->members_n;
	     i++) {
		const struct member *member = &state->members[i];

		before = member_before(told, member->public);
		if (before && before->role == member->role)
			continue;
		rc = emit_member(call, member->public, NULL,
				 member->is_removed ? "removed" :
				 role_word(member->role),
				 before ? role_word(before->role) : NULL, err);
	}
	return rc;
}

static int emit_total(struct action_call *call, const struct told *told,
		      const struct sync_report *report,
		      const struct sums *sums, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_bool(&fields, "sent", told->is_sent);
	fields_str(&fields, "remote", told->remote);
	fields_integer(&fields, "new", (int64_t)sums->new_n);
	fields_integer(&fields, "bytes", (int64_t)report->bytes);
	if (sums->is_uncounted)
		fields_bool(&fields, "uncounted", true);
	rc = emit_rest(call, "constructs", sums->all_n, &sums->all, &fields,
		       err);
	jcs_fields_release(&fields);
	return rc;
}

int told_emit_summary(struct action_call *call, const struct told *told,
		      const struct sync_report *report,
		      struct told_groups *groups, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct sums sums = { .rest_n = 0 };
	int rc;

	sums.all.has_records = sums.all.has_kinds = true;
	sums.rest.has_records = sums.rest.has_kinds = true;
	rc = emit_groups(call, told, groups, &sums, err);
	if (rc == 0 && sums.rest_n)
		rc = emit_rest(call, "more", sums.rest_n, &sums.rest, &fields,
			       err);
	if (rc == 0)
		rc = emit_members(call, told, err);
	if (rc == 0 && groups->moved_n)
		rc = emit_total(call, told, report, &sums, err);
	jcs_fields_release(&fields);
	return rc;
}

