/*
 * What the files of extract.h share.
 */
#ifndef VV_CMD_CONTEXT_EXTRACT_EXTRACT_INTERNAL_H
#define VV_CMD_CONTEXT_EXTRACT_EXTRACT_INTERNAL_H

#include "cmd/context/extract/extract.h"

#define EXTRACT_LAST 3	/* prompts: they and what follows are the last turns */

/* Add an item of a turn to the section that was begun last: "2026-11-21 10:00,
 * user". A turn that there is not: it is the
 * session's. */
MUST_USE int extract_add(const struct extracting *extracting, size_t turn,
			 struct span head, struct span text, size_t rank,
			 struct err *err);
/* Append when a turn was, to the minute, and words behind it. */
void extract_put_head(struct buf *out, const struct passage_turn *turn,
		      const char *words);

/* Append what was said in a turn, and the names of its files; with_calls: and
 * a line for each call, with what became of it. */
void extract_put_turn(struct buf *out, const struct passage *passage,
		      size_t turn, bool with_calls);
/* Are there words or files of a person in it? */
bool extract_is_prompt(const struct passage_turn *turn);
/* Where the last turns begin, and where the request stands; passage->n: there
 * is none. */
size_t extract_last_from(const struct passage *passage);
size_t extract_request_at(const struct passage *passage);

/* Each call, in order. */
struct extract_call {
	size_t turn;
	const struct passage_call *call;
};
struct extract_walk {
	const struct passage *passage;
	size_t turn, piece;
};
bool extract_next(struct extract_walk *walk, struct extract_call *out);

/* A path as it is called from the session's folder, where it lies there. */
struct span extract_inside(const struct passage *passage, struct span path);
/* Append a text that stands in an input, decoded. */
void extract_put_words(struct buf *out, struct span value);
/* Did the call fail: so says the source, or the program by its status? */
bool extract_has_failed(const struct passage_call *call);

#endif
