/*
 * Conversations as OpenAI's interfaces take them, one on a line:
 * {"messages":[{"role":..,"content":..}]}. They have no ids: the key of a
 * session is the hash of what it holds.
 */
#ifndef VV_CMD_IMPORT_DATASETS_OPENAI_JSONL_H
#define VV_CMD_IMPORT_DATASETS_OPENAI_JSONL_H

#include "cmd/import/import.h"

extern const struct importer openai_jsonl_importer;

#endif
