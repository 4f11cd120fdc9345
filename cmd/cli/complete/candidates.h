/*
 * Candidates for a word, as they are printed: those that begin with what is
 * written already.
 */
#ifndef VV_CMD_CLI_COMPLETE_CANDIDATES_H
#define VV_CMD_CLI_COMPLETE_CANDIDATES_H

#include <stdbool.h>

#include "cmd/action/action.h"

struct candidates {
	const char *before;	/* "--format=", which stands before each */
	const char *prefix;	/* what is written of it */
	const char *vault;	/* as -C names it, or NULL */
	bool wants_files;
};

/* One, if it fits and a shell can take it: no control character is in it.
 * What it is may be NULL; it ends with its line. */
void candidate(const struct candidates *to, const char *word,
	       const char *what);

/* The options of a table that are not operands. */
void candidate_options(const struct candidates *to,
		       const struct action_param *params);

/* What may stand for a parameter of the action; words are those that stand
 * before it among the operands, NULL behind the last. */
void candidate_values(struct candidates *to, const struct action *action,
		      const struct action_param *param,
		      const char *const *words);

/* From the vault: constructs, remotes, members, sessions, handles. */
void candidate_constructs(const struct candidates *to);
void candidate_remotes(const struct candidates *to);
void candidate_members(const struct candidates *to);
void candidate_sessions(const struct candidates *to);
void candidate_handles(const struct candidates *to);

#endif
