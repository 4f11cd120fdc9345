#include "cmd/import/parse/csv.h"

#include "lib/os/file.h"
#include "tests/tap.h"

/* Of the file in ../shared, header included, by another reader of CSV. */
#define SHARED_ROWS 97
#define SHARED_BYTES 15166

/* Rows as text: fields between [], a '!' for a row that was refused. */
static void reads(struct span csv, const char *want)
{
	struct csv_reader reader = CSV_READER_INIT(csv);
	struct buf got = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	while ((rc = csv_next(&reader, NULL)) < 0 || reader.has_row) {
		if (rc < 0 && buf_add_str(&got, "!", NULL) < 0)
			bail_out("out of memory");
		for (i = 0; i < reader.count; i++) {
			struct span field = csv_field(&reader, i);

			if (buf_printf(&got, NULL, "[%.*s]", (int)field.len,
				       field.at) < 0)
				bail_out("out of memory");
		}
		ok(!csv_field(&reader, reader.count).at, "no more fields");
		if (buf_add_str(&got, ";", NULL) < 0)
			bail_out("out of memory");
	}
	is_str(buf_text(&got), want, want);
	buf_release(&got);
	csv_release(&reader);
}

static void test_rows(void)
{
	reads(span_str(""), "");
	reads(span_str("\n\r\n\r"), "");
	reads(span_str("\xef\xbb\xbf"), "");
	reads(span_str("\xef\xbb\xbf" "a,b\r\nc,d\r\n"), "[a][b];[c][d];");
	reads(span_str("a\n\xef\xbb\xbf" "b"), "[a];[\xef\xbb\xbf" "b];");
	reads(span_str("a,b\nc,d"), "[a][b];[c][d];");
	reads(span_str("a\rb"), "[a];[b];");
	reads(span_str("a,,\n,"), "[a][][];[][];");
	reads(span_str("\"a,b\",\"c\"\"d\",\"\""), "[a,b][c\"d][];");
	reads(span_str("\"l1\nl2\r\nl3\",x\r\ny"), "[l1\nl2\r\nl3][x];[y];");
	reads(span_str("a\"b, \"c\""), "[a\"b][ \"c\"];");
	reads(span_str("\"\"\"\""), "[\"];");
	reads(span_str("a\n\n\nb"), "[a];[b];");
	reads(span_of("a\0b,c", 5), "[a][c];");
}

static void test_broken(void)
{
	reads(span_str("\"a\"b,c\nd,e"), "!;[d][e];");
	reads(span_str("x,\"open\ny,z"), "!;[y][z];");
	reads(span_str("\""), "!;");
	reads(span_str("a,\"b\" ,c\nd"), "!;[d];");
}

static bool has_next(struct csv_reader *reader)
{
	return csv_next(reader, NULL) == 0 && reader->has_row;
}

static void test_places(void)
{
	struct csv_reader reader = CSV_READER_INIT(span_str(
		"h1,h2\r\n\"two\nlines\",x\r\na,\"b\"c\r\nlast"));
	struct err err = ERR_INIT;

	ok(has_next(&reader), "a row");
	ok(has_next(&reader), "another");
	is_int(reader.row, 2, "is row two");
	is_int(reader.row_at, 7, "at its byte");
	is_int(csv_next(&reader, &err), ERR_INVALID, "a bad one");
	is_str(err.text, "row 3: text behind a closing quote at byte 27",
	       "says where");
	ok(span_equals(csv_row(&reader), span_str("a,\"b\"c")),
	   "which can be kept");
	ok(has_next(&reader), "and the next one");
	is_int(reader.row, 4, "is the fourth");
	ok(span_equals(csv_row(&reader), span_str("last")), "to the end");
	csv_release(&reader);
	err_clear(&err);
	reader = (struct csv_reader)CSV_READER_INIT(span_str("a,\"b"));
	is_int(csv_next(&reader, &err), ERR_INVALID, "an open quote");
	is_str(err.text, "row 1: the quote is never closed at byte 2",
	       "says where it opens");
	csv_release(&reader);
}

static void test_limit(void)
{
	char text[CSV_FIELDS_MAX + 3];
	struct csv_reader reader = CSV_READER_INIT(span_of(text,
							   sizeof(text)));

	memset(text, ',', sizeof(text));
	text[CSV_FIELDS_MAX + 1] = '\n';
	text[CSV_FIELDS_MAX + 2] = 'x';
	is_int(csv_next(&reader, NULL), ERR_LIMIT, "too many fields");
	ok(has_next(&reader), "do not stop the next row");
	is_int(reader.count, 1, "which has its own");
	csv_release(&reader);
	text[CSV_FIELDS_MAX - 1] = '\n';
	reader = (struct csv_reader)CSV_READER_INIT(span_of(text,
						CSV_FIELDS_MAX));
	ok(has_next(&reader), "as many as may be");
	is_int(reader.count, CSV_FIELDS_MAX, "are read");
	csv_release(&reader);
}

static void test_shared(void)
{
	const char *folder = getenv("VV_SHARED");
	struct buf csv = BUF_INIT(BUF_NO_LIMIT);
	struct csv_reader reader;
	char path[4096];
	uint64_t bytes = 0;
	size_t rows = 0;
	size_t bad = 0;
	int rc;

	if (!folder || !*folder) {
		skip(3, "../shared is not here");
		return;
	}
	snprintf(path, sizeof(path),
		 "%s/data/copilot/copilot-activity-history.csv", folder);
	if (file_read(path, 1 << 20, &csv, NULL) < 0)
		bail_out("no %s", path);
	reader = (struct csv_reader)CSV_READER_INIT(buf_span(&csv));
	while ((rc = csv_next(&reader, NULL)) == 0 && reader.has_row) {
		rows++;
		bad += reader.count != 4;
		bytes += csv_field(&reader, 3).len;
	}
	is_int(rc, 0, "the whole file is read");
	is_int(bad, 0, "all rows have four fields");
	ok(rows == SHARED_ROWS && bytes == SHARED_BYTES,
	   "%zu rows with %llu bytes of messages", rows,
	   (unsigned long long)bytes);
	csv_release(&reader);
	buf_release(&csv);
}

int main(void)
{
	test_rows();
	test_broken();
	test_places();
	test_limit();
	test_shared();
	return done_testing();
}
