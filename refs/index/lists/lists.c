#include "refs/index/lists/lists.h"

#include <stdlib.h>
#include <string.h>

#include "refs/index/lists/lists_internal.h"

bool lists_is_dirty(const struct lists *lists, unsigned folder, unsigned part)
{
	return folder >= VIEW_FOLDERS || part >= VIEW_PARTS ||
	       view_parts_has(&lists->dirty, folder, part);
}

/* --- totals --- */

static void add_part(struct lists_totals *totals,
		     const struct lists_part *part)
{
	totals->counts[part->kind] += part->entities;
	totals->conflicts += part->conflicts;
	totals->records += part->records;
	if (totals->first == INT64_MIN ||
	    (part->first != INT64_MIN && part->first < totals->first))
		totals->first = part->first;
	if (part->last > totals->last)
		totals->last = part->last;
}

int lists_open_parts(struct lists *lists, struct err *err)
{
	const struct lists_head *head = lists->file.head;
	const void *at = NULL;
	int rc = lists_file_piece(&lists->file, head->parts, head->parts_n,
				  sizeof(*lists->parts), &at, err);

	lists->parts = at;
	return rc;
}

static int add_up(struct lists *lists, struct err *err)
{
	struct lists_totals *totals = &lists->totals;
	uint64_t i;
	int rc = lists->file.pages ? lists_open_parts(lists, err) : 0;

	memset(totals, 0, sizeof(*totals));
	totals->first = totals->last = INT64_MIN;
	for (i = 0; rc == 0 && lists->file.pages &&
	     i < lists->file.head->parts_n; i++) {
		const struct lists_part *part = &lists->parts[i];

		if (part->kind < LISTS_KINDS &&
		    !lists_is_dirty(lists, part->folder, part->part))
			add_part(totals, part);
	}
	for (i = 0; rc == 0 && i < lists->folded.parts.n; i++)
		add_part(totals, &lists->folded.parts.at[i]);
	return rc;
}

static int copy_persona(struct lists *lists, struct err *err)
{
	const struct lists_head *head = lists->file.head;
	const void *text = NULL;
	int rc = lists_file_piece(&lists->file, head->persona,
				  head->persona_len, 1, &text, err);

	return rc < 0 ? rc : buf_add(&lists->persona, text,
				     (size_t)head->persona_len, err);
}

static int find_persona(struct lists *lists, struct err *err)
{
	buf_reset(&lists->persona);
	return lists->file.pages &&
	       !view_parts_any(&lists->dirty, "construct") ?
	       copy_persona(lists, err) :
	       view_persona(lists->view, &lists->persona, err);
}

/* --- rows --- */

/* One that can be told of, with its texts. */
struct told_row {
	const struct lists_row *row;	/* NULL: there are no more */
	const char *texts;
	bool is_fresh;			/* it was folded */
};

static int file_row(struct lists *lists, struct told_row *out,
		    struct err *err)
{
	const struct lists_head *head = lists->file.head;
	const void *row = NULL;
	const void *texts = NULL;
	size_t len = 0;
	size_t i;
	int rc = 0;

	out->row = NULL;
	out->is_fresh = false;
	for (; lists->file.pages && lists->file_at < head->rows_n;
	     lists->file_at++) {
		rc = lists_file_piece(&lists->file, head->rows +
				      lists->file_at * sizeof(*out->row), 1,
				      sizeof(*out->row), &row, err);
		if (rc < 0)
			return rc;
		out->row = row;
		if (!lists_is_dirty(lists, SESSION_FOLDER, out->row->part))
			break;
		out->row = NULL;
	}
	if (!out->row)
		return 0;
	for (i = 0; i < LISTS_TEXTS; i++)
		len += out->row->lens[i];
	rc = lists_file_piece(&lists->file, head->texts + out->row->texts,
			      len, 1, &texts, err);
	out->texts = rc < 0 ? NULL : (const char *)texts - out->row->texts;
	return rc;
}

/* The next row of the two that both are in order. */
static int next_row(struct lists *lists, struct told_row *out,
		    struct err *err)
{
	const struct lists_folded *folded = &lists->folded;
	struct told_row fresh = { NULL, buf_text(&folded->texts), true };
	int rc = file_row(lists, out, err);

	if (rc < 0)
		return rc;
	if (lists->folded_at < folded->rows.n)
		fresh.row = &folded->rows.at[lists->folded_at];
	if (fresh.row && (!out->row ||
			  lists_order(fresh.row, fresh.texts, out->row,
				      out->texts) < 0)) {
		*out = fresh;
		lists->folded_at++;
	} else if (out->row) {
		lists->file_at++;
	}
	return 0;
}

