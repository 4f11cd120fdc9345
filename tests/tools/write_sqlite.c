/*
 * usage: write_sqlite <database> <milliseconds> wal|delete
 *
 * An agent that is at work: writes a session, a message in each transaction,
 * as fast as it can, with checkpoints between. With a log it waits for nobody:
 * a reader that keeps it out is an error; without one a second at most, as
 * such programs do. After each commit the number of messages
 * stands in <database>.count. Ends before its time once there is a file
 * <database>.stop. Prints messages and errors at the end.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct writer {
	sqlite3 *db;
	const char *path;
	long messages;
	long errors;
};

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run(struct writer *writer, const char *sql)
{
	if (sqlite3_exec(writer->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return;
	if (!sqlite3_get_autocommit(writer->db))
		sqlite3_exec(writer->db, "ROLLBACK", NULL, NULL, NULL);
	fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(writer->db));
	writer->errors++;
}

/* Under another name first: whoever reads it sees one or the other. */
static void tell(const struct writer *writer)
{
	char name[4096];
	char temp[4096];
	FILE *out;

	snprintf(name, sizeof(name), "%s.count", writer->path);
	snprintf(temp, sizeof(temp), "%s.count-new", writer->path);
	out = fopen(temp, "w");
	if (!out)
		return;
	fprintf(out, "%ld\n", writer->messages);
	fclose(out);
	rename(temp, name);
}

static bool is_stopped(const struct writer *writer)
{
	char name[4096];

	snprintf(name, sizeof(name), "%s.stop", writer->path);
	return access(name, F_OK) == 0;
}

static void write_message(struct writer *writer)
{
	char sql[1024];
	long n = writer->messages;
	long time = 1795000000 + n;

	snprintf(sql, sizeof(sql),
		 "BEGIN;"
		 "INSERT INTO message VALUES('msg_%08ld','ses_1',%ld000,%ld000,"
		 "'{\"role\":\"user\",\"time\":{\"created\":%ld000}}');"
		 "INSERT INTO part VALUES('prt_%08ld','msg_%08ld','ses_1',"
		 "'{\"type\":\"text\",\"text\":\"message %ld %.200s\"}');"
		 "UPDATE session SET time_updated=%ld000;"
		 "COMMIT", n, time, time, time, n, n, n,
		 "of many words, so that pages fill and the log is folded into "
		 "the file again and again while somebody reads it", time);
	run(writer, sql);
	writer->messages++;
	tell(writer);
}

int main(int argc, char **argv)
{
	const struct timespec rest = { 0, 2000000 };
	struct writer writer = { .path = argc > 1 ? argv[1] : "" };
	long end;

	if (argc != 4)
		return 129;
	end = now_ms() + strtol(argv[2], NULL, 10);
	if (sqlite3_open(argv[1], &writer.db) != SQLITE_OK)
		return 128;
	sqlite3_busy_timeout(writer.db, !strcmp(argv[3], "wal") ? 0 : 1000);
	run(&writer, !strcmp(argv[3], "wal") ? "PRAGMA journal_mode=wal" :
	    "PRAGMA journal_mode=delete");
	run(&writer, "PRAGMA synchronous=normal;"
	    "PRAGMA wal_autocheckpoint=50;"
	    "CREATE TABLE session(id TEXT PRIMARY KEY, directory, title,"
	    "time_created, time_updated);"
	    "CREATE TABLE message(id TEXT PRIMARY KEY, session_id,"
	    "time_created, time_updated, data);"
	    "CREATE TABLE part(id TEXT PRIMARY KEY, message_id, session_id,"
	    "data);"
	    "CREATE INDEX m ON message(session_id);"
	    "CREATE INDEX p ON part(message_id);"
	    "INSERT INTO session VALUES('ses_1','/srv','Live',"
	    "1795000000000,1795000000000)");
	tell(&writer);
	while (now_ms() < end && !is_stopped(&writer)) {
		write_message(&writer);
		nanosleep(&rest, NULL);
	}
	sqlite3_close(writer.db);
	printf("%ld messages, %ld errors\n", writer.messages, writer.errors);
	return writer.errors != 0;
}
