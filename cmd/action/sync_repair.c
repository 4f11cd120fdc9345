#include "refs/remote/repair.h"
#include "cmd/action/sync.h"
#include "cmd/cli/out.h"
#include "cmd/cli/progress.h"

int sync_repair(struct session *session, struct vault *vault,
		const char *remote)
{
	struct problem_list told = PROBLEM_LIST_INIT;
	struct remote_calls calls;
	struct repair_options options = { remote, &calls };
	int rc;

	sync_calls_init(session, &calls);
	rc = vault_repair(vault, &options, &told, &session->err);
	progress_end(session);
	out_problems(&told);
	problem_list_release(&told);
	return rc;
}

int sync_begin_repaired(struct sync *sync, struct session *session,
			const char *remote)
{
	const struct err first = session->err;
	struct err why = ERR_INIT;
	int rc;

	err_clear(&session->err);
	rc = session_open_broken(session, &sync->vault, &why);
	if (rc >= 0)
		rc = sync_choose(sync, remote);
	if (rc >= 0)
		rc = sync_repair(session, sync->vault,
				 buf_text(&sync->remote));
	vault_close(sync->vault);
	sync->vault = NULL;
	if (rc >= 0)
		rc = session_open(session, &sync->vault);
	if (rc < 0)
		session->err = first;
	return rc < 0 ? first.code : rc;
}
