/*
 * Sessions of Pi.
 */
#include <stdint.h>

#include "cmd/import/pi/pi.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&pi_importer, data, len);
}
