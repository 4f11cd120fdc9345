#include "objects/fold/set.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "objects/fold/past.h"
#include "objects/fold/set_walk.h"

/* An element that a last word holds: no other can be there, since whatever
 * holds it would have a later record that does not. */
struct candidate {
	struct span value;
	bool is_present;
	uint32_t last;		/* holder that was noted last */
	size_t holders_at;	/* those in set.holders, ancestors first */
	size_t holders_n;
};

/* That a record holds a candidate. */
struct holding {
	uint32_t candidate;
	uint32_t record;
};

struct set {
	const struct fold_graph *graph;
	const struct fold_leaf *setters;
	size_t setters_n;
	struct fold_past past;
	bool has_past;
	uint32_t *setter_of;	/* 1 + the record's setter, or 0 */
	struct candidate *at;
	size_t n;
	size_t cap;
	struct holding *holdings;
	size_t holdings_n;
	size_t holdings_cap;
	uint32_t *holders;
	uint32_t *stamp;	/* who holds the candidate in question */
	uint32_t *clean_n;	/* and how many of its children are clean */
};

static void set_release(struct set *set)
{
	fold_past_release(&set->past);
	free(set->setter_of);
	free(set->at);
	free(set->holdings);
	free(set->holders);
	free(set->stamp);
	free(set->clean_n);
}

static int set_init(struct set *set, struct err *err)
{
	const struct fold_graph *graph = set->graph;
	bool *is_marked = malloc(graph->n * sizeof(*is_marked));
	size_t i;

	set->setter_of = calloc(graph->n, sizeof(*set->setter_of));
	set->stamp = calloc(graph->n, sizeof(*set->stamp));
	set->clean_n = calloc(graph->n, sizeof(*set->clean_n));
	if (!is_marked || !set->setter_of || !set->stamp || !set->clean_n) {
		free(is_marked);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	memcpy(is_marked, graph->is_delete, graph->n * sizeof(*is_marked));
	for (i = 0; i < set->setters_n; i++) {
		is_marked[set->setters[i].owner] = true;
		set->setter_of[set->setters[i].owner] = (uint32_t)i + 1;
	}
	return fold_past_init(&set->past, graph, is_marked, &set->has_past,
			      err);
}

/* What a setter's value holds, one after the other. */
struct values {
	struct jcs_iter iter;	/* none where the value is no array */
	struct span lone;
};

static struct values values_of(const struct fold_leaf *setter)
{
	struct values values = { jcs_iter_array(setter->value), { NULL, 0 } };
	enum jcs_type type = jcs_type_of(setter->value);

	if (type != JCS_ARRAY && type != JCS_NULL)
		values.lone = setter->value;
	return values;
}

static bool values_next(struct values *values, struct span *out)
{
	if (!values->lone.at)
		return jcs_next(&values->iter, NULL, out);
	*out = values->lone;
	values->lone = span_of(NULL, 0);
	return true;
}

static int candidate_order(const void *left, const void *right)
{
	const struct candidate *a = left;
	const struct candidate *b = right;

	return span_compare(a->value, b->value);
}

/* is_first: nothing held it before, and nobody has seen it since. */
static int candidate_push(struct set *set, struct span value, bool is_first,
			  struct err *err)
{
	int rc = array_room(set, err);

	if (rc < 0)
		return rc;
	set->at[set->n++] = (struct candidate){
		.value = value, .is_present = is_first,
		.last = UINT32_MAX
	};
	return 0;
}

/* One of each, in the order of their bytes. */
static void candidates_sort(struct set *set)
{
	size_t kept = 0;
	size_t i;

	if (set->n)
		qsort(set->at, set->n, sizeof(*set->at), candidate_order);
	for (i = 0; i < set->n; i++) {
		if (kept && span_equals(set->at[kept - 1].value,
					set->at[i].value))
			set->at[kept - 1].is_present |= set->at[i].is_present;
		else
			set->at[kept++] = set->at[i];
	}
	set->n = kept;
}

static bool has_no_past(const struct set *set, uint32_t record)
{
	const uint32_t *at = set->past.parents_at;

	return set->has_past && at[record] == at[record + 1];
}

static int candidates_collect(struct set *set, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < set->setters_n; i++) {
		const struct fold_leaf *setter = &set->setters[i];
		struct values values = values_of(setter);
		bool is_first = has_no_past(set, setter->owner);
		struct span value;

		if (setter->is_superseded)
			continue;
		while (rc == 0 && values_next(&values, &value))
			rc = candidate_push(set, value, is_first, err);
	}
	candidates_sort(set);
	return rc;
}

static struct candidate *candidate_find(const struct set *set,
					struct span value)
{
	const struct candidate key = { .value = value };

	return set->n ? bsearch(&key, set->at, set->n, sizeof(*set->at),
				candidate_order) : NULL;
}

/* Note that the record holds what is a candidate and still in question. */
static int note_holdings(struct set *set, uint32_t record, struct err *err)
{
	struct values values =
		values_of(&set->setters[set->setter_of[record] - 1]);
	struct candidate *one;
	struct span value;
	int rc = 0;

	while (rc == 0 && values_next(&values, &value)) {
		one = candidate_find(set, value);
		if (!one || one->is_present || one->last == record)
			continue;
		rc = array_room_in(set->holdings, set->holdings_n,
				   set->holdings_cap, err);
		if (rc < 0)
			break;
		set->holdings[set->holdings_n].candidate =
			(uint32_t)(one - set->at);
		set->holdings[set->holdings_n++].record = record;
		one->last = record;
		one->holders_n++;
	}
	return rc;
}

