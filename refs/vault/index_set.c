#include "refs/vault/index_set.h"

#include <stdlib.h>

void index_set_release(struct index_set *set)
{
	free(set->at);
	set->at = NULL;
	set->n = 0;
	set->cap = 0;
}

/* The first run that ends behind index; n when there is none. */
static size_t find_run(const struct index_set *set, uint64_t index)
{
	size_t low = 0;
	size_t high = set->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->at[middle].to > index)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

bool index_set_has(const struct index_set *set, uint32_t index)
{
	size_t run = find_run(set, index);

	return run < set->n && set->at[run].from <= index;
}

bool index_set_covers(const struct index_set *outer,
		      const struct index_set *inner)
{
	size_t i;

	for (i = 0; i < inner->n; i++) {
		size_t run = find_run(outer, inner->at[i].from);

		if (run == outer->n ||
		    outer->at[run].from > inner->at[i].from ||
		    outer->at[run].to < inner->at[i].to)
			return false;
	}
	return true;
}

size_t index_set_count(const struct index_set *set)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < set->n; i++)
		count += set->at[i].to - set->at[i].from;
	return count;
}

/* Append a run that begins no earlier than the last one; joins the two. */
static void append_run(struct index_run *runs, size_t *n, struct index_run run)
{
	if (*n && runs[*n - 1].to >= run.from) {
		if (runs[*n - 1].to < run.to)
			runs[*n - 1].to = run.to;
		return;
	}
	runs[(*n)++] = run;
}

int index_set_add_all(struct index_set *set, const struct index_set *other,
		      struct err *err)
{
	size_t cap = set->n + other->n;
	struct index_run *runs;
	size_t n = 0;
	size_t a = 0;
	size_t b = 0;

	if (index_set_covers(set, other))
		return 0;
	runs = malloc(cap * sizeof(*runs));
	if (!runs)
		return err_set(err, ERR_NOMEM, "out of memory");
	while (a < set->n || b < other->n) {
		if (b == other->n ||
		    (a < set->n && set->at[a].from <= other->at[b].from))
			append_run(runs, &n, set->at[a++]);
		else
			append_run(runs, &n, other->at[b++]);
	}
	free(set->at);
	set->at = runs;
	set->n = n;
	set->cap = cap;
	return 0;
}

int index_set_add(struct index_set *set, uint32_t index, struct err *err)
{
	struct index_run run = { index, index + 1 };
	struct index_set one = { &run, 1, 1 };

	/* What grows at its end, as nearly all do, is not copied. */
	if (set->n && set->at[set->n - 1].to == index) {
		set->at[set->n - 1].to = index + 1;
		return 0;
	}
	return index_set_add_all(set, &one, err);
}

bool index_set_next(const struct index_set *set, uint64_t *pos,
		    uint32_t *out_index)
{
	size_t run = find_run(set, *pos);

	if (run == set->n)
		return false;
	*out_index = *pos < set->at[run].from ? set->at[run].from
					      : (uint32_t)*pos;
	*pos = (uint64_t)*out_index + 1;
	return true;
}
