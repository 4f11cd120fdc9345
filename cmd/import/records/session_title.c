#include "cmd/import/records/session_title.h"

int session_title_put(struct import_job *job, struct import_source *source,
		      const struct session_title *title, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct record_parts parts = { .type = "session:create" };
	char at[HLC_TEXT_MAX];
	int rc;

	chat_time_at(&title->time, at);
	parts.at = at;
	rc = buf_printf(&entity, err, "session:%s:", title->provider);
	if (rc >= 0)
		rc = chat_add_key(&entity, title->session, err);
	if (rc >= 0)
		rc = chat_add_text(&data, title->title, err);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "title", buf_span(&data), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "provider",
				     span_str(title->provider), err);
	buf_reset(&data);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, &data, err);
	parts.entity = buf_span(&entity);
	parts.data = buf_span(&data);
	if (rc >= 0)
		rc = import_put(job, source, NULL, &parts, err);
	jcs_fields_release(&fields);
	buf_release(&entity);
	buf_release(&data);
	return rc;
}
