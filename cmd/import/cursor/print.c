#include "cmd/import/cursor/print.h"

#include "lib/base/xxh.h"
#include "lib/time/timestamp.h"

#define DAY_MICROS ((int64_t)24 * 60 * 60 * 1000000)

void cursor_prints_release(struct cursor_prints *prints)
{
	database_query_free(prints->row);
	database_query_free(prints->rows);
	buf_release(&prints->from);
	buf_release(&prints->to);
}

int cursor_prints_begin(struct cursor_prints *prints,
			struct cursor_lists *lists, struct err *err)
{
	struct database *db = lists->db;
	const char *rowid = database_rowid(db, cursor_chats.table);
	int rc = 0;

	if (!rowid || strcmp(rowid, "rowid") != 0)
		return 0;
	prints->lists = lists;
	rc = database_query(db, "SELECT rowid FROM cursorDiskKV WHERE key=?1",
			    &prints->row, err);
	if (rc == 0)
		rc = database_query(db, "SELECT key, rowid FROM cursorDiskKV "
				    "WHERE key>=?1 AND key<?2 ORDER BY key",
				    &prints->rows, err);
	return cursor_theirs(lists->run, rc);
}

static void add_span(struct xxh128 *hash, struct span span)
{
	const uint64_t len = span.len;

	xxh128_add(hash, &len, sizeof(len));
	xxh128_add(hash, span.at, span.len);
}

static void add_number(struct xxh128 *hash, int64_t number)
{
	xxh128_add(hash, &number, sizeof(number));
}

static int add_own(struct cursor_prints *prints, struct span chat,
		   struct xxh128 *hash, struct err *err)
{
	bool is_row = false;
	int rc;

	buf_reset(&prints->from);
	buf_put_str(&prints->from, "composerData:");
	buf_put_span(&prints->from, chat);
	rc = buf_end(&prints->from, err);
	if (rc < 0)
		return rc;
	database_query_reset(prints->row);
	rc = database_bind_text(prints->row, 1, buf_span(&prints->from), err);
	if (rc == 0)
		rc = database_step(prints->row, &is_row, err);
	if (rc == 0 && is_row)
		add_number(hash, database_column(prints->row, 0).integer);
	database_query_reset(prints->row);
	return cursor_theirs(prints->lists->run, rc);
}

static int add_bubbles(struct cursor_prints *prints, struct span chat,
		       struct xxh128 *hash, struct err *err)
{
	struct database_query *rows = prints->rows;
	bool is_row = true;
	int rc;

	buf_reset(&prints->from);
	buf_reset(&prints->to);
	buf_put_str(&prints->from, "bubbleId:");
	buf_put_span(&prints->from, chat);
	buf_put_span(&prints->to, buf_span(&prints->from));
	buf_put_char(&prints->from, ':');
	buf_put_char(&prints->to, ';');
	rc = buf_end(&prints->from, err);
	if (rc == 0)
		rc = buf_end(&prints->to, err);
	if (rc < 0)
		return rc;
	database_query_reset(rows);
	rc = database_bind_text(rows, 1, buf_span(&prints->from), err);
	if (rc == 0)
		rc = database_bind_text(rows, 2, buf_span(&prints->to), err);
	while (rc == 0 && (rc = database_step(rows, &is_row, err)) == 0 &&
	       is_row) {
		add_span(hash, database_column(rows, 0).bytes);
		add_number(hash, database_column(rows, 1).integer);
	}
	database_query_reset(rows);
	return cursor_theirs(prints->lists->run, rc);
}

static bool is_settled(const struct jval *row)
{
	int64_t last = chat_time_of_ms(jval_get(row, "lastUpdatedAt")).micros;

	return last != CHAT_TIME_UNKNOWN &&
	       last < timestamp_now() - DAY_MICROS;
}

int cursor_print(struct cursor_prints *prints, struct span chat,
		 uint64_t *out, struct err *err)
{
	unsigned char made[HASH128_BYTES];
	const struct jval *row = NULL;
	struct xxh128 hash;
	int rc = 0;

	*out = 0;
	if (prints->lists)
		rc = cursor_lists_row(prints->lists, chat, &row, err);
	if (rc < 0 || !row || !is_settled(row))
		return rc;
	xxh128_init(&hash);
	add_span(&hash, row->raw);
	rc = add_own(prints, chat, &hash, err);
	if (rc == 0)
		rc = add_bubbles(prints, chat, &hash, err);
	xxh128_finish(&hash, made);
	if (rc == 0)
		memcpy(out, made, sizeof(*out));
	return rc;
}
