/* Exports of AnythingLLM: whatever is read becomes valid records, the same each time. */
#include <stdint.h>

#include "cmd/import/apps/formats.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&anythingllm_importer, data, len);
}
