/*
 * Chats of VS Code: whatever comes in, the records are valid and the same each
 * time.
 */
#include <stdint.h>

#include "cmd/import/copilot/vscode.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return importer_fuzz(&vscode_importer, data, len);
}
