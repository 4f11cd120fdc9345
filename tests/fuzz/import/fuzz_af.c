/*
 * Agent files: whatever is read becomes valid records, the same each time;
 * what is kept is an agent file again that has nothing left to hide.
 */
#include <stdint.h>

#include "cmd/import/letta/doc.h"
#include "cmd/import/letta/letta.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_kept(struct span text)
{
	struct letta first = LETTA_INIT;
	struct letta again = LETTA_INIT;
	int rc;

	rc = letta_parse(text, &first, NULL);
	if (rc == 0 && first.has_kept) {
		rc = letta_parse(buf_span(&first.kept), &again, NULL);
		assert(rc == 0);
		assert(!again.has_kept && !again.redactions);
		assert(again.wraps == first.wraps);
	}
	letta_release(&first);
	letta_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	check_kept(span_of(data, len));
	return importer_fuzz(&letta_importer, data, len);
}
