#include "cmd/import/database/rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/database/rows_internal.h"
#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/json/jcs_write.h"

/* Documents on their way. */
struct telling {
	struct database *db;
	const struct rows_visitor *visitor;
	struct buf *out;
};

/* Does a failure cost only what it befell? Else it is everybody's. */
static bool is_local(int rc)
{
	return rc == ERR_CORRUPT || rc == ERR_LIMIT || rc == ERR_INVALID;
}

static int tell_bad(const struct telling *telling, int rc,
		    const struct err *why, struct err *err)
{
	return is_local(rc) ?
	       telling->visitor->bad(telling->visitor->arg, why->text, err) :
	       err_copy(err, rc, why);
}

static void put_member(struct span name, struct buf *out)
{
	struct buf shown = BUF_INIT(BUF_NO_LIMIT);

	if (!utf8_is_valid(name)) {
		buf_fail(out, text_escape(&shown, name, 0, NULL));
		name = buf_span(&shown);
	}
	jcs_put_string(out, name);
	buf_put_char(out, ':');
	buf_release(&shown);
}

static int put_columns(const struct rows_plan *plan, struct buf *out,
		       struct err *err)
{
	const struct rows_shape *shape = plan->shape;
	struct buf decoded = BUF_INIT(BUF_NO_LIMIT);
	struct database_value value;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < plan->columns.n; i++) {
		buf_put_str(out, i ? "," : "");
		put_member(span_str(plan->columns.at[i].name), out);
		value = database_column(plan->fetch, (int)i);
		buf_reset(&decoded);
		if (shape->decode && shape->decode(plan->fetch, (int)i,
						   &decoded)) {
			value.type = DATABASE_TEXT;
			value.bytes = span_of(buf_text(&decoded), decoded.len);
		}
		rc = rows_put_value(&value, plan->columns.at[i].is_json, out,
				    err);
	}
	buf_release(&decoded);
	return rc;
}

static int put_row(const struct telling *telling, struct rows_plan *plan,
		   int64_t number, bool *out_is_there, struct err *err);

/* A list of those that belong to a row, as a member of it. */
static int put_inner(const struct telling *telling, struct rows_plan *plan,
		     const struct database_value *of, struct err *err)
{
	struct rows_numbers numbers = { NULL, 0, 0 };
	struct buf *out = telling->out;
	struct err why = ERR_INIT;
	size_t start = out->len;
	bool is_there;
	size_t shown = 0;
	size_t i;
	int rc = rows_find(telling->db, plan, of, &numbers, &why);

	if (rc < 0)
		rc = tell_bad(telling, rc, &why, err);
	buf_put_char(out, ',');
	put_member(span_str(plan->shape->member), out);
	buf_put_str(out, plan->shape->is_one ? "" : "[");
	for (i = 0; rc == 0 && i < numbers.n &&
	     !(shown && plan->shape->is_one); i++) {
		size_t before = out->len;

		buf_put_str(out, shown ? "," : "");
		rc = put_row(telling, plan, numbers.at[i], &is_there, err);
		if (rc == 0 && !is_there)
			buf_cut(out, before);
		shown += is_there;
	}
	buf_put_str(out, plan->shape->is_one ? "" : "]");
	if (!shown && plan->shape->is_one)
		buf_cut(out, start);
	free(numbers.at);
	return rc < 0 ? rc : buf_end(out, err);
}

static int fetch_row(struct rows_plan *plan, int64_t number,
		     bool *out_is_there, struct err *err)
{
	int rc;

	database_query_reset(plan->fetch);
	rc = database_bind_integer(plan->fetch, 1, number, err);
	return rc < 0 ? rc : database_step(plan->fetch, out_is_there, err);
}

/* What belongs to a row stands in it; where a database has that row twice, in
 * the first one alone. */
static int put_heirs(const struct telling *telling, struct rows_plan *plan,
		     const struct database_value *of, bool *is_double,
		     struct err *err)
{
	uint64_t hash = rows_hash(of);
	bool is_new = true;
	int rc = plan->shape->is_one ? 0 :
		table_include(&plan->given, &hash, &is_new, err);

	if (rc < 0 || is_new)
		return rc < 0 ? rc : put_inner(telling, plan, of, err);
	*is_double = true;
	buf_put_char(telling->out, ',');
	put_member(span_str(plan->shape->member), telling->out);
	buf_put_str(telling->out, "[]");
	return 0;
}

static int put_all_heirs(const struct telling *telling, struct rows_plan *plan,
			 struct err *err)
{
	struct database_value of;
	bool is_double = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < plan->inner_n; i++) {
		if (!plan->inner[i].fetch || plan->inner[i].of < 0)
			continue;
		of = database_column(plan->fetch, plan->inner[i].of);
		if (of.type != DATABASE_NULL)
			rc = put_heirs(telling, &plan->inner[i], &of,
				       &is_double, err);
	}
	return rc < 0 || !is_double ? rc :
	       telling->visitor->bad(telling->visitor->arg, "a row whose id "
				     "another one has: what belongs to it "
				     "stands there", err);
}

