/*
 * What the parts of a portrait in markdown share.
 */
#ifndef VV_CMD_EXPORT_MARKDOWN_H
#define VV_CMD_EXPORT_MARKDOWN_H

#include "cmd/export/export.h"

/* Text from outside, what a terminal obeys escaped; every line gets the
 * prefix. */
void markdown_put_lines(struct buf *out, struct span text,
			const char *prefix);

/* The sessions of a construct, behind what is written of it already. */
MUST_USE int markdown_sessions(const struct export *export, struct err *err);

#endif
