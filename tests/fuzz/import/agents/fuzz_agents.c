/*
 * Sessions of Grok Build, the log that has their times, those of Mistral Vibe.
 */
#include <stdint.h>

#include "cmd/import/agents/agents.h"
#include "cmd/import/agents/grok_build.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct log_times times = LOG_TIMES_INIT;

	(void)!grok_build_read_times(span_of(data, len), &times, NULL);
	log_times_release(&times);
	(void)importer_fuzz(&vibe_importer, data, len);
	return importer_fuzz(&grok_build_importer, data, len);
}
