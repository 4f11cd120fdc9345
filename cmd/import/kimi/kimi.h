/*
 * Sessions of Kimi CLI, a context as its model sees it, and of Kimi Code, a log
 * of what happened.
 */
#ifndef VV_CMD_IMPORT_KIMI_KIMI_H
#define VV_CMD_IMPORT_KIMI_KIMI_H

#include "cmd/import/import.h"

extern const struct importer kimi_importer;

#endif