/* Every candidate's holders, ancestors first. */
static int holders_collect(struct set *set, struct err *err)
{
	const struct fold_graph *graph = set->graph;
	size_t total = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < graph->n; i++) {
		if (set->setter_of[graph->order[i]])
			rc = note_holdings(set, graph->order[i], err);
	}
	if (rc < 0)
		return rc;
	set->holders = malloc((set->holdings_n + 1) * sizeof(*set->holders));
	if (!set->holders)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < set->n; i++) {
		set->at[i].holders_at = total;
		total += set->at[i].holders_n;
		set->at[i].holders_n = 0;
	}
	for (i = 0; i < set->holdings_n; i++) {
		struct candidate *one = &set->at[set->holdings[i].candidate];

		set->holders[one->holders_at + one->holders_n++] =
			set->holdings[i].record;
	}
	return 0;
}

/* How many of a record's parents hold the candidate with this stamp; the
 * clean ones' parents are told of it. */
static uint32_t holding_parents(struct set *set, uint32_t record,
				uint32_t stamp)
{
	const struct fold_past *past = &set->past;
	uint32_t n = 0;
	uint32_t i;

	for (i = past->parents_at[record]; i < past->parents_at[record + 1];
	     i++) {
		uint32_t parent = past->parents[i];

		if (set->stamp[parent] != stamp)
			continue;
		set->clean_n[parent]++;
		n++;
	}
	return n;
}

/*
 * What can be told from holders and their parents alone. A holder is clean
 * when all who have seen it hold the element as well: only clean additions
 * count. A holder of whose parents none holds the element is an addition,
 * since each parent has removed what it had seen; one whose only parent holds
 * it is none. Where neither is so, and no clean addition was found, *out_open
 * stays true: the whole past has to be walked.
 */
static bool is_clean_addition(struct set *set, const struct candidate *one,
			      uint32_t stamp, bool *out_open)
{
	const struct fold_past *past = &set->past;
	const uint32_t *holders = set->holders + one->holders_at;
	bool is_open = false;
	size_t i;

	for (i = 0; i < one->holders_n; i++) {
		set->stamp[holders[i]] = stamp;
		set->clean_n[holders[i]] = 0;
	}
	for (i = one->holders_n; i-- > 0;) {
		uint32_t record = holders[i];
		uint32_t parents = past->parents_at[record + 1] -
				   past->parents_at[record];
		uint32_t holding;

		if (set->clean_n[record] != past->children_n[record])
			continue;
		holding = holding_parents(set, record, stamp);
		if (!holding) {
			*out_open = false;
			return true;
		}
		if (parents > 1)
			is_open = true;
	}
	*out_open = is_open;
	return false;
}

static int decide(struct set *set, struct err *err)
{
	struct fold_set_walk walk;
	bool is_open;
	size_t i;
	int rc = 0;

	fold_set_walk_init(&walk, set->graph, set->past.is_marked);
	for (i = 0; rc == 0 && i < set->n; i++) {
		struct candidate *one = &set->at[i];

		is_open = !set->has_past;
		if (one->is_present)
			continue;
		if (set->has_past)
			one->is_present = is_clean_addition(set, one,
							    (uint32_t)i + 1,
							    &is_open);
		if (is_open)
			rc = fold_set_walk_add(&walk, set->holders +
					       one->holders_at,
					       one->holders_n,
					       &one->is_present, err);
	}
	if (rc == 0)
		fold_set_walk_finish(&walk);
	fold_set_walk_release(&walk);
	return rc;
}

static int set_write(const struct set *set, struct buf *out, struct err *err)
{
	const char *before = "[";
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < set->n; i++) {
		if (!set->at[i].is_present)
			continue;
		rc = buf_add_str(out, before, err);
		if (rc == 0)
			rc = buf_add_span(out, set->at[i].value, err);
		before = ",";
	}
	if (rc == 0 && *before == ',')
		rc = buf_add_char(out, ']', err);
	return rc;
}

/* Without elements the field stands, empty, where a last word was not null. */
static bool set_is_kept(const struct fold_leaf *setters, size_t setters_n)
{
	size_t i;

	for (i = 0; i < setters_n; i++) {
		if (!setters[i].is_superseded &&
		    jcs_type_of(setters[i].value) != JCS_NULL)
			return true;
	}
	return false;
}

int fold_set(const struct fold_graph *graph, const struct fold_leaf *setters,
	     size_t setters_n, struct buf *out, struct err *err)
{
	struct set set = {
		.graph = graph, .setters = setters, .setters_n = setters_n
	};
	size_t before = out->len;
	int rc;

	rc = set_init(&set, err);
	if (rc == 0)
		rc = candidates_collect(&set, err);
	if (rc == 0)
		rc = holders_collect(&set, err);
	if (rc == 0)
		rc = decide(&set, err);
	if (rc == 0)
		rc = set_write(&set, out, err);
	if (rc == 0 && out->len == before && set_is_kept(setters, setters_n))
		rc = buf_add_str(out, "[]", err);
	set_release(&set);
	return rc;
}
