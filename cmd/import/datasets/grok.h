/*
 * Exports of Grok: {"conversations":[{"conversation":{..},"responses":[..]}]}.
 * Where responses name the one that they answer, they are a tree; else a row.
 */
#ifndef VV_CMD_IMPORT_DATASETS_GROK_H
#define VV_CMD_IMPORT_DATASETS_GROK_H

#include "cmd/import/import.h"

extern const struct importer grok_importer;

#endif
