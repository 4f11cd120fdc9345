/*
 * Databases of other programs: what was committed last is seen, nobody is kept
 * from writing, nothing is left behind, and damage costs what is damaged.
 */
#include "cmd/import/database/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/import/database/pairs.h"
#include "cmd/import/database/rows.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "tests/tap.h"

static char folder[64];

static const char *in_folder(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void run(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		bail_out("%s: %s", sql, why ? why : "");
}

static sqlite3 *make(const char *name, const char *sql)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(in_folder(name), &db) != SQLITE_OK)
		bail_out("cannot make '%s'", name);
	run(db, sql);
	return db;
}

static void make_closed(const char *name, const char *sql)
{
	sqlite3_close(make(name, sql));
}

static bool is_there(const char *name)
{
	return file_exists(in_folder(name));
}

static size_t files_n;

static int count_file(void *arg, const char *name, enum dir_kind kind,
		      struct err *err)
{
	(void)arg;
	(void)name;
	(void)kind;
	(void)err;
	files_n++;
	return 0;
}

static size_t count_files(const char *path)
{
	files_n = 0;
	if (dir_each(path, count_file, NULL, NULL) < 0)
		bail_out("cannot list '%s'", path);
	return files_n;
}

static struct database *open_it(const char *name)
{
	struct database *db = NULL;
	struct err err = ERR_INIT;

	if (database_open(in_folder(name), folder, &db, &err) < 0)
		bail_out("cannot open '%s': %s", name, err.text);
	return db;
}

/* --- rows ------------------------------------------------------------------ */

struct told {
	struct buf text;
	unsigned bad;
};

static int take_row(void *arg, struct span json, struct err *err)
{
	struct told *told = arg;

	(void)err;
	buf_put_span(&told->text, json);
	buf_put_char(&told->text, '\n');
	return 0;
}

static int take_bad(void *arg, const char *why, struct err *err)
{
	struct told *told = arg;

	(void)err;
	(void)why;
	told->bad++;
	return 0;
}

static struct told tell(struct database *db, const struct rows_shape *shape)
{
	struct told told = { BUF_INIT(BUF_NO_LIMIT), 0 };
	const struct rows_visitor visitor = { take_row, take_bad, &told };
	struct err err = ERR_INIT;

	if (rows_each(db, shape, &visitor, &err) < 0)
		diag("%s", err.text);
	return told;
}

static void says(const char *name, const struct rows_shape *shape,
		 const char *want, const char *what)
{
	struct database *db = open_it(name);
	struct told told = tell(db, shape);

	is_str(buf_text(&told.text), want, what);
	is_int(told.bad, 0, "all of it was read");
	buf_release(&told.text);
	database_free(db);
}

static const struct rows_shape part_shape = {
	.table = "part", .member = "parts", .column = "message_id",
	.order = (const char *const[]){ "id", NULL },
	.json = (const char *const[]){ "data", NULL },
};

static const struct rows_shape message_shape = {
	.table = "message", .member = "messages", .column = "session_id",
	.order = (const char *const[]){ "-time", "absent", NULL },
	.json = (const char *const[]){ "data", NULL },
	.inner = (const struct rows_shape *const[]){ &part_shape, NULL },
};

static const struct rows_shape project_shape = {
	.table = "project", .member = "project", .column = "id",
	.of = "project_id", .is_one = true,
	.without = (const char *const[]){ "secret", NULL },
};

static const struct rows_shape lost_shape = {
	.table = "lost", .member = "lost", .column = "session_id",
};

static const struct rows_shape session_shape = {
	.table = "session", .order = (const char *const[]){ "id", NULL },
	.inner = (const struct rows_shape *const[]){
		&message_shape, &project_shape, &lost_shape, NULL
	},
};

#define TALK \
	"CREATE TABLE session(id TEXT PRIMARY KEY, project_id, title);" \
	"CREATE TABLE project(id TEXT PRIMARY KEY, name, secret);" \
	"CREATE TABLE message(id TEXT PRIMARY KEY, session_id, time, data);" \
	"CREATE TABLE part(id TEXT PRIMARY KEY, message_id, data);" \
	"CREATE TABLE account(token);" \
	"INSERT INTO account VALUES('never');" \
	"INSERT INTO project VALUES('p','P','never');" \
	"INSERT INTO session VALUES('a','p','A'),('b',NULL,NULL);" \
	"INSERT INTO message VALUES('1','a',5,'{\"x\":[1]}'),('2','a',7,'{')," \
	"('3','b',1,NULL);" \
	"INSERT INTO part VALUES('y','1','2'),('x','1',' {} '),('z','9','1');"

