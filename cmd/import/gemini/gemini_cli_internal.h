/*
 * A session of Gemini CLI while it is read.
 *
 * The log says a message anew each time that something of it changes, and
 * drops messages from what the model sees: they were rewound, or the whole
 * was compressed. What was dropped was said all the same. So each message
 * stands once, as it was said last, at the place where it came first; the
 * active one is the last that the model still sees.
 */
#ifndef VV_CMD_IMPORT_GEMINI_GEMINI_CLI_INTERNAL_H
#define VV_CMD_IMPORT_GEMINI_GEMINI_CLI_INTERNAL_H

#include "cmd/import/records/part.h"
#include "lib/base/arena.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

#define GEMINI_CLI_PROVIDER "gemini-cli"
#define GEMINI_CLI_NONE SIZE_MAX
#define GEMINI_CLI_MEMBERS_MAX 64

struct gemini_cli_message {
	struct span key;	/* its id, or the hash of all that it says */
	struct span text;	/* its JSON, in the source's bytes */
	uint64_t offset;
	size_t parent;		/* GEMINI_CLI_NONE: it is the first */
	size_t at;		/* its place among the standing ones */
};

/* What the header says, or what was set later. */
struct gemini_cli_member {
	struct span key;
	struct span text;	/* its JSON, in the source's bytes */
};

struct gemini_cli_log {
	struct {
		struct gemini_cli_message *at;
		size_t n;
		size_t cap;
	} messages;
	struct table ids;	/* to messages */
	struct {
		size_t *at;
		size_t n;
		size_t cap;
	} standing;		/* what the model sees, in order */
	struct gemini_cli_member members[GEMINI_CLI_MEMBERS_MAX];
	size_t members_n;
	struct arena arena;	/* keys */
	uint64_t replaced;	/* messages and members that were said anew */
};

#define GEMINI_CLI_LOG_INIT { \
	.ids = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), \
	.arena = ARENA_INIT }

void gemini_cli_log_release(struct gemini_cli_log *log);

/* Where values lie in the source: raw bytes of one are at `from` here and at
 * `offset` there. */
struct gemini_cli_place {
	struct span source;
	const char *from;
	uint64_t offset;
};

/* Does the value say what a session is, or hold its messages? */
bool gemini_cli_is_session(const struct jval *value);

/*
 * Take one value: the header, a message, {"$set":{...}}, {"$rewindTo":id}.
 * *out_reason is set when something of it is to be left out.
 */
MUST_USE int gemini_cli_take(struct gemini_cli_log *log,
			     const struct jval *value,
			     const struct gemini_cli_place *place,
			     const char **out_reason, struct err *err);

/* The members that count, as the text of one JSON object that is built. */
void gemini_cli_about(const struct gemini_cli_log *log, struct buf *out);

/* Put a message; place has its key, parent and index. */
MUST_USE int gemini_cli_put(struct chat *chat, struct parts *parts,
			    const struct jval *value,
			    const struct chat_message *place,
			    struct err *err);

#endif
