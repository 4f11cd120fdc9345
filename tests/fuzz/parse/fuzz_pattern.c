/*
 * Patterns: the first line is one, the rest a text. Matches lie in it and end;
 * what every match needs, by pattern_needs(), stands in each.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool is_long(const char *run)
{
	return strlen(run) > 1;
}

/* But for the letters that are others' small ones to whoever ignores case. */
static bool holds(struct span text, const char *run)
{
	struct buf low = BUF_INIT(BUF_NO_LIMIT);
	bool is_there;
	size_t i;

	for (i = 0; i < text.len; i++)
		buf_put_char(&low, (char)(text.at[i] >= 'A' && text.at[i] <=
					  'Z' ? text.at[i] + 32 :
					  text.at[i]));
	is_there = span_has(buf_span(&low), run) ||
		   span_has(buf_span(&low), "\u017f") ||
		   span_has(buf_span(&low), "\u212a");
	buf_release(&low);
	return is_there;
}

static void look(struct pattern *pattern, struct span line, const char *run)
{
	struct pattern_match match = { .is_found = true };
	size_t from = 0;
	size_t n = 0;

	while (match.is_found &&
	       pattern_find(pattern, line, &from, &match, NULL) == 0) {
		if (!match.is_found)
			break;
		assert(match.start <= match.end && match.end <= line.len);
		assert(++n <= line.len + 1);
		assert(!*run || holds(line, run));
	}
}

static void try_flags(struct span text, struct span line, unsigned flags)
{
	struct pattern *pattern = NULL;
	struct buf run = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	int rc = pattern_new(text, flags, &pattern, &err);

	if (rc < 0) {
		assert(!pattern && err.text[0]);
		return;
	}
	rc = pattern_needs(pattern, is_long, &run, NULL);
	assert(rc == 0);
	look(pattern, line, buf_text(&run));
	buf_release(&run);
	pattern_free(pattern);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span rest = span_of(data, len);
	struct span text = span_take_line(&rest);
	unsigned flags;

	for (flags = 0; flags < 8; flags++)
		try_flags(text, rest, flags);
	return 0;
}
