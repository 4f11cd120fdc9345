/*
 * The importer of vvault's own export: JSON lines. vvault-export(1) describes
 * them. A header {"$vvault":"jsonl-1","construct":...} may come first; every
 * other line is a canonical record, or a piece of a blob.
 */
#ifndef VV_CMD_IMPORT_JSONL_JSONL_H
#define VV_CMD_IMPORT_JSONL_JSONL_H

#include "cmd/import/import.h"

#define JSONL_FORMAT "jsonl-1"
#define JSONL_PIECE_BYTES ((size_t)512 << 10)	/* of a blob, in one line */

extern const struct importer jsonl_importer;

#endif