static void rewind_rows(struct lists *lists)
{
	lists->file_at = 0;
	lists->folded_at = 0;
}

/* The messages of a row. */
static int row_messages(struct lists *lists, const struct lists_row *row,
			bool is_fresh, const struct lists_said **said,
			const struct lists_more **more, struct err *err)
{
	const struct lists_head *head = lists->file.head;
	const void *first = NULL;
	const void *second = NULL;
	int rc;

	if (is_fresh) {
		*said = lists->folded.said.at + row->said;
		*more = lists->folded.more.at + row->more;
		return 0;
	}
	rc = lists_file_piece(&lists->file, head->said +
			      row->said * sizeof(**said), row->messages,
			      sizeof(**said), &first, err);
	if (rc == 0)
		rc = lists_file_piece(&lists->file, head->more +
				      row->more * sizeof(**more), row->more_n,
				      sizeof(**more), &second, err);
	*said = first;
	*more = second;
	return rc;
}

/* --- files --- */

static void put_parts(struct lists *lists, struct lists_head *head,
		      struct buf *body)
{
	const struct lists_folded *folded = &lists->folded;
	size_t start = body->len;
	uint64_t i;

	head->parts = start;
	for (i = 0; lists->file.pages && i < lists->file.head->parts_n; i++) {
		const struct lists_part *part = &lists->parts[i];

		if (!lists_is_dirty(lists, part->folder, part->part))
			buf_put(body, part, sizeof(*part));
	}
	buf_put(body, folded->parts.at,
		folded->parts.n * sizeof(*folded->parts.at));
	head->parts_n = (body->len - start) / sizeof(*folded->parts.at);
}

/* What stands behind the rows. */
struct columns {
	struct buf texts, said, more;
};

static int put_messages(struct lists *lists, const struct told_row *told,
			struct lists_row *row, struct columns *columns,
			struct err *err)
{
	const struct lists_said *said = NULL;
	const struct lists_more *more = NULL;
	int rc = row_messages(lists, told->row, told->is_fresh, &said, &more,
			      err);

	if (rc < 0)
		return rc;
	row->said = columns->said.len / sizeof(*said);
	row->more = columns->more.len / sizeof(*more);
	buf_put(&columns->said, said, row->messages * sizeof(*said));
	buf_put(&columns->more, more, row->more_n * sizeof(*more));
	return 0;
}

static int put_row(struct lists *lists, const struct told_row *told,
		   struct buf *body, struct columns *columns, struct err *err)
{
	struct lists_row row = *told->row;
	size_t len = 0;
	size_t i;
	int rc = put_messages(lists, told, &row, columns, err);

	for (i = 0; i < LISTS_TEXTS; i++)
		len += row.lens[i];
	row.texts = columns->texts.len;
	buf_put(&columns->texts, told->texts + told->row->texts, len);
	buf_put(body, &row, sizeof(row));
	return rc;
}

/* Numbers stand where a machine likes to read them. */
static uint64_t put_column(struct buf *body, const struct buf *column)
{
	uint64_t at;

	while (body->len % 8 && !body->failed)
		buf_put_char(body, '\0');
	at = body->len;
	buf_put_span(body, buf_span(column));
	buf_fail(body, column->failed);
	return at;
}

static int put_rows(struct lists *lists, struct lists_head *head,
		    struct buf *body, struct err *err)
{
	struct columns columns = { BUF_INIT(BUF_NO_LIMIT),
				   BUF_INIT(BUF_NO_LIMIT),
				   BUF_INIT(BUF_NO_LIMIT) };
	struct told_row told;
	int rc = 0;

	rewind_rows(lists);
	head->rows = body->len;
	while (rc == 0 && (rc = next_row(lists, &told, err)) == 0 &&
	       told.row) {
		rc = put_row(lists, &told, body, &columns, err);
		head->rows_n++;
	}
	rewind_rows(lists);
	head->texts = put_column(body, &columns.texts);
	head->texts_len = columns.texts.len;
	head->said = put_column(body, &columns.said);
	head->said_n = columns.said.len / sizeof(struct lists_said);
	head->more = put_column(body, &columns.more);
	head->more_n = columns.more.len / sizeof(struct lists_more);
	buf_release(&columns.texts);
	buf_release(&columns.said);
	buf_release(&columns.more);
	return rc;
}

/* That it cannot be written costs time alone; that what was known does not
 * open is for the caller. */
