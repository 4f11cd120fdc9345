/*
 * Sessions of Claude Code: whatever comes in, the records are valid and the
 * same each time.
 */
#include <stdint.h>

#include "cmd/import/claude_code/claude_code.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&claude_code_importer, data, len);
}
