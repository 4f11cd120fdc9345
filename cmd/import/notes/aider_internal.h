/*
 * What Aider writes: the history of its chats, and that of what was typed.
 */
#ifndef VV_CMD_IMPORT_NOTES_AIDER_INTERNAL_H
#define VV_CMD_IMPORT_NOTES_AIDER_INTERNAL_H

#include "cmd/import/records/chat.h"

enum aider_kind {
	AIDER_PROMPT,		/* "#### ": what a person typed */
	AIDER_OUTPUT,		/* "> ": what the program said */
	AIDER_ANSWER
};

/* Lines that belong together; spans are of the file. */
struct aider_piece {
	enum aider_kind kind;
	struct span raw;	/* its lines, but for the last newline */
};

struct aider_session {
	struct span head;	/* its first line; absent: it was cut off */
	struct chat_time started;
	size_t first;		/* of its pieces ... */
	size_t n;		/* ... so many */
};

struct aider_log {
	struct {
		struct aider_session *at;
		size_t n;
		size_t cap;
	} sessions;
	struct {
		struct aider_piece *at;
		size_t n;
		size_t cap;
	} pieces;
};

#define AIDER_LOG_INIT { { NULL, 0, 0 }, { NULL, 0, 0 } }
void aider_log_release(struct aider_log *log);

/* Does a session begin with this line? out_time may be NULL. */
bool aider_is_head(struct span line, struct chat_time *out_time);

/*
 * Find the sessions of a file, and what was said in them: what stands in a
 * fence of an answer is the answer's, whatever it looks like. A fence that is
 * never closed, or whose answer was broken off, ends where the program speaks
 * again. The text is borrowed by the log.
 */
MUST_USE int aider_parse(struct span text, struct aider_log *log,
			 struct err *err);

/* What a piece says, without marks and the blanks behind them; replaces out. */
MUST_USE int aider_text(const struct aider_piece *piece, struct buf *out,
			struct err *err);

/* When something was typed. */
struct aider_typed {
	uint64_t hash;		/* of the text */
	struct chat_time time;
};

struct aider_typings {
	struct aider_typed *at;
	size_t n;
	size_t cap;
	size_t next;		/* those before were found */
};

#define AIDER_TYPINGS_INIT { NULL, 0, 0, 0 }
void aider_typings_release(struct aider_typings *typings);

/* Read .aider.input.history. */
MUST_USE int aider_typings_read(struct aider_typings *typings,
				struct span text, struct err *err);

/*
 * When this was typed: of the entries with this text that were not found yet,
 * and are of a time from `from` on and before `until`, the first one. Prompts
 * are asked for in their order.
 */
struct chat_time aider_typed_at(struct aider_typings *typings,
				struct span text, int64_t from, int64_t until);

#endif
