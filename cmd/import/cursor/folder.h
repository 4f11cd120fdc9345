/*
 * What the places of Cursor's files say: whose program they are, and which
 * folder a project has.
 */
#ifndef VV_CMD_IMPORT_CURSOR_FOLDER_H
#define VV_CMD_IMPORT_CURSOR_FOLDER_H

#include "cmd/import/import.h"

#define CURSOR_STATE "state.vscdb"

/* Whose are the databases at <program>/User/globalStorage/ and .../
 * workspaceStorage/<project>/: "cursor", "windsurf", "trae". */
const char *cursor_program(struct span place);

/* Append the path that a URI of a file names; another one as it stands. */
void cursor_put_path(struct span uri, struct buf *out);

/* Append the folder (or the file of several) that workspace.json names; nothing
 * where it says none. */
void cursor_put_folder(struct span workspace, struct buf *out);

enum import_place cursor_place(const struct import_input *input,
			       struct span place, const char **out_reason);
MUST_USE int cursor_beside(const struct import_input *input,
			   struct span place, struct beside *to,
			   struct err *err);

#endif
