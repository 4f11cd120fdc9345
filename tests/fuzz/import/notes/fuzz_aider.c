/*
 * Histories of Aider: whatever comes in, the records are valid and the same
 * each time, and the pieces stand in the file in their order.
 */
#include <stdint.h>

#include "cmd/import/notes/aider.h"
#include "cmd/import/notes/aider_internal.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void parse(struct span text)
{
	struct aider_log log = AIDER_LOG_INIT;
	struct aider_typings typings = AIDER_TYPINGS_INIT;
	const char *at = text.at;
	size_t pieces = 0;
	size_t i;

	assert(aider_parse(text, &log, NULL) == 0);
	assert(aider_typings_read(&typings, text, NULL) == 0);
	for (i = 0; i < log.sessions.n; i++) {
		assert(log.sessions.at[i].first == pieces);
		pieces += log.sessions.at[i].n;
	}
	assert(pieces == log.pieces.n);
	for (i = 0; i < log.pieces.n; i++) {
		assert(log.pieces.at[i].raw.at >= at);
		at = log.pieces.at[i].raw.at + log.pieces.at[i].raw.len;
		assert(at <= text.at + text.len);
	}
	aider_log_release(&log);
	aider_typings_release(&typings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len)
		parse(span_of(data, len));
	return importer_fuzz(&aider_importer, data, len);
}
