/*
 * Parts of a message as the interface of Gemini takes them, which agents that
 * came from its CLI write as they are: {"text"}, {"text","thought":true},
 * {"functionCall"}, {"functionResponse"}, {"inlineData"}.
 */
#ifndef VV_CMD_IMPORT_AGENTS_GEMINI_PARTS_H
#define VV_CMD_IMPORT_AGENTS_GEMINI_PARTS_H

#include "cmd/import/records/blocks.h"

/* Put a part, whatever it is. */
void gemini_part_put(struct blocks *blocks, const struct jval *part);

/* The words of one that is nothing else; absent: it is another. */
struct span gemini_part_words(const struct jval *part);

#endif
