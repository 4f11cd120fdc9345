#include "refs/index/shard/shard.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/base/xxh.h"
#include "objects/tree/segment_verify.h"
#include "refs/index/words/days.h"
#include "refs/index/words/spoken.h"
#include "refs/view/forgotten.h"

#define TOKENS_MAX (UINT32_C(1) << 28)

/* A row on its way, with what it is sorted by. */
struct made_row {
	struct shard_row row;
	struct shard_more more;
	uint64_t session;
	uint64_t entity;
	uint32_t number;	/* in the order of reading */
};

/* One place of one word; a whole has position 0, the others count from 1. */
struct token {
	uint32_t term, row, position;
};

struct made_term {
	uint64_t text;
	uint16_t stem_len, form_len;
};

struct build {
	struct view *view;
	struct words *words;
	struct { struct made_row *at; size_t n, cap; } rows;
	struct { struct token *at; size_t n, cap; } tokens;
	struct { struct made_term *at; size_t n, cap; } terms;
	struct { struct shard_text *at; size_t n, cap; } texts;
	struct buf heap;	/* of terms */
	struct buf text_heap;
	struct table by_term;	/* 16 bytes of hash: a term */
	struct table by_text;
	struct spoken spoken;
	const struct buf *text;	/* of the segment that is read */
	uint32_t segment;
};

static void key_of(struct span a, struct span b, unsigned char out[16])
{
	struct xxh128 hash;
	uint32_t len = (uint32_t)a.len;

	xxh128_init(&hash);
	xxh128_add(&hash, &len, sizeof(len));
	xxh128_add(&hash, a.at, a.len);
	xxh128_add(&hash, b.at, b.len);
	xxh128_finish(&hash, out);
}

/* The number of a text that few rows have of their own: a name, a model. */
static int text_number(struct build *build, struct span text, uint16_t *out,
		       struct err *err)
{
	uint64_t number = build->texts.n;
	unsigned char key[16];
	int rc;

	key_of(text, span_of("", 0), key);
	if (table_get(&build->by_text, key, &number)) {
		*out = (uint16_t)number;
		return 0;
	}
	if (number > UINT16_MAX)
		return err_set(err, ERR_LIMIT, "too many names for an index");
	rc = array_room(&build->texts, err);
	if (rc == 0)
		rc = table_put(&build->by_text, key, number, err);
	if (rc < 0)
		return rc;
	build->texts.at[build->texts.n++] = (struct shard_text){
		(uint32_t)build->text_heap.len, (uint32_t)text.len
	};
	*out = (uint16_t)number;
	return buf_add_span(&build->text_heap, text, err);
}

static int term_number(struct build *build, const struct word *word,
		       uint32_t *out, struct err *err)
{
	uint64_t number = build->terms.n;
	unsigned char key[16];
	int rc;

	key_of(word->stem, word->form, key);
	if (table_get(&build->by_term, key, &number)) {
		*out = (uint32_t)number;
		return 0;
	}
	rc = array_room(&build->terms, err);
	if (rc == 0)
		rc = table_put(&build->by_term, key, number, err);
	if (rc < 0)
		return rc;
	build->terms.at[build->terms.n++] = (struct made_term){
		build->heap.len, (uint16_t)word->stem.len,
		(uint16_t)word->form.len
	};
	*out = (uint32_t)number;
	buf_put_span(&build->heap, word->stem);
	buf_put_span(&build->heap, word->form);
	return buf_end(&build->heap, err);
}

static int put_token(struct build *build, const struct word *word,
		     struct made_row *row, struct err *err)
{
	struct token token = { 0, row->number, 0 };
	int rc;

	row->row.flags |= (uint16_t)spoken_flags_of(word);
	if (word->is_stop)
		return 0;
	if (!word->is_whole)
		token.position = ++row->row.tokens;
	rc = term_number(build, word, &token.term, err);
	if (rc == 0)
		rc = array_room(&build->tokens, err);
	if (rc == 0 && build->tokens.n == TOKENS_MAX)
		rc = err_set(err, ERR_LIMIT, "too many words for an index");
	if (rc == 0)
		build->tokens.at[build->tokens.n++] = token;
	return rc;
}

