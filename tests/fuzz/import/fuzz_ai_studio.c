/*
 * Prompts of AI Studio: whatever comes in, the records are valid and the same each
 * time.
 */
#include <stdint.h>

#include "cmd/import/gemini/ai_studio.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&ai_studio_importer, data, len);
}
