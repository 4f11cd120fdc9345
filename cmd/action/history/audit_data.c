/*
 * What a version of any construct but `vault` did.
 */
#include "cmd/action/history/audit.h"

#include "cmd/action/open.h"
#include "cmd/action/result.h"
#include "refs/view/describe.h"

/* From which files: of one its format and digest, else how many. */
static void put_sources(struct jcs_fields *fields,
			const struct brought *brought)
{
	fields_integer(fields, "sources", (int64_t)brought->n);
	if (brought->n == 1)
		fields_raw(fields, "source", buf_span(&brought->first));
}

/* What a version says of itself: subjects begin with what made it. */
static struct span act_of_note(const struct version *version,
			       const struct version_note *note)
{
	if (version->change == CHANGE_FORGET)
		return span_str("forget");
	if (version->change != CHANGE_ADD)
		return span_str(version_change_word(version->change));
	return span_str(span_begins(buf_span(&note->subject), "import:")
				? "import" : "write");
}

/* How many records came, or went. */
static void put_records(struct jcs_fields *fields,
			const struct version_note *note,
			const struct brought *forgot)
{
	if (note->has_records)
		fields_integer(fields, "records", (int64_t)(forgot ?
			       forgot->went : note->records));
	else
		fields_null(fields, "records");
}

int audit_tell_data(struct audit *audit, struct err *err)
{
	const struct version *version = audit->version;
	struct version_note note = VERSION_NOTE_INIT;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct brought *brought = NULL;
	struct err reason = ERR_INIT;
	bool forgets = version->change == CHANGE_FORGET;
	struct span act;
	int rc = version_describe(audit->call->vault, version, &note, &reason);

	if (rc < 0) {
		note.has_records = false;
		rc = action_pass_over(audit->call, version->construct, &reason,
				      err);
	}
	act = act_of_note(version, &note);
	audit_put_act(audit, &fields, act, note.construct[0] ? note.construct
						       : version->construct);
	if (rc == 0 && (forgets || span_equals(act, span_str("import"))))
		rc = brought_find(&audit->brought, audit->call->vault, version,
				  &brought, err);
	put_records(&fields, &note, forgets ? brought : NULL);
	if (brought && !forgets)
		put_sources(&fields, brought);
	if (rc == 0)
		rc = audit_emit(audit, &fields, err);
	jcs_fields_release(&fields);
	version_note_release(&note);
	return rc;
}
