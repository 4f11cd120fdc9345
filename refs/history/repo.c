#include "refs/history/repo.h"

#include <stdarg.h>
#include <stdio.h>

#include <git2.h>

static enum err_code repo_code(int code, const git_error *last)
{
	switch (code) {
	case GIT_ENOTFOUND:
		return ERR_NOT_FOUND;
	case GIT_EEXISTS:
		return ERR_EXISTS;
	case GIT_ELOCKED:
		return ERR_LOCKED;
	case GIT_EMODIFIED:
		return ERR_CHANGED;
	case GIT_EINVALIDSPEC:
		return ERR_INVALID;
	default:
		/* What it can read, and cannot make sense of. */
		return last && last->klass == GIT_ERROR_REFERENCE ?
			       ERR_CORRUPT : ERR_IO;
	}
}

int repo_failed(struct err *err, int code, const char *fmt, ...)
{
	const git_error *last = git_error_last();
	char context[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(context, sizeof(context), fmt, args);
	va_end(args);
	return err_set(err, repo_code(code, last), "%s: %s", context,
		       last && last->message ? last->message : "unknown");
}
