/* Sessions of Kiro: whatever is read becomes valid records, the same each time. */
#include <stdint.h>

#include "cmd/import/agents/agents.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&kiro_importer, data, len);
}
