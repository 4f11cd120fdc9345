/*
 * Looking at torn text ends, inside of it, with words.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/import/sniff.h"
#include "lib/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = span_of(data, len);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	size_t seen = 0;
	size_t i;

	sniff_describe(text, &words);
	assert(buf_end(&words, NULL) == 0 && words.len &&
	       utf8_is_valid(buf_span(&words)));
	for (i = 1; i <= SNIFF_LINES_MAX; i++) {
		struct span line = sniff_line(text, i);

		seen += line.at && sniff_has(line, "a.b");
	}
	assert(sniff_lines_have(text, "a.b") == (seen > 0));
	assert(!sniff_is_lines(text) || sniff_line(text, 2).at);
	(void)sniff_has(text, "a");
	(void)sniff_encoding(text);
	buf_release(&words);
	return 0;
}
