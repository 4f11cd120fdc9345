#include "cmd/import/database/rows_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"

static bool is_named(const char *const *names, const char *name)
{
	while (names && *names && strcasecmp(*names, name) != 0)
		names++;
	return names && *names;
}

static int column_of(const struct rows_plan *plan, const char *name)
{
	size_t i;

	for (i = 0; i < plan->columns.n; i++) {
		if (!strcasecmp(plan->columns.at[i].name, name))
			return (int)i;
	}
	return -1;
}

static int add_column(void *arg, const char *name, struct err *err)
{
	struct rows_plan *plan = arg;
	struct rows_column *column;
	int rc;

	if (is_named(plan->shape->without, name))
		return 0;
	rc = array_room(&plan->columns, err);
	if (rc < 0)
		return rc;
	column = &plan->columns.at[plan->columns.n];
	column->name = strdup(name);
	column->is_json = is_named(plan->shape->json, name);
	if (!column->name)
		return err_set(err, ERR_NOMEM, "out of memory");
	plan->columns.n++;
	return 0;
}

/* --- queries --------------------------------------------------------------- */

static void put_from(const struct rows_plan *plan, struct buf *sql)
{
	buf_put_str(sql, " FROM ");
	database_put_name(sql, span_str(plan->shape->table));
	buf_put_str(sql, " WHERE ");
	if (plan->shape->where)
		buf_putf(sql, "(%s) AND ", plan->shape->where);
}

static void put_order(const struct rows_plan *plan, struct buf *sql)
{
	const char *const *name = plan->shape->order;

	buf_put_str(sql, " ORDER BY ");
	for (; name && *name; name++) {
		bool is_down = **name == '-';

		if (column_of(plan, *name + is_down) < 0)
			continue;
		database_put_name(sql, span_str(*name + is_down));
		buf_put_str(sql, is_down ? " DESC," : ",");
	}
	buf_put_str(sql, plan->rowid);
}

static int ask_plan(struct database *db, struct buf *sql,
	       struct database_query **out, struct err *err)
{
	int rc = buf_end(sql, err);

	if (rc == 0)
		rc = database_query(db, buf_text(sql), out, err);
	buf_reset(sql);
	return rc;
}

static int prepare(struct database *db, struct rows_plan *plan,
		   struct err *err)
{
	const struct rows_shape *shape = plan->shape;
	struct buf sql = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	buf_put_str(&sql, "SELECT ");
	for (i = 0; i < plan->columns.n; i++) {
		buf_put_str(&sql, i ? "," : "");
		database_put_name(&sql, span_str(plan->columns.at[i].name));
	}
	buf_put_str(&sql, " FROM ");
	database_put_name(&sql, span_str(shape->table));
	buf_putf(&sql, " WHERE %s=?1", plan->rowid);
	rc = ask_plan(db, &sql, &plan->fetch, err);
	if (rc == 0 && shape->column &&
	    database_has_index(db, shape->table, shape->column)) {
		buf_putf(&sql, "SELECT %s", plan->rowid);
		put_from(plan, &sql);
		database_put_name(&sql, span_str(shape->column));
		buf_put_str(&sql, "=?1");
		put_order(plan, &sql);
		rc = ask_plan(db, &sql, &plan->find, err);
	}
	buf_release(&sql);
	return rc;
}

static int make_inner(struct database *db, struct rows_plan *plan,
		      struct err *err)
{
	const struct rows_shape *const *inner = plan->shape->inner;
	size_t n = 0;
	int rc = 0;

	while (inner && inner[n])
		n++;
	plan->inner = n ? calloc(n, sizeof(*plan->inner)) : NULL;
	if (n && !plan->inner)
		return err_set(err, ERR_NOMEM, "out of memory");
	while (rc == 0 && plan->inner_n < n) {
		plan->inner_n++;
		rc = rows_plan_make(db, inner[plan->inner_n - 1], plan,
				    &plan->inner[plan->inner_n - 1], err);
	}
	return rc;
}

int rows_plan_make(struct database *db, const struct rows_shape *shape,
		   const struct rows_plan *above, struct rows_plan *out,
		   struct err *err)
{
	const struct rows_plan empty = {
		.shape = shape, .of = -1,
		.given = TABLE_INIT(sizeof(uint64_t), TABLE_NO_LIMIT),
	};
	const struct database_columns_visitor visitor = { add_column, out };
	int rc;

	*out = empty;
	if (above)
		out->of = column_of(above, shape->of ? shape->of : "id");
	out->rowid = database_rowid(db, shape->table);
	if (!out->rowid)
		return 0;
	rc = database_table(db, shape->table, &visitor, err);
	if (rc < 0 || !out->columns.n ||
	    (shape->column && column_of(out, shape->column) < 0))
		return rc;
	rc = prepare(db, out, err);
	return rc < 0 ? rc : make_inner(db, out, err);
}

