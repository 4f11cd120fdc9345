/*
 * Looking at the begin of a file: what is it, by its structure? The text may
 * be cut anywhere.
 */
#ifndef VV_CMD_IMPORT_SNIFF_H
#define VV_CMD_IMPORT_SNIFF_H

#include <stdbool.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/span.h"

/*
 * Does the JSON object that text begins with have this member? "metadata.uuid"
 * looks into the member metadata. Arrays are passed over, but for the first
 * object in one that the text begins with. Names are compared as they stand,
 * without escapes. False for other text.
 */
bool sniff_has(struct span text, const char *path);

/* Do these bytes stand in the text, wherever that is? */
bool sniff_mentions(struct span text, const char *bytes);

/* "an empty file", "a zip archive", "a JSON object with the members a, b":
 * for a message, escaped. */
MUST_USE int sniff_describe(struct span text, struct buf *out,
			    struct err *err);

#endif
