/*
 * Sessions of Qwen Code.
 */
#include <stdint.h>

#include "cmd/import/agents/agents.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&qwen_importer, data, len);
}
