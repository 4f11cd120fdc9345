/*
 * JSON Lines: each value is one, lies where it is said to, nothing but white
 * space lies between, and nothing depends on how the bytes come. The first
 * byte says how these do.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "cmd/import/parse/value_lines.h"
#include "tests/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_between(struct span text, uint64_t from, uint64_t to)
{
	/* A mark at the very begin is no text. */
	if (!from && span_begins(text, "\xef\xbb\xbf"))
		from = 3;
	for (; from < to; from++)
		assert(strchr(" \t\r\n", text.at[from]) && text.at[from]);
}

static void check_value(const struct value_line *line)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP
	};
	struct jdoc *doc = NULL;
	int rc = jdoc_parse(line->text, &options, &doc, NULL);

	assert(rc == 0 && line->value && !line->why.code && !line->is_torn);
	assert(jdoc_duplicates(doc) == line->duplicates);
	jdoc_free(doc);
}

static uint64_t read_all(struct span text, size_t step)
{
	struct fed fed = { text, 0, step, false };
	struct feed feed = { fed_read, &fed };
	struct value_lines *lines = NULL;
	struct value_line line;
	uint64_t hash = 0;
	uint64_t done = 0;
	uint64_t number = 0;
	int rc;

	rc = value_lines_new(feed, &lines, NULL);
	assert(rc == 0);
	while ((rc = value_lines_next(lines, &line, NULL)) == 0 &&
	       line.found != FOUND_END) {
		assert(line.line >= number && line.text.len);
		assert(line.offset + line.text.len <= text.len);
		assert(!memcmp(line.text.at, text.at + line.offset,
			       line.text.len));
		check_between(text, done, line.offset);
		if (line.found == FOUND_ONE)
			check_value(&line);
		else
			assert(!line.value && line.why.code &&
			       strstr(line.why.text, "(byte "));
		assert(!line.is_torn ||
		       line.offset + line.text.len == text.len);
		done = line.offset + line.text.len;
		number = line.line;
		hash = (hash * 31 + done) * 31 + number * 2 + line.is_torn;
	}
	assert(rc == 0);
	check_between(text, done, text.len);
	value_lines_free(lines);
	return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text;

	if (!len)
		return 0;
	text = span_of(data + 1, len - 1);
	assert(read_all(text, data[0] + 1u) == read_all(text, SIZE_MAX));
	return 0;
}
