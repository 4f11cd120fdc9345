#include "refs/index/rows.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"

#define COUNT_MAX 65535

/* What is counted of one text. */
struct counting {
	uint16_t stem[QUERY_SLOTS_MAX];
	uint16_t exact[QUERY_SLOTS_MAX];
};

static int session_of(struct rows *rows, uint32_t construct,
		      struct span session, uint32_t *out, struct err *err)
{
	unsigned char key[16];
	struct xxh128 hash;
	uint64_t number = rows->sessions.count;
	int rc;

	xxh128_init(&hash);
	xxh128_add(&hash, &construct, sizeof(construct));
	xxh128_add(&hash, session.at, session.len);
	xxh128_finish(&hash, key);
	rc = table_add(&rows->sessions, key, number, err);
	if (rc < 0)
		return rc;
	(void)table_get(&rows->sessions, key, &number);
	*out = (uint32_t)number;
	return 0;
}

/* The slots that the speaker's name is made of. */
static int read_name(struct words *words, const struct query *query,
		     struct span name, uint32_t *out, struct err *err)
{
	const struct word *list;
	size_t n;
	size_t i;
	size_t slot;
	int rc = words_read(words, name, &list, &n, err);

	for (i = 0; rc == 0 && i < n; i++) {
		for (slot = 0; slot < query->slots_n; slot++) {
			if (span_equals(query->slots[slot].form,
					list[i].form))
				*out |= (uint32_t)1 << slot;
		}
	}
	return rc;
}

static void count(struct counting *counting, uint32_t slots, uint32_t exact)
{
	unsigned i;

	for (i = 0; slots >> i && i < QUERY_SLOTS_MAX; i++) {
		if (slots >> i & 1 && counting->stem[i] < COUNT_MAX)
			counting->stem[i]++;
		if (exact >> i & 1 && counting->exact[i] < COUNT_MAX)
			counting->exact[i]++;
	}
}

static void count_words(const struct query *query, const struct word *list,
			size_t n, struct row *row, struct counting *counting)
{
	uint32_t before = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		uint32_t exact;
		uint32_t slots = query_match(query, &list[i], &exact);

		if (!list[i].is_whole && !list[i].is_stop)
			row->tokens++;
		if (word_tells_time(list[i].form))
			row->flags |= ROW_TELLS_TIME;
		if (word_tells_number(list[i].form))
			row->flags |= ROW_TELLS_NUMBER;
		count(counting, slots, exact);
		if (list[i].is_stop || list[i].is_whole)
			continue;
		row->pairs |= before & slots >> 1;
		before = slots;
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

static int keep_entity(struct rows *rows, struct span entity, struct row *row,
		       struct err *err)
{
	char *copy = arena_alloc(&rows->names, entity.len);

	if (!copy)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(copy, entity.at, entity.len);
	row->entity = span_of(copy, entity.len);
	return 0;
}

int rows_add(struct rows *rows, struct words *words,
	     const struct query *query, const struct spoken *spoken,
	     const struct row *given, struct err *err)
{
	struct counting counting = { { 0 }, { 0 } };
	struct row row = *given;
	const struct word *list;
	size_t n;
	int rc = array_room(rows, err);

	row.index = spoken->index;
	row.micros = spoken->micros;
	if (span_equals(spoken->role, span_str("user")))
		row.flags |= ROW_IS_USERS;
	if (spoken->text.len && memchr(spoken->text.data, '?', spoken->text.len))
		row.flags |= ROW_QUESTION;
	if (rc == 0)
		rc = read_name(words, query, spoken->name, &row.named, err);
	if (rc == 0)
		rc = words_read(words, buf_span(&spoken->text), &list, &n, err);
	if (rc < 0)
		return rc;
	count_words(query, list, n, &row, &counting);
	if (!query_holds_phrases(query, list, n))
		row.flags |= ROW_IS_OUT;
	rc = session_of(rows, row.construct, spoken->session, &row.session,
			err);
	if (rc == 0)
		rc = keep_entity(rows, spoken->entity, &row, err);
	if (rc == 0)
		rc = put_counts(rows, &counting, &row, err);
	if (rc == 0)
		rows->at[rows->n++] = row;
	return rc;
}

static int order(const void *a, const void *b)
{
	const struct row *x = a;
	const struct row *y = b;

	if (x->session != y->session)
		return x->session < y->session ? -1 : 1;
	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return span_compare(x->entity, y->entity);
}

void rows_sort(struct rows *rows)
{
	if (rows->n)
		qsort(rows->at, rows->n, sizeof(*rows->at), order);
}

void rows_release(struct rows *rows)
{
	free(rows->at);
	free(rows->counts.at);
	table_release(&rows->sessions);
	arena_release(&rows->names);
	*rows = (struct rows)ROWS_INIT;
}
