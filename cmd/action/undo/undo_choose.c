#include "cmd/action/undo/undo.h"
#include "lib/json/jcs_scan.h"

#define PASSED_MAX 3

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

static int command_of(const struct undoing *undoing,
		      const struct logged *logged, struct buf *out,
		      struct err *err)
{
	struct span command;

	buf_reset(out);
	if (!jcs_find(logged_json(undoing->log, logged), "command", &command))
		return buf_add_str(out, "(of unknown words)", err);
	return jcs_string_decode(command, out, err);
}

/* "passed over, for the vault says the same as before: #4 push, #3 fetch" */
static int tell_passed(const struct undoing *undoing,
		       const struct logged *end, struct err *err)
{
	const struct operations *log = undoing->log;
	struct buf command = BUF_INIT(BUF_NO_LIMIT);
	struct buf told = BUF_INIT(BUF_NO_LIMIT);
	size_t passed = 0;
	size_t i;
	int rc = 0;

	for (i = log->n; rc == 0 && i-- > 0 && &log->at[i] != end;) {
		if (!logged_stands(&log->at[i]) || passed++ >= PASSED_MAX)
			continue;
		rc = command_of(undoing, &log->at[i], &command, err);
		buf_putf(&told, "%s#%llu %s", passed > 1 ? ", " : "",
			 (unsigned long long)log->at[i].number,
			 buf_text(&command));
	}
	if (passed > PASSED_MAX)
		buf_putf(&told, " and %zu more", passed - PASSED_MAX);
	if (rc == 0 && passed && end)
		host_note(undoing->call->host, "passed over, for what the "
			  "vault says is the same without: %s",
			  buf_text(&told));
	buf_release(&command);
	buf_release(&told);
	return rc;
}

/* The newest before that one which stands and can be undone. */
static const struct logged *undoable_before(const struct operations *log,
					    const struct logged *logged)
{
	while (logged-- > log->at) {
		if (logged_stands(logged) && !logged_why_not(log, logged))
			return logged;
	}
	return NULL;
}

/* Who says undo means the last thing, not another one before it. */
static int stop_at(struct undoing *undoing, const struct logged *last,
		   struct err *err)
{
	const struct operations *log = undoing->log;
	const struct host *host = undoing->call->host;
	const struct logged *older = undoable_before(log, last);
	struct buf command = BUF_INIT(BUF_NO_LIMIT);
	int rc = command_of(undoing, last, &command, err);

	if (rc == 0)
		host_note(host, "nothing is undone: the last was #%llu %s, and "
			  "%s", (unsigned long long)last->number,
			  buf_text(&command), logged_why_not(log, last));
	if (rc == 0 && older)
		rc = command_of(undoing, older, &command, err);
	if (rc == 0 && older)
		host_note(host, "'vvault undo %llu' undoes what was done before "
			  "it: %s", (unsigned long long)older->number,
			  buf_text(&command));
	undoing->call->is_no = rc == 0;
	buf_release(&command);
	return rc;
}

static int choose_last(struct undoing *undoing, struct err *err)
{
	const struct operations *log = undoing->log;
	const struct logged *last = NULL;
	size_t i;
	int rc;

	for (i = log->n; !last && i-- > 0;) {
		if (logged_stands(&log->at[i]) &&
		    !logged_is_passed(log, &log->at[i]))
			last = &log->at[i];
	}
	rc = tell_passed(undoing, last, err);
	if (rc == 0 && !last)
		rc = err_set(err, ERR_NOT_FOUND, "there is nothing to undo: "
			     "'vvault undo --list' shows what was done here");
	if (rc == 0 && logged_why_not(log, last))
		return stop_at(undoing, last, err);
	undoing->of = undoing->done = last;
	return rc;
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
	return choose_last(undoing, err);
}
