#include "refs/index/recall_internal.h"

#include <string.h>

#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "objects/tree/segment_verify.h"
#include "refs/index/lookup.h"

/* One whose records are read and folded, or so many that are but decoded, take
 * as long. */
#define READS_PER_SEGMENT 16

/* The text of a segment of a view, borrowed from what is kept of them. */
static int read_segment(struct recall *recall, struct view *view,
			const struct tree_segment *segment,
			const struct buf **out, struct err *err)
{
	struct recall_segment *kept = recall->last;
	size_t i;
	int rc;

	for (i = 0; i < RECALL_SEGMENTS; i++) {
		*out = &kept[i].text;
		if (kept[i].segment == segment)
			return 0;
	}
	kept += recall->oldest++ % RECALL_SEGMENTS;
	kept->segment = NULL;
	buf_reset(&kept->text);
	rc = segment_plain(view->vault->store, view->codec, segment,
			  &kept->text, err);
	if (rc == 0)
		kept->segment = segment;
	*out = &kept->text;
	return rc;
}

/* The line of the record, borrowed from its segment. */
static int placed_line(struct recall *recall, const struct row *row,
		       struct span *out, struct err *err)
{
	const struct tree_segment *segment = NULL;
	const struct buf *text = NULL;
	struct span rest;
	uint32_t at;
	int rc = lookup_place(recall->lookups[row->construct], row, &segment,
			      &at, err);

	if (rc == 0)
		rc = read_segment(recall, recall->views[row->construct],
				  segment, &text, err);
	if (rc < 0)
		return rc;
	if (at >= text->len || (at && text->data[at - 1] != '\n'))
		return err_set(err, ERR_CORRUPT, "an index names no record");
	rest = span_of(text->data + at, text->len - at);
	*out = span_take_line(&rest);
	return 0;
}

/* Whether the words of a record hold them. */
static int hold_phrases(struct recall *recall, const struct record *record,
			bool *out, struct err *err)
{
	struct spoken spoken = SPOKEN_INIT;
	const struct word *list;
	size_t n;
	int rc = spoken_read(record->entity, record->kind, record->data,
			     record->at, &spoken, err);

	if (rc == 0)
		rc = words_read(recall->words, buf_span(&spoken.text), &list,
				&n, err);
	if (rc == 0)
		*out = query_holds_phrases(recall->query, list, n);
	spoken_release(&spoken);
	return rc;
}

/* Were so many segments read, for rows here and there, that reading each but
 * once would have been less? */
static bool is_costly(const struct recall *recall)
{
	size_t all = RECALL_SEGMENTS;
	size_t i;

	for (i = 0; i < recall->views_n; i++)
		all += recall->lookups[i] ? lookup_segments(recall->lookups[i])
					  : 0;
	return recall->oldest / READS_PER_SEGMENT > all;
}

int recall_holds(struct recall *recall, const struct rows *rows,
		 const struct row *row, bool *out, struct err *err)
{
	const struct query *query = recall->query;
	struct record record;
	struct span line;
	int rc;

	*out = true;
	if (!query->phrases_n || !(row->flags & ROW_IS_PLACED))
		return 0;
	*out = query_may_hold(query, rows_slots(rows, row), row->pairs);
	if (!*out)
		return 0;
	if (is_costly(recall))
		return err_set(err, ERR_LIMIT, "too many texts to read");
	rc = placed_line(recall, row, &line, err);
	if (rc == 0)
		rc = record_parse(line, &record, err);
	return rc < 0 ? rc : hold_phrases(recall, &record, out, err);
}

int recall_record(struct recall *recall, struct row *row,
		  struct record *out, struct err *err)
{
	struct span line;
	int rc = placed_line(recall, row, &line, err);

	if (rc == 0)
		rc = record_parse(line, out, err);
	if (rc < 0 || row->entity.at)
		return rc;
	record_id(line, row->id);
	return rows_set_entity(&recall->rows, row, out->entity, err);
}

int recall_name(struct recall *recall, struct row *row, struct err *err)
{
	struct record record;

	return row->entity.at ? 0 : recall_record(recall, row, &record, err);
}

static size_t session_begin(const struct rows *rows, size_t row)
{
	while (row && rows->at[row - 1].session == rows->at[row].session)
		row--;
	return row;
}

int recall_title(struct recall *recall, size_t row, struct span session,
		 struct buf *title, bool *out_is_known, struct err *err)
{
	const struct rows *rows = &recall->rows;
	struct record record;
	struct span value;
	int rc;

	*out_is_known = false;
	buf_reset(title);
	/* It has no place, and stands before all that have. */
	row = session_begin(rows, row);
	if (!(rows->at[row].flags & ROW_IS_PLACED) ||
	    rows->at[row].index != -1 ||
	    recall_is_partial(recall, &rows->at[row]))
		return 0;
	rc = recall_record(recall, &recall->rows.at[row], &record, err);
	if (rc < 0 || !span_equals(record.entity, session))
		return rc;
	*out_is_known = true;
	return jcs_find(record.data, "title", &value) ?
	       jcs_words(value, title, err) : 0;
}

/* What someone of that role said first. */
static int first_of(struct recall *recall, size_t row, const char *role,
		    struct buf *text, struct err *err)
{
	const struct rows *rows = &recall->rows;
	uint32_t session = rows->at[row].session;
	bool wants_users = !strcmp(role, "user");
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct spoken spoken = SPOKEN_INIT;
	int rc = 0;

	for (; rc == 0 && !text->len && row < rows->n &&
	     rows->at[row].session == session; row++) {
		if (wants_users != !!(rows->at[row].flags & SPOKEN_IS_USERS))
			continue;
		rc = recall_read(recall, &rows->at[row], &data, &spoken, err);
		if (rc == 0 && span_equals(spoken.role, span_str(role)) &&
		    spoken_is_visible(&spoken))
			rc = buf_add_span(text, buf_span(&spoken.text), err);
	}
	buf_release(&data);
	spoken_release(&spoken);
	return rc;
}

int recall_first(struct recall *recall, size_t row, struct buf *text,
		 struct err *err)
{
	size_t begin = session_begin(&recall->rows, row);
	int rc;

	buf_reset(text);
	/* A pick keeps what it is for alone. */
	if (recall->pick || recall_is_partial(recall, &recall->rows.at[begin]))
		return 0;
	rc = first_of(recall, begin, "user", text, err);
	return rc < 0 || text->len ? rc :
	       first_of(recall, begin, "assistant", text, err);
}
