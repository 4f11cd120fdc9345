/*
 * Documents that break off: what is whole before the place where the reader of
 * documents stops is a document again, and no longer than what came before it.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "cmd/import/input/begun.h"
#include "lib/json/jdoc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
	};
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct span text = span_of(data, len);
	struct err why = ERR_INIT;
	struct jdoc *doc = NULL;
	const char *place;
	size_t used = 0;
	size_t end;

	if (jdoc_parse(text, &options, &doc, &why) == ERR_INVALID &&
	    (place = strstr(why.text, "(byte "))) {
		end = strtoull(place + strlen("(byte "), NULL, 10);
		begun_put(span_of(text.at, end < len ? end : len), &out,
			  &used);
		assert(!out.failed && used <= end && !used == !out.len);
		jdoc_free(doc);
		doc = NULL;
		assert(!used || jdoc_parse(buf_span(&out), &options, &doc,
					   NULL) == 0);
	}
	jdoc_free(doc);
	buf_release(&out);
	return 0;
}
