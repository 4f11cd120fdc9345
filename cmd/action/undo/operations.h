/*
 * The log of operations, read: what stands of it, and what `undo` takes next.
 */
#ifndef VV_CMD_ACTION_UNDO_OPERATIONS_H
#define VV_CMD_ACTION_UNDO_OPERATIONS_H

#include "cmd/action/undo/operation.h"

/* One entry of the log. */
struct logged {
	uint64_t number;
	size_t at;		/* its JSON, in the log's text */
	size_t len;
	uint64_t undoes;	/* the operation that it undid; 0: none */
	uint64_t redoes;	/* the undo that it took back */
	uint64_t begun;		/* the entry that it is the end of */
	bool begins;		/* something that ends with another entry */
	bool is_ended;		/* ... which is there */
	bool has_failed;
	uint64_t undone_by;	/* 0: it stands */
	uint64_t redone_by;	/* of an undo */
};

struct operations {
	struct logged *at;
	size_t n;
	size_t cap;
	struct buf text;
	bool is_torn;
};

#define OPERATIONS_INIT { NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT), false }
MUST_USE int operations_read(struct operations *out, struct vault *vault,
			     struct err *err);
void operations_release(struct operations *operations);

/* The object of an entry; borrowed. */
struct span logged_json(const struct operations *operations,
			const struct logged *logged);
/* NULL: it is not kept. */
struct logged *operations_find(const struct operations *operations,
			       uint64_t number);

/* Why it cannot be undone, as it is in itself; NULL: it can. */
const char *logged_why_not(const struct operations *operations,
			   const struct logged *logged);

/* Cannot be undone, and need not be: nothing that the vault says came of it. */
bool logged_is_passed(const struct operations *operations,
		      const struct logged *logged);

/* Not an undo, not a redo, not begun only, and not undone. */
bool logged_stands(const struct logged *logged);

/* What `redo` takes: the newest undo that stands. NULL: there is none. */
struct logged *operations_to_redo(const struct operations *operations);
/* What was begun and has not ended, for it was cut off. */
struct logged *operations_cut_off(const struct operations *operations);

#endif
