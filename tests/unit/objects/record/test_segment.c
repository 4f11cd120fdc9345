/* objects/segment: sorting, cutting, and the check of a text. */
#include "objects/record/segment.h"
#include "tests/tap.h"

#define MANY 600

static struct segment_line lines[MANY];
static struct buf pool = BUF_INIT(BUF_NO_LIMIT);

/* Record number i: an hour, and data of so many bytes. */
static struct span make_record(unsigned int i, unsigned int hour,
			       size_t fill)
{
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct record_parts parts = { .type = "memory:create" };
	char at[64];
	char entity[32];
	size_t start = pool.len;

	snprintf(at, sizeof(at), "2026-01-01T%02u:00:00.000000Z-0000-00000000",
		 hour);
	snprintf(entity, sizeof(entity), "memory:%u", i);
	if (buf_add_str(&data, "{\"content\":\"", NULL) < 0 ||
	    buf_reserve(&data, fill + 2, NULL) < 0)
		bail_out("out of memory");
	memset(data.data + data.len, 'x', fill);
	data.len += fill;
	if (buf_add_str(&data, "\"}", NULL) < 0)
		bail_out("out of memory");
	parts.at = at;
	parts.entity = span_str(entity);
	parts.data = buf_span(&data);
	if (record_build(&parts, &pool, NULL) < 0)
		bail_out("cannot build a record");
	buf_release(&data);
	return span_of(pool.data + start, pool.len - start);
}

static void fill_line(struct segment_line *line, struct span text)
{
	struct record record;

	if (record_parse(text, &record, NULL) < 0)
		bail_out("not a record");
	line->line = text;
	line->at = record.at;
	record_id(text, line->id);
}

/* n records, the newest first; pool is reserved so that spans stay good. */
static void make_lines(size_t n, size_t fill)
{
	size_t i;

	buf_reset(&pool);
	if (buf_reserve(&pool, n * (fill + 256), NULL) < 0)
		bail_out("out of memory");
	for (i = 0; i < n; i++)
		fill_line(&lines[i], make_record((unsigned int)i,
						 (unsigned int)(23 - i % 24),
						 fill));
}

static int count_record(void *arg, const struct record *record,
			const unsigned char id[RECORD_ID_BYTES],
			struct err *err)
{
	size_t *n = arg;

	(void)err;
	if (memcmp(id, lines[*n].id, RECORD_ID_BYTES) != 0 ||
	    !span_equals(record->line, lines[*n].line))
		return ERR_INVALID;
	++*n;
	return 0;
}

static void test_round(void)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t seen = 0;
	struct segment_visitor visitor = { count_record, &seen };
	struct err err = ERR_INIT;
	struct span line;
	size_t pos = 0;
	size_t n;
	size_t i;

	make_lines(100, 20);
	lines[50] = lines[3];
	lines[51] = lines[3];
	n = segment_sort(lines, 100);
	is_int(n, 98, "doubles are dropped");
	for (i = 1; i < n; i++) {
		if (span_compare(lines[i - 1].at, lines[i].at) > 0)
			break;
	}
	is_int(i, n, "sorted by time");
	is_int(segment_cut(lines, n), n, "they fit");
	is_int(buf_add_str(&text, "before", &err), 0, "something stands there");
	is_int(segment_text(lines, n, &text, &err), 0, "the text");
	is_int(segment_check(span_of(text.data + 6, text.len - 6), &visitor,
			     &err), 0, "checks");
	is_int(seen, n, "every record is shown, in order, with its id");
	for (i = 0; segment_next(span_of(text.data + 6, text.len - 6), &pos,
				 &line); i++) {
		if (!span_equals(line, lines[i].line))
			break;
	}
	is_int(i, n, "every line comes back");
	is_int(segment_sort(lines, 0), 0, "sorting nothing");
	is_int(segment_cut(lines, 0), 0, "cutting nothing");
	buf_release(&text);
}

static int stop(void *arg, const struct record *record,
		const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	size_t *left = arg;

	(void)record;
	(void)id;
	if (!(*left)--)
		return err_set(err, ERR_CANCELED, "enough");
	return 0;
}

