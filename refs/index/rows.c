#include "refs/index/rows.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"

#define COUNT_MAX 65535

int rows_session(struct rows *rows, uint32_t construct, uint64_t hash,
		 uint32_t *out, struct err *err)
{
	const uint64_t key[2] = { construct, hash };
	uint64_t number = rows->sessions.count;
	int rc = 0;

	if (!table_get(&rows->sessions, key, &number))
		rc = table_put(&rows->sessions, key, number, err);
	*out = (uint32_t)number;
	return rc;
}

int rows_name(struct words *words, const struct query *query,
	      struct span name, uint32_t *out, struct err *err)
{
	const struct word *list;
	size_t n;
	size_t i;
	size_t slot;
	int rc = words_read(words, name, &list, &n, err);

	*out = 0;
	for (i = 0; rc == 0 && i < n; i++) {
		for (slot = 0; slot < query->slots_n; slot++) {
			if (span_equals(query->slots[slot].form,
					list[i].form))
				*out |= (uint32_t)1 << slot;
		}
	}
	return rc;
}

void count_word(struct counting *counting, uint32_t slots, uint32_t exact,
		bool is_whole)
{
	unsigned i;

	for (i = 0; i < QUERY_SLOTS_MAX && slots >> i; i++) {
		if (slots >> i & 1 && counting->stem[i] < COUNT_MAX)
			counting->stem[i]++;
		if (exact >> i & 1 && counting->exact[i] < COUNT_MAX)
			counting->exact[i]++;
	}
	if (is_whole)
		return;
	counting->pairs |= counting->before & slots >> 1;
	counting->before = slots;
}

static void count_words(const struct query *query, const struct word *list,
			size_t n, struct row *row, struct counting *counting)
{
	uint32_t mask = query_slots(query, row->flags & ROW_IS_TITLE);
	size_t i;

	for (i = 0; i < n; i++) {
		uint32_t exact;
		uint32_t slots = query_match(query, &list[i], &exact) & mask;

		row->flags |= spoken_flags_of(&list[i]);
		if (list[i].is_stop && !query->has_stops)
			continue;
		if (!list[i].is_whole && !list[i].is_stop)
			row->tokens++;
		count_word(counting, slots, exact & mask, list[i].is_whole);
	}
}

static int put_counts(struct rows *rows, const struct counting *counting,
		      struct row *row, struct err *err)
{
	unsigned i;
	int rc = 0;

	row->first = rows->counts.n;
	for (i = 0; rc == 0 && i < QUERY_SLOTS_MAX; i++) {
		if (!counting->stem[i])
			continue;
		rc = array_room(&rows->counts, err);
		if (rc == 0)
			rows->counts.at[rows->counts.n++] = (struct row_count){
				(uint8_t)i, counting->stem[i],
				counting->exact[i]
			};
	}
	row->n = rows->counts.n - row->first;
	return rc;
}

int rows_put(struct rows *rows, const struct counting *counting,
	     const struct row *row, struct err *err)
{
	struct row *put;
	int rc = array_room(rows, err);

	if (rc < 0)
		return rc;
	put = &rows->at[rows->n];
	*put = *row;
	put->pairs = counting->pairs;
	rc = put_counts(rows, counting, put, err);
	rows->n += rc == 0;
	return rc;
}

int rows_set_entity(struct rows *rows, struct row *row, struct span entity,
		    struct err *err)
{
	return arena_keep(&rows->names, entity, &row->entity, err);
}

int rows_add(struct rows *rows, struct words *words,
	     const struct query *query, const struct spoken *spoken,
	     const struct row *given, struct err *err)
{
	struct counting counting = { .before = 0 };
	struct row row = *given;
	const struct word *list;
	size_t n;
	int rc = rows_name(words, query, spoken->name, &row.named, err);

	row.index = spoken->index;
	row.micros = spoken->micros;
	row.tie = spoken_tie(row.id);
	row.flags |= spoken_flags(spoken) |
		     (spoken_is_title(spoken) ? ROW_IS_TITLE : 0);
	if (rc == 0)
		rc = words_read(words, buf_span(&spoken->text), &list, &n,
				err);
	if (rc < 0)
		return rc;
	count_words(query, list, n, &row, &counting);
	if (!query_holds_phrases(query, list, n))
		row.flags |= ROW_IS_OUT;
	rc = rows_session(rows, row.construct,
			  xxh64_of(spoken->session.at, spoken->session.len),
			  &row.session, err);
	if (rc == 0)
		rc = rows_set_entity(rows, &row, spoken->entity, err);
	if (rc == 0)
		rc = rows_put(rows, &counting, &row, err);
	if (rc == 0) {
		rows->all++;
		rows->tokens += row.tokens;
	}
	return rc;
}

