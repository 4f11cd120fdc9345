/*
 * The importer of VIVIM's sync packets: what a device pushes, what it pulls,
 * or the bare list of operations.
 */
#ifndef VV_CMD_IMPORT_VIVIM_VIVIM_H
#define VV_CMD_IMPORT_VIVIM_VIVIM_H

#include "cmd/import/import.h"

extern const struct importer vivim_importer;

#endif
