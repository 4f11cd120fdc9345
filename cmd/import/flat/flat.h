/*
 * Flat formats: lists of conversations and of memories, read by one engine
 * from a table of paths. A format's own file holds its tables, and functions
 * for what no table can say.
 *
 * A member is taken only when it was understood; all else of its object goes
 * under `native`, so that nothing is forgotten.
 */
#ifndef VV_CMD_IMPORT_FLAT_FLAT_H
#define VV_CMD_IMPORT_FLAT_FLAT_H

#include "cmd/import/input/from_database.h"
#include "cmd/import/input/values.h"
#include "cmd/import/records/chat.h"
#include "cmd/import/records/links.h"
#include "cmd/import/records/part.h"
#include "cmd/import/records/take.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

/* What the value at a path is. */
enum flat_what {
	FLAT_END,
	/* Texts: of several rows the first that is not empty. */
	FLAT_KEY,		/* its id; a number counts as its digits */
	FLAT_PARENT,		/* the key of what it answers; of a session
				   the one that it comes from */
	FLAT_TITLE,
	FLAT_NAME,		/* who speaks, or whose it is */
	FLAT_MODEL,
	FLAT_CWD,		/* of a session: where it worked, `cwd` of its
				   native; else beside_say() of "cwd" */
	FLAT_KIND,		/* of an entity or a relation */
	FLAT_FROM,		/* of a relation: its two ends */
	FLAT_TO,
	FLAT_TEXTS,		/* how many there are */
	FLAT_CREATED,		/* of several rows the first that is a time */
	FLAT_UPDATED,
	FLAT_ROLE,		/* a word of the format's roles */
	FLAT_SAID,		/* what is said or remembered */
	FLAT_TAGS,		/* of a memory */
	FLAT_NULL,		/* says nothing where it is null */
	FLAT_LEFT_OUT		/* not kept: format->left_out tells of it */
};

/* What was understood is taken, or stays in the rest too. */
enum flat_rest { FLAT_TAKEN, FLAT_STAYS };

/* A table of these ends with FLAT_ROWS_END. */
struct flat_row {
	enum flat_what what;
	const char *path;	/* a member; or "src.name", as jval_at() walks:
				   what is deeper always stays */
	enum flat_rest rest;
};
#define FLAT_ROWS_END { FLAT_END, NULL, FLAT_STAYS }

/* What a source calls those who speak, in small letters or any. */
struct flat_role {
	const char *said;	/* NULL: the end */
	const char *role;
	const char *visibility;	/* NULL: "visible" */
};

/* An object of the source as a table reads it. */
struct flat_item {
	const struct jval *value;	/* as it stands, of any kind */
	struct take take;
	struct span text[FLAT_TEXTS];
	struct chat_time created;
	struct chat_time updated;
	const struct flat_role *role;	/* NULL: a word of no table */
	const struct jval *said;	/* not taken yet */
	const char *said_at;		/* its path */
	const struct jval *tags;	/* not taken yet either */
};

struct flat;

#define FLAT_DEPTH_MAX 200
#define FLAT_KEY_SHOWN 48	/* bytes of an id; of a longer one an entity may
				   hold the hash, so that it stays in the rest */

struct flat_format {
	const char *provider;	/* first part of the keys of its sessions and
				   memories; NULL: of those that is the folder */
	const char *record;	/* type of its memories; NULL: memory:create */
	const char *list;	/* member with all values; NULL: they are the
				   whole of the source */
	size_t max_depth;	/* of containers; 0: FLAT_DEPTH_MAX */
	const struct rows_shape *rows;	/* of a source that is a database: its
				   values; or NULL */
	const char *document;	/* sniff_signs() of a source that is read at
				   once, as one value of any kind; or NULL */

	/* A value, read by flat_talk() unless there is a function. */
	int (*value)(struct flat *flat, struct err *err);
	const char *about;	/* its member that tells of it; NULL: itself */
	const char *const *turns;	/* names that the list of its turns may
					   have, ended by NULL */
	const char *malformed;		/* one without such a list */
	const struct flat_row *session;
	/* Called before its first turn, while `flat` still tells of the
	 * conversation before it; NULL: there is nothing to do. */
	int (*begin)(struct flat *flat, const struct flat_item *session,
		     const struct jval *turns, struct err *err);

	const struct flat_row *turn;
	const char *wrapped;	/* member of a turn that may hold it */
	const struct flat_role *roles;
	const char *no_role;	/* told of a word that is none of them; NULL:
				   not told. Its speaker is no person. */
	bool needs_text;	/* a turn without is none */
	const char *no_turn;	/* told of what is no turn */
	/* What a turn says; NULL: flat_say(). May change the message. */
	int (*say)(struct flat *flat, struct flat_item *turn,
		   struct chat_message *message, struct err *err);

	struct chat_time (*time)(const struct jval *value);	/* NULL:
				   chat_time_of() */
	const char *left_out;	/* the reason of FLAT_LEFT_OUT */
	/* Called when all values were read; NULL: there is nothing to do. */
	int (*end)(struct flat *flat, struct err *err);
	const char *note;	/* of each source; or NULL */
};

/* A memory on its way; its rest goes into flat->native. */
struct flat_memory {
	const char *construct;		/* NULL: source->construct */
	struct jcs_fields fields;
	struct chat_time time;		/* becomes `at` */
	struct buf entity;
	struct buf links;
};

/* A source that is being read. */
struct flat {
	const struct flat_format *format;
	struct import_job *job;
	struct import_source *source;
	const struct source_value *given;	/* the value at hand */
	void *own;			/* what the format remembers */
	struct table seen;		/* SHA-256 of a key -> what it means */
	struct flat_memory memory;	/* the one at hand */

