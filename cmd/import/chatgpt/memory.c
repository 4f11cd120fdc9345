/*
 * What ChatGPT wrote down to remember: calls to the tool "bio". Each is a
 * memory of its own, beside the message that it is.
 */
#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/chatgpt/run.h"
#include "cmd/import/records/rest.h"

static int put_record(struct chatgpt_run *run, const struct chat_message *said,
		      struct err *err)
{
	struct record_parts record = { .type = "memory:create" };
	struct jcs_fields *fields = &run->native;
	struct buf *name = &run->value;
	char at[HLC_TEXT_MAX];
	int rc;

	jcs_fields_reset(fields);
	fields_said(fields, "content", said->content);
	fields_str(fields, "type", "semantic");
	fields_str(fields, "source", CHATGPT_PROVIDER);
	fields_time(fields, "created", &said->created);
	buf_reset(name);
	chat_put_entity(CHATGPT_PROVIDER, run->conversation, said->key, name);
	fields_fail(fields, name->failed, NULL);
	fields_text(fields, "message", buf_span(name));
	buf_reset(name);
	buf_put_str(name, "session:" CHATGPT_PROVIDER ":");
	chat_put_key(name, run->conversation);
	fields_fail(fields, name->failed, NULL);
	fields_text(fields, "session", buf_span(name));
	buf_reset(name);
	rc = jcs_fields_write(fields, name, err);
	buf_reset(&run->key);
	buf_put_str(&run->key, "memory:" CHATGPT_PROVIDER ":bio/");
	chat_put_key(&run->key, run->conversation);
	buf_put_char(&run->key, '/');
	chat_put_key(&run->key, said->key);
	if (rc == 0)
		rc = buf_end(&run->key, err);
	if (rc < 0)
		return rc;
	chat_time_at(&said->created, at);
	record.at = at;
	record.entity = buf_span(&run->key);
	record.data = buf_span(name);
	return import_put(run->job, run->source, run->chat.construct, &record,
			  err);
}

int chatgpt_memory(struct chatgpt_run *run, const struct jval *message,
		   const struct chat_message *said, struct err *err)
{
	return jval_is_text(jval_get(message, "recipient"), "bio") &&
	       said->content.len ? put_record(run, said, err) : 0;
}
