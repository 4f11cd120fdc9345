/*
 * HTML: the tokens stand in the text in order, the text that is made of it
 * stays in its bound and is well-formed where the HTML was.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/import/parse/html.h"
#include "lib/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_tokens(struct span html)
{
	struct html_reader reader = HTML_READER_INIT(html);
	const char *at = html.at;
	struct html_token token;
	struct span value;

	while (html_next(&reader, &token)) {
		assert(token.whole.len && token.whole.at >= at);
		at = token.whole.at + token.whole.len;
		assert(at <= html.at + html.len);
		assert((token.kind == HTML_TEXT) == !token.name.len);
		value = html_attribute(&token, "class");
		assert(!value.len || token.kind == HTML_START);
		(void)html_has_class(&token, "outer-cell");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span html = span_of(data, len);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	check_tokens(html);
	rc = html_to_text(html, &out, NULL);
	assert(rc == 0 && out.len <= len * 10);
	assert(!utf8_is_valid(html) || utf8_is_valid(buf_span(&out)));
	buf_reset(&out);
	rc = html_decode(html, &out, NULL);
	assert(rc == 0 && out.len <= len);
	buf_release(&out);
	return 0;
}
