#include "cmd/import/copilot/copilot_csv.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/input/whole.h"
#include "cmd/import/parse/csv.h"
#include "cmd/import/records/chat.h"
#include "cmd/import/records/rest.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

#define PROVIDER "copilot"
#define KEY_BYTES 16
#define KEY_MAX (KEY_BYTES * 2 + 24)

/*
 * The newest row comes first, and a question has the time of its answer: so
 * the rows are read from the last to the first, and never sorted. The title is
 * all that tells one conversation from another. A message's id is the hash of
 * its row, and which of the equal ones it is.
 */
enum column { TITLE, TIME, AUTHOR, TEXT };

struct thread {
	size_t row;		/* where a row of it begins, for its title */
	int64_t count;
	char last[KEY_MAX];	/* key of its last message; "" */
	struct chat_time created;
	struct chat_time updated;
};

struct csv_reading {
	struct import_job *job;
	struct import_source *source;
	struct span csv;
	struct {
		size_t *at;	/* where they begin */
		size_t n;
		size_t cap;
	} rows;
	struct {
		struct thread *at;
		size_t n;
		size_t cap;
	} threads;
	struct table titles;	/* to threads */
	struct table seen;	/* rows, how often */
	struct chat chat;
	size_t at;		/* thread that chat has begun */
	struct csv_reader row;
};

static bool csv_sniff(const struct import_input *input)
{
	struct csv_reader reader = CSV_READER_INIT(buf_span(&input->head));
	static const char *const names[] = {
		"Conversation", "Time", "Author", "Message"
	};
	bool is_ours;
	size_t i;

	if (input->is_folder || input->bundle)
		return false;
	is_ours = csv_next(&reader, NULL) == 0 && reader.has_row;
	for (i = 0; is_ours && i < 4; i++)
		is_ours = span_equals(csv_field(&reader, i),
				      span_str(names[i]));
	csv_release(&reader);
	return is_ours;
}

/* --- first: the rows and the threads --------------------------------------- */

static int find_thread(struct csv_reading *reading, struct span title,
		       size_t *out_at, struct err *err)
{
	const struct thread none = {
		.created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE,
	};
	unsigned char digest[SHA256_BYTES];
	uint64_t at = reading->threads.n;
	int rc;

	sha256_of(title.at, title.len, digest);
	if (table_get(&reading->titles, digest, &at)) {
		*out_at = at;
		return 0;
	}
	*out_at = at;
	rc = table_put(&reading->titles, digest, at, err);
	if (rc == 0)
		rc = array_room(&reading->threads, err);
	if (rc == 0)
		reading->threads.at[reading->threads.n++] = none;
	return rc;
}

static bool is_text(const struct csv_reader *row)
{
	size_t i;

	for (i = TITLE; i <= TEXT; i++) {
		if (!csv_field(row, i).at || !utf8_is_valid(csv_field(row, i)))
			return false;
	}
	return true;
}

static int note_row(struct csv_reading *reading, const struct csv_reader *row,
		    struct err *err)
{
	struct chat_time time = chat_time_said(csv_field(row, TIME));
	struct thread *thread;
	size_t at = 0;
	int rc;

	if (!is_text(row))
		return import_malformed(reading->job, reading->source,
					row->count < 4 ? "a row of too few "
					"fields" : "a row that is no UTF-8",
					row->row_at, span_of(NULL, 0), err);
	rc = array_room(&reading->rows, err);
	if (rc == 0)
		rc = find_thread(reading, csv_field(row, TITLE), &at, err);
	if (rc < 0)
		return rc;
	reading->rows.at[reading->rows.n++] = row->row_at;
	if (row->count > TEXT + 1)
		rc = import_skip(reading->source, "fields behind the four "
				 "that a row has", NULL, err);
	thread = &reading->threads.at[at];
	thread->row = row->row_at;
	if (time.micros > thread->updated.micros)
		thread->updated = time;
	if (time.micros != CHAT_TIME_UNKNOWN &&
	    (thread->created.micros == CHAT_TIME_UNKNOWN ||
	     time.micros < thread->created.micros))
		thread->created = time;
	return rc < 0 ? rc : 0;
}

static int find_rows(struct csv_reading *reading, struct err *err)
{
	struct csv_reader rows = CSV_READER_INIT(reading->csv);
	struct err why = ERR_INIT;
	int found = csv_next(&rows, &why);
	int rc = 0;

	while (rc == 0) {
		err_clear(&why);
		found = csv_next(&rows, &why);
		if (found == 0 && !rows.has_row)
			break;
		if (found == 0)
			rc = note_row(reading, &rows, err);
		else if (found == ERR_INVALID || found == ERR_LIMIT)
			rc = import_malformed(reading->job, reading->source,
					      why.text, rows.row_at,
					      csv_row(&rows), err);
		else
			rc = err_set(err, (enum err_code)found, "%s",
				     why.text);
	}
	csv_release(&rows);
	return rc;
}

/* --- then: from the last to the first -------------------------------------- */

/* Have a row again; it was read before. */
static int open_row(struct csv_reading *reading, size_t at, struct err *err)
{
	struct csv_reader *row = &reading->row;

	row->csv = reading->csv;
	row->at = at;
	return csv_next(row, err);
}

