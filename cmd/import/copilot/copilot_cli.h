/*
 * Sessions of GitHub Copilot CLI: events.jsonl, an event a line.
 */
#ifndef VV_CMD_IMPORT_COPILOT_COPILOT_CLI_H
#define VV_CMD_IMPORT_COPILOT_COPILOT_CLI_H

#include "cmd/import/import.h"

extern const struct importer copilot_cli_importer;

#endif
