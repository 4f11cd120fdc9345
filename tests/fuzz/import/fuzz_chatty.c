/*
 * Transcripts: whatever comes in, the records are valid and the same each
 * time, and what is said lies in the source in the order of the messages.
 */
#include <stdint.h>

#include "cmd/import/vvault/chatty.h"
#include "cmd/import/vvault/chatty_parse.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void parse(struct span text)
{
	struct span hint = span_of(text.at, text.len < 5 ? text.len : 5);
	const char *at = text.at;
	struct chatty chatty;
	size_t i;
	int rc;

	(void)chatty_sniff(text);
	rc = chatty_parse(text, hint, &chatty, NULL);
	assert(rc == 0);
	for (i = 0; i < chatty.n; i++) {
		assert(chatty.at[i].dialect != CHATTY_NONE);
		assert(chatty.at[i].name.len);
		assert(chatty.at[i].name.at >= at);
		assert(chatty.at[i].text.at >= chatty.at[i].name.at);
		at = chatty.at[i].text.at + chatty.at[i].text.len;
		assert(at <= text.at + text.len);
	}
	chatty_release(&chatty);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len)
		parse(span_of(data, len));
	return importer_fuzz(&chatty_importer, data, len);
}
