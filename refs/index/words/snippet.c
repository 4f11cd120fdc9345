#include "refs/index/words/snippet.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/text.h"

#define LEAD_BYTES 60		/* shown before the first word */
#define CUT "..."

static unsigned count_bits(uint32_t bits)
{
	unsigned n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

/* Where the stretch with most different words begins: at one of them. */
static size_t best_start(const struct query *query, uint32_t wanted,
			 const struct word *list, size_t n)
{
	unsigned best = 0;
	size_t start = 0;
	uint32_t exact;
	size_t i;
	size_t j;

	for (i = 0; i < n; i++) {
		uint32_t slots = query_match(query, &list[i], &exact) & wanted;

		if (!slots)
			continue;
		for (j = i + 1; j < n && list[j].end - list[i].start <
		     SNIPPET_BYTES - LEAD_BYTES; j++)
			slots |= query_match(query, &list[j], &exact) & wanted;
		if (count_bits(slots) <= best)
			continue;
		best = count_bits(slots);
		start = list[i].start;
	}
	return start;
}

/* Back from the word to the begin of another, as far as there is room. */
static size_t step_back(const struct word *list, size_t n, size_t start)
{
	size_t from = start;
	size_t i;

	if (start <= LEAD_BYTES)
		return 0;
	for (i = n; i-- > 0;) {
		if (list[i].start < start &&
		    start - list[i].start <= LEAD_BYTES &&
		    list[i].start < from)
			from = list[i].start;
	}
	return from;
}

static int mark(struct snippet *out, size_t start, size_t end, struct err *err)
{
	int rc;

	if (out->marks.n && start < out->marks.at[out->marks.n - 1].end) {
		if (end > out->marks.at[out->marks.n - 1].end)
			out->marks.at[out->marks.n - 1].end = end;
		return 0;
	}
	rc = array_room(&out->marks, err);
	if (rc < 0)
		return rc;
	out->marks.at[out->marks.n].start = start;
	out->marks.at[out->marks.n++].end = end;
	return 0;
}

static void put_line(struct buf *out, struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		buf_put_char(out, text.at[i] == '\n' || text.at[i] == '\r' ||
			     text.at[i] == '\t' ? ' ' : text.at[i]);
}

int snippet_make(struct words *words, const struct query *query,
		 uint32_t slots, struct span text, struct snippet *out,
		 struct err *err)
{
	const struct word *list;
	struct span shown;
	size_t from;
	size_t lead;
	size_t n;
	size_t i;
	int rc;

	buf_reset(&out->text);
	out->marks.n = 0;
	rc = words_read(words, text, &list, &n, err);
	if (rc < 0)
		return rc;
	from = step_back(list, n, best_start(query, slots, list, n));
	shown = text_cut(span_of(text.at + from, text.len - from),
			 SNIPPET_BYTES);
	buf_put_str(&out->text, from ? CUT : "");
	lead = out->text.len;
	put_line(&out->text, shown);
	if (from + shown.len < text.len)
		buf_put_str(&out->text, CUT);
	for (i = 0; rc == 0 && i < n; i++) {
		uint32_t exact;

		if (list[i].start >= from && list[i].end <= from + shown.len &&
		    query_match(query, &list[i], &exact) & slots)
			rc = mark(out, list[i].start - from + lead,
				  list[i].end - from + lead, err);
	}
	return rc < 0 ? rc : buf_end(&out->text, err);
}

void snippet_release(struct snippet *snippet)
{
	buf_release(&snippet->text);
	free(snippet->marks.at);
}
