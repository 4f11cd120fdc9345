/*
 * The flat formats (flat.h), each in the file of its name.
 */
#ifndef VV_CMD_IMPORT_FLAT_FORMATS_H
#define VV_CMD_IMPORT_FLAT_FORMATS_H

#include "cmd/import/import.h"

extern const struct importer beam_importer;
extern const struct importer cutthroat_importer;
extern const struct importer grok_importer;
extern const struct importer locomo_importer;
extern const struct importer mcp_memory_importer;
extern const struct importer mem0_importer;
extern const struct importer memorybank_importer;
extern const struct importer oasst_importer;
extern const struct importer openai_jsonl_importer;
extern const struct importer sharegpt_importer;
extern const struct importer vvault_index_importer;

/* Behind "memory:mcp:" in the entities of a knowledge graph. */
#define MCP_ENTITY "entity/"
#define MCP_OBSERVATION "observation/"
#define MCP_RELATION "relation/"
/* In the native of an observation that is no text: all of it. */
#define MCP_WHOLE "observation"

#endif