	/* The conversation at hand. */
	struct chat chat;
	struct chat_session session;
	struct buf key;
	struct buf next_key;		/* of the one that is to begin */
	struct buf last;		/* key of its turn before */
	struct table turn_keys;		/* SHA-256 of keys of its turns */
	int64_t index;			/* of its next turn */
	bool is_tree;			/* its turns name what they answer: */
	struct link_talk links;		/* one for each that is put */

	/* The turn at hand. */
	struct parts parts;
	struct jcs_fields native;
	struct buf turn_key;
	struct buf text;		/* native, written */
};

/* Read a source by the table of its format (importer.flat); own is handed to
 * the table's functions as flat->own. */
MUST_USE int flat_read(struct import_job *job, struct import_source *source,
		       struct err *err);
MUST_USE int flat_read_own(struct import_job *job,
			   struct import_source *source, void *own,
			   struct err *err);

/* The same of values that the format composes, of folders or of keys and values:
 * give() calls flat_give() for each. */
MUST_USE int flat_read_given(struct import_job *job,
			     struct import_source *source, void *own,
			     int (*give)(struct flat *flat, struct err *err),
			     struct err *err);
/* One document, of JSON text; one that is broken is told. offset: what its
 * place is called. */
MUST_USE int flat_give(struct flat *flat, struct span json, uint64_t offset,
		       struct err *err);

/* Read an object; nothing of what is none. Tells what is left out of it. */
MUST_USE int flat_item(struct flat *flat, const struct flat_row *rows,
		       const struct jval *object, struct flat_item *out,
		       struct err *err);

/* The row of a word, whatever its case; NULL when there is none. */
const struct flat_role *flat_role(const struct flat_format *format,
				  struct span word);

/* import_malformed() of something in the value at hand. */
MUST_USE int flat_malformed(struct flat *flat, const char *reason,
			    const struct jval *value, struct err *err);
/* import_leave_out() without a place. */
MUST_USE int flat_leave_out(struct flat *flat, const char *reason,
			    struct err *err);
#define FLAT_OLD "older than --since"

/*
 * flat->next_key from an id; where that is absent the hash of what the value
 * holds, whatever its spacing and order of members; with that behind it where
 * the id stands for something else already. It is not new when the same value
 * had it before.
 */
MUST_USE int flat_make_key(struct flat *flat, const struct jval *value,
			   struct span id, bool *out_is_new, struct err *err);
/* The same of an object, with a member (NULL: none) that makes it no other. */
MUST_USE int flat_make_key_without(struct flat *flat,
				   const struct jval *object,
				   const struct jval *member, struct span id,
				   bool *out_is_new, struct err *err);

/* Hex of the SHA-256 of texts, told apart from each other: a key where the
 * source has none. Appended to text that is built (buf_end()). */
void flat_hash(const struct span *texts, size_t n, struct buf *out);

/* What a key stands for: holds, or for something else already. */
enum flat_known { FLAT_NEW, FLAT_KNOWN, FLAT_ANOTHER };
MUST_USE int flat_claim(struct flat *flat, const struct buf *key,
			uint64_t holds, enum flat_known *out,
			struct err *err);

/* The value at hand as one conversation. */
MUST_USE int flat_talk(struct flat *flat, struct err *err);

/*
 * A conversation in steps: flat->session set and its key in next_key,
 * flat_begin(); flat_turn() of each turn, or flat_turns() of them all; its
 * rest into flat->native, flat_end().
 */
MUST_USE int flat_begin(struct flat *flat, struct err *err);
MUST_USE int flat_turns(struct flat *flat, const struct jval *list,
			struct err *err);
MUST_USE int flat_turn(struct flat *flat, const struct jval *turn,
		       struct err *err);
MUST_USE int flat_end(struct flat *flat, struct err *err);

/* What the item says of a message, a person's without a role; not its text. */
struct chat_message flat_message(const struct flat_item *item);

/* A turn's text, or what stands where it should, into flat->parts. A text that
 * is all of it needs no part. */
void flat_say(struct flat *flat, struct flat_item *turn);

/*
 * Put a message. What it does not say is filled in: its key is its number
 * (which is also put behind one that another message has),
 * its parent the turn before, its content and parts what `parts` holds, its
 * native what `native` does. Its index is its number.
 */
MUST_USE int flat_put(struct flat *flat, struct chat_message *message,
		      struct err *err);

/*
 * A memory in steps: flat_memory_begin() of memory:<provider>:<folder><key>,
 * what it says and links to, flat_remember() with the times, tags and the
 * rest of its item, or flat_memory_put() without. What fails is told at the
 * end. type may be NULL, content absent.
 */
void flat_memory_begin(struct flat *flat, const char *folder,
		       struct span key);
void flat_memory_says(struct flat *flat, const char *type,
		      struct span content);
void flat_memory_link(struct flat *flat, const char *relation,
		      const char *folder, struct span key);
MUST_USE int flat_memory_put(struct flat *flat, struct err *err);
MUST_USE int flat_remember(struct flat *flat, struct flat_item *item,
			   struct err *err);

/* Is the later of its times new enough for --since? */
bool flat_is_wanted(const struct flat *flat, const struct flat_item *item);

/* Is flat->memory the first one of its entity? */
MUST_USE int flat_is_new(struct flat *flat, bool *out, struct err *err);

/* Put a relation as the memory <folder><hash>, of so many hex digits; ends:
 * the folder of what it links to, or NULL. */
MUST_USE int flat_relation(struct flat *flat, struct flat_item *item,
			   const char *folder, size_t digits,
			   const char *ends, struct err *err);

#endif
