/*
 * Tasks of Cline and its kin: whatever comes in, the records are valid and the
 * same each time.
 */
#include <stdint.h>

#include "cmd/import/cline/cline.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&cline_importer, data, len);
}
