/*
 * Reading a prompt of AI Studio.
 *
 * Its chunks have no ids, and the file has none. So a message's id is the
 * hash of all that was said up to it, and the session's that of its first
 * chunk: prompts that begin alike become one session, and what follows in
 * each of them is a branch of it. A chunk that was edited is a branch too.
 */
#ifndef VV_CMD_IMPORT_GEMINI_AI_STUDIO_INTERNAL_H
#define VV_CMD_IMPORT_GEMINI_AI_STUDIO_INTERNAL_H

#include "cmd/import/records/part.h"
#include "lib/id/hash.h"

#define AI_STUDIO_PROVIDER "ai-studio"
#define AI_STUDIO_KEY_BYTES 16

struct ai_studio_run {
	struct import_job *job;
	struct import_source *source;
	struct chat chat;
	struct parts parts;
	struct buf natives;	/* of the turn's chunks, canonical items */
	struct buf branches;	/* canonical items, for the session */
	struct buf value;
	unsigned char chain[SHA256_BYTES];	/* hash of all said so far */
	struct buf key;		/* of the message before */
	struct chat_time first;
	struct chat_time last;
	int64_t index;		/* of the turn at hand; the first is 1 */
	bool has_file;		/* in this turn */
	bool has_thought;
};

/* Anybody but the user. */
bool ai_studio_is_model(const struct jval *chunk);

/* Chunks of the model follow each other as it wrote them: is the next one of
 * the same turn? */
bool ai_studio_goes_on(const struct jval *chunk, const struct jval *next);

/* Put a turn, of chunks that stand behind each other, as a message. */
MUST_USE int ai_studio_put(struct ai_studio_run *run,
			   const struct jval *chunk, size_t count,
			   struct err *err);

/* Is the member of a chunk a file or the like: an object that is a part? */
bool ai_studio_is_file(const struct jval *member);

#endif
