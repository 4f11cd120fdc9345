/*
 * Sessions of Claude Code: JSON Lines that grow, read twice. The first time
 * for the skeleton: which lines are one message, whose it is, what comes
 * before it. The second time for the messages, one after the other, so that
 * memory goes with the skeleton and not with the session.
 */
#ifndef VV_CMD_IMPORT_CLAUDE_CODE_CLAUDE_CODE_H
#define VV_CMD_IMPORT_CLAUDE_CODE_CLAUDE_CODE_H

#include "cmd/import/parse/array_items.h"
#include "cmd/import/parse/value_lines.h"
#include "cmd/import/records/chat.h"
#include "cmd/import/identity/lineage.h"
#include "cmd/import/records/links.h"
#include "cmd/import/records/take.h"
#include "lib/base/arena.h"
#include "lib/base/table.h"

#define CLAUDE_CODE "claude-code"
#define CC_NONE UINT32_MAX
#define CC_ID_BYTES LINEAGE_ID_BYTES

/* --- lines ---------------------------------------------------------------- */

/* The records of a file, or of a web session's {"loglines":[...]}. */
struct cc_lines {
	struct value_lines *lines;
	struct array_items *items;
	struct jdoc *doc;		/* of the item */
	struct value_line line;		/* that is an array of records, ... */
	const struct jval *next;	/* of these the next one */
};
#define CC_LINES_INIT { .lines = NULL }

MUST_USE int cc_lines_open(struct import_input *input, struct cc_lines *out,
			   struct err *err);
/* As value_lines_next(). */
MUST_USE int cc_lines_next(struct cc_lines *lines, struct value_line *out,
			   struct err *err);
void cc_lines_release(struct cc_lines *lines);

/* What becomes of a line. */
enum cc_what {
	CC_MESSAGE,		/* a message, or a part of one */
	CC_ASIDE,		/* what the program writes for itself: kept,
				   but nothing leads back through it */
	CC_ABOUT,		/* something about the session: a title */
	CC_NO_RECORD
};

enum cc_what cc_what_is(const struct jval *record);

/* A command that the person gave, and what it said where the program carried
 * it out itself. */
bool cc_is_command(const struct jval *record);
bool cc_is_output(const struct jval *record);
/* What it is in the talk. */
enum link_kind cc_kind_of(const struct jval *record);

/* When it was written; copies of files say so further inside. */
struct chat_time cc_time_of(const struct jval *record);

/*
 * The key of the session that a record names: its sessionId, or
 * "<sessionId>:agent-<agentId>" of a subagent's. Replaces out; empties it when
 * there is none.
 */
MUST_USE int cc_session_key(const struct jval *record, struct buf *out,
			    struct err *err);

/*
 * Replace out with the key of a message: its uuid, else made of its bytes
 * and of how many like it came before, which does not change as the file
 * grows.
 */
struct cc_keys {
	struct table seen;
};
#define CC_KEYS_INIT { TABLE_INIT(CC_ID_BYTES, TABLE_NO_LIMIT) }
MUST_USE int cc_message_key(struct cc_keys *keys, const struct value_line *line,
			    struct buf *out, struct err *err);
/* The same of the bytes alone: the uuid is another's. */
MUST_USE int cc_made_key(struct cc_keys *keys, const struct value_line *line,
			 struct buf *out, struct err *err);
/* Of what stands there for a reader, and who says it; 0: it cannot be told. */
uint64_t cc_words(const struct jval *record);
/* Of what a person or the model says in it; 0: nothing. */
uint64_t cc_said_hash(const struct jval *record);

/* What an attachment holds that was typed, or came, while the model was at
 * work, and that no other record has; NULL: it is none such. */
const struct jval *cc_queued(const struct jval *record);
/* Does it hold what a person typed, among what a program wrote there? */
bool cc_is_typed(const struct jval *record);
/* Does a user's record hold a tool's result? */
bool cc_is_result(const struct jval *record);
bool cc_is_type(const struct jval *record, const char *type);

/* --- skeleton ------------------------------------------------------------- */

