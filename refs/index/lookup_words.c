#include "refs/index/lookup_internal.h"

#include <stdlib.h>

#include "lib/base/array.h"

static bool get_varint(const unsigned char **at, const unsigned char *end,
		       uint32_t *out)
{
	unsigned shift = 0;

	*out = 0;
	while (*at < end && shift < 32) {
		unsigned char byte = *(*at)++;

		*out |= (uint32_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
		shift += 7;
	}
	return false;
}

static int take_postings(struct searched *searched,
			 const struct shard_term *term, uint32_t slots,
			 uint32_t exact, struct err *err)
{
	struct occurrence one = { 0, 0, slots, exact };
	const unsigned char *end;
	const unsigned char *at;
	const void *bytes;
	uint32_t step;
	int rc = shard_part(searched->shard, searched->shard->head->postings +
			    term->postings, term->postings_len, 1, &bytes,
			    err);

	if (rc < 0)
		return rc;
	at = bytes;
	end = at + term->postings_len;
	while (rc == 0 && at < end) {
		if (!get_varint(&at, end, &step) ||
		    !get_varint(&at, end, &one.position) ||
		    step > searched->shard->head->rows_n - one.row)
			return err_set(err, ERR_CORRUPT, "a wrong index");
		one.row += step;
		if (one.row >= searched->shard->head->rows_n)
			return err_set(err, ERR_CORRUPT, "a wrong index");
		if (!searched->counts[one.row])
			continue;
		rc = array_room(&searched->found, err);
		if (rc == 0)
			searched->found.at[searched->found.n++] = one;
	}
	return rc;
}

/* Which slots is a term found by? Each of them takes it but once: as long as
 * no slot before it does. */
static int take_term(struct search *search, struct searched *searched,
		     size_t number, size_t slot, struct err *err)
{
	const struct shard_head *head = searched->shard->head;
	struct word word = { .position = 0 };
	const void *term;
	uint32_t exact;
	uint32_t slots;
	int rc = shard_part(searched->shard, head->terms +
			    number * sizeof(struct shard_term), 1,
			    sizeof(struct shard_term), &term, err);

	if (rc == 0)
		rc = shard_term_text(searched->shard, term, &word, err);
	if (rc < 0)
		return rc;
	slots = query_match(search->recall->query, &word, &exact);
	if (!slots || slots & (((uint32_t)1 << slot) - 1))
		return 0;
	return take_postings(searched, term, slots, exact, err);
}

/* The first term whose stem is not less. */
static int lower_bound(const struct searched *searched, struct span stem,
		       size_t *out, struct err *err)
{
	const struct shard_head *head = searched->shard->head;
	size_t from = 0;
	size_t to = (size_t)head->terms_n;
	int rc = 0;

	while (rc == 0 && from < to) {
		size_t middle = from + (to - from) / 2;
		struct word word = { .position = 0 };
		const void *term;

		rc = shard_part(searched->shard, head->terms + middle *
				sizeof(struct shard_term), 1,
				sizeof(struct shard_term), &term, err);
		if (rc == 0)
			rc = shard_term_text(searched->shard, term, &word,
					     err);
		if (rc == 0 && span_compare(word.stem, stem) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	*out = from;
	return rc;
}

static int take_stem(struct search *search, struct searched *searched,
		     struct span stem, size_t slot, struct err *err)
{
	const struct shard_head *head = searched->shard->head;
	struct word word = { .stem = stem };
	const void *term;
	size_t number;
	int rc = lower_bound(searched, stem, &number, err);

	for (; rc == 0 && number < head->terms_n; number++) {
		rc = shard_part(searched->shard, head->terms + number *
				sizeof(struct shard_term), 1,
				sizeof(struct shard_term), &term, err);
		if (rc == 0)
			rc = shard_term_text(searched->shard, term, &word,
					     err);
		if (rc < 0 || !span_equals(word.stem, stem))
			break;
		rc = take_term(search, searched, number, slot, err);
	}
	return rc;
}

static int take_slot(struct search *search, struct searched *searched,
		     size_t slot, struct err *err)
{
	const struct query_slot *at = &search->recall->query->slots[slot];
	size_t i;
	int rc = 0;

	/* A beginning, or a part, may be any term's. */
	for (i = 0; (at->is_prefix || at->is_part) && rc == 0 &&
	     i < searched->shard->head->terms_n; i++)
		rc = take_term(search, searched, i, slot, err);
	for (i = 0; !at->is_prefix && rc == 0 && i < at->stems_n; i++)
		rc = take_stem(search, searched, at->stems[i], slot, err);
	return rc;
}

static int order_found(const void *a, const void *b)
{
	const struct occurrence *x = a;
	const struct occurrence *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->position > y->position) - (x->position < y->position);
}

int lookup_words(struct search *search, struct err *err)
{
	size_t i;
	size_t slot;
	int rc = 0;

	for (i = 0; rc == 0 && i < search->n; i++) {
		struct searched *searched = &search->at[i];

		for (slot = 0; rc == 0 &&
		     slot < search->recall->query->slots_n; slot++)
			rc = take_slot(search, searched, slot, err);
		if (rc == 0 && searched->found.n)
			qsort(searched->found.at, searched->found.n,
			      sizeof(*searched->found.at), order_found);
	}
	return rc;
}
