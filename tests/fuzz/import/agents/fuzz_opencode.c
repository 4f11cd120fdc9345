/*
 * Sessions of OpenCode, exported or as a database, which stands for all that
 * are read by shapes: whatever comes in, the records are valid and the same
 * each time.
 */
#include <stdint.h>

#include "cmd/import/opencode/opencode.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&opencode_importer, data, len);
}
