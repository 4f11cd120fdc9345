/*
 * A session of Gemini CLI while it is read.
 *
 * The log says a message anew each time that something of it changes, and
 * drops messages from what the model sees: they were rewound, or the whole
 * was compressed. What was dropped was said all the same. When a session is
 * resumed, the program says all of it anew, with the time of then, and has
 * forgotten models, tokens, thoughts and calls. So each message stands once,
 * as it was said most fully, at the place and the time of where it came first;
 * the active one is the last that the model still sees, and what a compression
 * took from the model alone still comes before it.
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
	struct chat_time created;	/* as it was said first */
	unsigned fullness;	/* of what it says beside its words */
	size_t parent;		/* GEMINI_CLI_NONE: it is the first */
	size_t at;		/* its place among the standing ones */
};

struct gemini_cli_list {
	size_t *at;		/* messages */
	size_t n;
	size_t cap;
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
	struct table answered;	/* ids of calls that have their result */
	struct gemini_cli_list standing;	/* the way to the last that
						   the model sees, in order */
	struct gemini_cli_member members[GEMINI_CLI_MEMBERS_MAX];
	size_t members_n;
	struct arena arena;	/* keys */
	uint64_t replaced;	/* messages and members that were said anew */
	bool has_lost;		/* a message that a rewind names */
};

#define GEMINI_CLI_LOG_INIT { \
	.ids = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), \
	.answered = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), \
	.arena = ARENA_INIT }

void gemini_cli_log_release(struct gemini_cli_log *log);

/* Where values lie in the source: raw bytes of one are at `from` here and at
 * `offset` there. */
struct gemini_cli_place {
	struct span source;
	const char *from;
	uint64_t offset;
};

#define GEMINI_CLI_OUTPUTS "tool-outputs"

/* Where the program keeps its sessions, and what lies beside one: by its place
 * "parent", the session whose agent it is of, or "output", what a tool gave in
 * "session", by the name of that file; "root", the folder that it
 * was about, or "projects", a list of these folders, and its "slug" there. */
extern const struct import_home gemini_cli_home;
enum import_place gemini_cli_place(const struct import_input *input,
				   struct span place,
				   const char **out_reason);
MUST_USE int gemini_cli_beside(const struct import_input *input,
			       struct span place, struct beside *to,
			       struct err *err);
/* The folder, as was found beside it; appends nothing where that is not
 * known. */
MUST_USE int gemini_cli_root(const struct import_source *source,
			     struct buf *out, struct err *err);

/* logs.json, an array: what was typed in all sessions of a folder. */
MUST_USE int gemini_cli_read_prompts(struct import_job *job,
				     struct import_source *source,
				     struct err *err);
/* A session is here itself. */
MUST_USE int gemini_cli_note(struct import_job *job, struct span session,
			     struct err *err);

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

/* Did the program put this into the person's mouth: what it tells the model of
 * the folder, or of what was compressed? */
bool gemini_cli_is_injected(const struct jval *message);

/* Put a text of a prompt: the person's words, and what the program put around
 * them. */
void gemini_cli_put_words(struct parts *parts, struct span text);

/* Has a call of that id its result in the log? */
bool gemini_cli_is_answered(const struct gemini_cli_log *log, struct span id);

/* The members that count, as the text of one JSON object that is built. */
void gemini_cli_about(const struct gemini_cli_log *log, struct buf *out);

/* The files that a prompt names, whose content follows its words. */
struct gemini_cli_reference {
	struct buf text;	/* so far */
	bool is_open;
};

/*
 * Take a text of a prompt: what of it is such content becomes parts, files
 * with their names. False where nothing is; else *out_said is what the person
 * wrote of it, absent or empty where that is nothing. At the end of the
 * message gemini_cli_reference_end().
 */
bool gemini_cli_reference(struct gemini_cli_reference *reference,
			  struct chat *chat, struct parts *parts,
			  struct span text, struct span *out_said);
void gemini_cli_reference_end(struct gemini_cli_reference *reference,
			      struct chat *chat, struct parts *parts);

/* Put a message; place has its key, parent, index and time. */
MUST_USE int gemini_cli_put(struct chat *chat, struct parts *parts,
			    const struct gemini_cli_log *log,
			    const struct jval *value,
			    const struct chat_message *place,
			    struct err *err);

#endif