struct cc_session {
	struct span key;
	struct span parent;	/* key of the session that it comes from */
	struct span agent;	/* its agentId */
	bool is_side;		/* an agent's that has none, in its caller's
				   file */
	struct span cwd;	/* of the first line */
	struct span model;	/* of the last answer */
	int64_t first;		/* CHAT_TIME_UNKNOWN: none */
	int64_t last;
	uint32_t leaf;		/* message, or CC_NONE; after judging */
	uint32_t stands;	/* the last message so far; and that of side
				   chains */
	uint32_t stands_aside;
	uint32_t guessed;	/* messages whose place is a guess; likewise */
	uint32_t number;	/* in the lineage */
	uint32_t count;		/* of messages, copies among them */
	uint32_t own;		/* without these; after judging */
};

/* What a prompt is that stands only in the queue's own lines (queue.h). */
enum cc_queued_as {
	CC_NOT_QUEUED,		/* no such prompt */
	CC_SAID,
	CC_TAKEN_BACK		/* before it was sent */
};

/* One or several lines. */
struct cc_message {
	struct span key;
	struct span parent_text;	/* its parentUuid, where it is not here */
	uint32_t session;		/* CC_NONE: the file names none */
	uint32_t parent;	/* message, or what links.h has instead; after
				   judging a message or CC_NONE */
	uint32_t answer;	/* that it is a part of: its own, or the one
				   that stands before it in its turn; CC_NONE */
	uint32_t index;
	uint32_t lines;		/* that make it, still to come */
	uint32_t best;		/* line with the final usage */
	uint32_t owner;		/* session (lineage) whose message this copies,
				   or LINEAGE_NONE */
	uint64_t words;		/* cc_words(), of one with but one line */
	int64_t tokens;
	int64_t first;		/* time of its first line, and of the last */
	int64_t last;
	uint8_t kind;		/* enum link_kind */
	uint8_t queued;		/* enum cc_queued_as */
	bool is_aside;		/* on a side chain of its session */
	bool is_command;
	bool is_alone;		/* it has but one line */
	bool is_forked;		/* it says that it is a copy */
	bool is_raw_parent;	/* parentUuid says just what parent does */
	bool is_other;		/* what it has of that says something else */
	bool is_nameless;	/* nothing in it tells it from another
				   session's */
};

struct cc_line {
	uint64_t hash;			/* of its bytes: is it still the same? */
	uint64_t said;			/* cc_said_hash() */
	struct span uuid;		/* of a further line of a message */
	uint32_t message;		/* CC_NONE: none */
	bool is_double;			/* it stands before, by its uuid */
};

/* A session has called a tool by this id; or an agent, whose session's key it
 * is. */
struct cc_call {
	struct span id;
	uint32_t message;
};

struct cc_skeleton {
	struct arena arena;
	struct {
		struct cc_line *at;	/* that are JSON */
		size_t n;
		size_t cap;
	} lines;
	struct {
		struct cc_message *at;
		size_t n;
		size_t cap;
	} messages;
	struct {
		struct cc_session *at;
		size_t n;
		size_t cap;
	} sessions;
	struct {
		struct cc_call *at;	/* what other files name it by */
		size_t n;
		size_t cap;
	} calls;
	struct table session_ids;
	struct table line_ids;		/* uuid -> line */
	struct table merged;		/* message.id and request -> the last
					   message of these */
	uint32_t own;			/* session that the file is of, ... */
	bool is_mixed;			/* as far as its lines tell: they are of
					   several, none of the file's name */
};

#define CC_SKELETON_INIT { \
	.arena = ARENA_INIT, .own = CC_NONE, \
	.session_ids = TABLE_INIT(CC_ID_BYTES, TABLE_NO_LIMIT), \
	.line_ids = TABLE_INIT(CC_ID_BYTES, TABLE_NO_LIMIT), \
	.merged = TABLE_INIT(CC_ID_BYTES, TABLE_NO_LIMIT) }

MUST_USE int cc_skeleton_read(struct import_input *input,
			      struct cc_skeleton *out, struct err *err);
/* Say to the lineage what is here. */
MUST_USE int cc_skeleton_claim(struct cc_skeleton *skeleton,
			       struct lineage *lineage, struct err *err);
/* What is named and not here may be a part of what the vault holds. */
MUST_USE int cc_skeleton_look(const struct cc_skeleton *skeleton,
			      struct lineage *lineage, struct import_job *job,
			      const char *construct, struct err *err);
/* Whose the file is: the session's that it is named by; else of the last one in
 * it. All of it has been read. */
