/*
 * Sessions of Pi, and of what writes its format: Oh My Pi, OpenClaw. A tree
 * of entries, the last of which is where the talk stands.
 */
#ifndef VV_CMD_IMPORT_PI_PI_H
#define VV_CMD_IMPORT_PI_PI_H

#include "cmd/import/import.h"

extern const struct importer pi_importer;

#endif
