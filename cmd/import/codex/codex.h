/*
 * Rollouts of Codex and its relatives: JSON Lines that tell most things twice,
 * as items for the model (response_item) and for the screen: events of many
 * types, and since they are written in pages, items of turns (item_completed).
 * An item for the model and what says the same for the screen are twins: they
 * become one message, which has what either knows. What stands for the screen
 * alone is a message of its own. Read twice, as claude_code.h says.
 */
#ifndef VV_CMD_IMPORT_CODEX_CODEX_H
#define VV_CMD_IMPORT_CODEX_CODEX_H

#include "cmd/import/parse/value_lines.h"
#include "cmd/import/records/chat.h"
#include "cmd/import/identity/lineage.h"
#include "cmd/import/records/take.h"
#include "lib/base/arena.h"
#include "lib/base/table.h"

#define CODEX "codex"
#define CODEX_NONE UINT32_MAX

/* --- lines ---------------------------------------------------------------- */

/* What a line is. */
enum codex_what {
	CODEX_LEFT_OUT,
	CODEX_META,		/* of the session */
	CODEX_TURN,		/* a turn begins, or its context */
	CODEX_ITEM,		/* of the conversation: a message */
	CODEX_USER_EVENT,	/* the same as items, for the screen: */
	CODEX_AGENT_EVENT,
	CODEX_THOUGHT_EVENT,
	CODEX_TURN_ITEM,	/* the same, with more in it */
	CODEX_WORDS,		/* an event: what is said in it counts */
	CODEX_REFERENCE,	/* to the file that goes before this one */
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
	const struct jval *item;	/* of a turn; else NULL */
	const char *reason;	/* what is left out: constant, or NULL ... */
};

void codex_record_of(const struct jval *line, struct codex_record *out);

/* "event: token_count": why it is left out; into text. */
void codex_reason(const struct codex_record *record, char *text, size_t size);

struct chat_time codex_time_of(const struct codex_record *record);

/* --- words ---------------------------------------------------------------- */

/* Append the text of an item's content (input_text, output_text, ...), a blank
 * line between its pieces; or as somebody typed it, with nothing between. */
void codex_put_text(const struct jval *content, struct buf *out);
void codex_put_typed(const struct jval *content, struct buf *out);
void codex_put_piece(struct buf *out, struct span text);
/* What the program sets around a picture. */
bool codex_is_around_picture(struct span text);

/* Is this what the program tells the model in the user's name? By its looks. */
MUST_USE int codex_judge_words(struct span text, bool *out_is_injected,
			       struct err *err);
/* What a person asked, where an editor has put what it shows before that;
 * absent where it has not. */
struct span codex_request(struct span text);

/* What stands between <tag> and </tag>; absent where there is none. */
struct span codex_inside(struct span text, const char *tag);
/* What a person had the shell do ("!ls"), told to the model as a message;
 * absent where it is none. */
struct span codex_shell_command(struct span text);

/* Who put an item there, as it says itself. */
enum codex_author { CODEX_UNTOLD, CODEX_PERSON, CODEX_PROGRAM };
enum codex_author codex_author_of(const struct jval *payload);

/* --- items of turns ------------------------------------------------------- */

enum codex_kind {
	CODEX_KIND_NONE,	/* unknown */
	CODEX_SAID,		/* by a person */
	CODEX_HOOKED,		/* in a person's name, by a hook */
	CODEX_ANSWERED,
	CODEX_THOUGHT,
	CODEX_PLANNED,
	CODEX_DONE		/* by a tool */
};

/* Programs write types as AgentMessage, agentMessage and agent_message: is it
 * this one ("agentmessage")? */
bool codex_is_called(struct span type, const char *word);

enum codex_kind codex_kind_of(const struct codex_record *record);
/* Its id, or that of the call; and what is said in it, as its kind has it. */
struct span codex_item_id(const struct codex_record *record);
void codex_item_words(const struct codex_record *record, struct buf *out);
/* What a person had the shell do themselves; absent: it is none. */
struct span codex_item_command(const struct jval *item);
/* Does a person's item hold more than text? */
bool codex_item_has_more(const struct codex_record *record);

/* --- skeleton ------------------------------------------------------------- */

