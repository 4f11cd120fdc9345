/*
 * What mem0 gives out: {"results":[..],"relations":[..]}, or a bare list.
 *
 * A memory is memory:mem0:<id>. Each goes to the construct that its agent_id
 * names, without one to "mem0". A relation of the graph is
 * memory:mem0:relation/<hash of its ends and its kind>.
 */
#ifndef VV_CMD_IMPORT_MEMORY_STORES_MEM0_H
#define VV_CMD_IMPORT_MEMORY_STORES_MEM0_H

#include "cmd/import/import.h"

extern const struct importer mem0_importer;

#endif
