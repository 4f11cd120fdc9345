#include "cmd/import/database/pairs.h"

#include <inttypes.h>
#include <stdlib.h>

#include "lib/base/array.h"

#define PAGE_KEYS 1000

bool pairs_are_there(struct database *db, const struct database_pairs *pairs)
{
	return database_has_column(db, pairs->table, pairs->key) &&
	       database_has_column(db, pairs->table, pairs->value);
}

/* A table that is asked, and what the numbers of its rows go by. */
struct asked {
	const char *table;
	const char *key;
	const char *value;
	const char *rowid;
};

static struct asked ask_of(struct database *db,
			   const struct database_pairs *pairs)
{
	struct asked asked = {
		pairs->table, pairs->key, pairs->value,
		database_rowid(db, pairs->table),
	};

	if (!asked.rowid)
		asked.rowid = "rowid";
	return asked;
}

/* SELECT <what> FROM <table> WHERE <rest>, with %k for the key, %v for the
 * value and %r for the number of a row. */
static int ask_pairs(struct database *db, const struct asked *pairs,
	       const char *pattern, struct database_query **out,
	       struct err *err)
{
	struct buf sql = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	for (; *pattern; pattern++) {
		if (*pattern != '%') {
			buf_put_char(&sql, *pattern);
			continue;
		}
		pattern++;
		if (*pattern == 'r') {
			buf_put_str(&sql, pairs->rowid);
			continue;
		}
		database_put_name(&sql, span_str(*pattern == 'k' ? pairs->key :
						 *pattern == 'v' ?
						 pairs->value : pairs->table));
	}
	rc = buf_end(&sql, err);
	if (rc == 0)
		rc = database_query(db, buf_text(&sql), out, err);
	buf_release(&sql);
	return rc;
}

/* Of a text or blob that is not too long, or of a number. */
static int take_value(struct database_query *query, struct buf *out,
		     bool *out_is_there, struct err *err)
{
	bool is_row = false;
	struct database_value value;
	int rc = database_step(query, &is_row, err);

	*out_is_there = false;
	if (rc < 0 || !is_row)
		return rc;
	value = database_column(query, 0);
	*out_is_there = value.type != DATABASE_NULL;
	if (value.type == DATABASE_INTEGER)
		buf_putf(out, "%" PRId64, value.integer);
	else if (value.type == DATABASE_REAL)
		buf_putf(out, "%.17g", value.real);
	else
		buf_put_span(out, value.bytes);
	return buf_end(out, err);
}

/* A row's number and the type of its value are told without the value. */
static int look_up(struct database *db, const struct asked *pairs,
		   struct span key, int64_t *out_row, struct err *err)
{
	struct database_query *query = NULL;
	bool is_row = false;
	int rc = ask_pairs(db, pairs, "SELECT %r FROM %t WHERE %k=?1 LIMIT 1",
		     &query, err);

	if (rc == 0)
		rc = database_bind_text(query, 1, key, err);
	if (rc == 0)
		rc = database_step(query, &is_row, err);
	*out_row = rc == 0 && is_row ? database_column(query, 0).integer :
		   INT64_MIN;
	database_query_free(query);
	return rc;
}

static int get_row(struct database *db, const struct asked *pairs,
		   int64_t row, struct buf *out, bool *out_is_there,
		   struct err *err)
{
	struct database_query *query = NULL;
	int rc = ask_pairs(db, pairs, "SELECT %v FROM %t WHERE %r=?1", &query,
		     err);

	buf_reset(out);
	if (rc == 0)
		rc = database_bind_integer(query, 1, row, err);
	if (rc == 0)
		rc = take_value(query, out, out_is_there, err);
	database_query_free(query);
	return rc;
}

static int size_of(struct database *db, const struct asked *pairs,
		   int64_t row, uint64_t *out, struct err *err)
{
	struct err why = ERR_INIT;
	int rc = database_size(db, pairs->table, pairs->value, row, out, &why);

	if (rc == ERR_NOT_FOUND)
		*out = 0;
	return rc == ERR_NOT_FOUND ? 0 : err_copy(err, rc, &why);
}

int pairs_get(struct database *db, const struct database_pairs *pairs,
	      struct span key, size_t max, struct buf *out, struct err *err)
{
	const struct asked asked = ask_of(db, pairs);
	bool is_there = false;
	uint64_t size = 0;
	int64_t row;
	int rc = look_up(db, &asked, key, &row, err);

