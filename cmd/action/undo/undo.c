#include "cmd/action/undo/undo.h"

#include "cmd/action/actions.h"
#include "refs/write/write.h"

#define LOCK_NAME "locks/.undo"

static void tell_way_back(const struct undoing *undoing)
{
	if (undoing->is_redo)
		host_note(undoing->call->host, "'vvault undo %llu' undoes it "
			  "again", (unsigned long long)undoing->done->number);
	else
		host_note(undoing->call->host, "'vvault undo --redo' takes the "
			  "undo back");
}

static int undo_one(struct action_call *call, const struct operations *log,
		    struct err *err)
{
	struct undoing undoing = { .call = call, .log = log };
	bool goes_on = false;
	int rc = undo_choose(&undoing, err);

	if (rc < 0 || !undoing.done)
		return rc;
	rc = undo_ask(&undoing, &goes_on, err);
	if (rc == 0 && !goes_on)
		call->is_no = true;
	if (rc < 0 || !goes_on)
		return rc;
	rc = undo_do(&undoing, err);
	if (rc == 0)
		tell_way_back(&undoing);
	return rc;
}

static int adopt(struct action_call *call, struct operations *log,
		 struct err *err)
{
	bool has_more;
	int rc = undo_adopt(call, log, &has_more, err);

	if (rc < 0 || !has_more)
		return rc;
	operations_release(log);
	return operations_read(log, call->vault, err);
}

static int undo_run(struct action_call *call, struct err *err)
{
	struct operations log = OPERATIONS_INIT;
	struct lock lock = LOCK_INIT;
	bool is_list = action_flag(call, "list");
	int rc = 0;

	/* Two at once would undo the same. */
	if (!is_list)
		rc = vault_local_lock(call->vault, LOCK_NAME, WRITE_LOCK_MS,
				      &lock, err);
	if (rc == 0)
		rc = operations_read(&log, call->vault, err);
	if (rc == 0 && !is_list)
		rc = adopt(call, &log, err);
	if (rc == 0 && log.is_torn)
		host_note(call->host, "the last operation was cut off when it "
			  "was logged, and is not known");
	if (rc == 0)
		rc = is_list ? undo_list(call, &log, err) :
		     undo_one(call, &log, err);
	/* The log gets its entry before another undo reads it. */
	operation_end(call, rc);
	operations_release(&log);
	lock_release(&lock);
	return rc;
}

static int undo_check(const struct action_call *call, struct err *err)
{
	bool has_number = action_value(call, "operation")->is_set;

	if (action_flag(call, "list") + action_flag(call, "redo") +
	    has_number > 1)
		return err_set(err, ERR_INVALID, "one of --list, --redo and a "
			       "number");
	if (action_value(call, "-n")->is_set && !action_flag(call, "list"))
		return err_set(err, ERR_INVALID, "-n goes with --list");
	return 0;
}

static const struct action_param params[] = {
	{ "list", ACTION_FLAG, 0, NULL,
	  "show what was done here, the newest first" },
	{ "-n", ACTION_COUNT, 0, "<count>", "with --list: no more than that" },
	{ "redo", ACTION_FLAG, 0, NULL, "take the last undo back" },
	{ "yes", ACTION_FLAG, 0, NULL, "also much, without asking" },
	{ "operation", ACTION_COUNT, ACTION_OPERAND, "<number>",
	  "the one with that number in the list; else the last" },
	ACTION_PARAMS_END
};

const struct action action_undo = {
	"undo", "undo what was done here last", params, ACTION_WRITES,
	undo_check, undo_run
};
