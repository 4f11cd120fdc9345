#include "hooks/hook.h"

#include <stdio.h>

#include "lib/os/process.h"

void hook_result_release(struct hook_result *result)
{
	buf_release(&result->reason);
	buf_release(&result->output);
	buf_release(&result->errors);
}

static int conclude(struct hook_result *out, enum hook_outcome outcome,
		    const char *what, const char *path, struct err *err)
{
	out->outcome = outcome;
	return buf_printf(&out->reason, err, "'%s' %s", path, what);
}

static int judge(int rc, const struct process_end *end, const char *path,
		 struct hook_result *out, struct err *err)
{
	char why[64];

	if (rc == ERR_TIMEOUT)
		return conclude(out, HOOK_FAILED, "took too long", path, err);
	if (rc == ERR_LIMIT)
		return conclude(out, HOOK_FAILED, "wrote too much", path, err);
	if (rc == ERR_NOT_FOUND || rc == ERR_DENIED)
		return conclude(out, HOOK_FAILED, "cannot be run", path, err);
	if (end->signal)
		snprintf(why, sizeof(why), "was ended by signal %d",
			 end->signal);
	else
		snprintf(why, sizeof(why), "failed with status %d",
			 end->status);
	if (end->signal || end->status)
		return conclude(out, HOOK_FAILED, why, path, err);
	out->outcome = HOOK_DONE;
	return 0;
}

/* It may run, or out says why not. */
static int decide(const struct hook_file *file, struct hook_result *out,
		  struct err *err)
{
	switch (file->state) {
	case HOOK_APPROVED:
	case HOOK_ABSENT:
	case HOOK_GONE:
		return 0;
	case HOOK_UNSAFE:
		out->outcome = HOOK_SKIPPED;
		break;
	default:
		out->outcome = HOOK_UNAPPROVED;
		break;
	}
	return buf_add_span(&out->reason, buf_span(&file->why), err);
}

int hook_run(const struct hook_call *call, struct hook_result *out,
	     struct err *err)
{
	static const char *const no_env[] = { NULL };
	struct process_spec spec = { .timeout_ms = HOOK_TIMEOUT_MS };
	struct hook_file file = HOOK_FILE_INIT;
	struct process_end end = { 0, 0 };
	struct err ran = ERR_INIT;
	const char *argv[2] = { NULL, NULL };
	int rc;

	rc = hook_look(&call->place, call->name, &file, err);
	if (rc == 0)
		rc = decide(&file, out, err);
	if (rc < 0 || file.state != HOOK_APPROVED)
		goto out;
	argv[0] = buf_text(&file.copy);
	spec.argv = argv;
	spec.cwd = call->place.vault_path;
	spec.env_add = call->env ? call->env : no_env;
	spec.env_is_all = true;
	spec.input = call->input;
	if (call->timeout_ms)
		spec.timeout_ms = call->timeout_ms;
	rc = process_run(&spec, &out->output, &out->errors, &end, &ran);
	if (rc == ERR_NOMEM || rc == ERR_IO) {
		rc = err_set(err, (enum err_code)rc, "%s", ran.text);
		goto out;
	}
	rc = judge(rc, &end, buf_text(&file.path), out, err);
out:
	hook_file_release(&file);
	return rc < 0 ? rc : 0;
}