/* Append a row; nothing of one that has gone, or cannot be read. */
static int put_row(const struct telling *telling, struct rows_plan *plan,
		   int64_t number, bool *out_is_there, struct err *err)
{
	struct buf *out = telling->out;
	struct err why = ERR_INIT;
	size_t start = out->len;
	int rc;

	*out_is_there = false;
	rc = fetch_row(plan, number, out_is_there, &why);
	if (rc == 0 && *out_is_there) {
		buf_put_char(out, '{');
		rc = put_columns(plan, out, &why);
	}
	if (rc < 0) {
		*out_is_there = false;
		buf_cut(out, start);
		rc = tell_bad(telling, rc, &why, err);
	}
	if (rc == 0 && *out_is_there)
		rc = put_all_heirs(telling, plan, err);
	if (*out_is_there)
		buf_put_char(out, '}');
	database_query_reset(plan->fetch);
	return rc < 0 ? rc : buf_end(out, err);
}

/* One document, of one moment. */
static int put_document(const struct telling *telling, struct rows_plan *plan,
			int64_t number, bool *out_is_there, struct err *err)
{
	int rc = database_begin(telling->db, err);

	buf_reset(telling->out);
	if (rc == 0)
		rc = put_row(telling, plan, number, out_is_there, err);
	database_end(telling->db);
	return rc == 0 && !database_is_still(telling->db) ?
	       err_set(err, ERR_CHANGED, "the database changed while it was "
		       "read") : rc;
}

static int tell_all(const struct telling *telling, struct rows_plan *plan,
		    const struct rows_numbers *numbers, struct err *err)
{
	const struct rows_visitor *visitor = telling->visitor;
	bool is_there = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < numbers->n; i++) {
		rc = put_document(telling, plan, numbers->at[i], &is_there,
				  err);
		if (rc == 0 && is_there)
			rc = visitor->row(visitor->arg,
					  buf_span(telling->out), err);
	}
	return rc;
}

static int each(struct database *db, struct rows_plan *plan,
		const struct database_value *is,
		const struct rows_visitor *visitor, struct err *err)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	const struct telling telling = { db, visitor, &out };
	struct rows_numbers numbers = { NULL, 0, 0 };
	struct err why = ERR_INIT;
	int found;
	int rc;

	if (!plan->fetch)
		return 0;
	/* Those that were found are read, whatever befell the rest. */
	found = is ? rows_find(db, plan, is, &numbers, &why) :
		rows_list(db, plan, &numbers, &why);
	rc = found < 0 && !is_local(found) ? err_copy(err, found, &why) :
	     tell_all(&telling, plan, &numbers, err);
	if (rc == 0 && found < 0)
		rc = tell_bad(&telling, found, &why, err);
	free(numbers.at);
	buf_release(&out);
	return rc;
}

/* How many rows belong to none. */
static int count_orphans(struct database *db, const struct rows_shape *shape,
			 const struct rows_shape *above, int64_t *out,
			 struct err *err)
{
	const char *of = shape->of ? shape->of : "id";
	struct buf sql = BUF_INIT(BUF_NO_LIMIT);
	struct database_query *query = NULL;
	bool is_row = false;
	int rc;

	buf_put_str(&sql, "SELECT count(*) FROM ");
	database_put_name(&sql, span_str(shape->table));
	buf_put_str(&sql, " WHERE ");
	database_put_name(&sql, span_str(shape->column));
	buf_put_str(&sql, " IS NULL OR ");
	database_put_name(&sql, span_str(shape->column));
	buf_put_str(&sql, " NOT IN (SELECT ");
	database_put_name(&sql, span_str(of));
	buf_put_str(&sql, " FROM ");
	database_put_name(&sql, span_str(above->table));
	buf_put_str(&sql, " WHERE ");
	database_put_name(&sql, span_str(of));
	buf_put_str(&sql, " IS NOT NULL)");
	rc = buf_end(&sql, err);
	if (rc == 0)
		rc = database_query(db, buf_text(&sql), &query, err);
	if (rc == 0)
		rc = database_step(query, &is_row, err);
	if (rc == 0 && is_row)
		*out = database_column(query, 0).integer;
	database_query_free(query);
	buf_release(&sql);
	return rc;
}

static int tell_orphans(struct database *db, const struct rows_shape *above,
			const struct rows_visitor *visitor, struct err *err)
{
	const struct rows_shape *const *inner = above->inner;
	char why[80];
	int rc = 0;

	for (; rc == 0 && inner && *inner; inner++) {
		int64_t n = 0;

		/* A table that is not there, or not whole, has none. */
		if (!(*inner)->orphans ||
		    count_orphans(db, *inner, above, &n, NULL) < 0 || !n)
			continue;
		snprintf(why, sizeof(why), "%lld %s that belong to no session "
			 "there is", (long long)n, (*inner)->orphans);
		rc = visitor->bad(visitor->arg, why, err);
	}
	return rc;
}

int rows_each(struct database *db, const struct rows_shape *shape,
	      const struct rows_visitor *visitor, struct err *err)
{
	struct rows_plan plan = { .of = -1 };
	int rc = rows_plan_make(db, shape, NULL, &plan, err);

	if (rc == 0)
		rc = each(db, &plan, NULL, visitor, err);
	if (rc == 0)
		rc = tell_orphans(db, shape, visitor, err);
	rows_plan_release(&plan);
	return rc;
}

int rows_of(struct database *db, const struct rows_shape *shape,
	    const char *column, struct span is,
	    const struct rows_visitor *visitor, struct err *err)
{
	const struct database_value value = {
		.type = DATABASE_TEXT, .bytes = is,
	};
	struct rows_shape of = *shape;
	struct rows_plan plan = { .of = -1 };
	int rc;

	of.column = column;
	rc = rows_plan_make(db, &of, NULL, &plan, err);
	if (rc == 0)
		rc = each(db, &plan, &value, visitor, err);
	rows_plan_release(&plan);
	return rc;
}