void rows_plan_release(struct rows_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->inner_n; i++)
		rows_plan_release(&plan->inner[i]);
	for (i = 0; i < plan->columns.n; i++)
		free(plan->columns.at[i].name);
	database_query_free(plan->fetch);
	database_query_free(plan->find);
	free(plan->columns.at);
	free(plan->heirs.at);
	table_release(&plan->given);
	free(plan->inner);
	plan->inner_n = 0;
}

/* --- rows ------------------------------------------------------------------ */

static int take_numbers(struct database_query *query,
			struct rows_numbers *out, struct err *err)
{
	bool is_row = true;
	int rc = 0;

	while (rc == 0 && (rc = database_step(query, &is_row, err)) == 0 &&
	       is_row) {
		rc = array_room(out, err);
		if (rc == 0)
			out->at[out->n++] = database_column(query, 0).integer;
	}
	database_query_reset(query);
	return rc;
}

int rows_list(struct database *db, const struct rows_plan *plan,
	      struct rows_numbers *out, struct err *err)
{
	struct database_query *query = NULL;
	struct buf sql = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&sql, "SELECT %s", plan->rowid);
	put_from(plan, &sql);
	buf_put_char(&sql, '1');
	put_order(plan, &sql);
	rc = ask_plan(db, &sql, &query, err);
	if (rc == 0)
		rc = take_numbers(query, out, err);
	database_query_free(query);
	buf_release(&sql);
	return rc;
}

uint64_t rows_hash(const struct database_value *value)
{
	char digits[40];

	if (value->type == DATABASE_INTEGER)
		snprintf(digits, sizeof(digits), "%" PRId64, value->integer);
	else if (value->type == DATABASE_REAL)
		snprintf(digits, sizeof(digits), "%.17g", value->real);
	else
		return xxh64_of(value->bytes.at, value->bytes.len);
	return xxh64_of(digits, strlen(digits));
}

static int compare_heirs(const void *a, const void *b)
{
	const struct rows_heir *x = a;
	const struct rows_heir *y = b;

	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static int take_heirs(struct rows_plan *plan, struct database_query *query,
		      struct err *err)
{
	struct database_value of;
	bool is_row = true;
	int rc = 0;

	while (rc == 0 && (rc = database_step(query, &is_row, err)) == 0 &&
	       is_row) {
		of = database_column(query, 1);
		if (of.type == DATABASE_NULL)
			continue;
		rc = array_room(&plan->heirs, err);
		if (rc < 0)
			break;
		plan->heirs.at[plan->heirs.n] = (struct rows_heir){
			rows_hash(&of), plan->heirs.n,
			database_column(query, 0).integer,
		};
		plan->heirs.n++;
	}
	return rc;
}

/* One pass for all, where each would be one. */
static int find_heirs(struct database *db, struct rows_plan *plan,
		      struct err *err)
{
	struct database_query *query = NULL;
	struct buf sql = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	plan->has_heirs = true;
	buf_putf(&sql, "SELECT %s,", plan->rowid);
	database_put_name(&sql, span_str(plan->shape->column));
	put_from(plan, &sql);
	buf_put_char(&sql, '1');
	put_order(plan, &sql);
	rc = ask_plan(db, &sql, &query, err);
	if (rc == 0)
		rc = take_heirs(plan, query, err);
	if (plan->heirs.n)
		qsort(plan->heirs.at, plan->heirs.n, sizeof(*plan->heirs.at),
		      compare_heirs);
	database_query_free(query);
	buf_release(&sql);
	return rc;
}

static int find_among(const struct rows_plan *plan, uint64_t of,
		      struct rows_numbers *out, struct err *err)
{
	size_t low = 0;
	size_t high = plan->heirs.n;
	size_t middle;
	int rc = 0;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (plan->heirs.at[middle].of < of)
			low = middle + 1;
		else
			high = middle;
	}
	for (; rc == 0 && low < plan->heirs.n &&
	     plan->heirs.at[low].of == of; low++) {
		rc = array_room(out, err);
		if (rc == 0)
			out->at[out->n++] = plan->heirs.at[low].number;
	}
	return rc;
}

int rows_find(struct database *db, struct rows_plan *plan,
	      const struct database_value *of, struct rows_numbers *out,
	      struct err *err)
{
	int found = 0;
	int rc;

	if (plan->find) {
		database_query_reset(plan->find);
		rc = database_bind(plan->find, 1, of, err);
		return rc < 0 ? rc : take_numbers(plan->find, out, err);
	}
	if (!plan->has_heirs)
		found = find_heirs(db, plan, err);
	if (found == ERR_NOMEM)
		return found;
	rc = find_among(plan, rows_hash(of), out, err);
	return found < 0 ? found : rc;
}
