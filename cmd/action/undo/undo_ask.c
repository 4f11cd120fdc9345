#include "cmd/action/undo/undo.h"
#include "lib/json/jcs_scan.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/view/describe.h"

#define LARGE 100	/* more records than somebody looks through */

static int add_records(const struct vault *vault, struct span move,
		       uint64_t *records, struct err *err)
{
	struct version_note note = VERSION_NOTE_INIT;
	struct version version;
	struct span text;
	git_oid id;
	int rc;

	if (!jcs_find_string(move, "version", &text) ||
	    text.len != GIT_OID_HEXSZ ||
	    git_oid_fromstrn(&id, text.at, text.len) < 0)
		return 0;
	version_init(&version);
	rc = version_read(vault->store, &id, &version, err);
	if (rc == 0)
		rc = version_describe(vault, &version, &note, err);
	if (rc == 0 && note.has_records)
		*records += note.records;
	version_release(&version);
	version_note_release(&note);
	return rc;
}

static int count_records(const struct undoing *undoing, uint64_t *out,
			 struct err *err)
{
	struct span moves;
	struct span move;
	struct jcs_iter iter;
	int rc = 0;

	*out = 0;
	if (!jcs_find(logged_json(undoing->log, undoing->of), "moves", &moves))
		return 0;
	iter = jcs_iter_array(moves);
	while (rc == 0 && jcs_next(&iter, NULL, &move))
		rc = add_records(undoing->call->vault, move, out, err);
	return rc;
}

/* "#2 import talk.json, with 126 records" */
static int put_summary(const struct undoing *undoing, uint64_t records,
		       struct buf *out, struct err *err)
{
	struct span command;
	int rc = buf_printf(out, err, "#%llu ",
			    (unsigned long long)undoing->done->number);

	if (rc == 0 && jcs_find(logged_json(undoing->log, undoing->done),
				"command", &command))
		rc = jcs_string_decode(command, out, err);
	return rc < 0 ? rc : buf_printf(out, err, ", with %llu records",
					(unsigned long long)records);
}

int undo_ask(const struct undoing *undoing, bool *out_goes_on,
	     struct err *err)
{
	const struct action_call *call = undoing->call;
	struct buf question = BUF_INIT(BUF_NO_LIMIT);
	uint64_t records = 0;
	int rc = 0;

	*out_goes_on = true;
	if (undoing->is_redo || undoing->begun ||
	    action_value(call, "operation")->is_set)
		return 0;
	rc = count_records(undoing, &records, err);
	if (rc < 0 || records <= LARGE)
		return rc;
	if (action_flag(call, "yes") || !host_can_ask(call->host)) {
		rc = put_summary(undoing, records, &question, err);
		if (rc == 0)
			host_note(call->host, "undoing %s",
				  buf_text(&question));
	} else {
		rc = buf_add_str(&question, "Undo ", err);
		if (rc == 0)
			rc = put_summary(undoing, records, &question, err);
		if (rc == 0)
			rc = buf_add_str(&question, "?", err);
		*out_goes_on = rc == 0 &&
			host_confirm(call->host, buf_span(&question));
	}
	buf_release(&question);
	return rc;
}
