#include "cmd/import/database/database.h"

#include <string.h>

#include "lib/base/text.h"

#define SHOWN_TABLES 6
#define SHOWN_BYTES 40

void database_put_name(struct buf *sql, struct span name)
{
	size_t i;

	buf_put_char(sql, '"');
	for (i = 0; i < name.len; i++) {
		if (name.at[i] == '"')
			buf_put_char(sql, '"');
		buf_put_char(sql, name.at[i]);
	}
	buf_put_char(sql, '"');
}

/* The one value that such a question has; 0: there is none. */
static int64_t ask_one(struct database *db, const char *sql, struct span first,
		   struct span second)
{
	struct database_query *query = NULL;
	int64_t answer = 0;
	bool is_row = false;
	int rc = database_query(db, sql, &query, NULL);

	if (rc == 0)
		rc = database_bind_text(query, 1, first, NULL);
	if (rc == 0 && second.at)
		rc = database_bind_text(query, 2, second, NULL);
	if (rc == 0 && database_step(query, &is_row, NULL) == 0 && is_row)
		answer = database_column(query, 0).integer;
	database_query_free(query);
	return answer;
}

/* What has pages of its own: no view, and no table that only looks like one. */
static bool has_table(struct database *db, struct span table)
{
	return ask_one(db, "SELECT 1 FROM sqlite_schema WHERE type='table' AND "
		   "rootpage>0 AND name=?1 COLLATE nocase", table,
		   span_of(NULL, 0));
}

static bool has_column(struct database *db, struct span table,
		       struct span column)
{
	return ask_one(db, "SELECT 1 FROM pragma_table_info(?1) WHERE name=?2 "
		   "COLLATE nocase", table, column);
}

bool database_has_column(struct database *db, const char *table,
			 const char *column)
{
	return has_table(db, span_str(table)) &&
	       has_column(db, span_str(table), span_str(column));
}

/* The number of a row is an index, too, under whatever name. */
bool database_has_index(struct database *db, const char *table,
			const char *column)
{
	return ask_one(db, "SELECT 1 FROM pragma_index_list(?1) AS list, "
		   "pragma_index_info(list.name) AS info WHERE info.seqno=0 "
		   "AND list.partial=0 AND info.name=?2 COLLATE nocase",
		   span_str(table), span_str(column)) ||
	       ask_one(db, "SELECT count(*)=1 AND max(name=?2 COLLATE nocase AND "
		   "type='INTEGER' COLLATE nocase) FROM "
		   "pragma_table_info(?1) WHERE pk>0", span_str(table),
		   span_str(column));
}

static bool can_select(struct database *db, const char *name,
		       const char *table)
{
	struct buf sql = BUF_INIT(BUF_NO_LIMIT);
	struct database_query *query = NULL;
	bool can;

	buf_putf(&sql, "SELECT %s FROM ", name);
	database_put_name(&sql, span_str(table));
	can = buf_end(&sql, NULL) == 0 &&
	      database_query(db, buf_text(&sql), &query, NULL) == 0;
	database_query_free(query);
	buf_release(&sql);
	return can;
}

/* A column that is called so hides the number. */
const char *database_rowid(struct database *db, const char *table)
{
	static const char *const names[] = { "rowid", "_rowid_", "oid" };
	size_t i;

	if (!has_table(db, span_str(table)))
		return NULL;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!has_column(db, span_str(table), span_str(names[i])))
			return can_select(db, names[i], table) ? names[i] :
			       NULL;
	}
	return NULL;
}

int database_table(struct database *db, const char *table,
		   const struct database_columns_visitor *visitor,
		   struct err *err)
{
	struct database_query *query = NULL;
	bool is_row = true;
	int rc;

	if (!has_table(db, span_str(table)))
		return 0;
	rc = database_query(db, "SELECT name FROM pragma_table_info(?1) "
			    "ORDER BY cid", &query, err);
	if (rc == 0)
		rc = database_bind_text(query, 1, span_str(table), err);
	while (rc == 0 && (rc = database_step(query, &is_row, err)) == 0 &&
	       is_row)
		rc = visitor->column(visitor->arg,
				     database_column(query, 0).bytes.at, err);
	database_query_free(query);
	return rc;
}

/* --- signs ----------------------------------------------------------------- */

static struct span take_word(struct span *rest)
{
	size_t len = 0;
	struct span word;

	while (rest->len && *rest->at == ' ')
		*rest = span_of(rest->at + 1, rest->len - 1);
	while (len < rest->len && rest->at[len] != ' ')
		len++;
	word = span_of(rest->at, len);
	*rest = span_of(rest->at + len, rest->len - len);
	return word;
}

/* "table column !column" */
static bool has_sign(struct database *db, struct span sign)
{
	struct span table = take_word(&sign);
	bool is_not = span_begins(table, "!");
	struct span word;

	if (is_not)
		return !has_table(db, span_of(table.at + 1, table.len - 1));
	if (!has_table(db, table))
		return false;
	for (word = take_word(&sign); word.len; word = take_word(&sign)) {
		is_not = span_begins(word, "!");
		word = span_of(word.at + is_not, word.len - is_not);
		if (has_column(db, table, word) == is_not)
			return false;
	}
	return true;
}

bool database_has(struct database *db, const char *signs)
{
	size_t len;

	for (; *signs; signs += len + (signs[len] == ';')) {
		len = strcspn(signs, ";");
		if (!has_sign(db, span_of(signs, len)))
			return false;
	}
	return true;
}

bool database_has_any(struct database *db, const char *const *signs)
{
	while (*signs && !database_has(db, *signs))
		signs++;
	return *signs != NULL;
}

int database_describe(struct database *db, struct buf *out, struct err *err)
{
	struct database_query *query = NULL;
	struct span name;
	size_t shown = 0;
	bool is_row = false;
	int rc = database_query(db, "SELECT name FROM sqlite_schema WHERE "
				"type='table' AND name NOT LIKE 'sqlite%' "
				"ORDER BY name LIMIT 7", &query, err);

	while (rc == 0 && (rc = database_step(query, &is_row, err)) == 0 &&
	       is_row) {
		name = database_column(query, 0).bytes;
		if (shown == SHOWN_TABLES) {
			buf_put_str(out, " ...");
			break;
		}
		buf_put_str(out, shown++ ? ", " : "");
		buf_fail(out, text_escape(out, text_cut(name, SHOWN_BYTES), 0,
					  NULL));
	}
	database_query_free(query);
	if (rc == 0 && !shown)
		buf_put_str(out, "(none)");
	return rc < 0 ? rc : buf_end(out, err);
}
