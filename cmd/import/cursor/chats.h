/*
 * The database of an editor that is being read, and the chats in it.
 */
#ifndef VV_CMD_IMPORT_CURSOR_CHATS_H
#define VV_CMD_IMPORT_CURSOR_CHATS_H

#include "cmd/import/cursor/print.h"

struct cursor_state {
	struct cursor_run run;
	struct cursor_lists lists;
	struct database *db;
	struct database_query *one;	/* the value of a key */
	struct table seen;		/* chats that were put */
	struct lineage *lineage;
	struct cursor_prints prints;
	bool has_known;			/* one that was not read again */
	struct buf value;		/* of a chat */
	struct buf key;
};

/* Put all chats that the database has by themselves, and all messages whose
 * chat is gone. */
MUST_USE int cursor_read_chats(struct cursor_state *state, struct err *err);

#endif
