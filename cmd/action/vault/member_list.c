#include <stdlib.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/open.h"
#include "cmd/action/result.h"
#include "cmd/action/vault/member.h"
#include "cmd/action/vault/twins.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/trust/settle.h"

/* What a member signed last, wherever. */
struct member_last {
	bool is_there;
	git_oid id;
	int64_t time;
	char construct[CONSTRUCT_NAME_MAX];
};

static size_t member_at(const struct vault_state *state, const char *device)
{
	char name[DID_SHORT_MAX];
	size_t i;

	for (i = 0; i < state->members_n; i++) {
		did_short(state->members[i].public, name);
		if (!strcmp(name, device))
			break;
	}
	return i;
}

static int take_last(struct vault *vault, const struct head *head,
		     struct member_last *last, struct err *err)
{
	struct version version;
	int rc;

	version_init(&version);
	rc = version_read(vault->store, &head->id, &version, err);
	if (rc == 0 && (!last->is_there || version.time > last->time)) {
		last->is_there = true;
		last->id = head->id;
		last->time = version.time;
		/* Sealed for who holds no key. */
		if (vault_construct_name(vault, &version, last->construct,
					 NULL) < 0)
			last->construct[0] = '\0';
	}
	version_release(&version);
	return rc;
}

/* One may have signed later, in a version whose ref is damaged. */
static int pass_damaged(struct action_call *call, struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	size_t i;
	int rc = heads_damaged(call->vault, &heads, err);

	for (i = 0; rc == 0 && i < heads.n; i++) {
		struct err reason = ERR_INIT;

		err_set(&reason, ERR_CORRUPT, "a ref of it is damaged");
		rc = action_pass_over(call, heads.at[i].construct, &reason,
				      err);
	}
	head_list_release(&heads);
	return rc;
}

static int find_lasts(struct vault *vault, struct member_last *lasts,
		      struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	size_t i;
	int rc = heads_settled(vault, NULL, &heads, NULL, err);

	for (i = 0; rc == 0 && i < heads.n; i++) {
		size_t at = member_at(&vault->state, heads.at[i].device);

		if (at < vault->state.members_n)
			rc = take_last(vault, &heads.at[i], &lasts[at], err);
	}
	head_list_release(&heads);
	return rc;
}

static void put_word(struct jcs_fields *fields, const char *name,
		     struct vault *vault, const struct member_word *word)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;

	result_time(&inner, "at", word->time);
	result_did(&inner, "by", word->by);
	result_member(&inner, vault, word->by);
	result_id(&inner, "version", &word->version);
	fields_object(fields, name, &inner);
	jcs_fields_release(&inner);
}

static void put_last(struct jcs_fields *fields, struct vault *vault,
		     const struct member_last *last)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;

	if (!last->is_there) {
		result_text(fields, "last", span_of("", 0));
		return;
	}
	result_time(&inner, "at", last->time);
	if (last->construct[0])
		result_construct_id(&inner, vault, last->construct);
	else
		result_text(&inner, "construct", span_of("", 0));
	result_id(&inner, "version", &last->id);
	fields_object(fields, "last", &inner);
	jcs_fields_release(&inner);
}

static int list(struct action_call *call, struct err *err)
{
	struct vault *vault = call->vault;
	const struct vault_state *state = &vault->state;
	struct member_last *lasts = calloc(state->members_n + 1,
					   sizeof(*lasts));
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t i;
	int rc;

	if (!lasts)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = pass_damaged(call, err);
	if (rc == 0)
		rc = find_lasts(vault, lasts, err);
	for (i = 0; rc == 0 && i < state->members_n; i++) {
		const struct member *member = &state->members[i];

		member_put(&fields, vault, member);
		put_word(&fields, "admitted", vault, &member->admitted);
		if (member->is_removed)
			put_word(&fields, "removed", vault, &member->removed);
		put_last(&fields, vault, &lasts[i]);
		twins_put(&fields, state, member);
		rc = host_object(call->host, &fields, err);
	}
	if (rc == 0)
		rc = twins_tell(call, err);
	jcs_fields_release(&fields);
	free(lasts);
	return rc;
}

const struct action action_member_list = {
	"member list", "list who may do what, since when, and who wrote last",
	no_params, ACTION_SHOWS, NULL, list
};
