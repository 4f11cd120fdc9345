/*
 * Letta agent files (.af), also double-encoded and old ones.
 */
#ifndef VV_CMD_IMPORT_LETTA_LETTA_H
#define VV_CMD_IMPORT_LETTA_LETTA_H

#include "cmd/import/import.h"

extern const struct importer letta_importer;

#endif