/* The hash of a row; "-2" when there was such a one. */
static int copilot_csv_make_key(struct csv_reading *reading, char out[KEY_MAX],
				struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	struct span field;
	uint64_t times;
	size_t i;
	int rc;

	sha256_init(&hash);
	for (i = TITLE; i <= TEXT; i++) {
		field = csv_field(&reading->row, i);
		sha256_add(&hash, field.at, field.len);
		sha256_add(&hash, "\0", 1);
	}
	sha256_finish(&hash, digest);
	rc = table_count(&reading->seen, digest, &times, err);
	hex_text(digest, KEY_BYTES, out);
	if (times)
		snprintf(out + KEY_BYTES * 2, KEY_MAX - KEY_BYTES * 2,
			 "-%llu", (unsigned long long)times + 1);
	return rc;
}

static int begin_thread(struct csv_reading *reading, size_t at, struct err *err)
{
	if (reading->at == at)
		return 0;
	reading->at = at;
	return chat_begin(&reading->chat, reading->job, reading->source,
			  PROVIDER, csv_field(&reading->row, TITLE), err);
}

/* What of a row has no field: one whom nobody here knows as its author, and
 * a time that cannot be read. */
static int make_native(const struct csv_reader *row,
		       struct chat_message *message, struct buf *native,
		       struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span author = csv_field(row, AUTHOR);

	message->role = span_equals(author, span_str("Human")) ? "user" :
		span_equals(author, span_str("AI")) ? "assistant" : NULL;
	if (!message->role) {
		message->role = "system";
		fields_said(&fields, "author", author);
	}
	message->created = chat_time_said(csv_field(row, TIME));
	if (message->created.micros == CHAT_TIME_UNKNOWN)
		fields_said(&fields, "time", csv_field(row, TIME));
	fields_put(&fields, native);
	message->native = buf_span(native);
	jcs_fields_release(&fields);
	return buf_end(native, err);
}

static int put_row(struct csv_reading *reading, size_t row, struct err *err)
{
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct chat_message message = { .visibility = "visible" };
	struct thread *thread;
	char key[KEY_MAX];
	size_t at = 0;
	int rc;

	rc = open_row(reading, row, err);
	if (rc == 0)
		rc = find_thread(reading, csv_field(&reading->row, TITLE),
				 &at, err);
	if (rc < 0)
		return rc;
	thread = &reading->threads.at[at];
	if (!import_is_wanted(reading->job, thread->updated.micros))
		return 0;
	rc = begin_thread(reading, at, err);
	if (rc == 0)
		rc = copilot_csv_make_key(reading, key, err);
	if (rc == 0)
		rc = make_native(&reading->row, &message, &native, err);
	if (rc < 0)
		goto out;
	message.key = span_str(key);
	if (thread->last[0])
		message.parent = span_str(thread->last);
	message.index = thread->count++;
	message.content = csv_field(&reading->row, TEXT);
	rc = chat_put_message(&reading->chat, &message, err);
	memcpy(thread->last, key, sizeof(key));
out:
	buf_release(&native);
	return rc;
}

static int put_thread(struct csv_reading *reading, const struct thread *thread,
		      struct err *err)
{
	struct chat_session session = {
		.provider = PROVIDER, .created = thread->created,
		.updated = thread->updated,
		.native = span_str("{\"inferred\":[\"session\"]}"),
	};
	int rc;

	if (!import_is_wanted(reading->job, thread->updated.micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	rc = open_row(reading, thread->row, err);
	if (rc < 0)
		return rc;
	session.key = csv_field(&reading->row, TITLE);
	session.title = session.key;
	session.active = span_str(thread->last);
	rc = chat_begin(&reading->chat, reading->job, reading->source,
			PROVIDER, session.key, err);
	return rc < 0 ? rc : chat_put_session(&reading->chat, &session, err);
}

static int put_all(struct csv_reading *reading, struct err *err)
{
	size_t i;
	int rc;

	rc = find_rows(reading, err);
	for (i = reading->rows.n; rc == 0 && i; i--)
		rc = put_row(reading, reading->rows.at[i - 1], err);
	for (i = reading->threads.n; rc == 0 && i; i--)
		rc = put_thread(reading, &reading->threads.at[i - 1], err);
	if (rc == 0 && reading->threads.n)
		rc = import_note(reading->source, err, "conversations are "
				 "told apart by their titles alone, and times "
				 "without a zone were taken as UTC");
	return rc;
}

static int read_table(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct csv_reading reading = {
		.job = job, .source = source, .chat = CHAT_INIT,
		.titles = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.at = SIZE_MAX, .row = CSV_READER_INIT(span_of(NULL, 0)),
	};
	int rc;

	rc = whole_load(source, WHOLE_MAX_BYTES, err);
	reading.csv = buf_span(&source->input.head);
	if (!rc)
		rc = put_all(&reading, err);
	free(reading.rows.at);
	free(reading.threads.at);
	table_release(&reading.titles);
	table_release(&reading.seen);
	chat_release(&reading.chat);
	csv_release(&reading.row);
	return rc;
}

const struct importer copilot_csv_importer = {
	.name = "copilot-csv",
	.one = "Copilot activity history",
	.many = "Copilot activity histories",
	.construct = "copilot",
	.sniff = csv_sniff,
	.read = read_table,
};