static void test_visitor_stops(void)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	size_t left = 2;
	struct segment_visitor visitor = { stop, &left };
	size_t n;

	make_lines(5, 10);
	n = segment_sort(lines, 5);
	is_int(segment_text(lines, n, &text, &err), 0, "five records");
	is_int(segment_check(buf_span(&text), &visitor, &err), ERR_CANCELED,
	       "a visitor stops the check");
	is_str(err.text, "enough", "with its own words");
	is_int(segment_check(buf_span(&text), NULL, NULL), 0,
	       "no visitor is fine");
	buf_release(&text);
}

static void test_cuts(void)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t n;
	size_t take;

	make_lines(MANY, 10);
	n = segment_sort(lines, MANY);
	is_int(segment_cut(lines, n), SEGMENT_RECORDS_MAX, "256 records");
	is_int(segment_text(lines, SEGMENT_RECORDS_MAX, &text, NULL), 0,
	       "as text");
	is_int(segment_check(buf_span(&text), NULL, NULL), 0, "are a segment");
	buf_reset(&text);
	is_int(segment_text(lines, SEGMENT_RECORDS_MAX + 1, &text, NULL), 0,
	       "257 records");
	is_int(segment_check(buf_span(&text), NULL, NULL), ERR_CORRUPT,
	       "are none");

	make_lines(100, 5000);
	n = segment_sort(lines, 100);
	take = segment_cut(lines, n);
	buf_reset(&text);
	is_int(segment_text(lines, take, &text, NULL), 0, "by bytes");
	ok(text.len <= SEGMENT_BYTES_MAX &&
	   text.len + lines[take].line.len + 1 > SEGMENT_BYTES_MAX,
	   "as many as fit: %zu", take);
	is_int(segment_check(buf_span(&text), NULL, NULL), 0, "are a segment");
	buf_reset(&text);
	is_int(segment_text(lines, take + 1, &text, NULL), 0, "one more");
	is_int(segment_check(buf_span(&text), NULL, NULL), ERR_CORRUPT,
	       "is too much");
	buf_release(&text);
}

/* Records of exactly the size that fills a segment to its last byte. */
static void test_exact_cut(void)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t around;
	size_t half = SEGMENT_BYTES_MAX / 2;

	make_lines(2, 0);
	around = lines[0].line.len + 1;
	make_lines(2, half - around);
	is_int(segment_sort(lines, 2), 2, "two halves");
	is_int(segment_cut(lines, 2), 2, "fill a segment");
	is_int(segment_text(lines, 2, &text, NULL), 0, "as text");
	is_int(text.len, SEGMENT_BYTES_MAX, "to its last byte");
	is_int(segment_check(buf_span(&text), NULL, NULL), 0, "it checks");
	make_lines(2, half - around + 1);
	is_int(segment_cut(lines, 2), 1, "a byte more and only one fits");

	make_lines(2, 500000);
	is_int(segment_cut(lines, 2), 1, "a large record stands alone");
	buf_reset(&text);
	is_int(segment_text(lines, 1, &text, NULL), 0, "as text");
	is_int(segment_check(buf_span(&text), NULL, NULL), 0, "it checks");
	make_lines(1, RECORD_MAX_BYTES - around + 1);
	buf_reset(&text);
	is_int(segment_text(lines, 1, &text, NULL), 0, "the largest record");
	is_int(text.len, (size_t)1 << 20, "makes a segment of 1 MiB");
	is_int(segment_check(buf_span(&text), NULL, NULL), 0, "it checks");
	buf_release(&text);
}

static void check_bad(struct span text, const char *words, const char *what)
{
	struct err err = ERR_INIT;
	int rc = segment_check(text, NULL, &err);

	if (!ok(rc == ERR_CORRUPT && strstr(err.text, words), "%s", what))
		diag("%d: %s", rc, err.text);
}