	buf_reset(out);
	if (rc == 0 && row != INT64_MIN)
		rc = size_of(db, &asked, row, &size, err);
	if (rc == 0 && size > max)
		return err_set(err, ERR_LIMIT, "a value of %" PRIu64 " bytes",
			       size);
	if (rc == 0 && row != INT64_MIN)
		rc = get_row(db, &asked, row, out, &is_there, err);
	return rc < 0 || is_there ? rc : ERR_NOT_FOUND;
}

/* --- ranges ---------------------------------------------------------------- */

struct page {
	struct page_key {
		char *key;
		size_t len;
		int64_t row;
	} *at;
	size_t n;
	size_t cap;
};

static void page_empty(struct page *page)
{
	while (page->n)
		free(page->at[--page->n].key);
}

static int page_add(struct page *page, struct span key, int64_t row,
		    struct err *err)
{
	struct page_key *added;
	int rc = array_room(page, err);

	if (rc < 0)
		return rc;
	added = &page->at[page->n];
	added->key = malloc(key.len + 1);
	if (!added->key)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(added->key, key.at, key.len);
	added->key[key.len] = '\0';
	added->len = key.len;
	added->row = row;
	page->n++;
	return 0;
}

/* Keys behind `from` (at it, where that is the prefix itself) that begin so. */
static int page_fill(const struct database *db, struct database_query *query,
		     struct span from, const char *prefix, struct page *page,
		     struct err *err)
{
	struct span key;
	bool is_row = true;
	int rc;

	database_query_reset(query);
	rc = database_bind_text(query, 1, from, err);
	while (rc == 0 && page->n < PAGE_KEYS &&
	       (rc = database_step(query, &is_row, err)) == 0 && is_row) {
		key = database_column(query, 1).bytes;
		if (!key.at || !span_begins(key, prefix))
			break;
		rc = page_add(page, key, database_column(query, 0).integer,
			      err);
	}
	database_query_reset(query);
	return rc == 0 && !database_is_still(db) ?
	       err_set(err, ERR_CHANGED, "the database changed while it was "
		       "read") : rc;
}

/* A value that cannot be read costs itself alone. */
static int visit_one(struct database *db, const struct asked *pairs,
		     const struct page_key *key,
		     const struct pairs_visitor *visitor, struct buf *value,
		     struct err *err)
{
	struct database_pair pair = { .key = span_of(key->key, key->len) };
	struct err why = ERR_INIT;
	uint64_t size = 0;
	bool is_there = false;
	int rc = 0;

	if (visitor->max)
		rc = size_of(db, pairs, key->row, &size, &why);
	if (size > visitor->max)
		pair.size = size;
	else if (rc == 0 && visitor->max)
		rc = get_row(db, pairs, key->row, value, &is_there, &why);
	if (rc == ERR_NOMEM || rc == ERR_LOCKED)
		return err_copy(err, rc, &why);
	pair.is_broken = rc < 0;
	if (rc == 0 && is_there)
		pair.value = span_of(buf_text(value), value->len);
	return visitor->pair(visitor->arg, &pair, err);
}

int pairs_each(struct database *db, const struct database_pairs *pairs,
	       const char *prefix, const struct pairs_visitor *visitor,
	       struct err *err)
{
	const struct asked asked = ask_of(db, pairs);
	struct database_query *query = NULL;
	struct buf from = BUF_INIT(BUF_NO_LIMIT);
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct page page = { NULL, 0, 0 };
	size_t i;
	int rc;

	/* The least text that is longer than the last key has a NUL behind. */
	rc = ask_pairs(db, &asked, "SELECT %r,%k FROM %t WHERE %k>=?1 "
		 "ORDER BY %k", &query, err);
	buf_put_str(&from, prefix);
	do {
		page_empty(&page);
		if (rc == 0)
			rc = page_fill(db, query, buf_span(&from), prefix,
				       &page, err);
		for (i = 0; rc == 0 && i < page.n; i++)
			rc = visit_one(db, &asked, &page.at[i], visitor,
				       &value, err);
		if (rc == 0 && page.n) {
			buf_reset(&from);
			buf_put(&from, page.at[page.n - 1].key,
				page.at[page.n - 1].len + 1);
			rc = buf_end(&from, err);
		}
	} while (rc == 0 && page.n == PAGE_KEYS);
	page_empty(&page);
	free(page.at);
	database_query_free(query);
	buf_release(&from);
	buf_release(&value);
	return rc;
}
