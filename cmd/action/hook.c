#include "cmd/action/hook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cli/out.h"
#include "cmd/action/result.h"
#include "hooks/hook.h"
#include "lib/base/text.h"

/* Names of the hooks that are running, so that none starts itself. */
#define RUNNING "VVAULT_RUNNING_HOOKS"
#define ENV_MAX 32

/*
 * What a hook inherits: enough to find programs, keys and the home, nothing
 * of what else a shell may hold (tokens, passwords).
 */
static const char *const inherited[] = {
	"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL",
	"LC_CTYPE", "TZ", "TMPDIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
	"XDG_RUNTIME_DIR", NULL
};

/* Entries "NAME=value" of a hook's environment, ended by NULL. */
struct hook_env {
	char *at[ENV_MAX];
	size_t n;
};

static int env_add(struct hook_env *env, const char *name, const char *value,
		   struct err *err)
{
	size_t len;

	if (!value)
		return 0;
	len = strlen(name) + strlen(value) + sizeof("=");
	env->at[env->n] = malloc(len);
	if (!env->at[env->n])
		return err_set(err, ERR_NOMEM, "out of memory");
	snprintf(env->at[env->n++], len, "%s=%s", name, value);
	return 0;
}

static void env_release(struct hook_env *env)
{
	while (env->n)
		free(env->at[--env->n]);
}

static int env_make(struct hook_env *env, const char *keys_folder,
		    const char *hook, struct err *err)
{
	struct buf running = BUF_INIT(4096);
	const char *before = getenv(RUNNING);
	const char *const *name;
	int rc = 0;

	for (name = inherited; rc >= 0 && *name; name++)
		rc = env_add(env, *name, getenv(*name), err);
	if (rc >= 0)
		rc = env_add(env, "VVAULT_DIR", ".", err);
	if (rc >= 0)
		rc = env_add(env, "VVAULT_KEYS", keys_folder, err);
	if (rc >= 0)
		rc = buf_printf(&running, err, "%s %s", before ? before : "",
				hook);
	if (rc >= 0)
		rc = env_add(env, RUNNING, buf_text(&running), err);
	buf_release(&running);
	return rc;
}

/* Does this very command run below that hook? */
static bool is_running(const char *hook)
{
	const char *list = getenv(RUNNING);
	const char *at = list ? strstr(list, hook) : NULL;

	return at && at > list && at[-1] == ' ' &&
	       (!at[strlen(hook)] || at[strlen(hook)] == ' ');
}

/* What a hook says is talk: stderr, safe for a terminal. */
static void pass_on(struct span text)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);

	if (isatty(STDERR_FILENO) &&
	    text_escape(&safe, text, TEXT_KEEP_LINES, NULL) >= 0)
		text = buf_span(&safe);
	if (text.len)
		fwrite(text.at, 1, text.len, stderr);
	buf_release(&safe);
}

/* Once in a command, however many versions it writes. */
static void tell_left_out(struct session *session, const char *name,
			  const struct hook_result *result)
{
	unsigned bit = 1;
	size_t i;

	for (i = 0; hook_names[i] && strcmp(hook_names[i], name); i++)
		bit <<= 1;
	if (session->hooks_told & bit)
		return;
	session->hooks_told |= bit;
	if (result->outcome == HOOK_SKIPPED)
		out_note("the hook %s is left out: %s", name,
			 buf_text(&result->reason));
	else
		out_note("the hook %s is left out: %s: read it, then approve "
			 "it with 'vvault hooks approve %s'", name,
			 buf_text(&result->reason), name);
}

static int judge(struct session *session, const char *name,
		 const struct hook_result *result)
{
	pass_on(buf_span(&result->output));
	pass_on(buf_span(&result->errors));
	if (result->outcome == HOOK_SKIPPED ||
	    result->outcome == HOOK_UNAPPROVED)
		tell_left_out(session, name, result);
	if (result->outcome != HOOK_FAILED)
		return 0;
	return err_set(&session->err, ERR_CANCELED, "the hook %s",
		       buf_text(&result->reason));
}

static int hook_input(const struct vault *vault, const char *name,
		      struct jcs_fields *fields, struct buf *out,
		      struct err *err)
{
	int rc;

	rc = jcs_fields_text(fields, "hook", span_str(name), err);
	if (rc >= 0)
		rc = jcs_fields_text(fields, "vault",
				     span_str(vault->state.vault_id), err);
	if (rc >= 0)
		rc = jcs_fields_write(fields, out, err);
	if (rc >= 0)
		rc = buf_add_char(out, '\n', err);
	return rc;
}

int hook_call(struct session *session, const struct vault *vault,
	      const char *name, struct jcs_fields *fields)
{
	struct hook_result result = HOOK_RESULT_INIT;
	struct buf input = BUF_INIT(BUF_NO_LIMIT);
	struct hook_env env = { { NULL }, 0 };
	struct hook_call call = {
		.place = { vault->path, vault->state.vault_id,
			   session->keys_folder },
		.name = name,
	};
	int rc;

	if (is_running(name))
		return 0;
	rc = hook_input(vault, name, fields, &input, &session->err);
	if (rc < 0)
		goto out;
	rc = env_make(&env, session->keys_folder, name, &session->err);
	if (rc < 0)
		goto out;
	out_flush();
	call.input = buf_span(&input);
	call.env = (const char *const *)env.at;
	rc = hook_run(&call, &result, &session->err);
	if (rc >= 0)
		rc = judge(session, name, &result);
out:
	env_release(&env);
	hook_result_release(&result);
	buf_release(&input);
	return rc;
}

int hook_after_write(struct session *session, const struct vault *vault,
		     const char *name, const char *construct,
		     const struct write_result *result)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	int rc;

	rc = jcs_fields_text(&fields, "construct", span_str(construct), err);
	if (rc >= 0)
		rc = result_id(&fields, "version",
			       result->has_version ? &result->version : NULL,
			       err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "new",
					(int64_t)result->records_new, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "known",
					(int64_t)result->records_known, err);
	if (rc >= 0 && hook_call(session, vault, name, &fields) < 0) {
		out_note("%s", err->text);
		err_clear(err);
	}
	jcs_fields_release(&fields);
	return rc;
}
