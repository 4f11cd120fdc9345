#include "cmd/import/records/chat.h"

#include <stdio.h>

#include "cmd/import/records/rest.h"
#include "lib/time/timestamp.h"

int chat_begin(struct chat *chat, struct import_job *job,
	       struct import_source *source, const char *provider,
	       struct span key, struct err *err)
{
	chat->job = job;
	chat->source = source;
	chat->provider = provider;
	buf_reset(&chat->session);
	buf_putf(&chat->session, "%s:", provider);
	chat_put_key(&chat->session, key);
	return buf_end(&chat->session, err);
}

void chat_release(struct chat *chat)
{
	buf_release(&chat->session);
	buf_release(&chat->entity);
	buf_release(&chat->value);
	buf_release(&chat->data);
	jcs_fields_release(&chat->fields);
}

static void put_canonical(struct chat *chat, const char *name,
			  struct span value)
{
	if (value.at && value.len)
		chat_field_value(chat, name, value);
}

void fields_time(struct jcs_fields *fields, const char *name,
		 const struct chat_time *time)
{
	char text[TIMESTAMP_TEXT_MAX];
	char about[32];

	if (time->micros == CHAT_TIME_UNKNOWN)
		return;
	timestamp_text(time->micros, text);
	fields_str(fields, name, text);
	if (time->flags & TIMESTAMP_NO_TIME) {
		snprintf(about, sizeof(about), "%s_precision", name);
		fields_str(fields, about, "day");
	}
	if (time->flags & TIMESTAMP_NO_ZONE) {
		snprintf(about, sizeof(about), "%s_zone", name);
		fields_str(fields, about, "unknown");
	}
}

/* A name that was built. */
static void put_value(struct chat *chat, const char *name)
{
	fields_fail(&chat->fields, buf_end(&chat->value, NULL), NULL);
	fields_text(&chat->fields, name, buf_span(&chat->value));
	buf_reset(&chat->value);
}

void chat_put_entity(const char *provider, struct span session,
		     struct span key, struct buf *out)
{
	buf_putf(out, "message:%s:", provider);
	chat_put_key(out, session);
	buf_put_char(out, '/');
	chat_put_key(out, key);
}

/* A message of this session, or of another one; or null. */
static void put_entity(struct chat *chat, const char *name,
		       struct span session, struct span key)
{
	if (!key.at) {
		fields_null(&chat->fields, name);
		return;
	}
	buf_reset(&chat->value);
	if (session.at) {
		chat_put_entity(chat->provider, session, key, &chat->value);
	} else {
		buf_putf(&chat->value, "message:%s/",
			 buf_text(&chat->session));
		chat_put_key(&chat->value, key);
	}
	put_value(chat, name);
}

void chat_time_at(const struct chat_time *time, char out[HLC_TEXT_MAX])
{
	if (time->micros == CHAT_TIME_UNKNOWN)
		memcpy(out, HLC_UNKNOWN_TEXT, sizeof(HLC_UNKNOWN_TEXT));
	else
		hlc_import_text(time->micros, out);
}

static int put_record(struct chat *chat, const char *type,
		      const struct chat_time *time, struct err *err)
{
	struct record_parts parts = { .type = type, .at = chat->at };
	int rc;

	buf_reset(&chat->data);
	rc = buf_end(&chat->entity, err);
	if (rc == 0)
		rc = jcs_fields_write(&chat->fields, &chat->data, err);
	chat->type = NULL;
	if (rc < 0)
		return rc;
	if (import_is_future_time(chat->job, time->micros))
		return import_leave_future(chat->source,
					   buf_span(&chat->entity), err);
	chat_time_at(time, chat->at);
	chat_time_count(chat->source, time);
	chat->type = type;
	parts.entity = buf_span(&chat->entity);
	parts.data = buf_span(&chat->data);
	return import_put(chat->job, chat->source, chat->construct, &parts,
			  err);
}

/* What sessions and messages both have. */
static void put_common(struct chat *chat, struct span model,
		       struct span native)
{
	fields_said(&chat->fields, "model", model);
	put_canonical(chat, "native", native);
}

static void put_parent_session(struct chat *chat, struct span key)
{
	if (!key.at)
		return;
	buf_reset(&chat->value);
	buf_putf(&chat->value, "session:%s:", chat->provider);
	chat_put_key(&chat->value, key);
	put_value(chat, "parent");
}

int chat_put_session(struct chat *chat, const struct chat_session *session,
		     struct err *err)
{
	struct chat_time time = session->updated;
	struct jcs_fields *fields = &chat->fields;

	if (time.micros == CHAT_TIME_UNKNOWN)
		time = session->created;
	/* Either may be one that is told. */
	time.flags |= (session->created.flags | session->updated.flags) &
		      TIMESTAMP_UNUSUAL;
	jcs_fields_reset(fields);
	buf_reset(&chat->entity);
	buf_putf(&chat->entity, "session:%s", buf_text(&chat->session));
	fields_str(fields, "provider", chat->provider);
	fields_said(fields, "title", session->title);
	fields_time(fields, "created", &session->created);
	fields_time(fields, "updated", &session->updated);
	put_entity(chat, "active", session->active_session, session->active);
	fields_bool(fields, "guessed", session->is_guessed);
	put_canonical(chat, "participants", session->participants);
	put_parent_session(chat, session->parent);
	put_common(chat, session->model, session->native);
	return put_record(chat, "session:create", &time, err);
}

/* Where it stands: in which session, behind whom, at what place. */
static void put_position(struct chat *chat, const struct chat_message *message)
{
	buf_reset(&chat->entity);
	buf_putf(&chat->entity, "message:%s/", buf_text(&chat->session));
	chat_put_key(&chat->entity, message->key);
	buf_reset(&chat->value);
	buf_putf(&chat->value, "session:%s", buf_text(&chat->session));
	put_value(chat, "session");
	put_entity(chat, "parent", message->parent_session, message->parent);
	fields_integer(&chat->fields, "index", message->index);
}

int chat_put_message(struct chat *chat, const struct chat_message *message,
		     struct err *err)
{
	struct chat_time time = message->created;
	struct jcs_fields *fields = &chat->fields;

	if (time.micros != CHAT_TIME_UNKNOWN &&
	    message->changed > time.micros)
		time.micros = message->changed;
	jcs_fields_reset(fields);
	put_position(chat, message);
	fields_str(fields, "role", message->role);
	fields_said(fields, "name", message->name);
	fields_time(fields, "created", &message->created);
	chat_field_text(chat, "content", message->content.at ? message->content :
		  span_str(""));
	put_canonical(chat, "parts", message->parts);
	fields_str(fields, "visibility", message->visibility);
	fields_said(fields, "copy_of", message->copy_of);
	put_common(chat, message->model, message->native);
	return put_record(chat, "message:create", &time, err);
}

int chat_add_blob(struct chat *chat, struct span bytes, const char *media,
		  struct buf *out, struct err *err)
{
	return import_blob(chat->job, chat->construct ? chat->construct :
			   chat->source->construct, bytes, media, out, err);
}
