#include "cmd/action/hook.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/result.h"
#include "hooks/hook.h"

/* Names of the hooks that are running, so that none starts itself. */
#define RUNNING "VVAULT_RUNNING_HOOKS"
#define ENV_MAX 32

/* "NAME=value" of a hook's environment: what it inherits, then ours. */
struct hook_env {
	const char *at[ENV_MAX];
	struct buf own[3];
};

static int env_make(struct hook_env *env, const struct action_call *call,
		    const char *hook, struct err *err)
{
	const char *const *given = call->settings.hook_env;
	const char *before = call->settings.running_hooks;
	size_t n = 0;
	size_t i;
	int rc = 0;

	for (; given && *given && n < ENV_MAX - 4; given++)
		env->at[n++] = *given;
	buf_put_str(&env->own[0], "VVAULT_DIR=.");
	buf_putf(&env->own[1], "VVAULT_KEYS=%s", call->keys_folder);
	buf_putf(&env->own[2], RUNNING "=%s %s", before ? before : "", hook);
	for (i = 0; rc == 0 && i < 3; i++) {
		rc = buf_end(&env->own[i], err);
		env->at[n++] = buf_text(&env->own[i]);
	}
	env->at[n] = NULL;
	return rc;
}

static void env_release(struct hook_env *env)
{
	size_t i;

	for (i = 0; i < 3; i++)
		buf_release(&env->own[i]);
}

/* Does this very call run below that hook? */
static bool is_running(const struct action_call *call, const char *hook)
{
	const char *list = call->settings.running_hooks;
	const char *at = list ? strstr(list, hook) : NULL;

	return at && at > list && at[-1] == ' ' &&
	       (!at[strlen(hook)] || at[strlen(hook)] == ' ');
}

/* Once in a call, however many versions it writes. */
static void tell_left_out(struct action_call *call, const char *name,
			  const struct hook_result *result)
{
	unsigned bit = 1;
	size_t i;

	for (i = 0; hook_names[i] && strcmp(hook_names[i], name); i++)
		bit <<= 1;
	if (call->hooks_told & bit)
		return;
	call->hooks_told |= bit;
	if (result->outcome == HOOK_SKIPPED)
		host_note(call->host, "the hook %s is left out: %s", name,
			  buf_text(&result->reason));
	else
		host_note(call->host, "the hook %s is left out: %s: read it, "
			  "then approve it with 'vvault hooks approve %s'",
			  name, buf_text(&result->reason), name);
}

/* What a hook says is talk. */
static int judge(struct action_call *call, const char *name,
		 const struct hook_result *result, struct err *err)
{
	host_heard(call->host, buf_span(&result->output));
	host_heard(call->host, buf_span(&result->errors));
	if (result->outcome == HOOK_SKIPPED ||
	    result->outcome == HOOK_UNAPPROVED)
		tell_left_out(call, name, result);
	if (result->outcome != HOOK_FAILED)
		return 0;
	return err_set(err, ERR_CANCELED, "the hook %s",
		       buf_text(&result->reason));
}

static int hook_input(const struct vault *vault, const char *name,
		      struct jcs_fields *fields, struct buf *out,
		      struct err *err)
{
	int rc;

	fields_str(fields, "hook", name);
	fields_str(fields, "vault", vault->state.vault_id);
	rc = jcs_fields_write(fields, out, err);
	return rc < 0 ? rc : buf_add_char(out, '\n', err);
}

int hook_call(struct action_call *call, const struct vault *vault,
	      const char *name, struct jcs_fields *fields, struct err *err)
{
	struct hook_result result = HOOK_RESULT_INIT;
	struct buf input = BUF_INIT(BUF_NO_LIMIT);
	struct hook_env env = { { NULL }, { BUF_INIT(BUF_NO_LIMIT),
		BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT) } };
	struct hook_call hook = {
		.place = { vault->path, vault->state.vault_id,
			   call->keys_folder },
		.name = name,
	};
	int rc;

	if (is_running(call, name))
		return 0;
	rc = hook_input(vault, name, fields, &input, err);
	if (rc == 0)
		rc = env_make(&env, call, name, err);
	if (rc == 0) {
		hook.input = buf_span(&input);
		hook.env = env.at;
		rc = hook_run(&hook, &result, err);
	}
	if (rc == 0)
		rc = judge(call, name, &result, err);
	env_release(&env);
	hook_result_release(&result);
	buf_release(&input);
	return rc;
}

int hook_tell(struct action_call *call, const struct vault *vault,
	      const char *name, struct jcs_fields *fields, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = fields_end(fields, err);

	if (rc == 0 && hook_call(call, vault, name, fields, &reason) < 0)
		host_note(call->host, "%s", reason.text);
	return rc;
}

int hook_after_write(struct action_call *call, const char *name,
		     const char *construct, const struct write_result *result,
		     struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "construct", construct);
	result_id(&fields, "version",
		  result->has_version ? &result->version : NULL);
	fields_integer(&fields, "new", (int64_t)result->records_new);
	fields_integer(&fields, "known", (int64_t)result->records_known);
	rc = hook_tell(call, call->vault, name, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}
