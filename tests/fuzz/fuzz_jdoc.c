/*
 * Documents: whatever is read can be written as canonical JSON and as
 * Python's, and comes back from there; what jansson reads, we read too.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "lib/json/jcs_scan.h"
#include "lib/json/jdoc.h"

#define DEPTH_MAX 4096	/* more than jansson takes */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void write_twice(const struct jval *value)
{
	struct jdoc_options options = { 0, DEPTH_MAX,
					JDOC_NAN_OK | JDOC_SURROGATES_KEEP, 0 };
	struct buf canonical = BUF_INIT(BUF_NO_LIMIT);
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	struct buf again = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc;

	rc = jdoc_to_jcs(value, &canonical, NULL);
	assert(rc == 0);
	rc = jcs_check(buf_span(&canonical), NULL);
	assert(rc == 0);
	rc = jdoc_from_jcs(buf_span(&canonical), &plain, NULL);
	assert(rc == 0);
	rc = jdoc_parse(buf_span(&plain), &options, &doc, NULL);
	assert(rc == 0);
	rc = jdoc_to_jcs(jdoc_root(doc), &again, NULL);
	assert(rc == 0 && span_equals(buf_span(&canonical), buf_span(&again)));
	jdoc_free(doc);
	buf_release(&canonical);
	buf_release(&plain);
	buf_release(&again);
}

static void write_python(const struct jval *value)
{
	struct jdoc_options options = { 0, DEPTH_MAX,
					JDOC_NAN_OK | JDOC_SURROGATES_KEEP, 0 };
	struct buf first = BUF_INIT(BUF_NO_LIMIT);
	struct buf second = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc;

	rc = jdoc_to_python(value, NULL, &first, NULL);
	assert(rc == 0);
	rc = jdoc_parse(buf_span(&first), &options, &doc, NULL);
	assert(rc == 0);
	rc = jdoc_to_python(jdoc_root(doc), NULL, &second, NULL);
	assert(rc == 0 && span_equals(buf_span(&first), buf_span(&second)));
	jdoc_free(doc);
	buf_release(&first);
	buf_release(&second);
}

/* jansson takes "12\0", so texts with a NUL are not compared. */
static void compare_with_jansson(struct span text)
{
	size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL |
		       JSON_REJECT_DUPLICATES;
	struct jdoc_options options = { 0, DEPTH_MAX, JDOC_DUPLICATES_REFUSE, 0 };
	struct jdoc *doc = NULL;
	json_t *theirs;
	int rc;

	if (!text.len || memchr(text.at, '\0', text.len))
		return;
	theirs = json_loadb(text.at, text.len, flags, NULL);
	rc = jdoc_parse(text, &options, &doc, NULL);
	assert(!theirs || rc == 0);
	if (theirs)
		assert(json_is_object(theirs) ==
		       jval_is(jdoc_root(doc), JVAL_OBJECT) &&
		       json_object_size(theirs) + json_array_size(theirs) ==
		       jval_count(jdoc_root(doc)));
	json_decref(theirs);
	jdoc_free(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct jdoc_options options = { 0, 0, JDOC_NAN_OK | JDOC_BOM_SKIP |
					      JDOC_SURROGATES_KEEP, 0 };
	struct span text = span_of(data, len);
	struct err err = ERR_INIT;
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	size_t used = 0;

	if (jdoc_parse(text, &options, &doc, &err) == 0) {
		write_twice(jdoc_root(doc));
		write_python(jdoc_root(doc));
		jdoc_free(doc);
	} else {
		assert(err.code && err.text[0]);
	}
	options.max_bytes = 64;
	if (jdoc_parse_prefix(text, &options, &doc, &used, NULL) == 0) {
		assert(used && used <= len && used <= options.max_bytes);
		jdoc_free(doc);
	}
	if (jdoc_from_jcs(text, &plain, NULL) < 0)
		assert(plain.len == 0);
	buf_release(&plain);
	compare_with_jansson(text);
	return 0;
}
