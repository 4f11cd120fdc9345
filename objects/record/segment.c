#include "objects/record/segment.h"

#include <stdlib.h>

#include "lib/id/hash.h"

static int compare_places(struct span at_a, const unsigned char *id_a,
			  struct span at_b, const unsigned char *id_b)
{
	int order = span_compare(at_a, at_b);

	return order ? order : memcmp(id_a, id_b, RECORD_ID_BYTES);
}

static int compare_lines(const void *a, const void *b)
{
	const struct segment_line *left = a;
	const struct segment_line *right = b;

	return compare_places(left->at, left->id, right->at, right->id);
}

size_t segment_sort(struct segment_line *lines, size_t n)
{
	size_t kept = 0;
	size_t i;

	if (n)
		qsort(lines, n, sizeof(*lines), compare_lines);
	for (i = 0; i < n; i++) {
		if (!kept || compare_lines(&lines[kept - 1], &lines[i]))
			lines[kept++] = lines[i];
	}
	return kept;
}

size_t segment_cut(const struct segment_line *lines, size_t n)
{
	size_t bytes = 0;
	size_t i;

	for (i = 0; i < n && i < SEGMENT_RECORDS_MAX; i++) {
		bytes += lines[i].line.len + 1;
		if (i && bytes > SEGMENT_BYTES_MAX)
			break;
	}
	return i;
}

int segment_text(const struct segment_line *lines, size_t n, struct buf *out,
		 struct err *err)
{
	size_t start = out->len;
	size_t bytes = 0;
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		bytes += lines[i].line.len + 1;
	rc = buf_reserve(out, bytes, err);
	for (i = 0; rc == 0 && i < n; i++) {
		rc = buf_add_span(out, lines[i].line, err);
		if (rc == 0)
			rc = buf_add_char(out, '\n', err);
	}
	if (rc < 0 && out->data)
		buf_cut(out, start);
	return rc;
}

/* What a check remembers from line to line. */
struct check {
	struct span text;
	size_t line_no;
	struct span last_at;
	unsigned char last_id[RECORD_ID_BYTES];
};

static int corrupt(const struct check *check, struct span line,
		   const char *what, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "damaged segment: %s, line %zu, "
		       "byte %zu of the segment", what, check->line_no,
		       (size_t)(line.at - check->text.at));
}

static int check_line(struct check *check, struct span line,
		      const struct segment_visitor *visitor, struct err *err)
{
	unsigned char id[RECORD_ID_BYTES];
	struct record record;
	struct err inner;

	check->line_no++;
	if (check->line_no > SEGMENT_RECORDS_MAX)
		return corrupt(check, line, "too many records", err);
	err_clear(&inner);
	if (record_parse(line, &record, &inner) < 0)
		return corrupt(check, line, inner.text, err);
	record_id(line, id);
	if (check->last_at.at &&
	    compare_places(check->last_at, check->last_id, record.at, id) >= 0)
		return corrupt(check, line, "records out of order", err);
	check->last_at = record.at;
	memcpy(check->last_id, id, sizeof(id));
	return visitor ? visitor->record(visitor->arg, &record, id, err) : 0;
}

int segment_check(struct span text, const struct segment_visitor *visitor,
		  struct err *err)
{
	struct check check = { .text = text };
	struct span line;
	size_t pos = 0;
	int rc = 0;

	if (!text.len || text.at[text.len - 1] != '\n')
		return err_set(err, ERR_CORRUPT,
			       "damaged segment: no newline at the end");
	if (text.len > RECORD_MAX_BYTES + 1)
		return err_set(err, ERR_CORRUPT,
			       "damaged segment: %zu bytes, at most %zu",
			       text.len, RECORD_MAX_BYTES + 1);
	while (rc == 0 && segment_next(text, &pos, &line)) {
		if (text.len > SEGMENT_BYTES_MAX && line.len + 1 < text.len)
			return corrupt(&check, line, "too many bytes", err);
		rc = check_line(&check, line, visitor, err);
	}
	return rc;
}

bool segment_next(struct span text, size_t *pos, struct span *out_line)
{
	const char *from;
	const char *newline;

	if (*pos >= text.len)
		return false;
	from = text.at + *pos;
	newline = memchr(from, '\n', text.len - *pos);
	*out_line = span_of(from, newline ? (size_t)(newline - from)
					  : text.len - *pos);
	*pos += out_line->len + 1;
	return true;
}
