#include "cmd/acu/acu.h"
#include "cmd/action/hook.h"
#include "cmd/cli/out.h"
#include "cmd/cli/result_old.h"
#include "lib/id/cid.h"

/* The record, and what came of writing it. */
struct derived {
	const struct acu_lineage *lineage;
	unsigned char id[RECORD_ID_BYTES];
	bool is_new;
	struct write_result result;
};

static int write_record(struct derived *derived, struct err *err)
{
	const struct acu_lineage *lineage = derived->lineage;
	const struct acu_job *job = lineage->job;
	struct record_parts parts = {
		.type = "acu:derive",
		.entity = buf_span(&lineage->entity),
		.at = lineage->at,
		.data = buf_span(&lineage->data),
	};
	struct writer *writer = NULL;
	int rc;

	rc = writer_new(job->vault, job->construct, 0, &writer, err);
	if (rc >= 0)
		rc = writer_add_parts(writer, &parts, derived->id,
				      &derived->is_new, err);
	if (rc >= 0 && !job->is_dry)
		rc = writer_commit(writer, "acu: 1 derived", &derived->result,
				   err);
	writer_free(writer);
	return rc;
}

static int print_json(const struct derived *derived, struct err *err)
{
	const struct acu_lineage *lineage = derived->lineage;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(64);
	char id[CID_TEXT_MAX];
	int rc;

	cid_text(CID_JSON, derived->id, id);
	rc = buf_printf(&text, err, "{\"known\":%d,\"new\":%d}",
			!derived->is_new, derived->is_new);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "records", buf_span(&text), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "construct",
				     span_str(lineage->job->construct), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "entity",
				     buf_span(&lineage->entity), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "record", span_str(id), err);
	if (rc >= 0)
		rc = old_result_id(&fields, "version",
			       derived->result.has_version ?
			       &derived->result.version : NULL, err);
	if (rc >= 0)
		rc = out_json(lineage->job->session, &fields);
	jcs_fields_release(&fields);
	buf_release(&text);
	return rc;
}

int acu_derive(struct acu_job *job, char **parents, int parents_n)
{
	struct err *err = &job->session->err;
	struct acu_lineage lineage = { .job = job };
	struct derived derived = { .lineage = &lineage };
	char id[CID_TEXT_MAX];
	int rc;

	rc = acu_lineage_read(&lineage, parents, parents_n, err);
	if (rc >= 0)
		rc = write_record(&derived, err);
	if (rc >= 0 && job->session->is_json) {
		rc = print_json(&derived, err);
	} else if (rc >= 0) {
		cid_text(CID_JSON, derived.id, id);
		out_printf("%s\n", id);
	}
	if (rc >= 0 && derived.result.has_version)
		rc = hook_after_write(&job->session->call, "post-commit",
				      job->construct, &derived.result,
				      &job->session->err);
	acu_lineage_release(&lineage);
	return rc;
}
