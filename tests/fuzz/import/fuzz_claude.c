/*
 * Exports of Claude.ai: whatever comes in, the records are valid and the same
 * each time.
 */
#include <stdint.h>

#include "cmd/import/claude_ai/claude_ai.h"
#include "cmd/import/records/find.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The place that is found is the first one. */
static void find(struct span text)
{
	struct span wanted = span_of(text.at, text.len ? text.len % 7 : 0);
	bool is_found;
	size_t at = 0;
	size_t i;
	int rc;

	text = span_of(text.at + wanted.len, text.len - wanted.len);
	rc = text_find(text, wanted, &is_found, &at, NULL);
	assert(rc == 0);
	for (i = 0; wanted.len && i + wanted.len <= text.len; i++) {
		if (!memcmp(text.at + i, wanted.at, wanted.len))
			break;
	}
	if (wanted.len && i + wanted.len <= text.len)
		assert(is_found && at == i);
	else
		assert(!is_found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len)
		find(span_of(data, len < 4096 ? len : 4096));
	return importer_fuzz(&claude_ai_importer, data, len);
}