static void test_bad(void)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct segment_line line;
	size_t first;

	make_lines(3, 10);
	is_int(segment_sort(lines, 3), 3, "three records");
	is_int(segment_text(lines, 3, &text, NULL), 0, "as text");
	first = lines[0].line.len + 1;
	check_bad(span_of("", 0), "no newline", "an empty text");
	check_bad(span_of("\n", 1), "line 1", "an empty line");
	check_bad(span_of(text.data, text.len - 1), "no newline",
		  "no newline at the end");
	is_int(buf_add_char(&text, '\n', NULL), 0, "an empty line more");
	check_bad(buf_span(&text), "line 4", "an empty line at the end");
	buf_cut(&text, text.len - 1);
	text.data[first + 1] ^= 1;
	check_bad(buf_span(&text), "line 2", "a damaged second line");
	text.data[first + 1] ^= 1;
	text.data[first - 1] = '\r';
	check_bad(buf_span(&text), "line 1", "two lines in one");
	buf_reset(&text);
	line = lines[1];
	lines[1] = lines[2];
	lines[2] = line;
	is_int(segment_text(lines, 3, &text, NULL), 0, "unsorted text");
	check_bad(buf_span(&text), "line 3", "records out of order");
	lines[2] = lines[1];
	buf_reset(&text);
	is_int(segment_text(lines, 3, &text, NULL), 0, "a record twice");
	check_bad(buf_span(&text), "line 3", "a record twice is refused");
	buf_release(&text);
}

/* Same time: the ids decide. */
static void test_order_of_ids(void)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct segment_line line;

	buf_reset(&pool);
	if (buf_reserve(&pool, 4096, NULL) < 0)
		bail_out("out of memory");
	fill_line(&lines[0], make_record(1, 7, 1));
	fill_line(&lines[1], make_record(2, 7, 1));
	is_int(segment_sort(lines, 2), 2, "two records of one time");
	ok(memcmp(lines[0].id, lines[1].id, RECORD_ID_BYTES) < 0,
	   "in the order of their ids");
	is_int(segment_text(lines, 2, &text, NULL), 0, "as text");
	is_int(segment_check(buf_span(&text), NULL, NULL), 0, "are a segment");
	line = lines[0];
	lines[0] = lines[1];
	lines[1] = line;
	buf_reset(&text);
	is_int(segment_text(lines, 2, &text, NULL), 0, "swapped");
	is_int(segment_check(buf_span(&text), NULL, NULL), ERR_CORRUPT,
	       "are none");
	buf_release(&text);
}

static void test_every_bit_and_cut(void)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	unsigned char id[RECORD_ID_BYTES];
	struct span line;
	size_t pos = 0;
	size_t cuts = 0;
	size_t same = 0;
	size_t at;

	make_lines(3, 10);
	if (segment_text(lines, segment_sort(lines, 3), &text, NULL) < 0)
		bail_out("no text");
	for (at = 0; at < text.len; at++)
		cuts += segment_check(span_of(text.data, at), NULL, NULL) == 0;
	is_int(cuts, 2, "a cut is a segment at the end of a line only");
	/* Damage that leaves a record leaves another one. */
	for (at = 0; at < lines[0].line.len; at++) {
		text.data[at] ^= 1;
		pos = 0;
		if (segment_check(buf_span(&text), NULL, NULL) == 0 &&
		    segment_next(buf_span(&text), &pos, &line)) {
			record_id(line, id);
			same += !memcmp(id, lines[0].id, sizeof(id));
		}
		text.data[at] ^= 1;
	}
	is_int(same, 0, "no damage keeps the id");
	buf_release(&text);
}

static void test_no_room(void)
{
	struct buf tiny = BUF_INIT(100);

	make_lines(2, 10);
	is_int(buf_add_str(&tiny, "abc", NULL), 0, "a small buffer");
	is_int(segment_text(lines, 2, &tiny, NULL), ERR_LIMIT, "is too small");
	is_str(buf_text(&tiny), "abc", "and stays as it was");
	buf_release(&tiny);
}

int main(void)
{
	test_round();
	test_visitor_stops();
	test_cuts();
	test_exact_cut();
	test_bad();
	test_order_of_ids();
	test_every_bit_and_cut();
	test_no_room();
	buf_release(&pool);
	return done_testing();
}
