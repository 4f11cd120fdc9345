/*
 * Warp's conversations: rows of its database (warp.c), whose tasks are bytes
 * (task.c), and what their messages say (message.c).
 */
#ifndef VV_CMD_IMPORT_AGENTS_WARP_WARP_INTERNAL_H
#define VV_CMD_IMPORT_AGENTS_WARP_WARP_INTERNAL_H

#include "cmd/import/flat/flat.h"

/* For rows_shape.decode: the column `task`, as JSON. */
bool warp_decode_task(const struct database_query *row, int column,
		      struct buf *out);

/* One message of a task. */
MUST_USE int warp_put_message(struct flat *flat, const struct jval *message,
			      struct err *err);

/* What a person asked, of a conversation whose tasks are not there. */
MUST_USE int warp_put_query(struct flat *flat, const struct jval *query,
			    struct err *err);

#endif