#define TALK_TOLD \
	"{\"id\":\"a\",\"project_id\":\"p\",\"title\":\"A\",\"messages\":[" \
	"{\"id\":\"2\",\"session_id\":\"a\",\"time\":7,\"data\":\"{\"," \
	"\"parts\":[]},{\"id\":\"1\",\"session_id\":\"a\",\"time\":5," \
	"\"data\":{\"x\":[1]},\"parts\":[{\"id\":\"x\",\"message_id\":\"1\"," \
	"\"data\":{}},{\"id\":\"y\",\"message_id\":\"1\",\"data\":2}]}]," \
	"\"project\":{\"id\":\"p\",\"name\":\"P\"}}\n" \
	"{\"id\":\"b\",\"project_id\":null,\"title\":null,\"messages\":[" \
	"{\"id\":\"3\",\"session_id\":\"b\",\"time\":1,\"data\":null," \
	"\"parts\":[]}]}\n"

static void test_rows(void)
{
	make_closed("talk.db", TALK);
	says("talk.db", &session_shape, TALK_TOLD,
	     "a row has what belongs to it, without an index");
	make_closed("index.db", TALK
		    "CREATE INDEX m ON message(session_id);"
		    "CREATE INDEX p ON part(message_id);");
	says("index.db", &session_shape, TALK_TOLD, "and with one");
	make_closed("old.db", "CREATE TABLE session(id, title);"
		    "INSERT INTO session VALUES(1,'t')");
	says("old.db", &session_shape, "{\"id\":1,\"title\":\"t\"}\n",
	     "what an older version has not is left out");
	make_closed("none.db", "CREATE TABLE other(id)");
	says("none.db", &session_shape, "", "no table has no rows");
	make_closed("view.db", "CREATE TABLE t(id); INSERT INTO t VALUES(1);"
		    "CREATE VIEW session AS SELECT * FROM t");
	says("view.db", &session_shape, "", "a view is no table");
	make_closed("named.db", "CREATE TABLE session(rowid TEXT, id);"
		    "CREATE TABLE message(id, session_id, oid, _rowid_);"
		    "INSERT INTO session VALUES('x',1),('x',2);"
		    "INSERT INTO message VALUES(7,2,'a','b')");
	says("named.db", &session_shape,
	     "{\"rowid\":\"x\",\"id\":1,\"messages\":[]}\n"
	     "{\"rowid\":\"x\",\"id\":2,\"messages\":[{\"id\":7,"
	     "\"session_id\":2,\"oid\":\"a\",\"_rowid_\":\"b\"}]}\n",
	     "a column may be called as the numbers of rows are");
}

static void test_values(void)
{
	const struct rows_shape shape = {
		.table = "t", .json = (const char *const[]){ "j", NULL },
	};

	make_closed("values.db", "CREATE TABLE t(v, j);"
		    "INSERT INTO t(v) VALUES(9223372036854775807),"
		    "(-9223372036854775808),(1.5),(3.0),(9e999),(-9e999),"
		    "('a\"' || char(0) || 'b'),(CAST(x'ff41' AS TEXT)),"
		    "(x'c3a9'),(x'00'),(x''),('');"
		    "INSERT INTO t(j) VALUES(x'7b7d'),('[1,'),"
		    "(x'28b52ffd2000'),(x'28b52ffd04'),"
		    "(char(65279) || '[]')");
	says("values.db", &shape,
	     "{\"v\":9223372036854775807,\"j\":null}\n"
	     "{\"v\":-9223372036854775808,\"j\":null}\n"
	     "{\"v\":1.5,\"j\":null}\n{\"v\":3.0,\"j\":null}\n"
	     "{\"v\":9e999,\"j\":null}\n{\"v\":-9e999,\"j\":null}\n"
	     "{\"v\":\"a\\\"\\u0000b\",\"j\":null}\n"
	     "{\"v\":\"\xef\xbf\xbd" "A\",\"j\":null}\n"
	     "{\"v\":\"\xc3\xa9\",\"j\":null}\n"
	     "{\"v\":{\"$base64\":\"AA==\"},\"j\":null}\n"
	     "{\"v\":\"\",\"j\":null}\n{\"v\":\"\",\"j\":null}\n"
	     "{\"v\":null,\"j\":{}}\n{\"v\":null,\"j\":\"[1,\"}\n"
	     "{\"v\":null,\"j\":{\"$base64\":\"KLUv/SAA\"}}\n"
	     "{\"v\":null,\"j\":{\"$base64\":\"KLUv/QQ=\"}}\n"
	     "{\"v\":null,\"j\":[]}\n",
	     "what JSON cannot say is kept");
	make_closed("wide.db", "PRAGMA encoding='UTF-16le'; CREATE TABLE t(v);"
		    "INSERT INTO t VALUES('\xc3\xa9' || char(128512))");
	says("wide.db", &shape, "{\"v\":\"\xc3\xa9\xf0\x9f\x98\x80\"}\n",
	     "of UTF-16, too");
}

