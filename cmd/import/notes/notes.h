/*
 * Notes: Markdown and plain text that somebody keeps in files, alone, in a
 * folder, or in a vault of Obsidian.
 */
#ifndef VV_CMD_IMPORT_NOTES_NOTES_H
#define VV_CMD_IMPORT_NOTES_NOTES_H

#include "cmd/import/import.h"

extern const struct importer notes_importer;

#endif
