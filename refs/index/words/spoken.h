/*
 * What an entity says to whoever looks for words: its text, whose it is, when
 * and where it was spoken. Messages, memories and the titles of sessions.
 */
#ifndef VV_REFS_INDEX_WORDS_SPOKEN_H
#define VV_REFS_INDEX_WORDS_SPOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "objects/record/kinds.h"
#include "objects/record/record.h"
#include "refs/index/words/days.h"

#define SPOKEN_QUESTION 1u
#define SPOKEN_TELLS_TIME 2u
#define SPOKEN_TELLS_NUMBER 4u
#define SPOKEN_IS_USERS 8u		/* the person's own words */
#define SPOKEN_HAS_CODE 16u
#define SPOKEN_FLAGS 31u		/* all of them */

/* Texts of strings without escapes are borrowed from data, and so is all that
 * is a span. */
struct spoken {
	struct span entity;
	const struct kind *kind;
	struct span session;	/* an entity; of what has none, itself */
	struct span role;	/* "" where it has none, and so below */
	struct span name;
	struct span model;
	struct span visibility;
	struct span provider;	/* from the entity: "chatgpt" */
	struct span source;	/* a memory's own word, else the provider */
	struct span project;	/* of a session: the folder worked in */
	int64_t index;		/* place in the session; -1: the session's own */
	int64_t micros;		/* when; INT64_MIN: unknown */
	struct buf text;
};

#define SPOKEN_INIT { .text = BUF_INIT(BUF_NO_LIMIT) }

/* Does that kind say anything? */
bool spoken_has(const struct kind *kind);

/*
 * Read it from a state or from the data of one record: a canonical object. at:
 * the clock of a record, for what has no time of its own. ERR_NOMEM.
 */
MUST_USE int spoken_read(struct span entity, const struct kind *kind,
		       struct span data, struct span at, struct spoken *out,
		       struct err *err);
/* The title of a session, not something said in one. */
bool spoken_is_title(const struct spoken *spoken);
/* Is it for a person to see, not thinking, tools and the like? */
bool spoken_is_visible(const struct spoken *spoken);
/* Is the state of a message the root of a tree alone (ChatGPT's are), where
 * nobody has said anything? It counts as no message. */
bool spoken_is_root(struct span state);
/* Where an agent worked, as importers keep it of their sources; of the state
 * of a session, and borrowed from it. */
struct span spoken_project(struct span data);
/* What a text is by itself, and what a word in it tells. */
uint32_t spoken_flags(const struct spoken *spoken);
uint32_t spoken_flags_of(const struct word *word);
/* What orders rows where all else is equal: the begin of a record's id. */
uint32_t spoken_tie(const unsigned char id[RECORD_ID_BYTES]);
void spoken_release(struct spoken *spoken);

#endif
