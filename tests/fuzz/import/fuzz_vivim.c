/*
 * Sync packets of VIVIM: whatever comes in, the records are valid and the
 * same each time; a stamp that is read becomes a valid `at`.
 */
#include <stdint.h>

#include "cmd/import/vivim/stamp.h"
#include "cmd/import/vivim/vivim.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char at[HLC_TEXT_MAX];
	struct vivim_stamp stamp;

	if (vivim_stamp_parse(span_of(data, len), &stamp, NULL) == 0) {
		vivim_stamp_at(&stamp, at);
		assert(hlc_text_is_valid(span_str(at)));
		assert(stamp.node.len);
	}
	return importer_fuzz(&vivim_importer, data, len);
}
