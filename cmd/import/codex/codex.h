/*
 * Rollouts of Codex and its relatives: JSON Lines that tell everything twice,
 * as items for the model and as events for the screen. The items count; the
 * events say which of the user's items a person wrote, and stand in where
 * there are no items. Read twice, as claude_code.h says.
 */
#ifndef VV_CMD_IMPORT_CODEX_CODEX_H
#define VV_CMD_IMPORT_CODEX_CODEX_H

#include "cmd/import/parse/value_lines.h"
#include "cmd/import/parse/zstd_feed.h"
#include "cmd/import/records/chat.h"
#include "cmd/import/records/lineage.h"
#include "cmd/import/records/take.h"
#include "lib/base/arena.h"
#include "lib/base/table.h"

#define CODEX "codex"
#define CODEX_NONE UINT32_MAX

/* --- lines ---------------------------------------------------------------- */

struct codex_lines {
	struct zstd_feed *zstd;		/* NULL: not compressed */
	struct value_lines *lines;
};

MUST_USE int codex_lines_open(struct import_input *input,
			      struct codex_lines *out, struct err *err);
void codex_lines_release(struct codex_lines *lines);

/* What a line is. */
enum codex_what {
	CODEX_LEFT_OUT,
	CODEX_META,		/* of the session */
	CODEX_TURN,		/* a turn begins, or its context */
	CODEX_ITEM,		/* of the conversation: a message */
	CODEX_USER_EVENT,	/* the same as items, for the screen: */
	CODEX_AGENT_EVENT,
	CODEX_THOUGHT_EVENT,
	CODEX_USAGE,
	CODEX_ROLLBACK,
	CODEX_NAME,		/* of the session */
	CODEX_COMPACTED,
	CODEX_OTHER,		/* kept as it is */
	CODEX_INDEX,		/* session_index.jsonl */
	CODEX_HISTORY		/* history.jsonl */
};

/* A line in today's terms: old ones lack the envelope. */
struct codex_record {
	enum codex_what what;
	const struct jval *line;
	const struct jval *payload;
	struct span type;	/* of the payload */
	const char *reason;	/* what is left out: constant, or NULL ... */
};

void codex_record_of(const struct jval *line, struct codex_record *out);

/* "event: token_count": why it is left out; into text. */
void codex_reason(const struct codex_record *record, char *text, size_t size);

struct chat_time codex_time_of(const struct codex_record *record);

/* Append the text of an item's content (input_text, output_text, ...). */
void codex_put_text(const struct jval *content, struct buf *out);

/* Is this what the program tells the model in the user's name? */
bool codex_is_injected(struct span text);

/* --- skeleton ------------------------------------------------------------- */

struct codex_turn {
	struct span id;		/* "" before the first one */
	uint32_t count;		/* of its messages, and of those that are */
	uint32_t events;	/* events */
	uint32_t before;	/* message before its first one */
	bool has_begun;
	bool has_events;	/* of a user */
	bool has_match;		/* one of them is a user's item */
	bool has_thought;	/* an item with the text of one */
	bool is_own;		/* not copied from another session */
	uint32_t owner;		/* whose it is else (lineage) */
	int64_t first;
};

struct codex_line {
	uint64_t hash;		/* of its bytes: is it still the same? */
	uint64_t text;		/* of a user's text */
	uint32_t turn;
	uint32_t nth;		/* in the turn */
	uint32_t parent;	/* line of a message, or CODEX_NONE */
	uint32_t index;		/* place in the session */
	uint8_t what;		/* enum codex_what */
	uint8_t turns;		/* that a rollback takes back */
	bool is_message;
	bool is_user;
	bool is_injected;	/* by its looks; then by all that is known */
	bool is_copy;
};

struct codex_skeleton {
	struct arena arena;
	struct {
		struct codex_line *at;
		size_t n;
		size_t cap;
	} lines;
	struct {
		struct codex_turn *at;
		size_t n;
		size_t cap;
	} turns;
	struct table turn_ids;
	struct table texts;	/* of a turn's user events */
	struct span session;	/* its id */
	struct span unnamed;	/* what stands for one that it does not say */
	struct span parent;	/* key of the one it comes from */
	uint32_t number;	/* in the lineage */
	uint32_t leaf;		/* line */
	uint32_t own;		/* messages that are no copies */
	int64_t first;
	int64_t last;
	bool has_items;		/* so events are no messages */
};

#define CODEX_SKELETON_INIT { \
	.arena = ARENA_INIT, .number = LINEAGE_NONE, .leaf = CODEX_NONE, \
	.turn_ids = TABLE_INIT(8, TABLE_NO_LIMIT), \
	.texts = TABLE_INIT(8, TABLE_NO_LIMIT), \
	.first = CHAT_TIME_UNKNOWN, .last = CHAT_TIME_UNKNOWN }

/* ERR_CORRUPT, ERR_LIMIT of zstd data end the reading: what stands before is
 * taken. */
MUST_USE int codex_skeleton_read(struct import_input *input,
				 struct codex_skeleton *out, struct err *err);
MUST_USE int codex_skeleton_claim(struct codex_skeleton *skeleton,
				  struct lineage *lineage, struct err *err);
/* Which turns are another session's; then who follows whom. */
MUST_USE int codex_skeleton_judge(struct codex_skeleton *skeleton,
				  const struct lineage *lineage,
				  struct err *err);
void codex_skeleton_release(struct codex_skeleton *skeleton);

/* Replace out with the key of a message: its turn's id and its place there;
 * so it is the same in a copy. */
MUST_USE int codex_key(const struct codex_skeleton *skeleton, uint32_t line,
		       struct buf *out, struct err *err);
struct span codex_id_of(struct span key);	/* the turn's */

/* --- messages ------------------------------------------------------------- */

/* A message that waits for its usage. */
struct codex_draft {
	bool is_full;
	uint32_t line;
	const char *role;
	const char *visibility;
	struct chat_time created;
	struct buf content;
	struct buf parts;	/* canonical array, or empty */
	struct buf payload;	/* native: rest of the item */
	struct buf around;	/* and of the line that it stands in */
	struct buf turn;	/* context of the turn that begins with it */
	struct buf usage;
	struct buf model;
};

void codex_draft_fill(struct codex_draft *draft, struct chat *chat,
		      const struct codex_record *record,
		      const struct codex_line *line);
/* The object of all that is not told elsewhere, with what failed before;
 * appends nothing when that is nothing. */
MUST_USE int codex_draft_native(const struct codex_draft *draft,
				struct buf *out, struct err *err);
void codex_draft_reset(struct codex_draft *draft);
void codex_draft_release(struct codex_draft *draft);

extern const struct importer codex_importer;

#endif
