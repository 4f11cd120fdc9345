/*
 * Copilot's CLI sessions and its activity history, which begins with a byte
 * order mark or with the name of its first column.
 */
#include <stdint.h>

#include "cmd/import/copilot/copilot_cli.h"
#include "cmd/import/copilot/copilot_csv.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = span_of(data, len);

	if (span_begins(text, "\xef\xbb\xbf") || span_begins(text, "C"))
		return importer_fuzz(&copilot_csv_importer, data, len);
	return importer_fuzz(&copilot_cli_importer, data, len);
}
