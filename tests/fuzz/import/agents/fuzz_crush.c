/* Rows of Crush, as JSON: whatever is read becomes valid records, the same
 * each time. */
#include <stdint.h>

#include "cmd/import/agents/agents.h"
#include "tests/importer_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz_row(&crush_importer, data, len);
}
