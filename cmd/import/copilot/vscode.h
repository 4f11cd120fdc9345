/*
 * Chats of VS Code: exported, or as it keeps them, as one JSON document or as
 * a log of changes to one.
 */
#ifndef VV_CMD_IMPORT_COPILOT_VSCODE_H
#define VV_CMD_IMPORT_COPILOT_VSCODE_H

#include "cmd/import/import.h"

extern const struct importer vscode_importer;

#endif
