/*
 * Items of JSON arrays: of a right text they are what the reader of documents
 * finds, of any text they lie where they are said to, and neither depends on
 * how the bytes come. The first byte says how these do.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "cmd/import/parse/array_items.h"
#include "lib/json/jdoc.h"
#include "tests/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The array whose items are given, if the text is right. */
static const struct jval *array_of(const struct jdoc *doc, const char *member)
{
	const struct jval *root = jdoc_root(doc);

	if (member)
		root = jval_is(root, JVAL_OBJECT) ? jval_get(root, member) :
		       NULL;
	return root && jval_is(root, JVAL_ARRAY) ? root : NULL;
}

/* Returns what the last call did; hash: of all that was seen. */
static int read_all(struct span text, size_t step, const char *member,
		    const struct jval *array, uint64_t *hash)
{
	struct fed fed = { text, 0, step, false };
	struct feed feed = { fed_read, &fed };
	const struct jval *child = jval_first(array);
	struct array_items *items = NULL;
	struct err err = ERR_INIT;
	struct array_item item;
	uint64_t index = 0;
	int rc;

	rc = array_items_new(feed, member, &items, &err);
	assert(rc == 0);
	while ((rc = array_items_next(items, &item, &err)) == 0 &&
	       item.found == FOUND_ONE) {
		assert(item.index == index++ && item.text.len);
		assert(item.offset + item.text.len <= text.len);
		assert(!memcmp(item.text.at, text.at + item.offset,
			       item.text.len));
		*hash = *hash * 31 + item.offset;
		*hash = *hash * 31 + item.text.len;
		if (!array)
			continue;
		assert(child && span_equals(child->raw, item.text));
		child = child->next;
	}
	assert(rc <= 0 && (rc == 0) == !err.code);
	assert(!array || (rc == 0 && !child));
	rc = err.code;
	assert(array_items_next(items, &item, &err) == 0 && !item.found);
	array_items_free(items);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP
	};
	struct span text;
	const struct jval *array = NULL;
	const char *member;
	struct jdoc *doc = NULL;
	uint64_t first = 0;
	uint64_t second = 0;
	size_t step;

	if (!len)
		return 0;
	text = span_of(data + 1, len - 1);
	member = data[0] & 1 ? "a" : NULL;
	step = (data[0] >> 1) + 1u;
	/* Names that are escaped or stand twice are another matter. */
	if (jdoc_parse(text, &options, &doc, NULL) == 0 &&
	    !jdoc_duplicates(doc) && !(member && memchr(text.at, '\\', text.len)))
		array = array_of(doc, member);
	assert(read_all(text, step, member, array, &first) ==
	       read_all(text, SIZE_MAX, member, array, &second));
	assert(first == second);
	jdoc_free(doc);
	return 0;
}
