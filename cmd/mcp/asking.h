/*
 * Asking an action for what a tool tells: the one place through which every
 * call of one goes, and at which what the server may show and write is laid
 * on it.
 */
#ifndef VV_CMD_MCP_ASKING_H
#define VV_CMD_MCP_ASKING_H

#include "cmd/action/action.h"
#include "cmd/mcp/server.h"

#define ASKING_NUMBERS 4
#define ANSWER_MAX_BYTES ((size_t)16 << 20)

struct asking {
	struct server *server;
	struct action_call call;
	struct action_value values[ACTION_PARAMS_MAX];
	const char *texts[ACTION_PARAMS_MAX];
	char numbers[ASKING_NUMBERS][24];
	size_t numbers_n;
	struct scope_words scope;
	struct buf keys_folder;		/* of who signs, where it writes */
	struct buf source;		/* what such a record says of it */

	/* out */
	struct buf objects;		/* canonical, a line each */
	size_t n;
	struct buf notes;		/* sentences, a line each */
	bool is_full;			/* there was more */

	/* Set by who asks: so many objects are passed over, behind the first. */
	size_t skip;
	size_t skipped;
};

/* Begin to ask the action of that name, which there must be. */
void asking_begin(struct asking *asking, struct server *server,
		  const char *action);
void asking_release(struct asking *asking);

/* Set a parameter, which it must have; texts are borrowed. A text that is NULL
 * sets nothing. */
void asking_flag(struct asking *asking, const char *name);
void asking_text(struct asking *asking, const char *name, const char *text);
void asking_texts(struct asking *asking, const char *name,
		  const char *const *texts, size_t n);
void asking_count(struct asking *asking, const char *name, uint64_t count);

/* As of the end of that date, if it is before what the server is bound to;
 * NULL: nothing is set. ERR_INVALID. */
MUST_USE int asking_as_of(struct asking *asking, const char *date,
			  struct err *err);

/* Ask. Objects and notes come also before an error. */
MUST_USE int asking_run(struct asking *asking, struct err *err);

/* The next object of the answer; at NULL behind the last one. */
struct span asking_next(const struct asking *asking, struct span *rest);

#endif
