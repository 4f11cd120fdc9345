/*
 * Messages of Protocol Buffers as JSON, as far as a table names their fields.
 * What it does not name stands by its number, so that nothing is lost: a
 * number, a text, a message where the bytes are one, else {"$base64"}.
 */
#ifndef VV_CMD_IMPORT_AGENTS_WARP_PROTOBUF_H
#define VV_CMD_IMPORT_AGENTS_WARP_PROTOBUF_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/span.h"

enum protobuf_kind {
	PROTOBUF_TEXT,
	PROTOBUF_MESSAGE,
	PROTOBUF_NUMBER,
	PROTOBUF_BOOL,
	PROTOBUF_TIME,		/* seconds since 1970, as a decimal number */
	PROTOBUF_STRUCT		/* JSON, as the library's own types have it */
};

/* A table of these ends with name NULL. */
struct protobuf_field {
	uint32_t number;
	const char *name;
	enum protobuf_kind kind;
	bool is_list;
	const struct protobuf_field *fields;	/* of a message; NULL: none of
						   them is known */
};

/* Append the message as a JSON object to text that is built (buf_end()). False
 * for bytes that are none; out is then as it was. */
bool protobuf_to_json(struct span bytes, const struct protobuf_field *fields,
		      struct buf *out);

#endif
