/*
 * A session of Cline or of one of its kin while it is read. There are two
 * stores: <id>.messages.json with <id>.json beside it, and the folder of a task,
 * where api_conversation_history.json is what the model was told, and
 * ui_messages.json what the panel showed: times, errors and what was never
 * sent are in the second alone.
 */
#ifndef VV_CMD_IMPORT_CLINE_CLINE_INTERNAL_H
#define VV_CMD_IMPORT_CLINE_CLINE_INTERNAL_H

#include "cmd/import/import.h"
#include "cmd/import/records/blocks.h"
#include "cmd/import/records/chat.h"
#include "lib/base/table.h"

struct cline_reading {
	struct import_job *job;
	struct import_source *source;
	const char *provider;		/* "cline", "roo", "kilo" */
	struct chat chat;
	struct parts parts;
	struct table keys;		/* SHA-256 of a key -> how often */
	struct table given;		/* of what a message holds, likewise */
	struct buf key;			/* of the message at hand */
	struct buf last;		/* of the one before; empty: none */
	int64_t index;			/* of the next one */
	struct chat_time first;
	struct chat_time latest;
	struct buf model;
	struct buf title;		/* what the person said first */
	struct buf cwd;
	bool is_task;			/* words stand in <task>, <feedback> */
};

void cline_reading_begin(struct cline_reading *reading, struct import_job *job,
			 struct import_source *source);
void cline_reading_release(struct cline_reading *reading);

/* --- cline_turn.c ---------------------------------------------------------- */

/* A message on its way; reading->parts is what it is made of. */
struct cline_turn {
	struct span key;
	const char *role;
	const char *visibility;
	struct chat_time created;
	struct span model;
	const struct take *rest;	/* becomes its native; or NULL */
	struct span request;		/* canonical: what its request cost */
};

/* Put it behind the message before it. */
MUST_USE int cline_put_turn(struct cline_reading *reading,
			    const struct cline_turn *turn, struct err *err);

/* A line that a list can show: the first one, cut where it is long. Appended
 * to text that is built. */
void cline_put_title(struct span text, struct buf *out);

/* --- cline_message.c ------------------------------------------------------- */

/* What is known of a message from elsewhere. */
struct cline_around {
	size_t place;			/* in the list */
	struct chat_time time;		/* for one that has none */
	struct span request;		/* canonical; may be absent */
};

/*
 * A message as the model was told it. What tools gave is put as messages of its
 * own, one for each call, as Cline itself has them once a session is resumed: so
 * neither way adds to the other.
 */
MUST_USE int cline_message(struct cline_reading *reading,
			   const struct jval *value,
			   const struct cline_around *around,
			   struct err *err);

/* The words in <feedback> and its like in a text, or absent; *from moves on
 * behind them. */
struct span cline_said_in(struct span text, size_t *from);

/* --- cline_written.c ------------------------------------------------------- */

/* The text of an answer, in which thoughts and calls may be written. */
void cline_put_answer(struct blocks *blocks, struct span text);
/* Words to the person that are the input of a call: an answer, a question. */
void cline_put_said(struct blocks *blocks, struct span name,
		    const struct jval *input);

/* --- cline_panel.c --------------------------------------------------------- */

struct cline_panel;

/*
 * What the panel showed of the messages in a list (may be NULL: of none).
 * items: an array, borrowed as the list is.
 */
MUST_USE int cline_panel_new(const struct jval *items,
			     const struct jval *messages,
			     struct cline_panel **out, struct err *err);
void cline_panel_free(struct cline_panel *panel);

/* What it tells of the message at that place. */
struct cline_around cline_panel_around(struct cline_panel *panel,
				       size_t place);

/* Put what stands before the message at that place (SIZE_MAX: all that is
 * left), and in no message. */
MUST_USE int cline_panel_put(struct cline_panel *panel,
			     struct cline_reading *reading, size_t place,
			     struct err *err);

/* --- cline_shown.c --------------------------------------------------------- */

enum cline_kind {
	CLINE_PERSON,		/* what the person wrote */
	CLINE_ANSWER,		/* what the model said */
	CLINE_THOUGHT,
	CLINE_CALL,
	CLINE_RESULT,		/* of a call */
	CLINE_REQUEST,		/* to a model, with what it cost */
	CLINE_NOTICE		/* anything else: errors, checkpoints, hooks */
};

/* The word of an item, and what kind it is; is_first: of all of them. */
struct span cline_shown_word(const struct jval *item);
enum cline_kind cline_shown_kind(const struct jval *item, bool is_first);

/* Put an item as a message of its own. */
MUST_USE int cline_put_shown(struct cline_reading *reading,
			     const struct jval *item, enum cline_kind kind,
			     struct err *err);

/* --- cline_place.c --------------------------------------------------------- */

extern const struct import_home cline_home;
enum import_place cline_place(const struct import_input *input,
			      struct span place, const char **out_reason);
int cline_beside(const struct import_input *input, struct span place,
		 struct beside *to, struct err *err);

/* --- the kinds of sources -------------------------------------------------- */

MUST_USE int cline_read_session(struct cline_reading *reading,
				const struct jval *root, struct err *err);
MUST_USE int cline_read_manifest(struct cline_reading *reading,
				 const struct jval *root, struct err *err);
/* messages or items may be NULL. */
MUST_USE int cline_read_task(struct cline_reading *reading,
			     const struct jval *messages,
			     const struct jval *items, struct err *err);
MUST_USE int cline_read_list(struct cline_reading *reading,
			     const struct jval *list, struct err *err);

/* A document beside the source, or NULL where there is none or it is damaged,
 * which is told. The caller's to free. */
MUST_USE int cline_beside_doc(struct cline_reading *reading, const char *as,
			      struct jdoc **out, struct err *err);

#endif
