#include "refs/index/newer.h"

#include "refs/index/lookup.h"

static int was_there(struct recall *recall, struct stored *stored,
		     struct row *row, bool *out, struct err *err)
{
	enum stored_age age = STORED_MIXED;
	const struct tree_segment *segment = NULL;
	uint32_t line;
	int rc = 0;

	if (row->flags & ROW_IS_PLACED) {
		rc = lookup_place(recall->lookups[row->construct], row,
				  &segment, &line, err);
		if (rc < 0)
			return rc;
		age = stored_segment(stored, segment);
	}
	*out = age == STORED_BEFORE;
	if (age != STORED_MIXED)
		return 0;
	rc = recall_name(recall, row, err);
	return rc < 0 ? rc : stored_has(stored, row->entity, row->id, out,
					err);
}

int row_keep_newer(struct recall *recall, struct stored *stored,
		   struct row *row, struct err *err)
{
	bool is_out = false;
	int rc = was_there(recall, stored, row, &is_out, err);

	if (is_out)
		row->flags |= ROW_IS_OUT;
	return rc;
}

static int keep_newer_in(struct recall *recall, uint32_t construct,
			 struct err *err)
{
	struct stored *stored = NULL;
	size_t i;
	int rc = stored_new(recall->views[construct],
			    recall->filter.stored_since, &stored, err);

	for (i = 0; rc == 0 && i < recall->rows.n; i++) {
		struct row *row = &recall->rows.at[i];

		if (row->construct == construct && !(row->flags & ROW_IS_OUT))
			rc = row_keep_newer(recall, stored, row, err);
	}
	stored_free(stored);
	return rc;
}

int rows_keep_newer(struct recall *recall, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < recall->views_n; i++)
		rc = keep_newer_in(recall, (uint32_t)i, err);
	return rc;
}
