#include "refs/index/recall_internal.h"

#include <string.h>

bool recall_is_partial(const struct recall *recall, const struct row *row)
{
	return row->flags & ROW_IS_PLACED &&
	       recall->views[row->construct]->unsearched.n;
}

/* Does a row tell all that the view has of its entity? */
struct sole {
	const struct row *row;
	bool stands;
};

static int look_at_sole(void *arg, const struct view_entity *entity,
		   struct err *err)
{
	struct sole *sole = arg;

	(void)err;
	sole->stands = entity->state.at && entity->records_n == 1 &&
			   !memcmp(entity->records->id, sole->row->id,
				   RECORD_ID_BYTES);
	return 0;
}

int recall_drop_unsure(struct recall *recall, struct err *err)
{
	size_t kept = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < recall->hits_n; i++) {
		const struct row *row = &recall->rows.at[recall->hits[i].row];
		struct sole sole = { row, true };
		const struct view_visitor visitor = { look_at_sole, &sole };

		if (recall_is_partial(recall, row)) {
			sole.stands = false;
			rc = view_one(recall->views[row->construct],
				      row->entity, &visitor, err);
		}
		if (sole.stands)
			recall->hits[kept++] = recall->hits[i];
	}
	if (rc == 0)
		recall->hits_n = kept;
	return rc;
}
