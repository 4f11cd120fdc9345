#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/out.h"
#include "lib/path.h"
#include "refs/verify.h"

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
	out_note("%s: %s: %s", problem->code, problem->object,
		 problem->message);
}

int session_open(struct session *session, struct vault **out)
{
	const struct vault_calls calls = { tell, session };
	struct buf path = PATH_BUF_INIT;
	int rc;

	if (session->vault_path)
		rc = buf_add_str(&path, session->vault_path, &session->err);
	else
		rc = find_above(session, &path);
	if (rc == ERR_NOT_FOUND)
		rc = err_set(&session->err, ERR_NOT_FOUND, "no vault here: go "
			     "into one, or name it with -C or VVAULT_DIR");
	if (rc >= 0)
		rc = vault_open_told(buf_text(&path), session->keys_folder,
				     &calls, out, &session->err);
	buf_release(&path);
	return rc;
}
