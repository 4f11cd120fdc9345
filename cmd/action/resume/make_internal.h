/*
 * A passage on its way: turns and pieces in lists that grow, so that they name
 * each other by their places until all are there.
 */
#ifndef VV_CMD_ACTION_RESUME_MAKE_INTERNAL_H
#define VV_CMD_ACTION_RESUME_MAKE_INTERNAL_H

#include "cmd/action/resume/make.h"
#include "cmd/import/secrets/secret.h"
#include "lib/base/table.h"

#define MAKING_NONE SIZE_MAX

/* A piece on its way, beside what is in made->pieces at the same place. */
struct making_piece {
	size_t turn;
	bool is_answered;	/* a call that has its result */
	bool has_id;		/* of its own */
	size_t files, files_n;	/* places in made->files */
};

struct making {
	const struct transcript *transcript;
	const struct made_wish *wish;
	struct made *made;
	struct { struct making_piece *at; size_t n, cap; } pieces;
	struct table ids;	/* of calls, as their source has them: where
				   the last one of each stands */
	struct table used;	/* ids that the passage has */
	struct secret_counts secrets;
	struct buf text;	/* scratch */
	const struct said *said;	/* that is being read, */
	int64_t created;	/* its time; 0: unknown */
	struct buf content;
	size_t turn;		/* that is made of it, or MAKING_NONE */
	size_t call;		/* whose result came last in it */
	struct err *err;
};

/* make_value.c: canonical values as they were before parts of them became
 * blobs; their secrets out, where that is wished for. */

/* Append a value, what stands for a long text or list put back. */
MUST_USE int making_value(struct making *making, struct span value,
			  struct buf *out);
/* Keep a text, or an object, for the passage. */
MUST_USE int making_keep(struct making *making, struct span text,
			 struct span *out);
MUST_USE int making_keep_json(struct making *making, struct span json,
			      struct span *out);
/* The text of a value: of a string, of blocks with texts, else its JSON. */
MUST_USE int making_words(struct making *making, struct span value,
			  struct buf *out);

/* make_injected.c: keep what was said or given back, without what its program
 * put in for the model, wherever that stands. It may be empty then. */
MUST_USE int making_keep_said(struct making *making, struct span text,
			      struct span *out);
/* Is the message what a person had the shell do, past the model, or what that
 * gave back? It asks nothing of a model. */
bool making_is_shell(const struct making *making);

/* make_calls.c, make_results.c */
/* Append the text of the first of these members, ended by NULL; nothing where
 * none is one. */
MUST_USE int making_member(struct making *making, struct span part,
			   const char *const *names, struct buf *out);
MUST_USE int making_call(struct making *making, struct span part);
MUST_USE int making_result(struct making *making, struct span part);
/* A message of a tool that has no part for its call, or its result. */
MUST_USE int making_bare_result(struct making *making);
/* make_flatten.c: what a target without calls, or control characters, is told
 * instead. */
MUST_USE int making_flatten(struct making *making);

/* make_files.c: a file of the turn, or of the result that came last. */
MUST_USE int making_file(struct making *making, struct span part);

/* make.c */
/* Append a piece to the turn of the message; it is made where there is none. */
MUST_USE int making_add(struct making *making, enum piece_kind kind,
			struct passage_piece **out);
MUST_USE int making_text(struct making *making, struct span text);

/* make_settle.c, when all messages were read: times that never go back; lists
 * that grew have found their place; what is told begins with the person's words,
 * so many prompts before the end; and is counted. */
void making_set_times(struct making *making);
void making_join(struct making *making);
MUST_USE int making_cut(struct making *making);
void making_count(struct making *making);

/* make_message.c: what one message says. */
MUST_USE int making_message(struct making *making);

#endif
