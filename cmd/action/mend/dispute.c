#include "cmd/action/mend/dispute.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

void dispute_list_release(struct dispute_list *disputes)
{
	size_t i;

	for (i = 0; i < disputes->n; i++)
		free(disputes->at[i].at);
	free(disputes->at);
	*disputes = (struct dispute_list)DISPUTE_LIST_INIT;
}

static int order_id(const void *id, const void *record)
{
	return memcmp(id, ((const struct fold_record *)record)->id,
		      RECORD_ID_BYTES);
}

static int order_values(const void *left, const void *right)
{
	const struct dispute_value *a = left;
	const struct dispute_value *b = right;
	int order;

	if (a->wins != b->wins)
		return a->wins ? -1 : 1;
	order = span_compare(b->record->record.at, a->record->record.at);
	return order ? order : memcmp(b->record->id, a->record->id,
				      RECORD_ID_BYTES);
}

static int add_value(struct dispute *dispute,
		     const struct view_entity *entity,
		     const unsigned char id[RECORD_ID_BYTES], bool wins,
		     struct err *err)
{
	const struct fold_record *record =
		bsearch(id, entity->records, entity->records_n,
			sizeof(*record), order_id);
	struct dispute_value value = { record, { NULL, 0 }, wins };
	bool is_there = true;
	int rc;

	if (!record)
		return err_set(err, ERR_CORRUPT, "a conflict without its "
			       "record");
	if (!span_equals(record->record.verb, span_str("delete")))
		rc = fold_value_at(record->record.data, dispute->field,
				   &value.value, &is_there, err);
	else
		rc = 0;
	if (rc == 0 && is_there)
		rc = array_room(dispute, err);
	if (rc == 0 && is_there)
		dispute->at[dispute->n++] = value;
	return rc;
}

static int order_records(const void *left, const void *right)
{
	const struct dispute_value *a = left;
	const struct dispute_value *b = right;

	if (a->record != b->record)
		return a->record < b->record ? -1 : 1;
	return (int)b->wins - (int)a->wins;
}

/* In order, each record once: what won once, wins. */
static void sort_values(struct dispute *dispute)
{
	size_t kept = 0;
	size_t i;

	qsort(dispute->at, dispute->n, sizeof(*dispute->at), order_records);
	for (i = 0; i < dispute->n; i++) {
		if (!kept || dispute->at[kept - 1].record !=
			     dispute->at[i].record)
			dispute->at[kept++] = dispute->at[i];
	}
	dispute->n = kept;
	qsort(dispute->at, dispute->n, sizeof(*dispute->at), order_values);
}

static int add_dispute(struct dispute_list *disputes,
		       const struct view_entity *entity, size_t first,
		       size_t end, struct err *err)
{
	const struct fold_conflict *at = entity->disputed->at;
	struct dispute *dispute;
	size_t i;
	int rc = array_room(disputes, err);

	if (rc < 0)
		return rc;
	dispute = &disputes->at[disputes->n++];
	*dispute = (struct dispute){ .field = fold_conflict_field(&at[first]) };
	for (i = first; rc == 0 && i < end; i++) {
		if (i == first || memcmp(at[i].winner, at[i - 1].winner,
					 RECORD_ID_BYTES) != 0)
			rc = add_value(dispute, entity, at[i].winner, true,
				       err);
		if (rc == 0)
			rc = add_value(dispute, entity, at[i].loser, false,
				       err);
	}
	if (rc == 0)
		sort_values(dispute);
	return rc;
}

int dispute_list_of(const struct view_entity *entity, struct dispute_list *out,
		struct err *err)
{
	const struct fold_conflicts *all = entity->disputed;
	size_t first;
	size_t next;
	int rc = 0;

	for (first = 0; rc == 0 && first < all->n; first = next) {
		struct span field = fold_conflict_field(&all->at[first]);

		for (next = first + 1; next < all->n; next++) {
			if (!span_equals(fold_conflict_field(&all->at[next]),
					 field))
				break;
		}
		rc = add_dispute(out, entity, first, next, err);
	}
	return rc;
}
