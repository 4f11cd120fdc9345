/* Character cards and lorebooks, JSON and PNG: whatever is read
 * becomes valid records, the same each time. */
#include <stdint.h>

#include "cmd/import/roleplay/card.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&card_importer, data, len);
}
