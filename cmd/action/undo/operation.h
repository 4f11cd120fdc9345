/*
 * What a writing action did, for the log (refs/operations): gathered while it
 * runs, wherever refs and remotes move, and written when it ends. The log
 * tells what can be undone.
 */
#ifndef VV_CMD_ACTION_UNDO_OPERATION_H
#define VV_CMD_ACTION_UNDO_OPERATION_H

#include "cmd/action/action.h"
#include "refs/vault/vault.h"

struct operation {
	struct buf moves;	/* the items of an array of JSON */
	struct buf remotes;
	char kind[32];		/* of what was spoken of, "" for any */
	uint64_t things;	/* how many */
	uint64_t versions_n;	/* moves that brought a version */
	uint64_t counted;	/* what else moved: refs of a fetch or push */
	uint64_t undoes;	/* number of the operation; 0: none */
	uint64_t redoes;	/* that of the undo */
	uint64_t begun;		/* of its own first entry */
	bool is_silent;		/* not to be logged */
};

#define OPERATION_INIT \
	{ BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), "", 0, 0, 0, 0, 0, 0, \
	  false }

/* Each accepts NULL. */
void operation_moved(struct operation *operation,
		     const struct vault_move *move);
void operation_readdressed(struct operation *operation, const char *remote,
			   const char *from, const char *to);
void operation_count(struct operation *operation, uint64_t n);
/* It speaks of so many things of a kind, more than before: the words of a
 * command may name them by handles, which mean others by the next list. */
void operation_says(struct operation *operation, const char *kind, uint64_t n);
/* "what": "1 message", "3 things"; nothing where none was said. */
void operation_put_things(const struct operation *operation,
			  struct jcs_fields *fields);

/* The action has ended so: write what it did, if it did anything. A log that
 * cannot be written is noted, for the action is done. Frees what was
 * gathered. */
void operation_end(struct action_call *call, int rc);

/* Log moves that nobody has logged, as an operation of unknown words. */
MUST_USE int operation_adopt(struct action_call *call,
			     const struct operation *operation,
			     struct err *err);
void operation_release(struct operation *operation);

/* Write the first of two entries: what is about to be undone or redone, with
 * these fields, which are released. */
MUST_USE int operation_begin(struct action_call *call,
			     struct jcs_fields *fields, struct err *err);

/*
 * What becomes of an action when it is to be undone. Every action that writes
 * has a row.
 */
#define OPERATION_ALWAYS 1u	/* logged though no ref of ours moved */
#define OPERATION_PASSED 2u	/* what the vault says is as before: undo goes
				   on to what came before it */

struct operation_kind {
	const char *action;
	/* Why it cannot be undone, and what to do instead. NULL: it can, by
	 * the inverse of the versions that it made, and remotes set back. */
	const char *why_not;
	unsigned flags;
};

/* NULL: no such row. */
const struct operation_kind *operation_kind_find(const char *action);

#endif
