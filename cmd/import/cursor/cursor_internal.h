/*
 * Reading Cursor's chats: what the rooms share. A chat ("composer") is a list
 * of bubbles, each what a person said, or a piece of the answer: a thought,
 * words, one call of a tool with what it gave.
 */
#ifndef VV_CMD_IMPORT_CURSOR_CURSOR_INTERNAL_H
#define VV_CMD_IMPORT_CURSOR_CURSOR_INTERNAL_H

#include "cmd/import/records/blocks.h"
#include "cmd/import/records/take.h"
#include "lib/base/arena.h"
#include "lib/base/table.h"

struct lineage;

#define CURSOR_PROVIDER "cursor"
#define CURSOR_ID_BYTES 16	/* of a hash that stands for a key */
/* Keys of messages in a transcript begin so: they tell nothing of whether the
 * session is whole anywhere. */
#define CURSOR_LINE_KEY "line."

/* A source that is being read. */
struct cursor_run {
	struct import_job *job;
	struct import_source *source;
	const char *provider;	/* "cursor": first part of the keys */
	struct chat chat;
	struct parts parts;
	struct jcs_fields fields;
	struct buf native;
	struct buf key;		/* of the message at hand */
	struct buf parent;	/* of the message before; empty: none */
	int64_t index;		/* of the next message */
	struct lineage *said;	/* prompts.h; NULL: nobody asks */
	uint64_t beside;	/* messages that no list names */
	bool has_lost;		/* the chat at hand lacks a message */
	bool is_ours;		/* it is the import that failed ... */
	bool is_theirs;		/* ... or the database, which is told */
};

void cursor_run_begin(struct cursor_run *run, struct import_job *job,
		      struct import_source *source, const char *provider);
void cursor_run_release(struct cursor_run *run);

/*
 * Whose failure is it? What the database returns goes through the first, what
 * its visitors return through the second; what came first counts.
 */
int cursor_theirs(struct cursor_run *run, int rc);
int cursor_ours(struct cursor_run *run, int rc);

/* A hash of a key, for tables. */
void cursor_id(struct span key, unsigned char out[CURSOR_ID_BYTES]);

/* Put a message behind the one before: its native is run->native, its content
 * and parts are run->parts, its key run->key. */
MUST_USE int cursor_put(struct cursor_run *run, struct chat_message *message,
			struct err *err);

/* Take members that hold nothing, lists and objects: a bubble has fifty of
 * them, and says so. */
void cursor_take_hollow(struct take *take);

/* A time: text as ISO 8601, a number as milliseconds. */
struct chat_time cursor_time(const struct jval *value);

/* The text as JSON; *out NULL, and told as malformed with the place where it
 * stands, when it is none. */
MUST_USE int cursor_parse(struct cursor_run *run, const char *what,
			  struct span text, struct jdoc **out,
			  struct err *err);

/*
 * Put the messages of a bubble, which the list of its chat calls by that key;
 * entry: its place in that list (may be NULL, as the bubble may be one that
 * has its place by itself).
 */
struct cursor_bubble {
	const struct jval *value;
	const struct jval *entry;
	struct span key;
};
MUST_USE int cursor_put_bubble(struct cursor_run *run,
			       const struct cursor_bubble *bubble,
			       struct err *err);

/* Parts of the call that a bubble is; and the message of what it gave, put
 * behind it under its key and "-result", when it gave something. */
void cursor_call(struct blocks *blocks, const struct jval *call);
MUST_USE int cursor_put_result(struct cursor_run *run,
			       const struct cursor_bubble *bubble,
			       const struct jval *call,
			       const struct chat_time *created,
			       struct err *err);

/* Append the words of a document of the editor's input (Lexical's nodes, as
 * JSON or as the text of it). */
void cursor_rich_text(const struct jval *document, struct buf *out);

/* Parts of what a person attached to what they said. */
void cursor_attached(struct parts *parts, struct take *bubble);

/* Put the message {"role"} of an object, whose content was taken (NULL: it has
 * none, and what it says is shown). */
MUST_USE int cursor_put_message(struct cursor_run *run, struct take *take,
				const struct jval *content, struct err *err);
void cursor_put_content(struct blocks *blocks, const struct jval *content);

/* The key of a message, where it tells that a database has its session; for
 * lineage_look(). */
struct span cursor_id_of(struct span key);

/* --- a chat ---------------------------------------------------------------- */

/* Where the bubbles of a chat are got that it does not hold itself. */
struct cursor_bubbles {
	/* Put its value in place of what is in out. *out_is_there false: it is
	 * not there, or null. */
	int (*get)(void *arg, struct span chat, struct span key,
		   struct buf *out, bool *out_is_there, struct err *err);
	/* Visit the keys of all that there are of the chat. */
	int (*each)(void *arg, struct span chat,
		    int (*key)(void *to, struct span key, struct err *err),
		    void *to, struct err *err);
	void *arg;
};

/* What a list of chats says of one. */
struct cursor_header {
	const struct jval *value;	/* its entry there; or NULL */
	const struct jval *row;		/* the row that the entry stands in */
	struct span cwd;		/* path of its project; absent: unknown */
	struct span parent;		/* key of the chat that called it */
};

/* Put a chat by its key: composer is its own object (NULL: it has none any
 * more, only bubbles). */
struct cursor_talk {
	struct span key;
	const struct jval *composer;
	struct cursor_header header;
	const struct cursor_bubbles *bubbles;
};
MUST_USE int cursor_put_talk(struct cursor_run *run,
			     const struct cursor_talk *talk, struct err *err);

/*
 * Messages of a chat that its list does not name, as those before a prompt
 * was changed: by their times they follow what was there then.
 */
struct cursor_place {
	int64_t micros;		/* when it was made */
	size_t order;		/* among those of one time */
	struct span key;	/* of its last message */
};
struct cursor_places {
	struct cursor_place *at;
	size_t n;
	size_t cap;
};
void cursor_places_sort(struct cursor_places *places);

/* The chats of Cursor's first panel, "tabs" of an object; folder: path of the
 * project, or absent. */
MUST_USE int cursor_put_tabs(struct cursor_run *run, const struct jval *root,
			     struct span folder, struct err *err);

#endif
