/*
 * Sessions of OpenCode and of programs that keep theirs as it does (Kilo,
 * MiMoCode): a database, or a folder of JSON files before it, and what
 * `opencode export` writes. Where both lie beside each other a session is of
 * both, joined by its messages and their parts.
 */
#ifndef VV_CMD_IMPORT_OPENCODE_OPENCODE_H
#define VV_CMD_IMPORT_OPENCODE_OPENCODE_H

#include "cmd/import/import.h"

extern const struct importer opencode_importer;

#endif
