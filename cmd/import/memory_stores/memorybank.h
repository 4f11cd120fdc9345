/*
 * MemoryBank: people and what they said on which day. Each day is a session,
 * memorybank:<name>/<day>; what else is known of them a memory each.
 */
#ifndef VV_CMD_IMPORT_MEMORY_STORES_MEMORYBANK_H
#define VV_CMD_IMPORT_MEMORY_STORES_MEMORYBANK_H

#include "cmd/import/import.h"

extern const struct importer memorybank_importer;

#endif
