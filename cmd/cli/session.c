#include "cmd/cli/cmd.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/os/path.h"
#include "refs/remote/repair.h"
#include "refs/upkeep/mend.h"
#include "refs/verify/verify.h"
#include "cmd/cli/out.h"

/* The nearest folder from here upwards that is a vault. */
static int find_above(struct session *session, struct buf *out)
{
	char *here = getcwd(NULL, 0);
	char *slash;
	int rc = ERR_NOT_FOUND;

	if (!here)
		return err_errno(&session->err, "cannot tell the folder");
	while (!vault_is_at(here)) {
		slash = strrchr(here, '/');
		if (!slash || !slash[1])
			goto out;
		slash[slash == here] = '\0';
	}
	buf_reset(out);
	rc = buf_add_str(out, here, &session->err);
out:
	free(here);
	return rc;
}

/* What was found out about a head while something else was asked for. */
static void tell(void *arg, const struct problem *problem)
{
	struct session *session = arg;

	session->has_lost = true;
	out_problem(problem);
}

static int find_path(struct session *session, struct buf *out)
{
	int rc;

	if (session->vault_path)
		rc = buf_add_str(out, session->vault_path, &session->err);
	else
		rc = find_above(session, out);
	if (rc == ERR_NOT_FOUND)
		rc = err_set(&session->err, ERR_NOT_FOUND, "no vault here: go "
			     "into one, or name it with -C or VVAULT_DIR");
	return rc;
}

/*
 * Without a head of `vault` nothing can be read, so what can be found of it
 * is put back at once. Else the first failure stands, with the next step.
 */
static int open_mended(struct session *session, const char *path,
		       const struct vault_calls *calls, struct vault **out)
{
	struct problem_list told = PROBLEM_LIST_INIT;
	struct err why = ERR_INIT;
	struct err quiet = ERR_INIT;
	struct vault *vault = NULL;
	int rc = vault_open_broken(path, session->keys_folder, &vault, &why,
				   &quiet);

	if (rc >= 0 && why.code)
		rc = vault_mend_heads(vault, &told, &quiet);
	out_problems(&told);
	problem_list_release(&told);
	if (rc < 0) {
		vault_close(vault);
		why = session->err;
		err_clear(&session->err);
		return err_set(&session->err, (enum err_code)why.code, "%s; "
			       "'vvault verify --repair' brings back what a "
			       "remote has", why.text);
	}
	err_clear(&session->err);
	vault->calls = *calls;
	*out = vault;
	return 0;
}

int session_open(struct session *session, struct vault **out)
{
	const struct vault_calls calls = {
		tell, session, cmd_is_reading(session->command)
	};
	struct buf path = PATH_BUF_INIT;
	int rc = find_path(session, &path);

	if (rc >= 0)
		rc = vault_open_told(buf_text(&path), session->keys_folder,
				     &calls, out, &session->err);
	if (rc == ERR_CORRUPT)
		rc = open_mended(session, buf_text(&path), &calls, out);
	buf_release(&path);
	session->call.vault = rc >= 0 ? *out : NULL;
	return rc;
}

int session_open_broken(struct session *session, struct vault **out,
			struct err *why)
{
	struct buf path = PATH_BUF_INIT;
	int rc = find_path(session, &path);

	if (rc >= 0)
		rc = vault_open_broken(buf_text(&path), session->keys_folder,
				       out, why, &session->err);
	buf_release(&path);
	return rc;
}

bool session_pass_over(struct session *session, const char *what,
		       struct err *reason)
{
	if (reason->code != ERR_CORRUPT && reason->code != ERR_NOT_FOUND &&
	    reason->code != ERR_UNTRUSTED) {
		(void)err_set(&session->err, (enum err_code)reason->code,
			      "%s", reason->text);
		return false;
	}
	out_note("%s: %s; 'vvault verify' says more", what, reason->text);
	err_clear(reason);
	session->has_lost = true;
	return true;
}
