/*
 * The index that VVAULT keeps of an instance's capsules. It holds no capsule,
 * but the tags that people gave to them: each becomes a capsule:update of
 * capsule:<uuid>, where the capsule's own file, imported before or after,
 * stands too. The rest of an entry is native.index there.
 */
#ifndef VV_CMD_IMPORT_VVAULT_VVAULT_INDEX_H
#define VV_CMD_IMPORT_VVAULT_VVAULT_INDEX_H

#include "cmd/import/import.h"

extern const struct importer vvault_index_importer;

#endif
