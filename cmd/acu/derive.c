#include "cmd/acu/acu.h"

#include "cmd/action/result.h"
#include "lib/id/cid.h"

/* The record, and what came of writing it. */
struct derived {
	struct acu_lineage lineage;
	unsigned char id[RECORD_ID_BYTES];
	bool is_new;
};

static int write_record(struct derived *derived, struct write_result *out,
			struct err *err)
{
	const struct acu_lineage *lineage = &derived->lineage;
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
	if (rc == 0)
		rc = writer_add_parts(writer, &parts, derived->id,
				      &derived->is_new, err);
	if (rc == 0 && !job->is_dry)
		rc = writer_commit(writer, "acu: 1 derived", out, err);
	writer_free(writer);
	return rc;
}

static int derive_emit(const struct derived *derived,
		       const struct write_result *write, struct err *err)
{
	const struct acu_lineage *lineage = &derived->lineage;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char id[CID_TEXT_MAX];
	int rc;

	cid_text(CID_JSON, derived->id, id);
	result_records(&fields, !derived->is_new, derived->is_new);
	fields_str(&fields, "construct", lineage->job->construct);
	fields_text(&fields, "entity", buf_span(&lineage->entity));
	fields_str(&fields, "record", id);
	result_id(&fields, "version",
		  write->has_version ? &write->version : NULL);
	rc = host_object(lineage->job->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

int acu_derive(const struct acu_job *job, const char *const *parents,
	       size_t n, struct write_result *out, struct err *err)
{
	struct derived derived = { .lineage = { .job = job } };
	int rc;

	*out = (struct write_result){ .has_version = false };
	rc = acu_lineage_read(&derived.lineage, parents, n, err);
	if (rc == 0)
		rc = write_record(&derived, out, err);
	if (rc == 0)
		rc = derive_emit(&derived, out, err);
	acu_lineage_release(&derived.lineage);
	return rc;
}
