/*
 * Sessions of Kimi, and the log that has their times.
 */
#include <stdint.h>

#include "cmd/import/kimi/kimi.h"
#include "cmd/import/kimi/times.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct log_times times = LOG_TIMES_INIT;

	(void)!kimi_read_times(span_of(data, len), &times, NULL);
	log_times_release(&times);
	return importer_fuzz(&kimi_importer, data, len);
}
