#include "cmd/action/recall/turns.h"

#include "cmd/action/recall/hit.h"

static int put_turn(struct recall *recall, struct row *row, struct buf *list,
		    struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf turn = BUF_INIT(BUF_NO_LIMIT);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct spoken spoken = SPOKEN_INIT;
	int rc = recall_read(recall, row, &data, &spoken, err);

	if (rc == 0) {
		fields_text(&fields, "entity", row->entity);
		hit_put_time(&fields, row->micros);
		hit_put_who(&fields, &spoken);
		fields_text(&fields, "text", buf_span(&spoken.text));
		rc = jcs_fields_write(&fields, &turn, err);
	}
	buf_put_str(list, list->len > 1 ? "," : "");
	buf_put_span(list, buf_span(&turn));
	jcs_fields_release(&fields);
	buf_release(&turn);
	buf_release(&data);
	spoken_release(&spoken);
	return rc;
}

static int put_turns(struct recall *recall, size_t from, size_t to,
		     struct buf *list, struct err *err)
{
	size_t i;
	int rc = 0;

	buf_put_char(list, '[');
	for (i = from; rc == 0 && i < to; i++)
		rc = put_turn(recall, &recall->rows.at[i], list, err);
	buf_put_char(list, ']');
	return rc;
}

/* Rows of one session stand in their order. */
int turns_put(struct recall *recall, size_t row, size_t around,
	      struct jcs_fields *fields, struct err *err)
{
	const struct rows *rows = &recall->rows;
	uint32_t session = rows->at[row].session;
	struct buf before = BUF_INIT(BUF_NO_LIMIT);
	struct buf after = BUF_INIT(BUF_NO_LIMIT);
	size_t from = row;
	size_t to = row + 1;
	int rc;

	while (from && row - from < around &&
	       rows->at[from - 1].session == session)
		from--;
	while (to < rows->n && to - row <= around &&
	       rows->at[to].session == session)
		to++;
	rc = put_turns(recall, from, row, &before, err);
	if (rc == 0)
		rc = put_turns(recall, row + 1, to, &after, err);
	fields_buf(fields, "before", &before);
	fields_buf(fields, "after", &after);
	buf_release(&before);
	buf_release(&after);
	return rc;
}
