#include "objects/pack/libgit2.h"

#include <errno.h>

int libgit2_error(int git_rc, const char *what, struct err *err)
{
	const git_error *last = git_error_last();
	const char *why = last && last->message ? last->message : "no reason";
	enum err_code code = ERR_CORRUPT;

	if (git_rc == GIT_ENOTFOUND)
		code = ERR_NOT_FOUND;
	else if (git_rc == GIT_EEXISTS)
		code = ERR_EXISTS;
	else if (git_rc != GIT_EMISMATCH && last &&
		 last->klass == GIT_ERROR_OS)
		code = errno == EACCES ? ERR_DENIED : ERR_IO;
	else if (git_rc != GIT_EMISMATCH && last &&
		 last->klass == GIT_ERROR_NOMEMORY)
		code = ERR_NOMEM;
	return err_set(err, code, "%s: %s", what, why);
}

struct oid_hex oid_hex(const git_oid *id)
{
	struct oid_hex hex;

	git_oid_tostr(hex.text, sizeof(hex.text), id);
	return hex;
}