static int keep(struct lists *lists, struct err *err)
{
	struct lists_head head = { .totals = lists->totals };
	struct buf body = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	/* What is shown first stands in the first page. */
	head.persona = sizeof(head);
	head.persona_len = lists->persona.len;
	buf_put(&body, &head, sizeof(head));
	buf_put_span(&body, buf_span(&lists->persona));
	while (body.len % 8 && !body.failed)
		buf_put_char(&body, '\0');
	put_parts(lists, &head, &body);
	rc = put_rows(lists, &head, &body, err);
	if (rc == 0)
		rc = buf_end(&body, err);
	if (rc == 0)
		(void)!lists_file_write(lists->view, &head, &body, NULL);
	buf_release(&body);
	return rc;
}

/* --- all of it --- */

/* What is not there is not known, and what differs is folded. */
static int find_dirty(struct lists *lists, struct err *err)
{
	const struct lists_head *head = lists->file.head;
	git_oid tree;

	view_parts_all(&lists->dirty);
	if (!head)
		return 0;
	memcpy(tree.id, head->tree, sizeof(tree.id));
	return view_parts_changed(lists->view, &tree, &lists->dirty, err);
}

static bool knows_it(const struct lists *lists)
{
	return lists->file.head &&
	       !memcmp(lists->file.head->root, lists->view->root,
		       SHA256_BYTES);
}

static int load(struct lists *lists, struct err *err)
{
	int rc;

	if (knows_it(lists)) {
		memset(&lists->dirty, 0, sizeof(lists->dirty));
		lists->totals = lists->file.head->totals;
		return copy_persona(lists, err);
	}
	rc = find_dirty(lists, err);
	if (rc == 0 && view_parts_are_all(&lists->dirty)) {
		lists_file_release(&lists->file);
		lists->parts = NULL;
	}
	if (rc == 0)
		rc = lists_fold(lists->view, &lists->dirty, NULL,
				&lists->folded, err);
	if (rc == 0)
		rc = add_up(lists, err);
	if (rc == 0)
		rc = find_persona(lists, err);
	if (rc == 0 && lists->folded.records >= lists->keep_from &&
	    !lists->view->lacks && lists->may_keep)
		rc = keep(lists, err);
	return rc;
}

int lists_load_anew(struct lists *lists, struct err *err)
{
	lists_files_drop(lists->view);
	lists_file_release(&lists->file);
	lists->parts = NULL;
	lists_folded_release(&lists->folded);
	rewind_rows(lists);
	err_clear(err);
	return load(lists, err);
}

static struct lists *lists_new(struct view *view, uint64_t keep_from)
{
	struct lists *lists = calloc(1, sizeof(*lists));

	if (!lists)
		return NULL;
	lists->view = view;
	lists->keep_from = keep_from;
	lists->file = (struct lists_file)LISTS_FILE_INIT;
	lists->folded = (struct lists_folded)LISTS_FOLDED_INIT;
	lists->persona = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	return lists;
}

int lists_open(struct view *view, uint64_t keep_from, struct lists **out,
	       struct err *err)
{
	struct lists *lists = lists_new(view, keep_from);
	struct err reason = ERR_INIT;
	int rc = ERR_NOT_FOUND;

	if (!lists)
		return err_set(err, ERR_NOMEM, "out of memory");
	/* What is forgotten since is to be in no file. */
	if (view->vault->has_device && codec_mode(view->codec) != CODEC_BLIND)
		rc = lists_file_find(view, &lists->file, &reason);
	lists->may_keep = rc == 0;
	rc = rc == ERR_DENIED ? err_set(err, rc, "%s", reason.text) :
	     load(lists, err);
	if (rc == ERR_CORRUPT && lists->file.pages)
		rc = lists_load_anew(lists, err);
	if (rc < 0)
		lists_free(lists);
	else
		*out = lists;
	return rc;
}

int lists_open_anew(struct view *view, struct lists **out, struct err *err)
{
	struct lists *lists = lists_new(view, UINT64_MAX);
	int rc = lists ? load(lists, err) :
		 err_set(err, ERR_NOMEM, "out of memory");

	if (rc < 0)
		lists_free(lists);
	else
		*out = lists;
	return rc;
}

/* Where nothing differs, nothing is new. */
static int load_since(struct lists *lists, int64_t since, struct err *err)
{
	struct stored *stored = NULL;
	struct view *then = NULL;
	int rc = view_before(lists->view, since, &then, err);

	if (rc == 0)
		rc = stored_new(lists->view, since, &stored, err);
	if (rc == 0)
		rc = view_parts_changed(lists->view, &then->tree,
					&lists->dirty, err);
	if (rc == 0)
		rc = lists_fold(lists->view, &lists->dirty, stored,
				&lists->folded, err);
	if (rc == 0)
		rc = add_up(lists, err);
	stored_free(stored);
	view_free(then);
	return rc;
}

