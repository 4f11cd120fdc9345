/*
 * A list of what a person typed in all sessions, which a program keeps beside
 * them: of sessions that it did not keep the prompts are all that is left, and
 * come home as such.
 */
#ifndef VV_CMD_IMPORT_BESIDE_PROMPTS_H
#define VV_CMD_IMPORT_BESIDE_PROMPTS_H

#include "cmd/import/identity/lineage.h"
#include "cmd/import/records/take.h"
#include "lib/base/arena.h"
#include "lib/base/table.h"

/* Keys of such messages begin so: a session that has no others is not kept. */
#define PROMPT_KEY "prompt."

struct prompts {
	struct lineage *lineage;	/* knows the sessions of this run */
	/* What in a message's key tells of its session, of no prompt. */
	struct span (*id_of)(struct span key);
	struct span native;		/* of each session; absent: none */
	struct {
		struct prompts_session *at;
		size_t n;
		size_t cap;
	} sessions;
	struct table ids;		/* hash of a session -> in sessions */
	struct arena arena;
};

#define PROMPTS_INIT { NULL, NULL, { NULL, 0 }, { NULL, 0, 0 }, \
		       TABLE_INIT(sizeof(uint64_t), TABLE_NO_LIMIT), \
		       ARENA_INIT }
void prompts_release(struct prompts *prompts);

struct prompt {
	struct span session;
	struct span text;
	struct chat_time time;
	struct take *rest;
};

/* Put one, unless its session is here itself, or older than --since. The chat
 * has begun, with whatever session, and is at another one then. */
MUST_USE int prompts_put(struct prompts *prompts, struct chat *chat,
			 const struct prompt *prompt, struct err *err);

/* In the end: the sessions of which there are only prompts. */
MUST_USE int prompts_end(struct prompts *prompts, struct chat *chat,
			 struct err *err);

#endif
