/*
 * PNG: chunks lie within the bytes and follow each other; a card is read the
 * same each time or refused with a reason.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/import/parse/png.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void walk(struct span png)
{
	struct png_reader reader = PNG_READER_INIT(png);
	struct span keyword, text;
	struct png_chunk chunk;
	size_t end = 8;
	bool is_there;

	while (png_next(&reader, &chunk, &is_there, NULL) == 0 && is_there) {
		assert(chunk.at == end);
		assert(chunk.data.at == png.at + end + 8);
		end += chunk.data.len + 12;
		assert(end <= png.len);
		if (png_text(&chunk, &keyword, &text))
			assert(keyword.len + 1 + text.len == chunk.data.len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span png = span_of(data, len);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	const char *keyword = NULL;
	struct err err = ERR_INIT;

	walk(png);
	if (png_card(png, &out, &keyword, &err) < 0)
		assert(!out.len && !keyword && err.code && err.text[0]);
	else
		assert(keyword && out.len <= len);
	buf_release(&out);
	return 0;
}