struct codex_turn {
	struct span id;		/* "" before the first one */
	uint32_t count;		/* of its items */
	uint32_t events;	/* of what is for the screen */
	uint32_t before;	/* message before its first one */
	bool has_begun;
	bool has_ended;
	bool has_match;		/* what a person typed is one of its items */
	bool is_own;		/* not copied from another session */
	uint32_t owner;		/* whose it is else (lineage) */
	int64_t first;
};

struct codex_line {
	uint64_t hash;		/* of its bytes: is it still the same? */
	uint64_t id;		/* codex_hash() of its id, 0: none */
	uint64_t text;		/* of its words */
	struct span name;	/* its id, where that names its message */
	uint32_t turn;
	uint32_t nth;		/* in the turn */
	uint32_t parent;	/* line of a message, or CODEX_NONE */
	uint32_t twin;		/* line that says the same, or CODEX_NONE */
	uint32_t index;		/* place in the session */
	uint32_t ordinal;	/* the same in all of its files, as it says */
	uint8_t what;		/* enum codex_what */
	uint8_t kind;		/* enum codex_kind */
	uint8_t author;		/* enum codex_author */
	uint8_t stage;		/* of an item of a turn: the last one counts */
	uint8_t paired;		/* with items of these kinds: bits */
	uint8_t turns;		/* that a rollback takes back */
	bool is_message;
	bool is_joined;		/* to the message of its twin */
	bool is_awaited;	/* such a one comes before it */
	bool is_late;		/* its twin has been put */
	bool is_old;		/* said again by a later line */
	bool is_named;		/* its message is, by its id */
	bool is_user;
	bool is_typed;		/* an event says that a person did */
	bool is_injected;	/* by its looks; then by all that is known */
	bool is_copy;
	bool has_words;
	bool has_more;
};

/* Things by what they say: of a hash, the lines that it is of. */
struct codex_said {
	uint32_t line;
	uint32_t next;
};

#define CODEX_TAKERS 2		/* items of turns, and older events */

struct codex_saying {
	uint32_t last;			/* in said */
	uint32_t left[CODEX_TAKERS];	/* the first that is not taken so */
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
	struct {
		struct codex_said *at;
		size_t n;
		size_t cap;
	} said;
	struct {
		struct codex_saying *at;
		size_t n;
		size_t cap;
	} sayings;
	struct table turn_ids;
	struct table said_by;	/* hash -> in sayings */
	struct table words;	/* hashes of all texts of items */
	struct table stages;	/* of items of turns, the last ones */
	struct table names;	/* of messages */
	struct span session;	/* its id */
	struct span unnamed;	/* what stands for one that it does not say */
	struct span parent;	/* key of the one it comes from */
	uint32_t number;	/* in the lineage */
	uint32_t leaf;		/* line */
	uint32_t own;		/* messages that are no copies */
	uint32_t last_item;	/* line */
	int64_t begun;		/* when its first line was written */
	int64_t first;
	int64_t last;
	bool has_items;		/* so events are no messages */
	bool is_segment;	/* it goes on from another file */
};

#define CODEX_SKELETON_INIT { \
	.arena = ARENA_INIT, .number = LINEAGE_NONE, .leaf = CODEX_NONE, \
	.turn_ids = TABLE_INIT(8, TABLE_NO_LIMIT), \
	.said_by = TABLE_INIT(8, TABLE_NO_LIMIT), \
	.words = TABLE_INIT(8, TABLE_NO_LIMIT), \
	.stages = TABLE_INIT(8, TABLE_NO_LIMIT), \
	.names = TABLE_INIT(8, TABLE_NO_LIMIT), \
	.first = CHAT_TIME_UNKNOWN, .last = CHAT_TIME_UNKNOWN, \
	.begun = CHAT_TIME_UNKNOWN }

/* ERR_CORRUPT, ERR_LIMIT of zstd data end the reading: what stands before is
 * taken. */
MUST_USE int codex_skeleton_read(struct import_input *input,
				 struct codex_skeleton *out, struct err *err);
MUST_USE int codex_skeleton_claim(struct codex_skeleton *skeleton,
				  struct lineage *lineage, struct err *err);
/* May another session have the turn, by its id? */
bool codex_turn_is_shareable(const struct codex_turn *turn);
/* Which turns are another session's; then who follows whom. */
MUST_USE int codex_skeleton_judge(struct codex_skeleton *skeleton,
				  const struct lineage *lineage,
				  struct err *err);
void codex_skeleton_release(struct codex_skeleton *skeleton);

