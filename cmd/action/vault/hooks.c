#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/result.h"
#include "hooks/approval.h"
#include "hooks/hook.h"

/* In the order of enum hook_state. */
static const char *const words[] = {
	"absent", "gone", "unsafe", "not approved", "changed", "approved",
};

/* What one of the three actions does with a hook. */
struct verb {
	int (*act)(struct hook_file *file, struct err *err);
	const char *nothing;	/* NULL: that there is none is no matter */
};

static int hooks_emit(const struct host *host, const char *name,
		      const struct hook_file *file, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "hook", name);
	result_outside(&fields, "path", buf_text(&file->path));
	if (file->bytes.len)
		result_digest(&fields, "sha256", file->sha256);
	else
		fields_null(&fields, "sha256");
	fields_str(&fields, "state", words[file->state]);
	if (file->state == HOOK_UNSAFE)
		result_outside(&fields, "why", buf_text(&file->why));
	rc = host_object(host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* Is this hook one that the verb is about, when none is named? */
static bool is_meant(const struct verb *verb, const struct hook_file *file)
{
	if (file->state == HOOK_ABSENT)
		return false;
	if (verb->act == hook_revoke)
		return file->state != HOOK_NEW;
	return verb->act != hook_approve || file->state != HOOK_GONE;
}

static int do_one(const struct action_call *call, const struct verb *verb,
		  const char *name, bool is_named, size_t *done,
		  struct err *err)
{
	const struct hook_place place = {
		call->vault->path, call->vault->state.vault_id,
		call->keys_folder
	};
	struct hook_file file = HOOK_FILE_INIT;
	int rc = hook_look(&place, name, &file, err);

	if (rc < 0 || (!is_named && !is_meant(verb, &file)))
		goto out;
	if (verb->act)
		rc = verb->act(&file, err);
	if (rc == 0)
		rc = hooks_emit(call->host, name, &file, err);
	(*done)++;
out:
	hook_file_release(&file);
	return rc;
}

static int do_all(const struct action_call *call, const struct verb *verb,
		  struct err *err)
{
	const char *name = action_text(call, "name");
	size_t done = 0;
	size_t i;
	int rc = 0;

	if (name)
		return do_one(call, verb, name, true, &done, err);
	for (i = 0; rc == 0 && hook_names[i]; i++)
		rc = do_one(call, verb, hook_names[i], false, &done, err);
	if (rc == 0 && !done && verb->nothing)
		rc = err_set(err, ERR_NOT_FOUND, "%s: '%s'", verb->nothing,
			     call->vault->path);
	return rc;
}

static int list(struct action_call *call, struct err *err)
{
	static const struct verb verb = { NULL, NULL };

	return do_all(call, &verb, err);
}

static int approve(struct action_call *call, struct err *err)
{
	static const struct verb verb = { hook_approve,
					  "there is no hook to approve" };

	return do_all(call, &verb, err);
}

static int revoke(struct action_call *call, struct err *err)
{
	static const struct verb verb = { hook_revoke,
					  "there is no approval to take back" };

	return do_all(call, &verb, err);
}

static const struct action_param params[] = {
	{ "name", ACTION_TEXT, ACTION_OPERAND, "<name>",
	  "of this hook; else of all that there are" },
	ACTION_PARAMS_END
};

const struct action action_hooks_list = {
	"hooks list", "list a vault's programs", no_params, 0, NULL, list
};

const struct action action_hooks_approve = {
	"hooks approve", "let what a hook is now run here", params,
	ACTION_WRITES, NULL, approve
};

const struct action action_hooks_revoke = {
	"hooks revoke", "take an approval back", params, ACTION_WRITES, NULL,
	revoke
};
