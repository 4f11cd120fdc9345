/*
 * Sessions of Gemini CLI: one JSON document, or a log of JSON lines.
 */
#ifndef VV_CMD_IMPORT_GEMINI_GEMINI_CLI_H
#define VV_CMD_IMPORT_GEMINI_GEMINI_CLI_H

#include "cmd/import/import.h"

extern const struct importer gemini_cli_importer;

#endif
