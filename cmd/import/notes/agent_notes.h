/*
 * What agents are told to know and to heed, and what they note for
 * themselves: files of memories, rules and personas, plans and lists of tasks.
 */
#ifndef VV_CMD_IMPORT_NOTES_AGENT_NOTES_H
#define VV_CMD_IMPORT_NOTES_AGENT_NOTES_H

#include "cmd/import/import.h"

extern const struct importer agent_notes_importer;

#endif
