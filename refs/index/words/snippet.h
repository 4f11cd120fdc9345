/*
 * The part of a text that shows why it was found.
 */
#ifndef VV_REFS_INDEX_WORDS_SNIPPET_H
#define VV_REFS_INDEX_WORDS_SNIPPET_H

#include "refs/index/words/query.h"

#define SNIPPET_BYTES 240

struct snippet {
	struct buf text;	/* one line; "..." where something is cut */
	struct {
		struct { size_t start, end; } *at;	/* bytes of text */
		size_t n;
		size_t cap;
	} marks;		/* the words that are looked for */
};

#define SNIPPET_INIT { BUF_INIT(BUF_NO_LIMIT), { NULL, 0, 0 } }

/* The stretch of that length with most of the query's words, of those slots;
 * replaces out. */
MUST_USE int snippet_make(struct words *words, const struct query *query,
			  uint32_t slots, struct span text,
			  struct snippet *out, struct err *err);
void snippet_release(struct snippet *snippet);

#endif
