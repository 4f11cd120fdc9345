/*
 * Reading a ChatGPT export: what its parts share.
 */
#ifndef VV_CMD_IMPORT_CHATGPT_RUN_H
#define VV_CMD_IMPORT_CHATGPT_RUN_H

#include "cmd/import/chatgpt/asset.h"
#include "cmd/import/chatgpt/canvas.h"
#include "cmd/import/chatgpt/shown.h"
#include "cmd/import/chatgpt/tree.h"
#include "cmd/import/input/bundle.h"
#include "cmd/import/records/chat.h"
#include "cmd/import/records/part.h"
#include "cmd/import/records/take.h"
#include "lib/base/table.h"

struct chatgpt_run {
	struct import_job *job;
	struct import_source *source;
	struct chat chat;
	char construct[CONSTRUCT_NAME_MAX];	/* of a custom GPT */
	char place[300];	/* "conversations-001.json: ", for faults */
	struct span conversation;	/* key of the one at hand */
	struct table seen;		/* hashes of conversation keys */
	uint64_t repeated;		/* conversations whose id came twice */
	uint64_t duplicates;		/* members that stood twice */
	struct chatgpt_assets assets;
	struct chatgpt_canvas canvas;	/* of the conversation at hand */
	/* Scratch of whoever runs. */
	struct buf text;
	struct buf parts;
	struct parts own;	/* chatgpt_shown() */
	struct buf shown;
	struct buf absent;
	struct jcs_fields native;
	struct buf value;
	struct buf key;
	struct buf made_key;
};

/* Put one conversation; it begins at offset in the source, and is taken note
 * of where it is none. */
MUST_USE int chatgpt_conversation(struct chatgpt_run *run,
				  struct span text, uint64_t offset,
				  struct err *err);

/*
 * Note something that cannot be read. why: its place in the text is told by
 * offset, to which its "byte N" is added.
 */
MUST_USE int chatgpt_malformed(struct chatgpt_run *run, const struct err *why,
			       uint64_t offset, struct span bytes,
			       struct err *err);

/* The record of one node of the conversation that was begun. */
MUST_USE int chatgpt_message(struct chatgpt_run *run,
			     const struct chatgpt_tree *tree, size_t at,
			     struct err *err);

/* A record of what a message says, where that is to be remembered. The message
 * was put. */
MUST_USE int chatgpt_memory(struct chatgpt_run *run,
			    const struct jval *message,
			    const struct chat_message *said, struct err *err);

/*
 * The text of a message's content: borrowed, or in run->text, or what is shown
 * in its place. run->parts is then its parts as a canonical array, unless they
 * are one string or none, with those of run->own behind them; run->native has
 * what these do not say.
 */
struct span chatgpt_content(struct chatgpt_run *run,
			    const struct jval *content,
			    const struct chatgpt_shown *shown);

/* A time as exports have written it: a number, digits in a string, ISO 8601.
 * Taken where the record says all that it says. */
struct chat_time chatgpt_time(const struct jval *value);
struct chat_time chatgpt_take_time(struct take *take, const char *name);

/* native.key, unless the entity spells the key as it stands. */
void chatgpt_native_key(struct chatgpt_run *run, struct span key);
/* The object, in run->value; empty when it has no members. */
MUST_USE int chatgpt_native_write(struct chatgpt_run *run, struct span *out,
				  struct err *err);

#endif
