/*
 * What stands in the context of a construct, part by part. Each adds its
 * section to the page, as far as there is anything.
 */
#ifndef VV_CMD_ACTION_CONTEXT_GATHER_H
#define VV_CMD_ACTION_CONTEXT_GATHER_H

#include "cmd/action/action.h"
#include "cmd/context/brief.h"
#include "refs/index/lists/lists.h"

struct gathering {
	struct action_call *call;
	struct view *view;
	struct brief *brief;
	struct lists *lists;
	const char *query;		/* or NULL */
	struct brief_section *persona, *decisions, *conflicts, *about,
			    *memories, *talks;
};

/* The persona, what tells most first; a line for each group of its members. */
MUST_USE int gather_persona(struct gathering *gathering, struct err *err);

/* What recall finds for the query, the best first. */
MUST_USE int gather_hits(struct gathering *gathering, struct err *err);

/* Memories, the newest first, each text once: decisions, which say that they
 * are ones, apart; those that recall has found stand there alone. */
MUST_USE int gather_memories(struct gathering *gathering, struct err *err);

/* What devices disagree about in the persona and in memories. */
MUST_USE int gather_conflicts(struct gathering *gathering, struct err *err);

/* The newest conversations, by their titles. */
MUST_USE int gather_talks(struct gathering *gathering, struct err *err);

/* Does a memory say that it is a decision, by its type, bucket or a tag? No text
 * is judged by its words. */
bool gather_is_decision(struct span state);

/* "2026-11-21", nothing for INT64_MIN; behind ", " where something stands. */
void gather_put_day(struct buf *out, int64_t micros);
/* The same of any words, without blanks around them. */
void gather_put_word(struct buf *out, struct span word);

#endif
