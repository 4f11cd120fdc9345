#include "cmd/import/records/session_title.h"

#include "cmd/import/records/rest.h"

int session_title_put(struct import_job *job, struct import_source *source,
		      const struct session_title *title, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct record_parts parts = { .type = "session:create" };
	char at[HLC_TEXT_MAX];
	int rc;

	if (import_is_future_time(job, title->time.micros))
		return import_leave_future(source, title->session, err);
	chat_time_at(&title->time, at);
	parts.at = at;
	buf_putf(&entity, "session:%s:", title->provider);
	chat_put_key(&entity, title->session);
	fields_said(&fields, "title", title->title);
	fields_str(&fields, "provider", title->provider);
	fields_said(&fields, "cwd", title->cwd);
	if (title->created)
		fields_time(&fields, "created", title->created);
	if (title->rest)
		take_rest_under(title->rest, "listed", &fields);
	fields_fail(&fields, buf_end(&entity, NULL), NULL);
	rc = jcs_fields_write(&fields, &data, err);
	parts.entity = buf_span(&entity);
	parts.data = buf_span(&data);
	if (rc == 0)
		rc = import_put(job, source, NULL, &parts, err);
	jcs_fields_release(&fields);
	buf_release(&entity);
	buf_release(&data);
	return rc;
}