static void test_signs(void)
{
	struct database *db;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	make_closed("signs.db", TALK "CREATE VIEW seen AS SELECT 1 AS id");
	db = open_it("signs.db");
	ok(database_has(db, "session id title"), "a table and its columns");
	ok(database_has(db, "Session ID; message data; part"),
	   "several, whatever their case");
	ok(!database_has(db, "session id nothing"), "but a column");
	ok(!database_has(db, "session id; nothing"), "but a table");
	ok(database_has(db, "session !nothing; !nothing"), "none of them");
	ok(!database_has(db, "session !id"), "one that may not be");
	ok(!database_has(db, "seen id"), "a view is no sign");
	ok(database_describe(db, &text, NULL) == 0, "called by its tables");
	is_str(buf_text(&text), "account, message, part, project, session",
	       "their names");
	buf_release(&text);
	database_free(db);
}

/* --- pairs ----------------------------------------------------------------- */

static const struct database_pairs pairs = { "kv", "key", "value" };

static int take_pair(void *arg, const struct database_pair *pair,
		     struct err *err)
{
	struct buf *out = arg;

	(void)err;
	buf_put_span(out, pair->key);
	buf_putf(out, "=%s%.*s;", pair->value.at ? "" :
		 pair->is_broken ? "broken" : pair->size ? "long" : "none",
		 (int)pair->value.len, pair->value.at ? pair->value.at : "");
	return 0;
}

static void test_pairs(void)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	const struct pairs_visitor visitor = { take_pair, &out, 5 };
	struct database *db;
	size_t i;
	size_t n = 0;

	make_closed("kv.db", "CREATE TABLE kv(key TEXT UNIQUE, value BLOB);"
		    "INSERT INTO kv VALUES('a:1','one'),('a:2',x'74776f'),"
		    "('a:3',NULL),('a:4','longer'),('a:5',7),('a:','empty'),"
		    "('b:1','x'),('a','y'),('A:1','z')");
	db = open_it("kv.db");
	ok(pairs_are_there(db, &pairs), "a table of keys");
	ok(pairs_each(db, &pairs, "a:", &visitor, NULL) == 0, "a range");
	is_str(buf_text(&out), "a:=empty;a:1=one;a:2=two;a:3=none;a:4=long;"
	       "a:5=7;", "in order, without what is too long");
	ok(pairs_get(db, &pairs, span_str("a:2"), 9, &out, NULL) == 0 &&
	   !strcmp(buf_text(&out), "two"), "one by its key");
	ok(pairs_get(db, &pairs, span_str("a:4"), 5, &out, NULL) ==
	   ERR_LIMIT, "too long");
	ok(pairs_get(db, &pairs, span_str("a:9"), 5, &out, NULL) ==
	   ERR_NOT_FOUND, "none of that key");
	ok(pairs_get(db, &pairs, span_str("a:3"), 5, &out, NULL) ==
	   ERR_NOT_FOUND, "nor of null");
	database_free(db);
	make_closed("named.db", "CREATE TABLE kv(key TEXT UNIQUE, value BLOB, "
		    "rowid TEXT); INSERT INTO kv VALUES('a:1','one','x'),"
		    "('a:2','two','x')");
	db = open_it("named.db");
	buf_reset(&out);
	ok(pairs_each(db, &pairs, "a:", &visitor, NULL) == 0 &&
	   !strcmp(buf_text(&out), "a:1=one;a:2=two;") &&
	   pairs_get(db, &pairs, span_str("a:2"), 9, &out, NULL) == 0 &&
	   !strcmp(buf_text(&out), "two"), "a column that is called rowid");
	database_free(db);
	make_closed("many.db", "CREATE TABLE kv(key TEXT UNIQUE, value BLOB);"
		    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 "
		    "FROM n WHERE i<2500) INSERT INTO kv SELECT "
		    "printf('k:%05d',i),'v' FROM n");
	db = open_it("many.db");
	buf_reset(&out);
	ok(pairs_each(db, &pairs, "k:", &visitor, NULL) == 0, "many");
	for (i = 0; i < out.len; i++)
		n += out.data[i] == ';';
	is_int((long long)n, 2500, "each once, over several pages");
	database_free(db);
	buf_release(&out);
}