void cc_find_own(struct cc_skeleton *skeleton, const char *path);
/* Is the file the session's own, or has it all that there is of an agent that
 * the file's session called? */
bool cc_is_ours(const struct cc_skeleton *skeleton, uint32_t session);
/* Learn what the vault says in that of which there is something here in another
 * session's file. */
MUST_USE int cc_learn_words(const struct cc_skeleton *skeleton,
			    struct import_job *job, const char *construct,
			    struct lineage *lineage, struct err *err);
/* Ask it what of this is another session's; and who follows whom. */
MUST_USE int cc_skeleton_judge(struct cc_skeleton *skeleton,
			       struct lineage *lineage, struct err *err);
/* Note which agents a record called: by the ids of the calls, or by theirs. */
MUST_USE int cc_note_calls(struct cc_skeleton *to, const struct jval *record,
			   uint32_t message, struct err *err);
/* Is anything in it another session's, does it follow what is not here, or is
 * it an agent's that some session called, or empty? Before judging: as far as it
 * says so itself. */
bool cc_skeleton_has_kin(const struct cc_skeleton *skeleton);
/* Does a line have this uuid? */
bool cc_skeleton_has(const struct cc_skeleton *skeleton, struct span uuid);
/* Bytes, about. */
size_t cc_skeleton_memory(const struct cc_skeleton *skeleton);
void cc_skeleton_release(struct cc_skeleton *skeleton);

/* --- messages ------------------------------------------------------------- */

/* What a line under a person's name tells that its program did not write. */
enum cc_told {
	CC_TOLD_NOTHING,
	CC_TOLD_OUTPUT,		/* what a tool, or their command, answered */
	CC_TOLD_WORDS		/* their own, a picture, a file */
};

/* A message whose lines are being gathered. */
struct cc_draft {
	struct cc_draft *next;
	uint32_t message;
	struct buf content;
	struct buf parts;		/* items, with commas */
	struct buf record;		/* native: rest of the first line */
	struct buf about;		/* of `message` (or an attachment) of the
					   best line */
	struct buf best;	/* the same with its model */
	struct buf abouts;	/* of all lines, likewise */
	struct buf lines;		/* what other lines say else */
	struct buf result;		/* toolUseResult */
	struct buf model;
	struct table blocks;		/* of earlier lines */
	const char *role;
	const char *visibility;		/* NULL: by what it holds */
	bool is_queued;			/* it stands in an attachment */
	struct chat_time created;
	bool is_alone;			/* no other line can repeat its blocks */
	const struct table *before;	/* calls of the message before, which
					   this one may repeat; or NULL */
	size_t repeated;
	enum cc_told told;		/* in the line under a person's name */
	bool has_text;			/* that somebody wrote */
	bool has_thinking;
	bool has_call;
	bool has_result;
	bool names_file;		/* that a result stands whole in */
};

MUST_USE int cc_draft_new(struct cc_draft **out, struct err *err);
void cc_draft_reset(struct cc_draft *draft);
void cc_draft_free(struct cc_draft *draft);

/* A line on its way into its message. */
struct cc_piece {
	const struct jval *record;
	struct span key;	/* of its message */
	bool is_first;		/* of the message's lines */
	bool is_alone;		/* the only one */
	bool is_best;		/* has the final usage */
	bool is_raw_parent;	/* its parentUuid says nothing new */
	bool is_agent;		/* its session is a subagent's */
	const struct table *before;	/* cc_draft.before */
	enum cc_queued_as queued;
};
void cc_draft_add(struct cc_draft *draft, struct chat *chat,
		  const struct cc_piece *piece);
/* The object of all that is not told elsewhere, with what failed before;
 * appends nothing when that is nothing. */
MUST_USE int cc_draft_native(struct cc_draft *draft, struct buf *out,
			     struct err *err);

/* A field `name`, an array of these items; none when there are none. */
void cc_fields_list(struct jcs_fields *fields, const char *name,
		    const struct buf *items);

/* The blocks of `content`: text behind draft->content, all in parts. */
void cc_put_content(struct cc_draft *draft, struct chat *chat,
		    const struct jval *content);

/* What a tool returned, bytes in base64 as a blob's reference. */
void cc_put_result(struct cc_draft *draft, struct chat *chat,
		   const struct jval *value);

extern const struct importer claude_code_importer;

#endif
