/*
 * What the files of `undo` share.
 */
#ifndef VV_CMD_ACTION_UNDO_UNDO_H
#define VV_CMD_ACTION_UNDO_UNDO_H

#include "cmd/action/undo/operations.h"

/* One undo or redo. */
struct undoing {
	struct action_call *call;
	const struct operations *log;
	const struct logged *done;	/* what is shown as undone, or redone */
	const struct logged *of;	/* whose moves are taken back */
	const struct logged *begun;	/* an undo that was cut off; or NULL */
	bool is_redo;
	bool has_written;
};

/* "undo" or "redo". */
const char *undo_word(const struct undoing *undoing);

/* Choose what the call asks for; with what is told on the way. done is NULL
 * where that is nothing, for a reason that was told. */
MUST_USE int undo_choose(struct undoing *undoing, struct err *err);
/* Where nobody said which, what is large is told of before, or asked about at a
 * terminal. */
MUST_USE int undo_ask(const struct undoing *undoing, bool *out_goes_on,
		      struct err *err);
/* Do it, and emit each version and each remote. */
MUST_USE int undo_do(struct undoing *undoing, struct err *err);
/* Set one remote back: an item of an entry's "remotes". */
MUST_USE int undo_remote(struct undoing *undoing, struct span item,
			 struct err *err);
/* Put "operation", "did" and "command". */
void undo_put_operation(const struct undoing *undoing,
			struct jcs_fields *fields);

/*
 * A command may have been stopped behind its last version and before its line
 * in the log: versions of this device that came behind where the log left its
 * refs are an operation of their own, which is logged now. *out_has_more: the
 * log is to be read again.
 */
MUST_USE int undo_adopt(struct action_call *call, const struct operations *log,
			bool *out_has_more, struct err *err);

/* `undo --list`. */
MUST_USE int undo_list(struct action_call *call, const struct operations *log,
		       struct err *err);

/* Let the operation have the versions that this device made since, whose
 * subjects begin so; NULL: all. */
MUST_USE int undo_own_versions(struct vault *vault, const git_oid *head,
			       const git_oid *since, const char *subject,
			       struct operation *operation, struct err *err);

/*
 * An undo was cut off: let its operation have the versions that it made, by
 * the word ("undo") and the number in their subjects.
 */
MUST_USE int undo_gather(struct action_call *call,
			 const struct operations *log,
			 const struct logged *begun, const char *word,
			 uint64_t number, struct err *err);

#endif
