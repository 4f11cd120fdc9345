/*
 * Conversation trees of Open Assistant: one on a line, its messages inside
 * each other as replies; or flat, a message on a line with its parent_id.
 *
 * The key of a session is that of its tree; a message's index is its depth,
 * so that replies which come later move nobody. The shown leaf is at the end
 * of the best-ranked replies, which is a guess where there is a choice.
 */
#ifndef VV_CMD_IMPORT_DATASETS_OASST_H
#define VV_CMD_IMPORT_DATASETS_OASST_H

#include "cmd/import/import.h"

extern const struct importer oasst_importer;

#endif
