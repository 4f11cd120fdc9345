#include "cmd/import/identity/persona.h"

#include "cmd/import/records/rest.h"
#include "lib/time/hlc.h"

/* parts: its type and time. */
static int put(struct import_job *job, struct import_source *source,
	       const char *construct, struct record_parts parts,
	       struct jcs_fields *fields, struct err *err)
{
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&entity, "construct:%s", construct ? construct :
		 source->construct);
	fields_fail(fields, buf_end(&entity, NULL), NULL);
	rc = jcs_fields_write(fields, &data, err);
	parts.entity = buf_span(&entity);
	parts.data = buf_span(&data);
	if (rc == 0)
		rc = import_put(job, source, construct, &parts, err);
	buf_release(&entity);
	buf_release(&data);
	return rc;
}

int persona_put_name(struct import_job *job, struct import_source *source,
		     const char *construct, struct span name, struct err *err)
{
	const struct record_parts parts = {
		.type = "construct:create", .at = HLC_UNKNOWN_TEXT,
	};
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	if (!name.len)
		name = span_str(construct ? construct : source->construct);
	fields_said(&fields, "name", name);
	rc = put(job, source, construct, parts, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

int persona_put(struct import_job *job, struct import_source *source,
		const char *construct, const char *at,
		struct jcs_fields *fields, struct err *err)
{
	const struct record_parts parts = {
		.type = "construct:update", .at = at,
	};

	return put(job, source, construct, parts, fields, err);
}
