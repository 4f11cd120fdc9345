#include "cmd/import/database/database.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/import/database/database_internal.h"

#define MAGIC "SQLite format 3"		/* and the NUL behind it */

struct database {
	sqlite3 *handle;
	bool is_open;			/* a transaction is */
	char *path;			/* NULL: need not be still */
	struct database_sight sight;
};

struct database_query {
	struct database *db;
	sqlite3_stmt *statement;
};

bool database_is_magic(struct span head)
{
	return head.len >= sizeof(MAGIC) &&
	       !memcmp(head.at, MAGIC, sizeof(MAGIC));
}

/* --- errors ---------------------------------------------------------------- */

static enum err_code code_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return ERR_NOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return ERR_LOCKED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		return ERR_CORRUPT;
	case SQLITE_TOOBIG:
		return ERR_LIMIT;
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_AUTH:
		return ERR_DENIED;
	case SQLITE_ERROR:
		return ERR_INVALID;
	default:
		return ERR_IO;
	}
}

/* The library's own words quote the schema, which may be anything. */
static int fail(int code, struct err *err)
{
	enum err_code is = code_of(code);

	if (is == ERR_NOMEM)
		return err_set(err, is, "out of memory");
	if ((code & 0xff) == SQLITE_NOTADB)
		return err_set(err, is, "the database is encrypted, or none");
	if (is == ERR_LIMIT)
		return err_set(err, is, "a value of more than %zu MiB",
			       DATABASE_VALUE_MAX >> 20);
	if (is == ERR_LOCKED)
		return err_set(err, is, "the database is locked by its "
			       "program");
	return err_set(err, is, "the database cannot be read: %s",
		       sqlite3_errstr(code));
}

/* --- opening --------------------------------------------------------------- */

/* "file:///a%20b?mode=ro": a path may hold what is special in it. */
static void put_uri(struct buf *out, const char *path, enum database_way way)
{
	const char *at;

	buf_put_str(out, *path == '/' ? "file://" : "file:");
	for (at = path; *at; at++) {
		if (strchr("%?#", *at))
			buf_putf(out, "%%%02x", (unsigned)*at);
		else
			buf_put_char(out, *at);
	}
	buf_put_str(out, way == DATABASE_OURS ? "?mode=rw" : "?mode=ro");
	if (way == DATABASE_STILL)
		buf_put_str(out, "&immutable=1");
}

/* Nothing in the file is run, nothing is written, nothing waits for long. */
static int set_up(sqlite3 *handle, enum database_way way)
{
	static const struct {
		int what;
		int is_on;
	} switches[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1 },
	};
	size_t i;
	int code = sqlite3_busy_timeout(handle, DATABASE_WAIT_MS);

	sqlite3_extended_result_codes(handle, 1);
	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, (int)DATABASE_VALUE_MAX);
	sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
	for (i = 0; code == SQLITE_OK &&
	     i < sizeof(switches) / sizeof(*switches); i++)
		code = sqlite3_db_config(handle, switches[i].what,
					 switches[i].is_on, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(handle, "PRAGMA query_only=1;"
				    "PRAGMA temp_store=memory;"
				    "PRAGMA mmap_size=0;"
				    "PRAGMA cell_size_check=1", NULL, NULL,
				    NULL);
	/* Only now is the file looked at. */
	if (code == SQLITE_OK)
		code = sqlite3_exec(handle, "SELECT count(*) FROM "
				    "sqlite_schema", NULL, NULL, NULL);
	(void)way;
	return code;
}

static int open_uri(struct database *db, const char *path,
		    enum database_way way, int *out_code, struct err *err)
{
	struct buf uri = BUF_INIT(BUF_NO_LIMIT);
	int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_PRIVATECACHE |
		    (way == DATABASE_OURS ? SQLITE_OPEN_READWRITE :
		     SQLITE_OPEN_READONLY);
	int rc;

	put_uri(&uri, path, way);
	rc = buf_end(&uri, err);
	if (rc == 0) {
		*out_code = sqlite3_open_v2(buf_text(&uri), &db->handle,
					    flags, NULL);
		if (*out_code == SQLITE_OK)
			*out_code = set_up(db->handle, way);
	}
	buf_release(&uri);
	return rc;
}

int database_try(const char *path, enum database_way way,
		 struct database **out, bool *out_is_closed, struct err *err)
{
	struct database *db = calloc(1, sizeof(*db));
	int code = SQLITE_OK;
	int rc;

	*out_is_closed = false;
	if (!db)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = open_uri(db, path, way, &code, err);
	if (rc == 0 && code != SQLITE_OK) {
		*out_is_closed = (code & 0xff) == SQLITE_CANTOPEN ||
				 (code & 0xff) == SQLITE_READONLY ||
				 (code & 0xff) == SQLITE_IOERR;
		rc = fail(code, err);
	}
	if (rc < 0)
		database_free(db);
	else
		*out = db;
	return rc;
}