static int put_texts(struct build *build, struct made_row *row,
		     struct err *err)
{
	const struct spoken *spoken = &build->spoken;
	int rc = text_number(build, spoken->name, &row->row.name, err);

	if (rc == 0)
		rc = text_number(build, spoken->role, &row->more.role, err);
	if (rc == 0)
		rc = text_number(build, spoken->model, &row->more.model, err);
	if (rc == 0)
		rc = text_number(build, spoken->provider, &row->more.provider,
				 err);
	if (rc == 0)
		rc = text_number(build, spoken->project, &row->more.project,
				 err);
	return rc < 0 ? rc :
	       text_number(build, span_str(spoken->kind->name),
			   &row->more.kind, err);
}

static int put_row(struct build *build, const struct record *record,
		   const unsigned char *id, struct err *err)
{
	const struct spoken *spoken = &build->spoken;
	struct made_row row = { .number = (uint32_t)build->rows.n };
	const struct word *list;
	size_t n;
	size_t i;
	int rc = put_texts(build, &row, err);

	row.entity = xxh64_of(record->entity.at, record->entity.len);
	row.session = xxh64_of(spoken->session.at, spoken->session.len);
	row.more.tie = spoken_tie(id);
	row.more.micros = spoken->micros;
	row.more.index = spoken->index;
	row.more.line = (uint32_t)(record->line.at - build->text->data);
	row.row.segment = build->segment;
	row.row.flags = (uint16_t)spoken_flags(spoken);
	if (!spoken_is_visible(spoken))
		row.row.flags |= SHARD_HIDDEN;
	if (!spoken->text.len || span_equals(record->verb, span_str("delete")))
		row.row.flags |= SHARD_SILENT;
	if (span_begins(record->entity, "memory:capsule:"))
		row.row.flags |= SHARD_CAPSULES;
	if (rc == 0)
		rc = words_read(build->words, buf_span(&spoken->text), &list,
				&n, err);
	for (i = 0; rc == 0 && i < n; i++)
		rc = put_token(build, &list[i], &row, err);
	if (rc == 0)
		rc = array_room(&build->rows, err);
	if (rc == 0)
		build->rows.at[build->rows.n++] = row;
	return rc;
}

static int take_record(void *arg, const struct placed *placed, struct err *err)
{
	struct build *build = arg;
	const struct record *record = placed->record;
	int rc;

	if (!spoken_has(record->kind) ||
	    forgotten_has(build->view, placed->id))
		return 0;
	rc = spoken_read(record->entity, record->kind, record->data,
			 record->at, &build->spoken, err);
	return rc < 0 ? rc : put_row(build, record, placed->id, err);
}

/* What the visitor sees is borrowed from text, which is whole by then. */
static int read_segment(struct build *build,
			const struct tree_segment *segment, struct err *err)
{
	const struct placed_visitor visitor = { take_record, build };
	struct buf text = BUF_INIT(RECORD_MAX_BYTES + 1);
	int rc = buf_reserve(&text, 1, err);

	build->text = &text;
	if (rc == 0)
		rc = segment_load(build->view->vault->store,
				  build->view->codec, segment, &text,
				  &visitor, err);
	build->text = NULL;
	buf_release(&text);
	return rc;
}

