/*
 * Aider: one Markdown file for all sessions in a folder.
 */
#ifndef VV_CMD_IMPORT_NOTES_AIDER_H
#define VV_CMD_IMPORT_NOTES_AIDER_H

#include "cmd/import/import.h"

extern const struct importer aider_importer;

#endif