/* --- alive ----------------------------------------------------------------- */

static long long count_rows(struct database *db)
{
	struct database_query *query = NULL;
	bool is_row = false;
	long long n = -1;

	if (database_query(db, "SELECT count(*) FROM t", &query, NULL) == 0 &&
	    database_step(query, &is_row, NULL) == 0 && is_row)
		n = database_column(query, 0).integer;
	database_query_free(query);
	return n;
}

static long long rows_in(const char *name)
{
	struct database *db = open_it(name);
	long long n = count_rows(db);

	database_free(db);
	return n;
}

#define ALIVE \
	"PRAGMA journal_mode=wal; PRAGMA wal_autocheckpoint=0;" \
	"CREATE TABLE t(a); INSERT INTO t VALUES(1)"

static void test_alive(void)
{
	sqlite3 *writer = make("alive.db", ALIVE);
	struct database *db;
	size_t before;

	run(writer, "PRAGMA wal_checkpoint; PRAGMA busy_timeout=0;"
	    "INSERT INTO t VALUES(2),(3)");
	before = count_files(folder);
	is_int(rows_in("alive.db"), 3, "what stands in the log alone is seen");
	db = open_it("alive.db");
	is_int(database_begin(db, NULL), 0, "one moment");
	is_int(count_rows(db), 3, "before");
	run(writer, "INSERT INTO t VALUES(4)");
	is_int(count_rows(db), 3, "while the program writes on");
	database_end(db);
	is_int(count_rows(db), 4, "and the next");
	ok(database_is_still(db), "nothing is read without locks");
	database_free(db);
	is_int((long long)count_files(folder), (long long)before,
	       "nothing new lies there");
	run(writer, "INSERT INTO t VALUES(5)");
	sqlite3_close(writer);
	ok(!is_there("alive.db-wal"), "the program ended");
	is_int(rows_in("alive.db"), 5, "it is read afterwards");
	ok(!is_there("alive.db-wal") && !is_there("alive.db-shm"),
	   "and nothing is left");
}

/* While nobody has it open there are no locks; a program may begin. */
static void test_still(void)
{
	struct database *db;
	sqlite3 *writer;

	db = open_it("alive.db");
	ok(database_is_still(db), "as it was");
	writer = make("alive.db", "INSERT INTO t VALUES(6)");
	ok(!database_is_still(db), "written to since");
	sqlite3_close(writer);
	database_free(db);
	is_int(rows_in("alive.db"), 6, "the next time all is there");
}

static void copy_file(const char *from, const char *to)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	char path[128];

	snprintf(path, sizeof(path), "%s", in_folder(to));
	if (file_read(in_folder(from), BUF_NO_LIMIT, &bytes, NULL) < 0 ||
	    file_write_atomic(path, buf_span(&bytes), 0600, NULL) < 0)
		bail_out("cannot copy '%s'", from);
	buf_release(&bytes);
}

/* A program that was killed left its log. */
static void test_killed(void)
{
	sqlite3 *writer = make("live.db", ALIVE ",(2),(3)");
	size_t before;

	copy_file("live.db", "dead.db");
	copy_file("live.db-wal", "dead.db-wal");
	sqlite3_close(writer);
	before = count_files(folder);
	is_int(rows_in("dead.db"), 3, "a log without its program is read");
	is_int((long long)count_files(folder), (long long)before,
	       "nothing is left, and nothing is folded in");
	ok(is_there("dead.db-wal") && !is_there("dead.db-shm"),
	   "the log lies there as it did");
	if (truncate(in_folder("dead.db-wal"), 5000) < 0)
		bail_out("truncate");
	ok(rows_in("dead.db") <= 3, "a torn one counts as far as it goes");
}

/* One that was killed in the middle of a transaction, with its journal. */
static void test_journal(void)
{
	sqlite3 *writer = make("hot.db", "PRAGMA journal_mode=delete;"
			       "PRAGMA cache_size=5; CREATE TABLE t(a);"
			       "INSERT INTO t VALUES(1)");
	size_t before;

	run(writer, "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
	    "i+1 FROM n WHERE i<5000) INSERT INTO t SELECT "
	    "printf('%.100c','x') FROM n");
	copy_file("hot.db", "left.db");
	copy_file("hot.db-journal", "left.db-journal");
	run(writer, "ROLLBACK");
	is_int(rows_in("hot.db"), 1, "what was taken back is not there");
	sqlite3_close(writer);
	before = count_files(folder);
	is_int(rows_in("left.db"), 1, "nor what was never committed");
	ok(is_there("left.db-journal") && count_files(folder) == before,
	   "its journal lies there still");
}