int lists_open_since(struct view *view, int64_t since, struct lists **out,
		     struct err *err)
{
	struct lists *lists = lists_new(view, UINT64_MAX);
	int rc = lists ? load_since(lists, since, err) :
		 err_set(err, ERR_NOMEM, "out of memory");

	if (rc < 0)
		lists_free(lists);
	else
		*out = lists;
	return rc;
}

bool lists_has_file(const struct lists *lists)
{
	return lists->file.pages != NULL;
}

void lists_free(struct lists *lists)
{
	if (!lists)
		return;
	lists_file_release(&lists->file);
	lists_folded_release(&lists->folded);
	buf_release(&lists->persona);
	free(lists);
}

const struct lists_totals *lists_totals(const struct lists *lists)
{
	return &lists->totals;
}

/* A row is of a session that lives, or of messages. */
bool lists_has_sessions(const struct lists *lists)
{
	size_t i;

	for (i = 0; kind_table[i].name; i++) {
		if ((!strcmp(kind_table[i].name, "session") ||
		     !strcmp(kind_table[i].name, "message")) &&
		    lists->totals.counts[i])
			return true;
	}
	return false;
}

struct span lists_persona(const struct lists *lists)
{
	return buf_span(&lists->persona);
}

static void tell_row(const struct told_row *told, struct lists_session *out)
{
	struct span *const texts[LISTS_TEXTS] = {
		&out->entity, &out->title, &out->first, &out->provider,
		&out->models, &out->project, &out->roles
	};
	const char *at = told->texts + told->row->texts;
	size_t i;

	for (i = 0; i < LISTS_TEXTS; i++) {
		*texts[i] = span_of(at, told->row->lens[i]);
		at += told->row->lens[i];
	}
	out->created = told->row->created;
	out->updated = told->row->updated;
	out->messages = told->row->messages;
	out->branches = told->row->branches;
}

/* The rows that were told are the first ones of what is made anew too. */
static int skip_told(struct lists *lists, struct told_row *told,
		     struct err *err)
{
	uint64_t i;
	int rc = lists_load_anew(lists, err);

	for (i = 0; rc == 0 && i <= lists->told; i++)
		rc = next_row(lists, told, err);
	return rc;
}

int lists_next(struct lists *lists, struct lists_session *out,
	       bool *out_is_end, struct err *err)
{
	struct told_row told = { NULL, NULL, false };
	int rc = next_row(lists, &told, err);

	if (rc == ERR_CORRUPT)
		rc = skip_told(lists, &told, err);
	*out_is_end = rc == 0 && !told.row;
	if (rc < 0 || !told.row)
		return rc;
	lists->told++;
	lists->last = *told.row;
	lists->is_last_fresh = told.is_fresh;
	tell_row(&told, out);
	return 0;
}

/* That row once more: a page of its messages does not open. */
static int tell_again(struct lists *lists, struct err *err)
{
	struct told_row told = { NULL, NULL, false };
	uint64_t i;
	int rc = lists_load_anew(lists, err);

	for (i = 0; rc == 0 && i < lists->told; i++)
		rc = next_row(lists, &told, err);
	if (rc == 0 && !told.row)
		rc = err_set(err, ERR_CORRUPT, "a list is not what it was");
	if (rc == 0) {
		lists->last = *told.row;
		lists->is_last_fresh = told.is_fresh;
	}
	return rc;
}

int lists_messages(struct lists *lists, const struct lists_said **out,
		   const struct lists_more **out_more, struct err *err)
{
	int rc = row_messages(lists, &lists->last, lists->is_last_fresh, out,
			      out_more, err);

	if (rc != ERR_CORRUPT)
		return rc;
	rc = tell_again(lists, err);
	return rc < 0 ? rc : row_messages(lists, &lists->last,
					  lists->is_last_fresh, out, out_more,
					  err);
}

static void add_records(const struct lists_part *part,
			uint64_t out[LISTS_KINDS])
{
	if (part->kind < LISTS_KINDS)
		out[part->kind] += part->records;
}

int lists_records(struct lists *lists, uint64_t out[LISTS_KINDS],
		  struct err *err)
{
	uint64_t i;
	int rc = lists->file.pages ? lists_open_parts(lists, err) : 0;

	memset(out, 0, LISTS_KINDS * sizeof(*out));
	for (i = 0; rc == 0 && lists->file.pages &&
	     i < lists->file.head->parts_n; i++) {
		if (!lists_is_dirty(lists, lists->parts[i].folder,
			      lists->parts[i].part))
			add_records(&lists->parts[i], out);
	}
	for (i = 0; rc == 0 && i < lists->folded.parts.n; i++)
		add_records(&lists->folded.parts.at[i], out);
	return rc;
}
