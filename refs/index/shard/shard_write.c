#include "refs/index/shard/shard_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/xxh.h"

static int order_rows(const void *a, const void *b)
{
	const struct made_row *x = a;
	const struct made_row *y = b;

	if (x->session != y->session)
		return x->session < y->session ? -1 : 1;
	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	if (x->tie != y->tie)
		return x->tie < y->tie ? -1 : 1;
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

static void begin_part(struct build *build, enum shard_part part, size_t n)
{
	while (build->body->len % 8)
		buf_put_char(build->body, '\0');
	build->head.parts[part].at = build->body->len;
	build->head.parts[part].n = n;
}

static void put_part(struct build *build, enum shard_part part, size_t n,
		     const void *at, size_t size)
{
	begin_part(build, part, n);
	buf_put(build->body, at, n * size);
}

/* A column of rows: what the expression says of each. */
#define put_column(build, part, type, expression)			\
	do {								\
		const struct made_row *row;				\
									\
		begin_part(build, part, (build)->rows.n);		\
		for (row = (build)->rows.at;				\
		     row < (build)->rows.at + (build)->rows.n; row++) {	\
			type value_ = (type)(expression);		\
									\
			buf_put((build)->body, &value_, sizeof(value_)); \
		}							\
	} while (0)

static bool is_big_index(const struct made_row *row)
{
	return row->index <= SHARD_BIG_INDEX || row->index > INT16_MAX;
}

static bool is_big(const struct made_row *row)
{
	return row->tokens >= SHARD_BIG_TOKENS || is_big_index(row);
}

static void put_bigs(struct build *build)
{
	size_t i;

	begin_part(build, SHARD_BIGS, 0);
	for (i = 0; i < build->rows.n; i++) {
		const struct made_row *row = &build->rows.at[i];
		const struct shard_big big = { row->index, (uint32_t)i,
					       row->tokens };

		if (!is_big(row))
			continue;
		buf_put(build->body, &big, sizeof(big));
		build->head.parts[SHARD_BIGS].n++;
	}
}

static void put_rows(struct build *build)
{
	put_column(build, SHARD_GISTS, uint8_t,
		   shard_gist(row->tokens, row->traits));
	put_column(build, SHARD_TOKENS, uint32_t,
		   shard_tokens_put(row->tokens, row->traits));
	put_column(build, SHARD_WHOS, uint16_t, row->who);
	put_column(build, SHARD_MICROS, int64_t, row->micros);
	put_column(build, SHARD_INDEXES, int16_t,
		   is_big_index(row) ? SHARD_BIG_INDEX : row->index);
	put_column(build, SHARD_TIES, uint32_t, row->tie);
	put_column(build, SHARD_IN_SEGMENTS, uint16_t, row->segment);
	put_column(build, SHARD_LINES, uint32_t, row->line);
	put_bigs(build);
}

static void count_row(struct shard_total *total, const struct made_row *row,
		      uint8_t without, bool *is_counted)
{
	if (row->traits & without)
		return;
	total->rows++;
	total->tokens += row->tokens;
	total->sessions += !*is_counted;
	*is_counted = true;
}

/* What the rows from first on, of one session, are in sum. */
static size_t sum_session(const struct build *build, size_t first,
			  struct shard_sum *out)
{
	uint64_t tokens = 0;
	uint64_t longest = 0;
	uint64_t rows = 0;
	size_t i;

	for (i = first; i < build->rows.n && build->rows.at[i].session ==
	     build->rows.at[first].session; i++) {
		const struct made_row *row = &build->rows.at[i];

		if (row->traits & (SHARD_SILENT | SHARD_CAPSULES |
				   SHARD_HIDDEN))
			continue;
		rows++;
		tokens += row->tokens;
		longest = row->tokens > longest ? row->tokens : longest;
	}
	if (tokens > UINT32_MAX || longest > UINT16_MAX || rows > UINT16_MAX)
		rows = UINT16_MAX;
	*out = (struct shard_sum){ (uint32_t)tokens, (uint16_t)rows,
				   (uint16_t)longest };
	return i;
}

static void put_sums(struct build *build)
{
	struct shard_sum sum;
	size_t i;

	begin_part(build, SHARD_SUMS, build->head.parts[SHARD_SESSIONS].n);
	for (i = 0; i < build->rows.n;) {
		i = sum_session(build, i, &sum);
		buf_put(build->body, &sum, sizeof(sum));
	}
}

static void put_sessions(struct build *build)
{
	static const uint8_t silent = SHARD_SILENT | SHARD_CAPSULES;
	struct buf firsts = BUF_INIT(BUF_NO_LIMIT);
	bool is_seen = false;
	bool is_any = false;
	uint32_t i;
	size_t n = 0;

	begin_part(build, SHARD_SESSIONS, 0);
	for (i = 0; i < build->rows.n; i++) {
		const struct made_row *row = &build->rows.at[i];

		if (!i || row->session != row[-1].session) {
			buf_put(build->body, &row->session,
				sizeof(row->session));
			buf_put(&firsts, &i, sizeof(i));
			is_seen = is_any = false;
			n++;
		}
		count_row(&build->head.seen, row, silent | SHARD_HIDDEN,
			  &is_seen);
		count_row(&build->head.all, row, silent, &is_any);
	}
	buf_put(&firsts, &i, sizeof(i));
	build->head.parts[SHARD_SESSIONS].n = n;
	buf_fail(build->body, buf_end(&firsts, NULL));
	put_part(build, SHARD_FIRSTS, n + 1, firsts.data, sizeof(i));
	buf_release(&firsts);
}

struct made_entity {
	uint64_t hash;
	uint32_t row;
};

static int order_entities(const void *a, const void *b)
{
	const struct made_entity *x = a;
	const struct made_entity *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static void put_entity_list(struct build *build,
			    const struct made_entity *list)
{
	size_t i;

	begin_part(build, SHARD_ENTITIES, build->rows.n);
	for (i = 0; i < build->rows.n; i++)
		buf_put(build->body, &list[i].hash, sizeof(list[i].hash));
	begin_part(build, SHARD_ENTITY_ROWS, build->rows.n);
	for (i = 0; i < build->rows.n; i++)
		buf_put(build->body, &list[i].row, sizeof(list[i].row));
}

static int put_entities(struct build *build, struct err *err)
{
	struct made_entity *list = calloc(build->rows.n + 1, sizeof(*list));
	size_t capsules = 0;
	uint32_t i;

	if (!list)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < build->rows.n; i++)
		list[i] = (struct made_entity){ build->rows.at[i].entity, i };
	qsort(list, build->rows.n, sizeof(*list), order_entities);
	put_entity_list(build, list);
	free(list);
	begin_part(build, SHARD_OF_CAPSULES, 0);
	for (i = 0; i < build->rows.n; i++) {
		if (!(build->rows.at[i].traits & SHARD_CAPSULES))
			continue;
		buf_put(build->body, &i, sizeof(i));
		capsules++;
	}
	build->head.parts[SHARD_OF_CAPSULES].n = capsules;
	return 0;
}

static int put_hash(void *arg, uint64_t hash, struct err *err)
{
	return buf_add(arg, &hash, sizeof(hash), err);
}

/* What the body so far has in common with the shards beside it. */
static int put_common(const struct build *build, const struct shard *made,
		      enum shard_part part, struct buf *out, struct err *err)
{
	const struct shard_visitor visitor = { put_hash, out };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < build->others_n; i++)
		rc = shard_common(made, &build->others[i], part, &visitor,
				  err);
	return rc;
}

