/*
 * The importer of capsules, of all dialects.
 */
#ifndef VV_CMD_IMPORT_CAPSULE_CAPSULE_H
#define VV_CMD_IMPORT_CAPSULE_CAPSULE_H

#include "cmd/import/import.h"

extern const struct importer capsule_importer;

#endif