static int order_rows(const void *a, const void *b)
{
	const struct made_row *x = a;
	const struct made_row *y = b;

	if (x->session != y->session)
		return x->session < y->session ? -1 : 1;
	if (x->more.index != y->more.index)
		return x->more.index < y->more.index ? -1 : 1;
	if (x->more.tie != y->more.tie)
		return x->more.tie < y->more.tie ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* Stable, by rows or by terms: each counted, then put in its place. */
static int sort_tokens(struct build *build, bool by_term, size_t keys,
		       struct err *err)
{
	struct token *sorted = calloc(build->tokens.n + 1, sizeof(*sorted));
	size_t *starts = calloc(keys + 2, sizeof(*starts));
	size_t i;

	if (!sorted || !starts) {
		free(sorted);
		free(starts);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	for (i = 0; i < build->tokens.n; i++)
		starts[(by_term ? build->tokens.at[i].term :
			build->tokens.at[i].row) + 1]++;
	for (i = 0; i < keys; i++)
		starts[i + 1] += starts[i];
	for (i = 0; i < build->tokens.n; i++)
		sorted[starts[by_term ? build->tokens.at[i].term :
			      build->tokens.at[i].row]++] =
			build->tokens.at[i];
	free(build->tokens.at);
	free(starts);
	build->tokens.at = sorted;
	build->tokens.cap = build->tokens.n + 1;
	return 0;
}

/* Rows in their order, and tokens that know their rows by it. */
static int order_all(struct build *build, struct err *err)
{
	uint32_t *places = calloc(build->rows.n + 1, sizeof(*places));
	size_t i;
	int rc;

	if (!places)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (build->rows.n)
		qsort(build->rows.at, build->rows.n, sizeof(*build->rows.at),
		      order_rows);
	for (i = 0; i < build->rows.n; i++)
		places[build->rows.at[i].number] = (uint32_t)i;
	for (i = 0; i < build->tokens.n; i++)
		build->tokens.at[i].row = places[build->tokens.at[i].row];
	free(places);
	rc = sort_tokens(build, false, build->rows.n, err);
	return rc < 0 ? rc : sort_tokens(build, true, build->terms.n, err);
}

static uint64_t begin_part(struct buf *body)
{
	while (body->len % 8)
		buf_put_char(body, '\0');
	return body->len;
}

static void put_rows(struct build *build, struct shard_head *head,
		     struct buf *body)
{
	struct shard_session session = { 0, 0, 0 };
	struct buf sessions = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	head->rows_n = build->rows.n;
	head->rows = begin_part(body);
	for (i = 0; i < build->rows.n; i++) {
		struct made_row *row = &build->rows.at[i];

		if (i && row->session != session.hash) {
			buf_put(&sessions, &session, sizeof(session));
			head->sessions_n++;
		}
		if (!i || row->session != session.hash)
			session = (struct shard_session){ row->session,
							  (uint32_t)i, 0 };
		session.n++;
		row->row.session = (uint32_t)head->sessions_n;
		buf_put(body, &row->row, sizeof(row->row));
	}
	if (build->rows.n) {
		buf_put(&sessions, &session, sizeof(session));
		head->sessions_n++;
	}
	head->more = begin_part(body);
	for (i = 0; i < build->rows.n; i++)
		buf_put(body, &build->rows.at[i].more,
			sizeof(build->rows.at[i].more));
	head->entities = begin_part(body);
	for (i = 0; i < build->rows.n; i++)
		buf_put(body, &build->rows.at[i].entity,
			sizeof(build->rows.at[i].entity));
	head->sessions = begin_part(body);
	buf_fail(body, buf_end(&sessions, NULL));
	buf_put_span(body, buf_span(&sessions));
	buf_release(&sessions);
}

static void put_varint(struct buf *out, uint32_t value)
{
	for (; value >= 0x80; value >>= 7)
		buf_put_char(out, (char)(value | 0x80));
	buf_put_char(out, (char)value);
}

/* Of one term: for each token the step from the row before, its position. */
static size_t put_postings(const struct build *build, size_t first,
			   struct buf *out)
{
	uint32_t before = 0;
	size_t i;

	for (i = first; i < build->tokens.n; i++) {
		const struct token *token = &build->tokens.at[i];

		if (token->term != build->tokens.at[first].term)
			break;
		put_varint(out, token->row - before);
		put_varint(out, token->position);
		before = token->row;
	}
	return i;
}

struct sorted_term {
	struct span stem, form;
	struct shard_term term;
};

static int order_terms(const void *a, const void *b)
{
	const struct sorted_term *x = a;
	const struct sorted_term *y = b;
	int order = span_compare(x->stem, y->stem);

	return order ? order : span_compare(x->form, y->form);
}

static int put_terms(struct build *build, struct shard_head *head,
		     struct buf *body, struct err *err)
{
	struct sorted_term *terms = calloc(build->terms.n + 1, sizeof(*terms));
	struct buf postings = BUF_INIT(BUF_NO_LIMIT);
	size_t token = 0;
	size_t i;

	if (!terms)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < build->terms.n; i++) {
		const struct made_term *made = &build->terms.at[i];
		size_t start = postings.len;

		token = put_postings(build, token, &postings);
		terms[i].stem = span_of(build->heap.data + made->text,
					made->stem_len);
		terms[i].form = span_of(terms[i].stem.at + made->stem_len,
					made->form_len);
		terms[i].term = (struct shard_term){
			made->text, start, (uint32_t)(postings.len - start),
			made->stem_len, made->form_len
		};
	}
	qsort(terms, build->terms.n, sizeof(*terms), order_terms);
	head->terms_n = build->terms.n;
	head->terms = begin_part(body);
	for (i = 0; i < build->terms.n; i++)
		buf_put(body, &terms[i].term, sizeof(terms[i].term));
	head->heap = begin_part(body);
	head->heap_len = build->heap.len;
	buf_put_span(body, buf_span(&build->heap));
	head->postings = begin_part(body);
	head->postings_len = postings.len;
	buf_fail(body, buf_end(&postings, NULL));
	buf_put_span(body, buf_span(&postings));
	buf_release(&postings);
	free(terms);
	return buf_end(body, err);
}

/* Texts stand in the heap that their part ends with. */
static void put_text_list(struct build *build, struct shard_head *head,
			  struct buf *body)
{
	size_t i;

	head->texts_n = build->texts.n;
	head->texts = begin_part(body);
	for (i = 0; i < build->texts.n; i++) {
		struct shard_text text = build->texts.at[i];

		text.at += (uint32_t)(build->texts.n * sizeof(text));
		buf_put(body, &text, sizeof(text));
	}
	buf_put_span(body, buf_span(&build->text_heap));
}

static int write_body(struct build *build, const struct tree_segment *segments,
		      size_t n, struct buf *body, struct err *err)
{
	struct shard_head head = { .mark = SHARD_MARK, .segments_n = n };
	size_t i;
	int rc = order_all(build, err);

	if (rc < 0)
		return rc;
	buf_put(body, &head, sizeof(head));
	head.segments = begin_part(body);
	for (i = 0; i < n; i++)
		buf_put(body, segments[i].digest, SHA256_BYTES);
	put_rows(build, &head, body);
	put_text_list(build, &head, body);
	rc = put_terms(build, &head, body, err);
	if (rc == 0)
		memcpy(body->data, &head, sizeof(head));
	return rc;
}

static void build_release(struct build *build)
{
	free(build->rows.at);
	free(build->tokens.at);
	free(build->terms.at);
	free(build->texts.at);
	buf_release(&build->heap);
	buf_release(&build->text_heap);
	table_release(&build->by_term);
	table_release(&build->by_text);
	spoken_release(&build->spoken);
}

int shard_build(struct view *view, struct words *words,
		const struct tree_segment *segments, size_t n,
		struct buf *body, struct err *err)
{
	struct build build = {
		.view = view, .words = words,
		.heap = BUF_INIT(BUF_NO_LIMIT),
		.text_heap = BUF_INIT(BUF_NO_LIMIT),
		.by_term = TABLE_INIT(16, TABLE_NO_LIMIT),
		.by_text = TABLE_INIT(16, TABLE_NO_LIMIT),
		.spoken = SPOKEN_INIT,
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		build.segment = (uint32_t)i;
		rc = read_segment(&build, &segments[i], err);
	}
	if (rc == 0)
		rc = write_body(&build, segments, n, body, err);
	build_release(&build);
	return rc;
}
