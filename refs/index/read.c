#include "refs/index/recall_internal.h"

#include <string.h>

/* Its one record is its state. */
static int read_placed(struct recall *recall, struct row *row,
		       struct buf *data, struct spoken *out, struct err *err)
{
	struct record record;
	int rc = recall_record(recall, row, &record, err);

	if (rc == 0)
		rc = buf_add_span(data, record.data, err);
	return rc < 0 ? rc :
	       spoken_read(row->entity, record.kind, buf_span(data),
			   record.at, out, err);
}

/* Where the entity of a row is, its text is taken from. */
struct fetching {
	const struct row *row;
	bool with_history;
	struct buf *data;
	struct spoken *spoken;
};

static int fetch(void *arg, const struct view_entity *entity, struct err *err)
{
	const struct fetching *fetching = arg;
	struct span data = entity->state;
	const struct fold_record *of = recall_newest(entity);
	size_t i;
	int rc;

	for (i = 0; fetching->with_history && i < entity->records_n; i++) {
		if (memcmp(entity->records[i].id, fetching->row->id,
			   RECORD_ID_BYTES))
			continue;
		of = &entity->records[i];
		data = of->record.data;
	}
	if (!data.at)
		return 0;
	rc = buf_add_span(fetching->data, data, err);
	return rc < 0 ? rc :
	       spoken_read(fetching->row->entity, entity->kind,
			 buf_span(fetching->data), of->record.at,
			 fetching->spoken, err);
}

int recall_read(struct recall *recall, struct row *row, struct buf *data,
		struct spoken *out, struct err *err)
{
	struct fetching fetching = {
		row, recall->filter.with_history, data, out
	};
	const struct view_visitor visitor = { fetch, &fetching };
	bool is_placed = row->flags & ROW_IS_PLACED;
	bool is_held;
	int rc = 0;

	buf_reset(data);
	buf_reset(&out->text);
	if (is_placed && !recall_is_partial(recall, row))
		return read_placed(recall, row, data, out, err);
	if (is_placed)
		rc = recall_name(recall, row, err);
	if (rc < 0)
		return rc;
	rc = held_read(recall->held, row, data, out, &is_held, err);
	return rc < 0 || is_held ? rc :
	       view_one(recall->views[row->construct], row->entity, &visitor,
			err);
}
