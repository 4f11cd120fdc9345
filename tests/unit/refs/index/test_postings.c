#include "refs/index/postings_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "tests/tap.h"

#define ROWS 20000u
#define TERMS 5

static void put_varint(struct buf *out, uint32_t value)
{
	for (; value >= 0x80; value >>= 7)
		buf_put_char(out, (char)(value | 0x80));
	buf_put_char(out, (char)value);
}

static uint32_t next_number(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Does the term stand at that position of that row? Of one that is rare, few
 * rows; of the last one, many places in each. */
static bool stands(uint32_t term, uint32_t row, uint32_t position)
{
	uint32_t seed = row * 64 + position;

	if (term == TERMS - 1)
		return row % 4999 == 7;
	return position % TERMS == term &&
	       next_number(&seed) % (1u << 3 * term) == 0;
}

static void put_term(struct buf *out, uint32_t term)
{
	uint32_t before = 0;
	uint32_t row;
	uint32_t position;

	for (row = 0; row < ROWS; row++) {
		for (position = 0; position < 20; position++) {
			if (!stands(term, row, position))
				continue;
			put_varint(out, row - before);
			put_varint(out, position * 9 + term);
			before = row;
		}
	}
}

/* The places of one row, as they are expected. */
static bool is_row(const struct row_places *got)
{
	uint32_t position;
	uint32_t term;
	size_t n = 0;

	for (position = 0; position < 20; position++) {
		for (term = 0; term < TERMS; term++) {
			if (!stands(term, got->row, position))
				continue;
			if (n == got->n || got->at[n].slots != 1u << term ||
			    got->at[n].exact != term ||
			    got->at[n].position != position * 9 + term)
				return false;
			n++;
		}
	}
	return n == got->n;
}

static bool has_places(uint32_t row)
{
	uint32_t position;
	uint32_t term;

	for (position = 0; position < 20; position++) {
		for (term = 0; term < TERMS; term++) {
			if (stands(term, row, position))
				return true;
		}
	}
	return false;
}

static void test_rows(void)
{
	struct buf bytes[TERMS];
	struct postings *postings = NULL;
	struct row_places got = { 0, NULL, 0 };
	bool is_right = true;
	uint32_t row;
	uint32_t term;
	int rc = postings_new(&postings, NULL);

	postings_begin(postings, ROWS);
	for (term = 0; term < TERMS; term++) {
		bytes[term] = (struct buf)BUF_INIT(BUF_NO_LIMIT);
		put_term(&bytes[term], term);
		if (rc == 0)
			rc = postings_add(postings, buf_span(&bytes[term]),
					  1u << term, term, NULL);
	}
	for (row = 0; row < ROWS; row++) {
		if (!has_places(row))
			continue;
		if (rc == 0)
			rc = postings_next(postings, &got, NULL);
		is_right &= got.row == row && is_row(&got);
	}
	is_int(rc, 0, "postings are read");
	ok(is_right, "each row once, in order, with all its places in theirs");
	is_int(postings_next(postings, &got, NULL), 0, "behind the last ...");
	is_int((long)got.n, 0, "... there is none");
	for (term = 0; term < TERMS; term++)
		buf_release(&bytes[term]);
	postings_free(postings);
}

static int read_all(struct span bytes, uint32_t rows)
{
	struct postings *postings = NULL;
	struct row_places got = { 0, NULL, 1 };
	int rc = postings_new(&postings, NULL);

	postings_begin(postings, rows);
	if (rc == 0)
		rc = postings_add(postings, bytes, 1, 0, NULL);
	while (rc == 0 && got.n)
		rc = postings_next(postings, &got, NULL);
	postings_free(postings);
	return rc;
}

static void test_broken(void)
{
	is_int(read_all(span_of("", 0), 1), 0, "a term without places");
	is_int(read_all(span_of("\4\1\1\1", 4), 6), 0, "the last row");
	is_int(read_all(span_of("\4\1\2\1", 4), 6), ERR_CORRUPT,
	       "a row behind the last one");
	is_int(read_all(span_of("\4\1\1", 3), 6), ERR_CORRUPT,
	       "no position");
	is_int(read_all(span_of("\4\1\x81", 3), 6), ERR_CORRUPT,
	       "half a number");
	is_int(read_all(span_of("\xff\xff\xff\xff\xff\xff", 6), 6),
	       ERR_CORRUPT, "a number without an end");
	is_int(read_all(span_of("\0\1", 2), 0), ERR_CORRUPT, "no rows");
}

int main(void)
{
	test_rows();
	test_broken();
	return done_testing();
}
