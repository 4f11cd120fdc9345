#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/auto_gc.h"
#include "cmd/action/construct/split.h"
#include "cmd/action/construct/statement.h"
#include "cmd/action/result.h"
#include "refs/trust/whole.h"

static int tell_split(struct split *split, const struct write_result *old,
		const struct write_result *fresh, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "construct", split->picked.view->construct);
	fields_str(&fields, "into", split->into);
	fields_integer(&fields, "entities", (int64_t)split->entities);
	fields_integer(&fields, "records", (int64_t)split->carry.seen);
	if (split->shared)
		fields_integer(&fields, "shared", (int64_t)split->shared);
	result_id(&fields, "version", old->has_version ? &old->version : NULL);
	result_id(&fields, "new_version", fresh->has_version ?
		  &fresh->version : NULL);
	rc = host_object(split->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* What is gone from one is there in the other before. */
static int write_both(struct split *split, struct err *err)
{
	const char *old = split->picked.view->construct;
	struct commit commits[2] = {
		{ .subject = "construct: split from another" },
		{ .subject = "construct: split" },
	};
	int rc = writer_new(split->call->vault, split->into, WRITER_MAY_CREATE,
			    &commits[0].writer, err);

	if (rc == 0)
		rc = writer_new(split->call->vault, old, 0,
				&commits[1].writer, err);
	split->carry.into = commits[0].writer;
	split->old = commits[1].writer;
	if (rc == 0)
		rc = split_all(split, err);
	if (rc == 0)
		rc = writers_commit(commits, 2, err);
	if (rc == 0)
		rc = tell_split(split, &commits[1].result, &commits[0].result, err);
	if (rc == 0)
		rc = construct_written(split->call, split->into,
				       &commits[0].result, err);
	if (rc == 0)
		rc = construct_written(split->call, old, &commits[1].result,
				       err);
	writer_free(commits[1].writer);
	writer_free(commits[0].writer);
	return rc;
}

/* A construct that stands takes what fits into it; `vault` never does. */
static int find_into(struct split *split, struct err *err)
{
	const char *name = action_text(split->call, "into");
	const char *id = NULL;
	bool is_id = false;
	int rc = construct_name_fit(name, err);

	if (rc == 0 && !strcmp(name, VAULT_CONSTRUCT))
		rc = err_set(err, ERR_INVALID, "the name '%s' is reserved",
			     name);
	if (rc == 0)
		rc = names_is_id(split->call->vault, name, &is_id, err);
	if (rc == 0 && !is_id)
		rc = names_find(split->call->vault, name, &id, err);
	split->into = id ? id : name;
	if (rc == 0 && !strcmp(split->into, split->picked.view->construct))
		rc = err_set(err, ERR_INVALID, "it is in '%s' already", name);
	return rc;
}

static int pick_all(struct picked *picked, const char *param, struct err *err)
{
	const struct action_value *words = action_value(picked->call, param);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < words->n; i++)
		rc = picked_add(picked, words->texts[i], err);
	return rc;
}

static int split_check(const struct action_call *call, struct err *err)
{
	return action_flag(call, "source") || action_flag(call, "session") ?
		0 : err_set(err, ERR_INVALID, "what is to be taken out? "
			    "--source or --session names it");
}

static int split_run(struct action_call *call, struct err *err)
{
	struct split split = { .call = call,
			       .picked = PICKED_INIT(call, NULL),
			       .named = PICKED_INIT(call, NULL),
			       .stays = PICKED_INIT(call, NULL),
			       .carry = CARRY_INIT(NULL, NULL),
			       .moved = JCS_FIELDS_INIT };
	int rc = construct_open(call, action_text(call, "construct"),
				&split.picked.view, err);

	split.carry.from = split.picked.view;
	if (rc == 0)
		rc = find_into(&split, err);
	split.named.view = split.stays.view = split.picked.view;
	if (rc == 0)
		rc = pick_all(&split.picked, "source", err);
	if (rc == 0 && action_flag(call, "source"))
		rc = picked_add_others(&split.stays, &split.picked, err);
	if (rc == 0)
		rc = pick_all(&split.named, "session", err);
	if (rc == 0)
		rc = write_both(&split, err);
	if (rc == 0) {
		auto_gc(call, call->vault, true);
		(void)!whole_renew(call->vault, NULL);
	}
	jcs_fields_release(&split.moved);
	carry_release(&split.carry);
	view_free(split.picked.view);
	picked_release(&split.picked);
	picked_release(&split.named);
	picked_release(&split.stays);
	return rc;
}

static const struct action_param params[] = {
	{ "source", ACTION_TEXT, ACTION_REPEATED, "<file|sha256>",
	  "what this file brought, or these, or what came of that hash" },
	{ "session", ACTION_TEXT, 0, "<session|@n>",
	  "this conversation, or any other entity" },
	{ "into", ACTION_TEXT, ACTION_REQUIRED, "<new>",
	  "where it goes: a construct that may be new" },
	{ "construct", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<construct>", "where it is" },
	ACTION_PARAMS_END
};

const struct action action_construct_split = {
	"construct split", "take out what does not belong there", params,
	ACTION_WRITES, split_check, split_run
};
