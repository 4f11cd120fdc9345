/*
 * Why something failed, as a model is told: the reason, and never a command
 * that it could run.
 */
#ifndef VV_CMD_MCP_REASON_H
#define VV_CMD_MCP_REASON_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/* Append the error's sentence: on one line, made safe, cut where it is too
 * long, without what tells which command comes next. */
void reason_put(const struct err *why, struct buf *out);
/* The same of any sentence; nothing where nothing is left of it. */
void reason_put_sentence(struct span sentence, struct buf *out);

#endif
