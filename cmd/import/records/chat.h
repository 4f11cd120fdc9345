/*
 * Conversations as records: what every importer of chats and agent sessions
 * shares. An importer fills these structs from its source; the records are a
 * pure function of them, so two devices that import the same file make the
 * same ones. Each put counts in source->read and source->imported.
 */
#ifndef VV_CMD_IMPORT_RECORDS_CHAT_H
#define VV_CMD_IMPORT_RECORDS_CHAT_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/import/import.h"
#include "lib/json/jdoc.h"
#include "lib/time/hlc.h"

/* When something happened, as the source says it. */
struct chat_time {
	int64_t micros;		/* since 1970, UTC; CHAT_TIME_UNKNOWN */
	unsigned flags;		/* enum timestamp_flags */
};

#define CHAT_TIME_UNKNOWN INT64_MIN
#define CHAT_TIME_NONE { CHAT_TIME_UNKNOWN, 0 }

/*
 * Read a time: a string as ISO 8601, a number as decimal seconds; anything
 * else, and what cannot be read, is unknown. Never now. One outside the years
 * of TIMESTAMP_USUAL_FROM is unknown as well, with the flag TIMESTAMP_UNUSUAL,
 * by which it is told.
 */
struct chat_time chat_time_of(const struct jval *value);
/* The same for integer milliseconds since 1970, as number or digits. */
struct chat_time chat_time_of_ms(const struct jval *value);

/* The same for text in any of the forms that when.h reads, and of what such
 * a function has read: rc is what it returned. */
struct chat_time chat_time_said(struct span text);
struct chat_time chat_time_read(int rc, int64_t micros, unsigned flags);

/* Does the record say all of it? Of one that is finer than a microsecond, or
 * unknown, what the source wrote is kept beside it. */
bool chat_time_is_whole(const struct chat_time *time);

/* Count what is to be told of a record that has the time. */
void chat_time_count(struct import_source *source,
		     const struct chat_time *time);

/* The `at` of a record of that time. */
void chat_time_at(const struct chat_time *time, char out[HLC_TEXT_MAX]);

/* Add the time as the fields `name`, and "<name>_precision" and
 * "<name>_zone" where it is not sure; nothing for an unknown one. */
void fields_time(struct jcs_fields *fields, const char *name,
		 const struct chat_time *time);

/*
 * All spans are decoded text, which may hold lone surrogates (WTF-8) and NUL;
 * absent ones (at NULL) leave their field out. "canonical": JSON as
 * jcs_write.h or jdoc_to_jcs() make it.
 */
struct chat_session {
	const char *provider;		/* "chatgpt": first part of its id */
	struct span key;		/* its id at the provider */
	struct span title;
	struct chat_time created;
	struct chat_time updated;	/* becomes `at`; else created does */
	struct span active;		/* key of the leaf that is shown */
	struct span active_session;	/* whose message that is; absent: its
					   own */
	bool is_guessed;		/* we chose that leaf */
	struct span participants;	/* canonical array of names */
	struct span model;
	struct span parent;		/* key of the session it comes from */
	struct span native;		/* canonical object: all the rest */
};

struct chat_message {
	struct span key;	/* its id, unique in the session */
	struct span parent;	/* key of the message before it; else null */
	struct span parent_session;	/* whose that one is; absent: of this
					   session */
	int64_t index;		/* place in the source, from 0 */
	const char *role;	/* user, assistant, system, tool, developer */
	struct span name;	/* who speaks, where the source names one */
	struct chat_time created;
	int64_t changed;	/* microseconds: becomes `at` when it is later
				   than created */
	struct span content;	/* the plain text; absent counts as "" */
	struct span parts;	/* canonical array: what is not plain text */
	const char *visibility;	/* visible, hidden, tool, thinking, meta */
	struct span model;
	struct span copy_of;	/* entity of the message that it repeats */
	struct span native;	/* canonical object: all the rest, the native
				   role where it differs */
};

/*
 * A conversation on its way into a construct. Begin with chat_begin(), put
 * the messages in any order and the session once; keys are turned into
 * entities by chat_put_key().
 */
struct chat {
	struct import_job *job;
	struct import_source *source;
	const char *construct;		/* NULL: source->construct */
	const char *provider;
	struct buf session;		/* "chatgpt:<key>" */
	struct buf entity;		/* scratch, as the rest */
	struct buf value;
	struct buf data;
	struct jcs_fields fields;
	const char *type;		/* of what was put last (NULL: it was
					   left out), and its time: */
	char at[HLC_TEXT_MAX];		/* entity and data are there, too */
};

/* Released by chat_release() whatever it returns; may be begun again for the
 * next conversation, which keeps the memory. */
#define CHAT_INIT { NULL, NULL, NULL, NULL, BUF_INIT(BUF_NO_LIMIT), \
		    BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
		    BUF_INIT(BUF_NO_LIMIT), JCS_FIELDS_INIT, NULL, "" }

MUST_USE int chat_begin(struct chat *chat, struct import_job *job,
			struct import_source *source, const char *provider,
			struct span key, struct err *err);
MUST_USE int chat_put_session(struct chat *chat,
			      const struct chat_session *session,
			      struct err *err);
MUST_USE int chat_put_message(struct chat *chat,
			      const struct chat_message *message,
			      struct err *err);
void chat_release(struct chat *chat);

/* Append "message:<provider>:<session>/<key>", as `copy_of` and links name
 * a message of another session too. */
void chat_put_entity(const char *provider, struct span session,
		     struct span key, struct buf *out);

/*
 * Append a foreign id as part of an entity: letters, digits and -_.:+@=,~
 * stand, other bytes become %xx; one that is then over 160 bytes, or empty,
 * becomes "sha256-<hex of the id>". So different ids stay different.
 */
void chat_put_key(struct buf *out, struct span key);

/*
 * Append text as a canonical value: a string, or {"$raw":...} when it holds
 * lone surrogates. ERR_INVALID for bytes that are no WTF-8.
 */
void chat_put_text(struct buf *out, struct span text);

/*
 * Store bytes (an image, an attachment's text, an HTML answer) as a blob of
 * the construct and append its reference, {"$blob":...}, for parts or native.
 */
MUST_USE int chat_add_blob(struct chat *chat, struct span bytes,
			   const char *media, struct buf *out,
			   struct err *err);

/*
 * Texts that are blobs in the end are made so at once, where they are long:
 * each copy on the way there would take their length of memory again. A field
 * of a text, or of a canonical value; and jdoc_to_jcs() of one that is none
 * yet. The record is the same.
 */
#define CHAT_LONG_BYTES ((size_t)4 << 20)
void chat_field_text(struct chat *chat, const char *name, struct span text);
void chat_field_value(struct chat *chat, const char *name, struct span value);
void chat_put_value(struct chat *chat, const struct jval *value,
		    struct buf *out);

#endif