/* Entities with several records in it. */
static int put_doubles(const struct shard *made, struct buf *out,
		       struct err *err)
{
	size_t n = shard_count(made, SHARD_ENTITIES);
	const void *at;
	size_t i;
	int rc = shard_part(made, SHARD_ENTITIES, 0, n, &at, err);

	for (i = 1; rc == 0 && i < n; i++) {
		const uint64_t *hashes = at;

		if (hashes[i] == hashes[i - 1])
			rc = put_hash(out, hashes[i], err);
	}
	return rc;
}

static void put_known(struct build *build)
{
	size_t i;

	begin_part(build, SHARD_KNOWN, 0);
	for (i = 0; i < build->others_n; i++) {
		const struct shard *other = &build->others[i];

		if (!other->path.len)
			continue;
		buf_put(build->body, pages_name(other->pages),
			PAGES_NAME_BYTES);
		build->head.parts[SHARD_KNOWN].n++;
	}
}

/* The columns so far are looked at as those of a shard. */
static int put_again(struct build *build, struct err *err)
{
	struct buf entities = BUF_INIT(BUF_NO_LIMIT);
	struct buf sessions = BUF_INIT(BUF_NO_LIMIT);
	struct shard made = { .head = &build->head };
	int rc = pages_lend(buf_span(build->body), &made.pages, err);

	if (rc < 0)
		return rc;
	rc = put_doubles(&made, &entities, err);
	if (rc == 0)
		rc = put_common(build, &made, SHARD_ENTITIES, &entities, err);
	if (rc == 0)
		rc = put_common(build, &made, SHARD_SESSIONS, &sessions, err);
	pages_free(made.pages);
	put_known(build);
	put_part(build, SHARD_ENTITIES_AGAIN, entities.len / sizeof(uint64_t),
		 entities.data, sizeof(uint64_t));
	put_part(build, SHARD_SESSIONS_AGAIN, sessions.len / sizeof(uint64_t),
		 sessions.data, sizeof(uint64_t));
	buf_release(&entities);
	buf_release(&sessions);
	return rc;
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
	int order = (x->term.hash > y->term.hash) -
		    (x->term.hash < y->term.hash);

	if (!order)
		order = span_compare(x->stem, y->stem);
	return order ? order : span_compare(x->form, y->form);
}

