#include "cmd/action/undo/undo.h"
#include "lib/json/jcs_scan.h"

#define SKIPPED_MAX 3

static int no_such(const struct operations *log, uint64_t number,
		   struct err *err)
{
	if (log->n && number < log->at[0].number)
		return err_set(err, ERR_NOT_FOUND, "operation %llu is not kept "
			       "any more: the oldest that is has number %llu",
			       (unsigned long long)number,
			       (unsigned long long)log->at[0].number);
	return err_set(err, ERR_NOT_FOUND, "there is no operation %llu: 'vvault "
		       "undo --list' shows those that there are",
		       (unsigned long long)number);
}

/* An undo is undone by a redo of what it undid, and the other way round. */
static int choose_number(struct undoing *undoing, uint64_t number,
			 struct err *err)
{
	const struct logged *logged = operations_find(undoing->log, number);
	const struct logged *undo = NULL;
	const char *why;

	if (logged && logged->redoes) {
		undo = operations_find(undoing->log, logged->redoes);
		logged = undo ? operations_find(undoing->log, undo->undoes) :
			 NULL;
	}
	if (!logged || logged->begins)
		return no_such(undoing->log, number, err);
	if (logged->undoes) {
		undoing->is_redo = true;
		undoing->of = logged;
		undoing->done = operations_find(undoing->log, logged->undoes);
		return undoing->done ? 0 : no_such(undoing->log,
						   logged->undoes, err);
	}
	undoing->of = undoing->done = logged;
	if (logged->undone_by)
		return err_set(err, ERR_EXISTS, "operation %llu was undone "
			       "already, by %llu: 'vvault undo %llu' takes that "
			       "back", (unsigned long long)number,
			       (unsigned long long)logged->undone_by,
			       (unsigned long long)logged->undone_by);
	why = logged_why_not(undoing->log, logged);
	return why ? err_set(err, ERR_DENIED, "operation %llu cannot be undone: "
			     "%s", (unsigned long long)number, why) : 0;
}

static void tell_stays(const struct undoing *undoing,
		       const struct logged *logged)
{
	const struct operations *log = undoing->log;
	struct span command;

	if (jcs_find_string(logged_json(log, logged), "command", &command))
		host_note(undoing->call->host, "not undone: #%llu %.*s: %s",
			  (unsigned long long)logged->number,
			  (int)command.len, command.at,
			  logged_why_not(log, logged));
}

/* What came after the one that is undone, and stays. */
static void tell_skipped(const struct undoing *undoing)
{
	const struct operations *log = undoing->log;
	unsigned told = 0;
	size_t i;

	for (i = log->n; i-- > 0 && &log->at[i] != undoing->done;) {
		const struct logged *logged = &log->at[i];

		if (logged->begins || logged->undoes || logged->redoes ||
		    logged->undone_by || logged_is_quiet(log, logged) ||
		    told++ >= SKIPPED_MAX)
			continue;
		tell_stays(undoing, logged);
	}
}

static int choose_redo(struct undoing *undoing, struct err *err)
{
	undoing->is_redo = true;
	undoing->of = operations_to_redo(undoing->log);
	if (!undoing->of)
		return err_set(err, ERR_NOT_FOUND, "there is no undo to take "
			       "back");
	undoing->done = operations_find(undoing->log, undoing->of->undoes);
	/* What it undid may have gone from the log. */
	if (!undoing->done)
		undoing->done = undoing->of;
	return 0;
}

/* What was cut off is brought to its end, and that is all for this time. */
static bool choose_cut_off(struct undoing *undoing)
{
	const struct logged *cut = operations_cut_off(undoing->log);
	const struct logged *of;

	if (!cut)
		return false;
	of = operations_find(undoing->log, cut->redoes ? cut->redoes :
			     cut->undoes);
	if (!of)
		return false;
	undoing->is_redo = cut->redoes != 0;
	undoing->of = of;
	undoing->done = undoing->is_redo ?
			operations_find(undoing->log, of->undoes) : of;
	undoing->begun = undoing->done ? cut : NULL;
	if (undoing->begun)
		host_note(undoing->call->host, "an %s of #%llu was cut off; "
			  "this brings it to its end, and does no more",
			  undoing->is_redo ? "undone undo" : "undo",
			  (unsigned long long)undoing->done->number);
	return undoing->begun != NULL;
}

int undo_choose(struct undoing *undoing, struct err *err)
{
	uint64_t number = action_count(undoing->call, "operation", 0);

	if (action_value(undoing->call, "operation")->is_set)
		return choose_number(undoing, number, err);
	if (choose_cut_off(undoing))
		return 0;
	if (action_flag(undoing->call, "redo"))
		return choose_redo(undoing, err);
	undoing->of = undoing->done = operations_to_undo(undoing->log);
	tell_skipped(undoing);
	if (!undoing->done)
		return err_set(err, ERR_NOT_FOUND, "there is nothing to undo: "
			       "'vvault undo --list' shows what was done here");
	return 0;
}
