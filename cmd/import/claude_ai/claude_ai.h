/*
 * The importer of Claude.ai exports: a zip archive or folder of
 * conversations.json with the files of projects, memories and users beside
 * it, or one of these files alone, or a single conversation or snapshot.
 */
#ifndef VV_CMD_IMPORT_CLAUDE_AI_CLAUDE_AI_H
#define VV_CMD_IMPORT_CLAUDE_AI_CLAUDE_AI_H

#include "cmd/import/import.h"

#define CLAUDE_AI_PROVIDER "claude"

/* Stands for "no parent" in parent_message_uuid. */
#define CLAUDE_AI_NO_PARENT "00000000-0000-4000-8000-000000000000"

extern const struct importer claude_ai_importer;

#endif