static int sort_terms(struct build *build, struct sorted_term *terms,
		      struct buf *postings, struct err *err)
{
	size_t token = 0;
	size_t i;

	for (i = 0; i < build->terms.n; i++) {
		const struct made_term *made = &build->terms.at[i];
		struct sorted_term *term = &terms[i];
		size_t start = postings->len;

		token = put_postings(build, token, postings);
		if (postings->len > UINT32_MAX)
			return err_set(err, ERR_LIMIT,
				       "too many words for an index");
		term->stem = span_of(build->heap.data + made->text,
				     made->stem_len);
		term->form = span_of(term->stem.at + made->stem_len,
				     made->form_len);
		term->term = (struct shard_term){
			xxh64_of(term->stem.at, term->stem.len), 0,
			(uint32_t)start, (uint32_t)(postings->len - start),
			made->stem_len, made->form_len
		};
	}
	qsort(terms, build->terms.n, sizeof(*terms), order_terms);
	return 0;
}

static int put_terms(struct build *build, struct err *err)
{
	struct sorted_term *terms = calloc(build->terms.n + 1, sizeof(*terms));
	struct buf postings = BUF_INIT(BUF_NO_LIMIT);
	uint32_t text = 0;
	size_t i;
	int rc;

	if (!terms)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = sort_terms(build, terms, &postings, err);
	begin_part(build, SHARD_TERMS, build->terms.n);
	for (i = 0; i < build->terms.n; i++) {
		terms[i].term.text = text;
		text += terms[i].term.stem_len + terms[i].term.form_len;
		buf_put(build->body, &terms[i].term, sizeof(terms[i].term));
	}
	begin_part(build, SHARD_TERM_HEAP, build->heap.len);
	for (i = 0; i < build->terms.n; i++) {
		buf_put_span(build->body, terms[i].stem);
		buf_put_span(build->body, terms[i].form);
	}
	buf_fail(build->body, buf_end(&postings, NULL));
	put_part(build, SHARD_POSTINGS, postings.len, postings.data, 1);
	buf_release(&postings);
	free(terms);
	return rc;
}

static void put_segments(struct build *build,
			 const struct tree_segment *segments, size_t n)
{
	size_t i;

	begin_part(build, SHARD_DIGESTS, n);
	for (i = 0; i < n; i++)
		buf_put(build->body, segments[i].digest, SHA256_BYTES);
	put_part(build, SHARD_SEGMENTS, n, segments, sizeof(*segments));
}

int shard_write(struct build *build, const struct tree_segment *segments,
		size_t n, struct err *err)
{
	int rc = order_all(build, err);

	if (rc < 0)
		return rc;
	build->head.mark = SHARD_MARK;
	buf_put(build->body, &build->head, sizeof(build->head));
	put_segments(build, segments, n);
	put_rows(build);
	put_sessions(build);
	put_sums(build);
	rc = put_entities(build, err);
	if (rc == 0)
		rc = buf_end(build->body, err);
	if (rc == 0)
		rc = put_again(build, err);
	put_part(build, SHARD_ALL_WHOS, build->whos.n, build->whos.at,
		 sizeof(*build->whos.at));
	put_part(build, SHARD_TEXTS, build->texts.n, build->texts.at,
		 sizeof(*build->texts.at));
	put_part(build, SHARD_TEXT_HEAP, build->text_heap.len,
		 build->text_heap.data, 1);
	if (rc == 0)
		rc = put_terms(build, err);
	if (rc == 0)
		rc = buf_end(build->body, err);
	if (rc == 0)
		memcpy(build->body->data, &build->head, sizeof(build->head));
	return rc;
}
