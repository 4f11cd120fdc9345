/* realpath() is POSIX, but glibc shows it only with the X/Open extension. */
#define _XOPEN_SOURCE 700

#include "hooks/hook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/path.h"
#include "lib/process.h"

const char *const hook_names[] = {
	"post-commit", "post-import", "post-pull", "pre-push", NULL
};

void hook_result_release(struct hook_result *result)
{
	buf_release(&result->reason);
	buf_release(&result->output);
	buf_release(&result->errors);
}

static bool is_name(const char *name)
{
	const char *const *known;

	for (known = hook_names; *known; known++) {
		if (!strcmp(*known, name))
			return true;
	}
	return false;
}

static int conclude(struct hook_result *out, enum hook_outcome outcome,
		    const char *what, const char *path, struct err *err)
{
	out->outcome = outcome;
	return buf_printf(&out->reason, err, "'%s' %s", path, what);
}

/* Whoever can write here could put words into the user's mouth. */
static const char *distrust(const struct stat *info)
{
	if (info->st_uid != geteuid())
		return "belongs to another user";
	if (info->st_mode & (S_IWGRP | S_IWOTH))
		return "can be written by others";
	return NULL;
}

/* The vault, vvault/ and hooks/: path grows by one component each. */
static int check_folders(struct buf *path, struct hook_result *out,
			 struct err *err)
{
	static const char *const below[] = { "vvault", "hooks", NULL };
	const char *const *next = below;
	struct stat info;
	const char *why;
	int rc = 0;

	while (rc >= 0) {
		if (lstat(buf_text(path), &info) < 0 ||
		    !S_ISDIR(info.st_mode))
			return 0;
		why = distrust(&info);
		if (why && out->outcome == HOOK_NONE)
			rc = conclude(out, HOOK_SKIPPED, why, buf_text(path),
				      err);
		if (rc < 0 || !*next)
			break;
		rc = path_add(path, *next++, err);
	}
	return rc < 0 ? rc : 1;
}

/* 1: it may run. Else 0, and out says why not. */
static int find(const char *name, struct buf *path, struct hook_result *out,
		struct err *err)
{
	struct stat info;
	const char *why;
	int rc;

	rc = check_folders(path, out, err);
	if (rc <= 0) {
		out->outcome = HOOK_NONE;
		return rc;
	}
	rc = path_add(path, name, err);
	if (rc < 0)
		return rc;
	if (lstat(buf_text(path), &info) < 0) {
		/* A folder that nobody uses is no matter. */
		out->outcome = HOOK_NONE;
		buf_reset(&out->reason);
		return 0;
	}
	if (out->outcome == HOOK_SKIPPED)
		return 0;
	why = !S_ISREG(info.st_mode) ? "is no regular file" : distrust(&info);
	if (!why && !(info.st_mode & S_IXUSR))
		why = "is not executable";
	if (why)
		return conclude(out, HOOK_SKIPPED, why, buf_text(path), err);
	return 1;
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

int hook_run(const struct hook_call *call, struct hook_result *out,
	     struct err *err)
{
	static const char *const no_env[] = { NULL };
	struct process_spec spec = { .timeout_ms = HOOK_TIMEOUT_MS };
	struct buf path = PATH_BUF_INIT;
	struct process_end end = { 0, 0 };
	struct err ran = ERR_INIT;
	const char *argv[2] = { NULL, NULL };
	char *vault = NULL;
	int rc;

	if (!is_name(call->name))
		return err_set(err, ERR_INVALID, "no hook is called '%s'",
			       call->name);
	/* Absolute, for the hook is started from within the vault. */
	vault = realpath(call->vault_path, NULL);
	if (!vault)
		return err_errno(err, "cannot find '%s'", call->vault_path);
	rc = buf_add_str(&path, vault, err);
	if (rc >= 0)
		rc = find(call->name, &path, out, err);
	if (rc <= 0)
		goto out;
	argv[0] = buf_text(&path);
	spec.argv = argv;
	spec.cwd = vault;
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
	rc = judge(rc, &end, buf_text(&path), out, err);
out:
	free(vault);
	buf_release(&path);
	return rc < 0 ? rc : 0;
}
