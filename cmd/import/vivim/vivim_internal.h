/*
 * What an operation of VIVIM says of an entity, as the data of a record.
 *
 * The payload's members that a kind has a field for become that field; all
 * others stand in native.payload, and what the operation itself says (id,
 * stamp, vector clock) in native.operation. An update has only the fields
 * that its payload has, so that it leaves the others as they are.
 */
#ifndef VV_CMD_IMPORT_VIVIM_VIVIM_INTERNAL_H
#define VV_CMD_IMPORT_VIVIM_VIVIM_INTERNAL_H

#include "cmd/import/records/chat.h"

#define VIVIM_PROVIDER "vivim"

enum vivim_kind {
	VIVIM_SESSION, VIVIM_MESSAGE, VIVIM_ACU, VIVIM_MEMORY, VIVIM_OTHER
};

struct vivim_operation {
	enum vivim_kind kind;
	const struct jval *value;	/* the whole operation */
	const struct jval *payload;	/* NULL: there is none */
	struct span id;			/* of the entity */
	struct span conversation;	/* of a message: the one it is in */
	bool is_delete;
};

/* Append the canonical object. */
MUST_USE int vivim_data(const struct vivim_operation *operation,
			struct buf *out, struct err *err);

#endif