int rows_add_bare(struct rows *rows, const struct spoken *spoken,
		  const struct row *given, struct err *err)
{
	static const struct counting counting = { .before = 0 };
	struct row row = *given;
	int rc = rows_session(rows, row.construct,
			      xxh64_of(spoken->session.at,
				       spoken->session.len),
			      &row.session, err);

	row.index = spoken->index;
	row.micros = spoken->micros;
	row.tie = spoken_tie(row.id);
	if (rc == 0)
		rc = rows_set_entity(rows, &row, spoken->entity, err);
	return rc < 0 ? rc : rows_put(rows, &counting, &row, err);
}

static int order(const void *a, const void *b)
{
	const struct row *x = a;
	const struct row *y = b;

	if (x->session != y->session)
		return x->session < y->session ? -1 : 1;
	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return (x->tie > y->tie) - (x->tie < y->tie);
}

void rows_sort(struct rows *rows)
{
	if (rows->n)
		qsort(rows->at, rows->n, sizeof(*rows->at), order);
}

int rows_choose(struct rows *rows, uint32_t construct, uint64_t hash,
		struct err *err)
{
	int rc = array_room(&rows->chosen, err);

	if (rc == 0)
		rows->chosen.at[rows->chosen.n++] =
			(struct row_session){ construct, hash };
	return rc;
}

/* A mark for each session that was chosen. */
static int mark_chosen(const struct rows *rows, bool **out, struct err *err)
{
	size_t i;

	*out = calloc(rows->sessions.count + 1, sizeof(**out));
	if (!*out)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < rows->chosen.n; i++) {
		const uint64_t key[2] = { rows->chosen.at[i].construct,
					  rows->chosen.at[i].hash };
		uint64_t number;

		if (table_get(&rows->sessions, key, &number))
			(*out)[number] = true;
	}
	return 0;
}

uint32_t rows_slots(const struct rows *rows, const struct row *row)
{
	uint32_t slots = 0;
	size_t i;

	for (i = 0; i < row->n; i++)
		slots |= (uint32_t)1 << rows->counts.at[row->first + i].slot;
	return slots;
}

static bool is_narrow(const struct rows *rows, const struct row *row,
		      const struct row_needs *needs)
{
	if (needs->has_code && !(row->flags & SPOKEN_HAS_CODE))
		return false;
	return !(row->flags & ROW_IS_TITLE) || !needs->titles ||
	       !needs->others || rows_slots(rows, row) & needs->others;
}

void rows_narrow_session(struct rows *rows, size_t first, size_t end,
			 bool is_out, const struct row_needs *needs)
{
	uint32_t titles = 0;
	size_t i;

	for (i = first; i < end; i++) {
		if (rows->at[i].flags & ROW_IS_TITLE)
			titles |= rows_slots(rows, &rows->at[i]);
	}
	for (i = first; i < end; i++) {
		if (is_out || needs->titles & ~titles ||
		    !is_narrow(rows, &rows->at[i], needs))
			rows->at[i].flags |= ROW_IS_OUT;
	}
}

int rows_narrow(struct rows *rows, const struct row_needs *needs,
		struct err *err)
{
	bool *chosen = NULL;
	size_t first;
	size_t end;
	int rc = mark_chosen(rows, &chosen, err);

	for (first = 0; rc == 0 && first < rows->n; first = end) {
		uint32_t session = rows->at[first].session;

		for (end = first; end < rows->n &&
		     rows->at[end].session == session; end++)
			continue;
		rows_narrow_session(rows, first, end, needs->is_chosen &&
				    !chosen[session], needs);
	}
	free(chosen);
	return rc;
}

void rows_release(struct rows *rows)
{
	free(rows->at);
	free(rows->counts.at);
	free(rows->chosen.at);
	table_release(&rows->sessions);
	arena_release(&rows->names);
	*rows = (struct rows)ROWS_INIT;
}