/* Replace out with the key of a message: its turn's id, and its own or its
 * place there; so it is the same in a copy. */
MUST_USE int codex_key(const struct codex_skeleton *skeleton, uint32_t line,
		       struct buf *out, struct err *err);
/* The turn's; absent of a key that begins as a prompt's alone. */
struct span codex_id_of(struct span key);

/* --- twins ---------------------------------------------------------------- */

/* What things are found by. */
enum codex_by { CODEX_BY_ID, CODEX_BY_OUTPUT, CODEX_BY_TYPED, CODEX_BY_ANSWER,
		CODEX_BY_THOUGHT };

/* Of a text or an id in a turn, white space around it aside; and found so. */
uint64_t codex_hash(struct span text, uint32_t turn);
uint64_t codex_hash_by(uint64_t hash, enum codex_by by);

MUST_USE int codex_twins_note(struct codex_skeleton *skeleton, uint64_t hash,
			      uint32_t line, struct err *err);
/* The same of an item for the model: its id, and its text, each piece of it. */
MUST_USE int codex_twins_item(struct codex_skeleton *skeleton, uint32_t line,
			      const struct codex_record *record,
			      struct err *err);
/* Note what is said, whoever says it; is that said? */
MUST_USE int codex_twins_words(struct codex_skeleton *skeleton,
			       struct span text, struct err *err);
bool codex_twins_say(const struct codex_skeleton *skeleton, struct span text);
/* Does the model have that text, in what the line may be a twin of? */
bool codex_twins_have(const struct codex_skeleton *skeleton,
		      const struct codex_line *line, struct span text);
/* Find the twins of what is for the screen. */
MUST_USE int codex_twins_find(struct codex_skeleton *skeleton,
			      struct err *err);

/* --- messages ------------------------------------------------------------- */

/* A message that waits for its usage. */
struct codex_draft {
	bool is_full;
	uint32_t line;
	const char *role;
	const char *visibility;
	struct chat_time created;
	bool is_result;		/* its last part is one, and not written yet */
	bool is_failed;		/* the tool */
	struct buf content;
	struct buf parts;	/* canonical array, or empty */
	struct jcs_fields result;
	struct buf joined;	/* parts that its twins have beside */
	struct buf items;	/* native: what else such lines say, a list */
	struct buf payload;	/* native: rest of the item */
	struct buf around;	/* and of the line that it stands in */
	struct buf turn;	/* context of the turn that begins with it */
	struct buf usage;
	struct buf model;
};

#define CODEX_DRAFT_INIT { \
	.content = BUF_INIT(BUF_NO_LIMIT), .parts = BUF_INIT(BUF_NO_LIMIT), \
	.joined = BUF_INIT(BUF_NO_LIMIT), .items = BUF_INIT(BUF_NO_LIMIT), \
	.payload = BUF_INIT(BUF_NO_LIMIT), .around = BUF_INIT(BUF_NO_LIMIT), \
	.turn = BUF_INIT(BUF_NO_LIMIT), .usage = BUF_INIT(BUF_NO_LIMIT), \
	.model = BUF_INIT(BUF_NO_LIMIT), .result = JCS_FIELDS_INIT }

void codex_draft_fill(struct codex_draft *draft, struct chat *chat,
		      const struct codex_skeleton *skeleton,
		      const struct codex_record *record,
		      const struct codex_line *line);
/* Add what a twin knows beside. */
void codex_draft_join(struct codex_draft *draft, struct chat *chat,
		      const struct codex_skeleton *skeleton,
		      const struct codex_record *record,
		      const struct codex_line *line);
/* Fields of a line that is told with the message of another one: when it was
 * written, and what is not known of it. */
void codex_put_line(const struct codex_record *record,
		    struct jcs_fields *fields);
/* Such a line: these fields, which are reset. */
void codex_draft_item(struct codex_draft *draft, struct jcs_fields *fields);
/* Nothing comes any more: its parts. */
struct span codex_draft_parts(struct codex_draft *draft);
/* The object of all that is not told elsewhere, with what failed before;
 * appends nothing when that is nothing. */
MUST_USE int codex_draft_native(struct codex_draft *draft,
				struct buf *out, struct err *err);
void codex_draft_reset(struct codex_draft *draft);
void codex_draft_release(struct codex_draft *draft);

extern const struct importer codex_importer;

#endif
