#include "cmd/import/records/turns.h"

#include "cmd/import/records/rest.h"

void turns_release(struct turns *turns)
{
	chat_release(&turns->chat);
	parts_release(&turns->parts);
	jcs_fields_release(&turns->native);
	buf_release(&turns->text);
	buf_release(&turns->key);
	buf_release(&turns->last);
}

int turns_begin(struct turns *turns, struct import_job *job,
		struct import_source *source, const char *provider,
		struct span key, struct err *err)
{
	parts_reset(&turns->parts);
	jcs_fields_reset(&turns->native);
	buf_reset(&turns->last);
	turns->index = 0;
	return chat_begin(&turns->chat, job, source, provider, key, err);
}

/* Everything collected, absent when that is nothing. */
static int write_native(struct turns *turns, struct span *out,
			struct err *err)
{
	buf_reset(&turns->text);
	fields_put(&turns->native, &turns->text);
	*out = turns->text.len ? buf_span(&turns->text) : span_of(NULL, 0);
	return buf_end(&turns->text, err);
}

int turns_put(struct turns *turns, struct chat_message *message,
	      struct err *err)
{
	int rc;

	buf_reset(&turns->key);
	rc = message->key.at ? buf_add_span(&turns->key, message->key, err) :
		buf_printf(&turns->key, err, "%lld",
			   (long long)turns->index);
	message->key = buf_span(&turns->key);
	message->index = turns->index++;
	if (!message->parent.at && turns->last.len)
		message->parent = buf_span(&turns->last);
	if (!message->content.at)
		message->content = buf_span(&turns->parts.content);
	if (rc >= 0)
		rc = parts_list(&turns->parts, &message->parts, err);
	if (rc >= 0)
		rc = write_native(turns, &message->native, err);
	if (rc >= 0)
		rc = chat_put_message(&turns->chat, message, err);
	buf_reset(&turns->last);
	if (rc >= 0)
		rc = buf_add_span(&turns->last, buf_span(&turns->key), err);
	parts_reset(&turns->parts);
	jcs_fields_reset(&turns->native);
	return rc;
}

int turns_end(struct turns *turns, struct chat_session *session,
	      struct err *err)
{
	int rc;

	if (turns->last.len)
		session->active = buf_span(&turns->last);
	rc = write_native(turns, &session->native, err);
	return rc < 0 ? rc : chat_put_session(&turns->chat, session, err);
}
