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

/* Versions that this device made. */
struct own_versions {
	struct own_version {
		char construct[CONSTRUCT_NAME_MAX];
		char ref_name[CONSTRUCT_NAME_MAX];
		git_oid id;
		int64_t time;		/* never less than of one before it */
		size_t place;		/* among those that were found */
	} *at;
	size_t n;
	size_t cap;
};

/* Append those since, the oldest first, whose subjects begin so; NULL: all. */
MUST_USE int undo_own_versions(struct vault *vault, const git_oid *head,
			       const git_oid *since, const char *subject,
			       struct own_versions *out, struct err *err);
void own_version_moved(struct operation *operation,
		       const struct own_version *version);

/*
 * A command may have been stopped behind its last version and before its line
 * in the log, or the log be an older one that was put back: what this device
 * made behind where the log left its refs. The oldest first; nothing while an
 * undo is cut off, for then it is that one's.
 */
MUST_USE int undo_find_unlogged(struct action_call *call,
				const struct operations *log,
				struct own_versions *out, struct err *err);

/* Log them, each as an operation of its own, for nobody knows which were of
 * one command. *out_has_more: the log is to be read again. */
MUST_USE int undo_adopt(struct action_call *call, const struct operations *log,
			bool *out_has_more, struct err *err);

/* `undo --list`. */
MUST_USE int undo_list(struct action_call *call, const struct operations *log,
		       struct err *err);

/*
 * An undo was cut off: let its operation have the versions that it made, by
 * the word ("undo") and the number in their subjects.
 */
MUST_USE int undo_gather(struct action_call *call,
			 const struct operations *log,
			 const struct logged *begun, const char *word,
			 uint64_t number, struct err *err);

#endif
