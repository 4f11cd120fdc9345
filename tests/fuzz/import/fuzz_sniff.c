/*
 * Looking at torn text ends, inside of it, with words; a string inside out
 * says what the reader of documents says.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/import/sniff.h"
#include "lib/base/utf8.h"
#include "lib/json/jdoc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_unwrap(struct span text)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP
	};
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc = sniff_unwrap(text, &out, NULL);

	assert(rc == 0 && out.len <= text.len);
	if (jdoc_parse(text, &options, &doc, NULL) == 0)
		assert(span_equals(jval_text(jdoc_root(doc)),
				   buf_span(&out)));
	jdoc_free(doc);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = span_of(data, len);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	size_t seen = 0;
	size_t i;

	sniff_describe(text, &words);
	assert(buf_end(&words, NULL) == 0 && words.len &&
	       utf8_is_valid(buf_span(&words)));
	for (i = 1; i <= SNIFF_LINES_MAX; i++)
		seen += sniff_line_has(text, i, "a.b");
	assert(sniff_lines_have(text, "a.b") == (seen > 0));
	assert(!sniff_is_lines(text) || sniff_line(text, 2).at);
	(void)sniff_has(text, "a");
	(void)sniff_encoding(text);
	check_unwrap(text);
	buf_release(&words);
	return 0;
}
