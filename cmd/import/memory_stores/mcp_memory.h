/*
 * The knowledge graph of the MCP server "memory": memory.jsonl, in the forms
 * that it has in the wild, or one document with entities and relations.
 *
 * An entity is memory:mcp:entity/<name>; its data lists the last parts of
 * its observations in their order: memory:mcp:observation/<name>/<part>, each
 * with a link to it. A relation is memory:mcp:relation/<hash of from, type
 * and to>, with links to both ends, which need not exist. So whatever is
 * added to a graph changes no other record than the entity that it is about.
 */
#ifndef VV_CMD_IMPORT_MEMORY_STORES_MCP_MEMORY_H
#define VV_CMD_IMPORT_MEMORY_STORES_MCP_MEMORY_H

#include "cmd/import/import.h"

#define MCP_ENTITY "entity/"
#define MCP_OBSERVATION "observation/"
#define MCP_RELATION "relation/"

extern const struct importer mcp_memory_importer;

#endif
