#include "refs/index/postings_internal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

#define WINDOW 4096u		/* rows that are read at a time */
#define WORD_BITS 64u
#define NO_ROW UINT32_MAX	/* behind the last place of a term */
#define FEW 16			/* places that are sorted by insertion */
#define PLACE_BYTES_MIN 2

/* What is left of a term's postings behind its next place. */
struct stream {
	const unsigned char *at, *end;
	uint32_t row, position;		/* of the next place */
	uint32_t slots, exact;
};

/* A place of the window; next: another one of its row, or 0. */
struct hung {
	uint32_t position, stream, next;
};

struct postings {
	uint32_t rows;
	size_t bytes;			/* of all streams */
	struct { struct stream *at; size_t n, cap; } streams;
	struct { struct hung *at; size_t n, cap; } hung;
	struct { struct occurrence *at; size_t n, cap; } row;
	uint32_t first;			/* row of the window */
	uint32_t heads[WINDOW];		/* of each row's list, or 0 */
	uint64_t has[WINDOW / WORD_BITS];	/* bits: which rows do ... */
	size_t word;			/* ... from this one of them on */
};

int postings_new(struct postings **out, struct err *err)
{
	*out = calloc(1, sizeof(**out));
	return *out ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

void postings_free(struct postings *postings)
{
	if (!postings)
		return;
	free(postings->streams.at);
	free(postings->hung.at);
	free(postings->row.at);
	free(postings);
}

void postings_begin(struct postings *postings, uint32_t rows)
{
	postings->rows = rows;
	postings->bytes = 0;
	postings->streams.n = 0;
	postings->word = WINDOW / WORD_BITS;
	memset(postings->has, 0, sizeof(postings->has));
	memset(postings->heads, 0, sizeof(postings->heads));
}

static bool get_varint(struct stream *stream, uint32_t *out)
{
	unsigned shift = 0;

	*out = 0;
	while (stream->at < stream->end && shift < 32) {
		unsigned char byte = *stream->at++;

		*out |= (uint32_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
		shift += 7;
	}
	return false;
}

/* To the next place of a term, from one of some row on. Most are two bytes. */
static bool step_postings(struct stream *stream, uint32_t rows)
{
	uint32_t by;

	if (stream->end - stream->at >= PLACE_BYTES_MIN &&
	    (stream->at[0] | stream->at[1]) < 0x80) {
		by = stream->at[0];
		stream->position = stream->at[1];
		stream->at += PLACE_BYTES_MIN;
	} else if (stream->at == stream->end) {
		stream->row = NO_ROW;
		return true;
	} else if (!get_varint(stream, &by) ||
		   !get_varint(stream, &stream->position)) {
		return false;
	}
	if (by >= rows - stream->row)
		return false;
	stream->row += by;
	return true;
}

static int wrong(struct err *err)
{
	return err_set(err, ERR_CORRUPT, "a wrong index");
}

int postings_add(struct postings *postings, struct span bytes, uint32_t slots,
		 uint32_t exact, struct err *err)
{
	const unsigned char *at = (const unsigned char *)bytes.at;
	struct stream stream = { at, at + bytes.len, 0, 0, slots, exact };
	int rc = array_room(&postings->streams, err);

	if (rc < 0)
		return rc;
	if (!step_postings(&stream, postings->rows))
		return wrong(err);
	postings->streams.at[postings->streams.n++] = stream;
	postings->bytes += bytes.len;
	return 0;
}

size_t postings_most(const struct postings *postings)
{
	return postings->bytes / PLACE_BYTES_MIN;
}

/* Hang the places that a term has in the window to their rows. */
static int hang(struct postings *postings, uint32_t number, struct err *err)
{
	struct stream stream = postings->streams.at[number];
	int rc = 0;

	while (stream.row != NO_ROW &&
	       stream.row - postings->first < WINDOW) {
		uint32_t row = stream.row - postings->first;

		rc = array_room(&postings->hung, err);
		if (rc < 0)
			return rc;
		postings->hung.at[postings->hung.n] = (struct hung){
			stream.position, number, postings->heads[row]
		};
		postings->heads[row] = (uint32_t)postings->hung.n++;
		postings->has[row / WORD_BITS] |=
			(uint64_t)1 << row % WORD_BITS;
		if (!step_postings(&stream, postings->rows))
			return wrong(err);
	}
	postings->streams.at[number] = stream;
	return 0;
}

/* The window that begins with the next row that has a place. */
static int fill_postings(struct postings *postings, struct err *err)
{
	uint32_t i;
	int rc = array_room(&postings->hung, err);

	postings->first = NO_ROW;
	for (i = 0; i < postings->streams.n; i++) {
		if (postings->streams.at[i].row < postings->first)
			postings->first = postings->streams.at[i].row;
	}
	/* The first one is none: 0 ends a list. */
	postings->hung.n = 1;
	for (i = 0; rc == 0 && i < postings->streams.n; i++)
		rc = hang(postings, i, err);
	postings->word = 0;
	return rc;
}

static int order_occurrences(const void *a, const void *b)
{
	const struct occurrence *x = a;
	const struct occurrence *y = b;

	return (x->position > y->position) - (x->position < y->position);
}

static void sort_occurrences(struct occurrence *at, size_t n)
{
	size_t i;
	size_t j;

	if (n > FEW) {
		qsort(at, n, sizeof(*at), order_occurrences);
		return;
	}
	for (i = 1; i < n; i++) {
		struct occurrence one = at[i];

		for (j = i; j && at[j - 1].position > one.position; j--)
			at[j] = at[j - 1];
		at[j] = one;
	}
}

static int take_list(struct postings *postings, uint32_t head,
		     struct err *err)
{
	int rc = 0;

	postings->row.n = 0;
	do {
		const struct hung *hung = &postings->hung.at[head];
		const struct stream *of =
			&postings->streams.at[hung->stream];

		rc = array_room(&postings->row, err);
		if (rc < 0)
			return rc;
		postings->row.at[postings->row.n++] = (struct occurrence){
			hung->position, of->slots, of->exact
		};
		head = hung->next;
	} while (head);
	if (postings->row.n > 1)
		sort_occurrences(postings->row.at, postings->row.n);
	return 0;
}

int postings_next(struct postings *postings, struct row_places *out,
		  struct err *err)
{
	uint64_t *has;
	uint32_t row;
	int rc = 0;

	*out = (struct row_places){ 0, NULL, 0 };
	for (;; postings->word++) {
		if (postings->word == WINDOW / WORD_BITS)
			rc = fill_postings(postings, err);
		if (rc < 0 || postings->first == NO_ROW)
			return rc;
		has = &postings->has[postings->word];
		if (*has)
			break;
	}
	row = (uint32_t)(postings->word * WORD_BITS +
			 (size_t)__builtin_ctzll(*has));
	*has &= *has - 1;
	rc = take_list(postings, postings->heads[row], err);
	postings->heads[row] = 0;
	*out = (struct row_places){ postings->first + row, postings->row.at,
				    postings->row.n };
	return rc;
}
