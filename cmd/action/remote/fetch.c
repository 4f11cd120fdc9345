#include "cmd/action/auto_gc.h"
#include "cmd/action/mend/came.h"
#include "cmd/action/open.h"
#include "cmd/action/remote/every.h"
#include "cmd/action/remote/told.h"
#include "cmd/action/vault/renewed.h"
#include "refs/trust/open.h"

/*
 * A vault that cannot be read for what it has lost of `vault` itself is
 * repaired from the remote first. Where that does not help, the first failure
 * stands.
 */
static int open_repaired(struct action_call *call, struct buf *remote,
			 struct err *err)
{
	const struct err first = *err;
	struct err why = ERR_INIT;
	int rc;

	err_clear(err);
	rc = action_open_broken(call, &call->vault, &why, err);
	if (rc == 0)
		rc = sync_choose(call, remote, err);
	if (rc == 0)
		rc = sync_repair(call, buf_text(remote), err);
	vault_close(call->vault);
	call->vault = NULL;
	if (rc == 0)
		rc = action_open(call, &call->vault, err);
	if (rc < 0)
		*err = first;
	return rc < 0 ? first.code : 0;
}

/* What is to be done with what has come; or nothing. */
struct after {
	int (*run)(struct action_call *call, const struct sync *sync,
		   struct err *err);
};

static int fetch_one(struct action_call *call, struct sync *sync,
		     const void *arg, struct err *err)
{
	const struct after *after = arg;
	struct remote_limits limits = sync_limits(call);
	struct told told = {
		.remote = buf_text(&sync->remote),
		.is_one_of_many = action_flag(call, "all"),
	};
	const struct renew_source source = {
		told.remote, &limits, &sync->calls
	};
	bool has_followed = false;
	int rc = told_members(&told, call->vault, err);

	if (rc == 0)
		rc = remote_fetch(call->vault, told.remote, &limits,
				  &sync->calls, &sync->report, err);
	if (rc == 0)
		rc = renewed_follow(call, &source, &sync->report,
				    &has_followed, err);
	if (rc == 0 && has_followed) {
		told_release(&told);
		rc = told_members(&told, call->vault, err);
	}
	if (rc == 0)
		rc = sync_emit(call, &told, &sync->report, err);
	if (rc == 0 && action_flag(call, "summary"))
		rc = came_tell(call, &sync->report, err);
	if (rc == 0 && after->run)
		rc = after->run(call, sync, err);
	told_release(&told);
	return rc;
}

int sync_fetch(struct action_call *call,
	       int (*after)(struct action_call *call, const struct sync *sync,
			    struct err *err),
	       struct err *err)
{
	const struct after then = { after };
	const struct every every = { call, fetch_one, &then };
	struct buf remote = BUF_INIT(REMOTE_NAME_MAX);
	int rc = action_open(call, &call->vault, err);

	if (rc == ERR_CORRUPT)
		rc = open_repaired(call, &remote, err);
	if (rc == 0)
		rc = every_run(&every, err);
	if (rc == 0)
		auto_gc(call, call->vault, false);
	buf_release(&remote);
	return rc;
}

static int fetch_run(struct action_call *call, struct err *err)
{
	return sync_fetch(call, NULL, err);
}

static const struct action_param params[] = {
	LIMIT_PARAMS, EVERY_PARAM, UNCHANGED_PARAM, SUMMARY_PARAM,
	REMOTE_PARAM, ACTION_PARAMS_END
};

const struct action action_fetch = {
	"fetch", "get and verify what a remote has", params,
	ACTION_OPENS | ACTION_WRITES, every_check, fetch_run
};