/* Somebody else's folder, which nobody but its owner may write to. */
static void test_denied(void)
{
	sqlite3 *writer;
	int status = -1;
	pid_t child;

	if (geteuid() != 0) {
		ok(true, "needs another user");
		return;
	}
	writer = make("own.db", ALIVE);
	run(writer, "INSERT INTO t VALUES(2)");
	make_closed("shut.db", ALIVE);
	if (chmod(folder, 0755) < 0 || chmod(in_folder("own.db"), 0644) < 0 ||
	    chmod(in_folder("own.db-wal"), 0644) < 0 ||
	    chmod(in_folder("own.db-shm"), 0600) < 0)
		bail_out("chmod");
	child = fork();
	if (child == 0) {
		struct database *db = NULL;
		bool is_right;

		is_right = setgid(65534) == 0 && setuid(65534) == 0 &&
			   database_open(in_folder("own.db"), NULL, &db,
					 NULL) == 0 && count_rows(db) == 2;
		database_free(db);
		db = NULL;
		is_right = is_right &&
			   database_open(in_folder("shut.db"), NULL, &db,
					 NULL) == 0 && count_rows(db) == 1;
		_exit(!is_right);
	}
	ok(child > 0 && waitpid(child, &status, 0) == child && status == 0,
	   "a folder that cannot be written to is read");
	sqlite3_close(writer);
}

/* --- damage ---------------------------------------------------------------- */

static void put_file(const char *name, const char *bytes, size_t len)
{
	char path[128];

	snprintf(path, sizeof(path), "%s", in_folder(name));
	if (file_write_atomic(path, span_of(bytes, len), 0600, NULL) < 0)
		bail_out("cannot write '%s'", name);
}

static void test_damage(void)
{
	struct database *db = NULL;
	char head[4096] = "SQLite format 3";
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	unsigned seed;
	size_t i;

	put_file("short.db", head, 100);
	is_int(database_open(in_folder("short.db"), folder, &db, NULL),
	       ERR_CORRUPT, "a header alone");
	memset(head + 16, 0x5a, sizeof(head) - 16);
	put_file("odd.db", head, sizeof(head));
	is_int(database_open(in_folder("odd.db"), folder, &db, NULL),
	       ERR_CORRUPT, "encrypted, but for its first words");
	memset(head, 0xa5, sizeof(head));
	put_file("dark.db", head, sizeof(head));
	is_int(database_open(in_folder("dark.db"), folder, &db, NULL),
	       ERR_CORRUPT, "encrypted");
	is_int(database_open(in_folder("gone.db"), folder, &db, NULL),
	       ERR_NOT_FOUND, "none");
	make_closed("whole.db", TALK "WITH RECURSIVE n(i) AS (SELECT 1 UNION "
		    "ALL SELECT i+1 FROM n WHERE i<500) INSERT INTO session "
		    "SELECT printf('s%05d',i),'p',printf('%.300c','x') FROM "
		    "n");
	if (file_read(in_folder("whole.db"), BUF_NO_LIMIT, &bytes, NULL) < 0)
		bail_out("whole.db");
	for (seed = 1; seed < 200; seed++) {
		struct told told;
		size_t len = seed % 4 ? bytes.len : bytes.len * seed / 250;
		char *torn = malloc(bytes.len);
		uint32_t random = seed;

		memcpy(torn, bytes.data, bytes.len);
		for (i = 0; i < seed % 7 * 8; i++) {
			random = random * 1664525u + 1013904223u;
			torn[100 + random % (bytes.len - 100)] ^=
				(char)(random >> 24);
		}
		put_file("torn.db", torn, len);
		free(torn);
		if (database_open(in_folder("torn.db"), folder, &db, NULL) < 0)
			continue;
		told = tell(db, &session_shape);
		if (seed == 4 || seed == 13)
			ok(told.text.len > 0 || told.bad, "damage is told");
		buf_release(&told.text);
		database_free(db);
	}
	buf_release(&bytes);
	ok(true, "no damage is fatal");
}

int main(void)
{
	struct buf made = BUF_INIT(BUF_NO_LIMIT);

	if (dir_make_temp("/tmp", "vvault-test-", &made, NULL) < 0)
		bail_out("no folder");
	snprintf(folder, sizeof(folder), "%s", buf_text(&made));
	test_rows();
	test_values();
	test_signs();
	test_pairs();
	test_alive();
	test_still();
	test_killed();
	test_journal();
	test_denied();
	test_damage();
	ok(dir_remove_all("/tmp", folder, NULL) == 0, "the folder goes");
	buf_release(&made);
	return done_testing();
}
