/*
 * Rows of Warp, as JSON, and the bytes of its tasks: whatever is read becomes
 * valid JSON and valid records, the same each time.
 */
#include <stdint.h>

#include "cmd/import/agents/agents.h"
#include "cmd/import/agents/warp/protobuf.h"
#include "tests/importer_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct protobuf_field inner[] = {
	{ 1, "text", PROTOBUF_TEXT, false, NULL },
	{ 2, "args", PROTOBUF_STRUCT, false, NULL },
	{ 3, "when", PROTOBUF_TIME, false, NULL },
	{ 4, "is_so", PROTOBUF_BOOL, false, NULL },
	{ 0, NULL, PROTOBUF_TEXT, false, NULL }
};

static const struct protobuf_field outer[] = {
	{ 1, "one", PROTOBUF_MESSAGE, false, inner },
	{ 2, "many", PROTOBUF_MESSAGE, true, inner },
	{ 3, "any", PROTOBUF_MESSAGE, false, NULL },
	{ 4, "number", PROTOBUF_NUMBER, true, NULL },
	{ 0, NULL, PROTOBUF_TEXT, false, NULL }
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	const struct jdoc_options strict = { .max_bytes = 0 };
	struct jdoc *doc = NULL;

	if (protobuf_to_json(span_of(data, len), outer, &json))
		assert(jdoc_parse(buf_span(&json), &strict, &doc,
				  NULL) == 0);
	else
		assert(!json.len);
	jdoc_free(doc);
	buf_release(&json);
	return importer_fuzz_row(&warp_importer, data, len);
}
