/*
 * Cursor, and what keeps its chats as Cursor does (Windsurf, Trae): the
 * databases of the editor, those of its agent for the terminal, and the
 * transcripts that both write beside.
 */
#ifndef VV_CMD_IMPORT_CURSOR_CURSOR_H
#define VV_CMD_IMPORT_CURSOR_CURSOR_H

#include "cmd/import/import.h"

/* state.vscdb, of all projects or of one. */
extern const struct importer cursor_importer;
/* store.db of the agent for the terminal. */
extern const struct importer cursor_cli_importer;
/* Lines of what was said, without times and without what tools gave. */
extern const struct importer cursor_transcript_importer;

#endif
