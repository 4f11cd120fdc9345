/*
 * Rollouts of Codex, compressed or not: whatever comes in, the records are
 * valid and the same each time.
 */
#include <stdint.h>

#include "cmd/import/codex/codex.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&codex_importer, data, len);
}
