#include "cmd/action/open.h"

#include "cmd/action/key/ask.h"
#include "cmd/action/undo/operation.h"
#include "cmd/action/vault/scope.h"
#include "lib/time/timestamp.h"
#include "refs/remote/repair.h"
#include "refs/renew/renew.h"
#include "refs/trust/open.h"
#include "refs/upkeep/mend.h"

/* What was found out about a head while something else was asked for. */
static void open_tell(void *arg, const struct problem *problem)
{
	struct action_call *call = arg;

	call->has_lost = true;
	host_problem(call->host, problem);
}

static void open_progress(void *arg, const char *what, uint64_t done,
			  uint64_t total)
{
	const struct action_call *call = arg;
	const struct host_progress progress = {
		.what = what, .done = done, .total = total,
	};

	host_progress(call->host, &progress);
}

static void open_moved(void *arg, const struct vault_move *move)
{
	operation_moved(((const struct action_call *)arg)->operation, move);
}

static void open_readdressed(void *arg, const char *remote, const char *from,
			     const char *to)
{
	operation_readdressed(((const struct action_call *)arg)->operation,
			      remote, from, to);
}

static int need_path(const struct action_call *call, struct err *err)
{
	if (call->vault_path)
		return 0;
	return err_set(err, ERR_NOT_FOUND, "no vault here: go into one, "
		       "name it with -C or VVAULT_DIR, or make one with "
		       "'vvault init <dir>'");
}

static int open_mended(struct action_call *call,
		       const struct vault_calls *calls, struct vault **out,
		       struct err *err)
{
	struct problem_list told = PROBLEM_LIST_INIT;
	const struct err first = *err;
	struct err why = ERR_INIT;
	struct err quiet = ERR_INIT;
	struct vault *vault = NULL;
	int rc = vault_open_broken(call->vault_path, call->keys_folder,
				   call->device, &vault, &why, &quiet);

	if (rc == 0 && why.code)
		rc = vault_mend_heads(vault, &told, &quiet);
	host_problems(call->host, &told);
	problem_list_release(&told);
	err_clear(err);
	if (rc < 0) {
		vault_close(vault);
		return err_set(err, (enum err_code)first.code, "%s; "
			       "'vvault verify --repair' brings back what a "
			       "remote has", first.text);
	}
	vault->calls = *calls;
	*out = vault;
	return 0;
}

int action_open(struct action_call *call, struct vault **out, struct err *err)
{
	struct vault_calls calls = {
		.tell = open_tell, .arg = call,
		.may_lack = (call->action->flags & ACTION_SHOWS) != 0,
		.progress = open_progress,
		.moved = open_moved, .readdressed = open_readdressed,
		.device = call->device, .unseal = key_unseal,
	};
	int rc = need_path(call, err);

	if (rc == 0)
		rc = renewal_end(call->vault_path, err);
	if (rc == 0)
		rc = vault_open_told(call->vault_path, call->keys_folder,
				     &calls, out, err);
	if (rc == ERR_SEALED && !call->device && key_ask(call, err) == 0) {
		calls.device = call->device;
		rc = vault_open_told(call->vault_path, call->keys_folder,
				     &calls, out, err);
	}
	if (rc == ERR_CORRUPT)
		rc = open_mended(call, &calls, out, err);
	if (rc == 0)
		(*out)->wall = call->settings.wall;
	if (rc == 0 && call->settings.scope)
		rc = scope_lay(*out, call->settings.scope, err);
	if (rc == 0 && call->settings.signer)
		rc = vault_sign_as(*out, call->settings.signer, err);
	if (rc == 0 && !call->opened)
		call->opened = timestamp_now();
	return rc;
}

int action_open_broken(struct action_call *call, struct vault **out,
		       struct err *why, struct err *err)
{
	int rc = need_path(call, err);

	if (rc == 0)
		rc = key_at_hand(call, err);
	return rc < 0 ? rc : vault_open_broken(call->vault_path,
					       call->keys_folder, call->device,
					       out, why, err);
}

int action_pass_over(struct action_call *call, const char *what,
		     struct err *reason, struct err *err)
{
	if (reason->code != ERR_CORRUPT && reason->code != ERR_NOT_FOUND &&
	    reason->code != ERR_UNTRUSTED)
		return err_set(err, (enum err_code)reason->code, "%s",
			       reason->text);
	host_note(call->host, "%s: %s; 'vvault verify' says more", what,
		  reason->text);
	err_clear(reason);
	call->has_lost = true;
	return 0;
}
