#include "cmd/import/records/chat.h"

#include <stdio.h>

#include "lib/time/timestamp.h"

int chat_begin(struct chat *chat, struct import_job *job,
	       struct import_source *source, const char *provider,
	       struct span key, struct err *err)
{
	int rc;

	chat->job = job;
	chat->source = source;
	chat->provider = provider;
	buf_reset(&chat->session);
	rc = buf_printf(&chat->session, err, "%s:", provider);
	return rc < 0 ? rc : chat_add_key(&chat->session, key, err);
}

void chat_release(struct chat *chat)
{
	buf_release(&chat->session);
	buf_release(&chat->entity);
	buf_release(&chat->value);
	buf_release(&chat->data);
	jcs_fields_release(&chat->fields);
}

/* A field of text from outside; an absent one is left out. */
static int put_text(struct chat *chat, const char *name, struct span text,
		    struct err *err)
{
	int rc;

	if (!text.at)
		return 0;
	buf_reset(&chat->value);
	rc = chat_add_text(&chat->value, text, err);
	if (rc >= 0)
		rc = jcs_fields_raw(&chat->fields, name,
				    buf_span(&chat->value), err);
	return rc;
}

static int put_canonical(struct chat *chat, const char *name,
			 struct span value, struct err *err)
{
	return value.at && value.len ?
		jcs_fields_raw(&chat->fields, name, value, err) : 0;
}

int chat_add_time(struct jcs_fields *fields, const char *name,
		  const struct chat_time *time, struct err *err)
{
	char text[TIMESTAMP_TEXT_MAX];
	char about[32];
	int rc;

	if (time->micros == CHAT_TIME_UNKNOWN)
		return 0;
	timestamp_text(time->micros, text);
	rc = jcs_fields_text(fields, name, span_str(text), err);
	if (rc >= 0 && time->flags & TIMESTAMP_NO_TIME) {
		snprintf(about, sizeof(about), "%s_precision", name);
		rc = jcs_fields_text(fields, about, span_str("day"), err);
	}
	if (rc >= 0 && time->flags & TIMESTAMP_NO_ZONE) {
		snprintf(about, sizeof(about), "%s_zone", name);
		rc = jcs_fields_text(fields, about,
				     span_str("unknown"), err);
	}
	return rc;
}

/* A message of this session, or of another one; or null. */
static int put_entity(struct chat *chat, const char *name,
		      struct span session, struct span key, struct err *err)
{
	int rc;

	if (!key.at)
		return jcs_fields_null(&chat->fields, name, err);
	buf_reset(&chat->value);
	if (session.at) {
		rc = chat_message_entity(chat->provider, session, key,
					 &chat->value, err);
	} else {
		rc = buf_printf(&chat->value, err, "message:%s/",
				buf_text(&chat->session));
		if (rc >= 0)
			rc = chat_add_key(&chat->value, key, err);
	}
	if (rc >= 0)
		rc = jcs_fields_text(&chat->fields, name,
				     buf_span(&chat->value), err);
	return rc;
}

void chat_time_at(const struct chat_time *time, char out[HLC_TEXT_MAX])
{
	if (time->micros == CHAT_TIME_UNKNOWN ||
	    time->flags & TIMESTAMP_UNUSUAL)
		memcpy(out, HLC_UNKNOWN_TEXT, sizeof(HLC_UNKNOWN_TEXT));
	else
		hlc_import_text(time->micros, out);
}

static int put_record(struct chat *chat, const char *type,
		      const struct chat_time *time, struct err *err)
{
	struct record_parts parts = { .type = type };
	char at[HLC_TEXT_MAX];
	int rc;

	buf_reset(&chat->data);
	rc = jcs_fields_write(&chat->fields, &chat->data, err);
	if (rc < 0)
		return rc;
	/* One that is unusual besides gives no `at` that would tell it. */
	if (import_is_future_time(chat->job, time->micros))
		return import_leave_future(chat->source,
					   buf_span(&chat->entity), err);
	chat_time_at(time, at);
	if (time->micros == CHAT_TIME_UNKNOWN)
		chat->source->unknown_times++;
	parts.at = at;
	parts.entity = buf_span(&chat->entity);
	parts.data = buf_span(&chat->data);
	return import_put(chat->job, chat->source, chat->construct, &parts,
			  err);
}

/* What sessions and messages both have. */
static int put_common(struct chat *chat, struct span model,
		      struct span native, struct err *err)
{
	int rc;

	rc = put_text(chat, "model", model, err);
	return rc < 0 ? rc : put_canonical(chat, "native", native, err);
}

static int put_parent_session(struct chat *chat, struct span key,
			      struct err *err)
{
	int rc;

