/*
 * A JSON document that is written as changes to it: set, append, delete.
 */
#ifndef VV_CMD_IMPORT_COPILOT_OPLOG_H
#define VV_CMD_IMPORT_COPILOT_OPLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/json/jdoc.h"

#define OPLOG_NODES_MAX ((size_t)20000000)
#define OPLOG_MEMBERS_MAX 4096		/* of an object that is changed */
#define OPLOG_PATH_MAX 64		/* steps */

/*
 * A value. It is opened only where a change goes through it; else it is bytes
 * of the log, which the caller keeps alive.
 */
struct oplog_node {
	struct span raw;	/* JSON; of an opened one absent */
	struct span key;	/* of a member, decoded */
	bool is_array;
	struct oplog_node **at;	/* its children */
	size_t n;
	size_t cap;
};

/* A list of nodes. */
struct oplog_list {
	struct oplog_node **at;
	size_t n;
	size_t cap;
};

struct oplog {
	struct oplog_node *root;	/* NULL: nothing yet */
	struct arena arena;		/* nodes and keys */
	struct oplog_list opened;	/* all that have children */
	struct oplog_list lost;		/* items that were cut off an array
					   which is a member of the root */
	size_t nodes;
	uint64_t replaced;		/* values that were said anew, deleted
					   or cut off */
};

#define OPLOG_INIT { NULL, ARENA_INIT, { NULL, 0, 0 }, { NULL, 0, 0 }, 0, 0 }

/* Where a value's bytes lie in the log: those at `from` are at `offset`. */
struct oplog_place {
	struct span log;
	const char *from;
	uint64_t offset;
};

/*
 * Apply one line: {"kind":0,"v"} is the document; {"kind":1,"k","v"} sets;
 * {"kind":2,"k","v","i"} cuts an array to i items where that is given, then
 * appends the items of v; {"kind":3,"k"} deletes. k is the path, of names and
 * numbers. A kind that is not known changes nothing. ERR_INVALID for a change
 * that does not fit the document, which it leaves as it was; ERR_LIMIT,
 * ERR_NOMEM.
 */
MUST_USE int oplog_apply(struct oplog *log, const struct jval *line,
			 const struct oplog_place *place, bool *out_is_known,
			 struct err *err);

/* Append a node, or with NULL the whole document, as JSON. */
MUST_USE int oplog_write(const struct oplog *log,
			 const struct oplog_node *node, struct buf *out,
			 struct err *err);
void oplog_release(struct oplog *log);

#endif
