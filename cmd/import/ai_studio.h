/*
 * Prompts of Google AI Studio, as it keeps them in Drive.
 */
#ifndef VV_CMD_IMPORT_AI_STUDIO_H
#define VV_CMD_IMPORT_AI_STUDIO_H

#include "cmd/import/import.h"

extern const struct importer ai_studio_importer;

#endif
