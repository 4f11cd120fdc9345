/*
 * Canonical JSON: what the scanner takes is exactly what the writer makes of
 * the same value, and cursors stay inside any text.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/json/jcs_scan.h"
#include "lib/json/jdoc.h"

#define MEMBERS_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* On unchecked text too, a cursor must end and stay inside. */
static void walk(struct span text)
{
	struct jcs_iter iter = jcs_iter_object(text);
	struct buf decoded = BUF_INIT(BUF_NO_LIMIT);
	struct span name;
	struct span value;
	int64_t number;

	if (jcs_type_of(text) == JCS_ARRAY)
		iter = jcs_iter_array(text);
	while (jcs_next(&iter, &name, &value)) {
		assert(value.at >= text.at &&
		       value.at + value.len <= text.at + text.len);
		buf_reset(&decoded);
		if (jcs_string_decode(value, &decoded, NULL) == 0)
			assert(decoded.len <= value.len);
		jcs_integer(value, &number);
	}
	buf_release(&decoded);
}

static bool is_written_so(struct span text)
{
	struct jdoc_options options = { 0, 0, JDOC_DUPLICATES_REFUSE, 0 };
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	bool is_same = false;

	if (jdoc_parse(text, &options, &doc, NULL) == 0)
		is_same = jdoc_to_jcs(jdoc_root(doc), &out, NULL) == 0 &&
			  span_equals(buf_span(&out), text);
	jdoc_free(doc);
	buf_release(&out);
	return is_same;
}

/* The writer puts a "$raw" for these, which the scanner need not see. */
static bool may_differ(struct span text)
{
	size_t digits = 0;
	size_t depth = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		char c = text.at[i];

		digits = c >= '0' && c <= '9' ? digits + 1 : 0;
		depth += c == '[' || c == '{';
		if (digits > 15 || c == '$' || depth > JDOC_JCS_DEPTH_MAX)
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = span_of(data, len);
	struct jcs_member members[MEMBERS_MAX];
	struct err err = ERR_INIT;
	size_t count = 0;
	bool is_canonical = jcs_check(text, &err) == 0;
	int rc;

	assert(is_canonical == !err.code);
	rc = jcs_object_scan(text, members, MEMBERS_MAX, &count, NULL);
	assert(rc < 0 || is_canonical);
	assert(!is_canonical || data[0] != '{' || rc == 0 || rc == ERR_LIMIT);
	walk(text);
	if (!may_differ(text))
		assert(is_canonical == is_written_so(text));
	return 0;
}
