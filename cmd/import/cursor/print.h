/*
 * Is a chat as it was when it was read last? Its row in the list of chats, and
 * the numbers of its rows tell, which change when one is written anew; what it
 * says is not read for that.
 */
#ifndef VV_CMD_IMPORT_CURSOR_PRINT_H
#define VV_CMD_IMPORT_CURSOR_PRINT_H

#include "cmd/import/cursor/lists.h"

struct cursor_prints {
	struct cursor_lists *lists;
	struct database_query *row;	/* the number of a key's row */
	struct database_query *rows;	/* keys and numbers of a range */
	struct buf from;
	struct buf to;
};

#define CURSOR_PRINTS_INIT { NULL, NULL, NULL, BUF_INIT(BUF_NO_LIMIT), \
			     BUF_INIT(BUF_NO_LIMIT) }
void cursor_prints_release(struct cursor_prints *prints);

/* lists is borrowed. */
MUST_USE int cursor_prints_begin(struct cursor_prints *prints,
				 struct cursor_lists *lists,
				 struct err *err);

/* The print of a chat; 0 where that cannot be told: no list has a row of it,
 * or it was touched within the last day, and may be written to in place. */
MUST_USE int cursor_print(struct cursor_prints *prints, struct span chat,
			  uint64_t *out, struct err *err);

#endif
