#include "cmd/cli/log_print.h"

#include "lib/id/did.h"
#include "refs/history/version.h"
#include "refs/view/describe.h"
#include "cmd/action/result.h"
#include "cmd/cli/out.h"

static int print_json(struct session *session, const struct version *version,
		      const struct version_note *note, const char *construct)
{
	struct err *err = &session->err;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char did[DID_TEXT_MAX];
	char when[32];
	int rc;

	did_from_public(version->device, did);
	out_time(version->time, when);
	rc = result_id(&fields, "version", &version->id, err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "construct", span_str(construct),
				     err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "seq", (int64_t)version->seq,
					err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "device", span_str(did), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "time", span_str(when), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "change", span_str(
			version_change_word(version->change)), err);
	if (rc >= 0)
		rc = result_ids(&fields, "parents", version->parents,
				version->parents_n, err);
	if (rc >= 0 && note->has_records)
		rc = jcs_fields_integer(&fields, "records",
					(int64_t)note->records, err);
	else if (rc >= 0)
		rc = jcs_fields_null(&fields, "records", err);
	if (rc >= 0)
		rc = result_digest(&fields, "root", version->root, err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "subject",
				     buf_span(&note->subject), err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

static void print_person(struct session *session, const struct version *version,
			 const struct version_note *note,
			 const char *construct)
{
	char hex[GIT_OID_HEXSZ + 1];
	char device[DID_SHORT_MAX];
	char when[32];

	id_hex(&version->id, hex);
	did_short(version->device, device);
	out_time(version->time, when);
	out_colored(session, OUT_YELLOW, span_of(hex, ID_SHORT));
	out_printf("  %s  ", when);
	out_colored(session, OUT_CYAN, span_str(construct));
	out_printf("  #%llu %.12s  ", (unsigned long long)version->seq,
		   device);
	out_text(buf_span(&note->subject));
	if (note->has_records && version->change == CHANGE_ADD)
		out_printf("  (%llu new)", (unsigned long long)note->records);
	out_printf("\n");
}

int log_print_version(struct session *session, struct vault *vault,
		      const struct version *version)
{
	struct version_note note = VERSION_NOTE_INIT;
	const char *construct;
	int rc = version_describe(vault, version, &note, &session->err);

	if (rc < 0)
		goto out;
	construct = note.construct[0] ? note.construct : version->construct;
	if (session->is_json)
		rc = print_json(session, version, &note, construct);
	else
		print_person(session, version, &note, construct);
out:
	version_note_release(&note);
	return rc;
}