int database_watch(struct database *db, const char *path,
		   const struct database_sight *sight, struct err *err)
{
	db->path = strdup(path);
	db->sight = *sight;
	return db->path ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

bool database_is_still(const struct database *db)
{
	struct database_sight now;

	return !db->path || (database_see(db->path, &now, NULL) == 0 &&
			     database_same(&now, &db->sight));
}

void database_free(struct database *db)
{
	if (!db)
		return;
	database_end(db);
	sqlite3_close_v2(db->handle);
	free(db->path);
	free(db);
}

int database_begin(struct database *db, struct err *err)
{
	int code = sqlite3_exec(db->handle, "BEGIN", NULL, NULL, NULL);

	if (code != SQLITE_OK)
		return fail(code, err);
	db->is_open = true;
	return 0;
}

void database_end(struct database *db)
{
	if (db->is_open)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->is_open = false;
}

/* --- queries --------------------------------------------------------------- */

int database_query(struct database *db, const char *sql,
		   struct database_query **out, struct err *err)
{
	struct database_query *query = calloc(1, sizeof(*query));
	int code;

	if (!query)
		return err_set(err, ERR_NOMEM, "out of memory");
	query->db = db;
	code = sqlite3_prepare_v2(db->handle, sql, -1, &query->statement,
				  NULL);
	if (code != SQLITE_OK) {
		free(query);
		return fail(code, err);
	}
	*out = query;
	return 0;
}

void database_query_free(struct database_query *query)
{
	if (query)
		sqlite3_finalize(query->statement);
	free(query);
}

void database_query_reset(struct database_query *query)
{
	sqlite3_reset(query->statement);
	sqlite3_clear_bindings(query->statement);
}

static int bound(int code, struct err *err)
{
	return code == SQLITE_OK ? 0 : fail(code, err);
}

int database_bind_text(struct database_query *query, int number,
		       struct span text, struct err *err)
{
	return bound(sqlite3_bind_text64(query->statement, number,
					 text.len ? text.at : "", text.len,
					 SQLITE_STATIC, SQLITE_UTF8), err);
}

int database_bind_integer(struct database_query *query, int number,
			  int64_t value, struct err *err)
{
	return bound(sqlite3_bind_int64(query->statement, number, value),
		     err);
}

int database_bind(struct database_query *query, int number,
		  const struct database_value *value, struct err *err)
{
	switch (value->type) {
	case DATABASE_INTEGER:
		return database_bind_integer(query, number, value->integer,
					     err);
	case DATABASE_REAL:
		return bound(sqlite3_bind_double(query->statement, number,
						 value->real), err);
	case DATABASE_TEXT:
		return database_bind_text(query, number, value->bytes, err);
	case DATABASE_BLOB:
		return bound(sqlite3_bind_blob64(query->statement, number,
						 value->bytes.at,
						 value->bytes.len,
						 SQLITE_STATIC), err);
	default:
		return bound(sqlite3_bind_null(query->statement, number),
			     err);
	}
}

int database_step(struct database_query *query, bool *out_is_row,
		  struct err *err)
{
	int code = sqlite3_step(query->statement);

	*out_is_row = code == SQLITE_ROW;
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 :
	       fail(code, err);
}

int database_columns(const struct database_query *query)
{
	return sqlite3_column_count(query->statement);
}

const char *database_column_name(const struct database_query *query,
				 int column)
{
	const char *name = sqlite3_column_name(query->statement, column);

	return name ? name : "";
}

/* An empty blob has no bytes to point at. */
static struct span bytes_of(const void *at, int len)
{
	return span_of(at ? at : "", at && len > 0 ? (size_t)len : 0);
}

struct database_value database_column(const struct database_query *query,
				      int column)
{
	sqlite3_stmt *from = query->statement;
	struct database_value value = { .type = DATABASE_NULL };
	const void *at;

	switch (sqlite3_column_type(from, column)) {
	case SQLITE_INTEGER:
		value.type = DATABASE_INTEGER;
		value.integer = sqlite3_column_int64(from, column);
		break;
	case SQLITE_FLOAT:
		value.type = DATABASE_REAL;
		value.real = sqlite3_column_double(from, column);
		break;
	case SQLITE_TEXT:
		value.type = DATABASE_TEXT;
		at = sqlite3_column_text(from, column);
		value.bytes = bytes_of(at, sqlite3_column_bytes(from, column));
		break;
	case SQLITE_BLOB:
		value.type = DATABASE_BLOB;
		at = sqlite3_column_blob(from, column);
		value.bytes = bytes_of(at, sqlite3_column_bytes(from, column));
		break;
	default:
		break;
	}
	return value;
}

int database_size(struct database *db, const char *table, const char *column,
		  int64_t rowid, uint64_t *out, struct err *err)
{
	sqlite3_blob *blob = NULL;
	int code = sqlite3_blob_open(db->handle, "main", table, column, rowid,
				     0, &blob);

	if (code == SQLITE_OK)
		*out = (uint64_t)sqlite3_blob_bytes(blob);
	sqlite3_blob_close(blob);
	if (code == SQLITE_ERROR)
		return err_set(err, ERR_NOT_FOUND, "no text and no bytes");
	return bound(code, err);
}
