/*
 * Memory records of VVAULT's gate ("cutthroat"): one, a list, or lines of
 * them, each with hashes that are checked and reported. Whatever they say,
 * the memory is imported: memory:cutthroat:<memory_id>.
 */
#ifndef VV_CMD_IMPORT_VVAULT_CUTTHROAT_H
#define VV_CMD_IMPORT_VVAULT_CUTTHROAT_H

#include "cmd/import/import.h"

extern const struct importer cutthroat_importer;

#endif