	if (!key.at)
		return 0;
	buf_reset(&chat->value);
	rc = buf_printf(&chat->value, err, "session:%s:", chat->provider);
	if (rc >= 0)
		rc = chat_add_key(&chat->value, key, err);
	return rc < 0 ? rc : jcs_fields_text(&chat->fields, "parent",
					     buf_span(&chat->value), err);
}

int chat_put_session(struct chat *chat, const struct chat_session *session,
		     struct err *err)
{
	const struct chat_time *time = &session->updated;
	int rc;

	if (time->micros == CHAT_TIME_UNKNOWN)
		time = &session->created;
	jcs_fields_reset(&chat->fields);
	buf_reset(&chat->entity);
	rc = buf_printf(&chat->entity, err, "session:%s",
			buf_text(&chat->session));
	if (rc >= 0)
		rc = jcs_fields_text(&chat->fields, "provider",
				     span_str(chat->provider), err);
	if (rc >= 0)
		rc = put_text(chat, "title", session->title, err);
	if (rc >= 0)
		rc = chat_add_time(&chat->fields, "created",
				   &session->created, err);
	if (rc >= 0)
		rc = chat_add_time(&chat->fields, "updated",
				   &session->updated, err);
	if (rc >= 0)
		rc = put_entity(chat, "active", session->active_session,
				session->active, err);
	if (rc >= 0)
		rc = jcs_fields_bool(&chat->fields, "guessed",
				     session->is_guessed, err);
	if (rc >= 0)
		rc = put_canonical(chat, "participants",
				   session->participants, err);
	if (rc >= 0)
		rc = put_parent_session(chat, session->parent, err);
	if (rc >= 0)
		rc = put_common(chat, session->model, session->native, err);
	return rc < 0 ? rc : put_record(chat, "session:create", time, err);
}

/* Where it stands: in which session, behind whom, at what place. */
static int put_position(struct chat *chat, const struct chat_message *message,
			struct err *err)
{
	int rc;

	buf_reset(&chat->entity);
	rc = buf_printf(&chat->entity, err, "message:%s/",
			buf_text(&chat->session));
	if (rc >= 0)
		rc = chat_add_key(&chat->entity, message->key, err);
	buf_reset(&chat->value);
	if (rc >= 0)
		rc = buf_printf(&chat->value, err, "session:%s",
				buf_text(&chat->session));
	if (rc >= 0)
		rc = jcs_fields_text(&chat->fields, "session",
				     buf_span(&chat->value), err);
	if (rc >= 0)
		rc = put_entity(chat, "parent", message->parent_session,
				message->parent, err);
	return rc < 0 ? rc : jcs_fields_integer(&chat->fields, "index",
						message->index, err);
}

int chat_put_message(struct chat *chat, const struct chat_message *message,
		     struct err *err)
{
	struct chat_time time = message->created;
	struct span content = message->content;
	int rc;

	if (time.micros != CHAT_TIME_UNKNOWN &&
	    message->changed > time.micros)
		time.micros = message->changed;
	jcs_fields_reset(&chat->fields);
	rc = put_position(chat, message, err);
	if (rc >= 0)
		rc = jcs_fields_text(&chat->fields, "role",
				     span_str(message->role), err);
	if (rc >= 0)
		rc = put_text(chat, "name", message->name, err);
	if (rc >= 0)
		rc = chat_add_time(&chat->fields, "created",
				   &message->created, err);
	if (rc >= 0)
		rc = put_text(chat, "content", content.at ? content :
			      span_str(""), err);
	if (rc >= 0)
		rc = put_canonical(chat, "parts", message->parts, err);
	if (rc >= 0)
		rc = jcs_fields_text(&chat->fields, "visibility",
				     span_str(message->visibility), err);
	if (rc >= 0)
		rc = put_text(chat, "copy_of", message->copy_of, err);
	if (rc >= 0)
		rc = put_common(chat, message->model, message->native, err);
	return rc < 0 ? rc : put_record(chat, "message:create", &time, err);
}

int chat_message_entity(const char *provider, struct span session,
			struct span key, struct buf *out, struct err *err)
{
	int rc;

	rc = buf_printf(out, err, "message:%s:", provider);
	if (rc >= 0)
		rc = chat_add_key(out, session, err);
	if (rc >= 0)
		rc = buf_add_char(out, '/', err);
	return rc < 0 ? rc : chat_add_key(out, key, err);
}

int chat_add_blob(struct chat *chat, struct span bytes, const char *media,
		  struct buf *out, struct err *err)
{
	return import_blob(chat->job, chat->construct ? chat->construct :
			   chat->source->construct, bytes, media, out, err);
}
