/*
 * Secrets: each lies in the text, behind the one before; what holds none stays
 * as it is; canonical JSON stays canonical.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/import/secrets/secret.h"
#include "lib/json/jcs_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_places(struct span text)
{
	struct secret found;
	size_t at = 0;

	while (secret_find(text, at, &found)) {
		assert(found.at >= at && found.len > 0 &&
		       found.len <= text.len - found.at);
		at = found.at + found.len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = span_of(data, len);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct secret_counts counts = { { 0 } };
	uint64_t n = 0;

	check_places(text);
	assert(secrets_out_of_text(text, &out, &counts, NULL) == 0);
	assert(!out.len == !secret_counts_sum(&counts));
	buf_reset(&out);
	if (jcs_check(text, NULL) == 0) {
		assert(secrets_out_of_json(text, &out, &counts, NULL) == 0);
		assert(!out.len || jcs_check(buf_span(&out), NULL) == 0);
		buf_reset(&out);
		assert(secrets_out_of_settings(text, &out, &n, NULL) == 0);
		assert(!out.len == !n);
		assert(!n || jcs_check(buf_span(&out), NULL) == 0);
	}
	buf_release(&out);
	return 0;
}
