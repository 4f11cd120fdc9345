/*
 * The prompts that were queued while the model was at work. The queue's own
 * lines tell what went into it and what left it; most of what was typed comes
 * again as a prompt of its own or as an attachment, and is told there. What
 * does not come again was said all the same, where it went into the queue,
 * unless it was taken back.
 */
#ifndef VV_CMD_IMPORT_CLAUDE_CODE_QUEUE_H
#define VV_CMD_IMPORT_CLAUDE_CODE_QUEUE_H

#include "cmd/import/claude_code/claude_code.h"

struct cc_waiting {
	uint32_t message;
	struct span words;	/* that were typed; empty: the program's */
	uint32_t next;		/* of the same words, CC_NONE */
	uint32_t answers;	/* ... lines of answers before that */
	bool is_there;		/* in the queue */
	bool is_taken_up;	/* by the turn that was on its way ... */
	bool is_back;		/* was taken back */
	bool is_told;		/* elsewhere */
};

/* All prompts of the same words. */
struct cc_same {
	uint32_t first;		/* that is told nowhere else; CC_NONE */
	uint32_t there;		/* that may be in the queue; CC_NONE */
	uint32_t last;
};

struct cc_queue {
	struct {
		struct cc_waiting *at;
		size_t n;
		size_t cap;
	} all;			/* that ever were in it */
	struct {
		struct cc_same *at;
		size_t n;
		size_t cap;
	} same;
	struct table words;	/* session and words -> same */
	size_t first;		/* nothing before it is in the queue */
	uint32_t answers;	/* lines so far */
	struct buf said;	/* scratch */
};

#define CC_QUEUE_INIT { { NULL, 0, 0 }, { NULL, 0, 0 }, \
	TABLE_INIT(CC_ID_BYTES, TABLE_NO_LIMIT), 0, 0, \
	BUF_INIT(BUF_NO_LIMIT) }

/* Look at a line that has become (part of) a message. */
MUST_USE int cc_queue_note(struct cc_queue *queue, struct cc_skeleton *to,
			   uint32_t message, const struct jval *record,
			   struct err *err);

/* Now all lines are known: set what those prompts are that are told nowhere
 * else. */
void cc_queue_settle(const struct cc_queue *queue, struct cc_skeleton *to);

void cc_queue_release(struct cc_queue *queue);

#endif
