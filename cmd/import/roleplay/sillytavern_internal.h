/*
 * A chat without ids, as the files of SillyTavern hold it: turns in order,
 * each said in one way or several.
 *
 * A message's id is the SHA-256 of who speaks and what is said, and which of
 * the equal ones in the file it is. So it stays the same when the file is
 * written anew with more turns, more alternatives, another one shown, or
 * turns before it removed. The place does not count, nor do the times, which
 * change with the alternative that is shown.
 */
#ifndef VV_CMD_IMPORT_ROLEPLAY_SILLYTAVERN_INTERNAL_H
#define VV_CMD_IMPORT_ROLEPLAY_SILLYTAVERN_INTERNAL_H

#include "cmd/import/records/chat.h"
#include "cmd/import/records/part.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

#define TAVERN_PROVIDER "sillytavern"
#define TAVERN_KEY_BYTES 16
#define TAVERN_KEY_MAX (TAVERN_KEY_BYTES * 2 + 24)

struct tavern {
	struct chat chat;
	struct chat_session session;
	struct table seen;		/* how often it was said */
	struct table names;		/* of participants, by hash */
	struct buf participants;	/* canonical items */
	struct buf session_key;
	struct buf session_title;
	struct buf session_parent;
	struct buf session_native;
	char parent[TAVERN_KEY_MAX];	/* shown in the turn before; or "" */
	char shown[TAVERN_KEY_MAX];	/* in this turn */
	int64_t index;			/* of this turn */
	size_t speakers;		/* who are no users */
	size_t misnamed;		/* turns whose alternative lacks */
	struct parts parts;		/* scratch of one message */
	struct buf native;
	struct jcs_fields fields;
	struct buf value;
};

#define TAVERN_INIT { \
	.chat = CHAT_INIT, \
	.session = { .created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE }, \
	.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), \
	.names = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), \
	.participants = BUF_INIT(BUF_NO_LIMIT), \
	.session_key = BUF_INIT(BUF_NO_LIMIT), \
	.session_title = BUF_INIT(BUF_NO_LIMIT), \
	.session_parent = BUF_INIT(BUF_NO_LIMIT), \
	.session_native = BUF_INIT(BUF_NO_LIMIT), \
	.parts = PARTS_INIT, \
	.native = BUF_INIT(BUF_NO_LIMIT), \
	.fields = JCS_FIELDS_INIT, \
	.value = BUF_INIT(BUF_NO_LIMIT), \
}

/* What lies beside a chat of a group: the group. */
enum import_place tavern_place(const struct import_input *input,
			       struct span place, const char **out_reason);
MUST_USE int tavern_beside(const struct import_input *input,
			   struct span place, struct beside *to,
			   struct err *err);
/* Its name in place of the title, and a field `group`; nothing of a chat whose
 * group is not there. */
MUST_USE int tavern_group(const struct import_source *source,
			  struct buf *title, struct jcs_fields *fields,
			  struct err *err);

/* Begin a chat whose key stands in session_key; turns follow. */
MUST_USE int tavern_begin(struct tavern *tavern, struct import_job *job,
			  struct import_source *source, struct err *err);

/* One way in which a turn was said: parent, key and index are filled in. */
MUST_USE int tavern_say(struct tavern *tavern, struct chat_message *message,
			bool is_user, bool is_shown, struct err *err);

/* Someone takes part in it. */
MUST_USE int tavern_join(struct tavern *tavern, struct span name,
			 struct err *err);

/* What is said next follows what this turn shows. */
void tavern_turn_end(struct tavern *tavern);

/* Put the session; the chat can begin again. */
MUST_USE int tavern_end(struct tavern *tavern, struct err *err);
void tavern_release(struct tavern *tavern);

/* All forms of send_date: ISO, "March 1, 2024 8:05pm",
 * "2024-03-01@20h05m00s" with or without blanks, milliseconds. */
struct chat_time tavern_time(const struct jval *value);

/* Append to a key that is built (buf_end()) the SHA-256 of the texts in hex;
 * a NULL text counts as an empty one. */
void tavern_hash(struct buf *out, const struct span *texts, size_t n);

/* A line of a chat of SillyTavern: a turn, or it is left out. */
MUST_USE int tavern_line(struct tavern *tavern, const struct jval *line,
			 struct err *err);

/* Text as it stands, or below "message", as Chub exports it. */
struct span tavern_text(const struct jval *value);

/* Chats of others in one JSON document: is it one, whose is it, read it. */
bool tavern_other_sniff(struct span head);
struct span tavern_other_name(const struct jval *root);
MUST_USE int tavern_other_read(struct import_job *job,
			       struct import_source *source,
			       const struct jval *root, struct err *err);

#endif
