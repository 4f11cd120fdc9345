#include "refs/view/view_internal.h"

#include <stdlib.h>
#include <string.h>

#include "objects/tree/segment_standing.h"
#include "refs/view/forgotten.h"

/* What stands of an entity, gathered segment by segment. */
struct gathering {
	struct view *view;
	struct span entity;
	struct table heads;		/* that their own segment does not name */
	struct table named;		/* in prev of other segments' records */
	char newest[HLC_TEXT];
};

static int take(struct gathering *gathering,
		const struct segment_standing *standing, struct err *err)
{
	size_t n = (size_t)standing->heads_n + standing->seen_n;
	size_t i;
	int rc = 0;

	if (memcmp(standing->newest, gathering->newest, HLC_TEXT) > 0)
		memcpy(gathering->newest, standing->newest, HLC_TEXT);
	for (i = 0; rc == 0 && i < n && i < STANDING_IDS; i++)
		rc = table_include(i < standing->heads_n ? &gathering->heads :
				   &gathering->named, standing->ids[i], NULL,
				   err);
	return rc;
}

/* Too many to be told in short: all of them. */
static int take_records(struct gathering *gathering,
			const struct fold_record *records, size_t n,
			struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		const struct record *record = &records[i].record;

		if (memcmp(record->at.at, gathering->newest, HLC_TEXT) > 0)
			memcpy(gathering->newest, record->at.at, HLC_TEXT);
		rc = table_include(&gathering->heads, records[i].id, NULL, err);
		if (rc == 0)
			rc = standing_add_named(&gathering->named, record,
						err);
	}
	return rc;
}

static int take_items(struct gathering *gathering,
		      const struct tree_segment *segment,
		      const struct items *items, struct err *err)
{
	struct fold_record *records = calloc(items->n, sizeof(*records));
	struct segment_standing standing;
	bool fits;
	size_t i;
	int rc;

	if (!records)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < items->n; i++)
		records[i] = items->at[i].fold;
	rc = segment_standing_of(records, items->n, &standing, &fits, err);
	if (rc == 0 && fits) {
		/* What a view forgets is a view's, not a segment's. */
		if (items->n >= STANDING_RECORDS &&
		    !forgotten_any(gathering->view) &&
		    segment_bears_name(gathering->view, segment))
			store_standing_put(gathering->view->vault->store,
					   segment->digest, gathering->entity,
					   &standing);
		rc = take(gathering, &standing, err);
	} else if (rc == 0) {
		rc = take_records(gathering, records, items->n, err);
	}
	free(records);
	return rc;
}

static int gather_segment(struct gathering *gathering,
			  const struct tree_segment *segment, struct err *err)
{
	struct segment_standing standing;
	struct items items = ITEMS_INIT;
	int rc = forgotten_read(gathering->view, err);

	if (rc < 0)
		return rc;
	if (!forgotten_any(gathering->view) &&
	    store_standing_get(gathering->view->vault->store, segment->digest,
			       gathering->entity, &standing))
		return take(gathering, &standing, err);
	rc = items_read(gathering->view, segment, gathering->entity, &items,
			err);
	if (rc == 0 && items.n)
		rc = take_items(gathering, segment, &items, err);
	items_release(&items);
	return rc;
}

static int order_ids(const void *a, const void *b)
{
	return memcmp(a, b, RECORD_ID_BYTES);
}

static int finish(const struct gathering *gathering, struct standing *out,
		  struct err *err)
{
	const struct table *heads = &gathering->heads;
	size_t i;

	out->ids = calloc(heads->count + 1, sizeof(*out->ids));
	if (!out->ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < heads->count; i++) {
		const unsigned char *id = table_key_at(heads, i);

		if (!table_get(&gathering->named, id, NULL))
			memcpy(out->ids[out->n++], id, RECORD_ID_BYTES);
	}
	if (out->n > 1)
		qsort(out->ids, out->n, sizeof(*out->ids), order_ids);
	if (heads->count && hlc_parse(span_of(gathering->newest, HLC_TEXT),
				      &out->newest, NULL, NULL) < 0)
		out->newest = (struct hlc)HLC_INIT;
	return 0;
}

int view_standing(struct view *view, struct span entity, struct standing *out,
		  struct err *err)
{
	struct gathering gathering = {
		view, entity,
		TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT),
		TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT), { 0 }
	};
	struct standing standing = { NULL, 0, HLC_INIT };
	struct tree_segments along = TREE_SEGMENTS_INIT;
	size_t i;
	int rc = 0;

	if (view)
		rc = view_along(view, entity, &along, err);
	for (i = 0; rc == 0 && i < along.n; i++)
		rc = gather_segment(&gathering, &along.at[i], err);
	if (rc == 0)
		rc = finish(&gathering, &standing, err);
	if (rc == 0)
		*out = standing;
	tree_segments_release(&along);
	table_release(&gathering.heads);
	table_release(&gathering.named);
	return rc;
}
