#include "cmd/import/notes/aider.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/notes/aider_internal.h"
#include "cmd/import/records/part.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"
#include "lib/base/table.h"
#include "lib/base/text.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/os/path.h"

#define AIDER "aider"
#define HISTORY ".aider.chat.history.md"
#define TYPED ".aider.input.history"
#define KEY_BYTES 16		/* of a hash, in a key */
#define KEY_TEXT (2 * KEY_BYTES)
#define KEY_MAX (KEY_TEXT + 24)

struct aider_reading {
	struct import_job *job;
	struct import_source *source;
	struct aider_log log;
	struct aider_typings typings;
	struct chat chat;
	struct parts parts;
	struct buf text;
	struct table sessions;		/* their hashes, how often */
	struct table said;		/* the same of messages of one */
	char key[KEY_MAX];		/* of the session */
	char message[KEY_MAX];		/* the last one; "" */
	int64_t index;
	bool is_command;		/* the last prompt was one to Aider */
	struct chat_time updated;
	struct buf model;
	struct buf version;
};

/* --- keys: nothing has an id ----------------------------------------------- */

/* The hash of two texts, and which one of those that are alike it is. */
static int aider_make_key(struct table *seen, struct span a, struct span b,
			  char out[KEY_MAX], struct err *err)
{
	const struct span texts[] = { a, b };
	unsigned char hash[SHA256_BYTES];
	struct buf key = BUF_INIT(KEY_MAX - 1);
	char hex[KEY_TEXT + 1];
	uint64_t nth = 0;
	int rc;

	sha256_of_list(texts, 2, hash);
	rc = table_count(seen, hash, &nth, err);
	hex_text(hash, KEY_BYTES, hex);
	buf_put_str(&key, hex);
	if (nth)
		buf_putf(&key, "-%llu", (unsigned long long)nth + 1);
	if (rc == 0)
		rc = buf_end(&key, err);
	if (rc == 0)
		memcpy(out, buf_text(&key), key.len + 1);
	buf_release(&key);
	return rc;
}

/* --- messages -------------------------------------------------------------- */

static const struct aider_piece *piece_at(const struct aider_reading *reading,
					  const struct aider_session *session,
					  size_t at)
{
	return &reading->log.pieces.at[session->first + at];
}

/* What Aider says of itself: what it runs with, what an answer has cost, what
 * a command to it gives. */
static bool is_about(const struct aider_reading *reading)
{
	return !reading->message[0] || reading->is_command ||
	       span_begins(buf_span(&reading->text), "Tokens: ");
}

/* What stands behind these words, up to `end`; the first one counts. */
static void take_word(struct span line, const char *begin, const char *end,
		      struct buf *out)
{
	size_t len = strlen(begin);
	size_t stop;

	if (out->len || !span_begins(line, begin))
		return;
	stop = span_find(line, end, len);
	if (stop == SPAN_NOWHERE)
		stop = line.len;
	buf_put(out, line.at + len, stop - len);
}

/* "Main model: x with diff edit format", "Aider v0.86.0". */
static void note_about(struct aider_reading *reading)
{
	struct span rest = buf_span(&reading->text);
	struct span line;

	while (rest.len) {
		line = span_take_line(&rest);
		take_word(line, "Main model: ", " with ", &reading->model);
		take_word(line, "Model: ", " with ", &reading->model);
		take_word(line, "Aider v", " ", &reading->version);
	}
}

static void fill_prompt(struct aider_reading *reading,
			struct chat_message *message, int64_t from,
			int64_t until)
{
	message->role = "user";
	message->visibility = "visible";
	message->created = aider_typed_at(&reading->typings,
					  message->content, from, until);
	if (message->created.micros > reading->updated.micros)
		reading->updated = message->created;
	reading->is_command = span_begins(message->content, "/");
}

static int fill_output(struct aider_reading *reading,
		       struct chat_message *message, struct err *err)
{
	message->role = "tool";
	message->visibility = "tool";
	if (is_about(reading)) {
		message->role = "system";
		message->visibility = "meta";
		note_about(reading);
		return 0;
	}
	parts_reset(&reading->parts);
	part_begin(&reading->parts, "tool_result");
	part_place(&reading->parts.content, message->content,
		   &reading->parts.fields);
	part_end(&reading->parts);
	return parts_list(&reading->parts, &message->parts, err);
}

static int put_piece(struct aider_reading *reading,
		     const struct aider_piece *piece, int64_t from,
		     int64_t until, struct err *err)
{
	struct chat_message message = {
		.index = reading->index, .role = "assistant",
		.visibility = "visible", .created = CHAT_TIME_NONE,
	};
	char parent[KEY_MAX];
	int rc = aider_text(piece, &reading->text, err);

	if (rc < 0)
		return rc;
	message.content = buf_span(&reading->text);
	if (piece->kind == AIDER_PROMPT)
		fill_prompt(reading, &message, from, until);
	else if (piece->kind == AIDER_OUTPUT)
		rc = fill_output(reading, &message, err);
	else
		reading->is_command = false;
	memcpy(parent, reading->message, sizeof(parent));
	if (parent[0])
		message.parent = span_str(parent);
	if (rc == 0)
		rc = aider_make_key(&reading->said, span_str(message.role),
				    message.content, reading->message, err);
	message.key = span_str(reading->message);
	reading->index++;
	return rc < 0 ? rc : chat_put_message(&reading->chat, &message, err);
}

/* --- sessions -------------------------------------------------------------- */

/* Its first prompt; NULL: nothing was said in it. */
static const struct aider_piece *
first_prompt(const struct aider_reading *reading,
	     const struct aider_session *session)
{
	const struct aider_piece *piece;
	size_t i;

	for (i = 0; i < session->n; i++) {
		piece = piece_at(reading, session, i);
		if (piece->kind == AIDER_PROMPT)
			return piece;
	}
	return NULL;
}

/* The folder it was about is that of the file where Aider writes it: a copy
 * says nothing of that. */
static int aider_put_native(const struct aider_reading *reading,
			    struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const char *path = reading->source->input.path;
	size_t len = (size_t)(path_base(path) - path);
	int rc;

	if (reading->job->options.is_found && len > 1)
		fields_said(&fields, "cwd", span_of(path, len - 1));
	if (reading->version.len)
		fields_said(&fields, "version", buf_span(&reading->version));
	fields_put(&fields, out);
	rc = fields_end(&fields, err);
	jcs_fields_release(&fields);
	return rc < 0 ? rc : buf_end(out, err);
}

static int aider_put_session(struct aider_reading *reading,
			     const struct aider_session *session,
			     struct err *err)
{
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct chat_session put = {
		.provider = AIDER, .key = span_str(reading->key),
		.created = session->started, .updated = reading->updated,
		.active = span_str(reading->message),
	};
	int rc = aider_put_native(reading, &native, err);

	if (reading->model.len)
		put.model = buf_span(&reading->model);
	put.native = buf_span(&native);
	if (rc == 0)
		rc = buf_end(&reading->model, err);
	if (rc == 0)
		rc = chat_put_session(&reading->chat, &put, err);
	buf_release(&native);
	return rc;
}

/*
 * A session is told from others by when it began and what was asked first,
 * which a file that grows, or of which the begin was cut, leaves as they are.
 */
static int begin_aider(struct aider_reading *reading,
		       const struct aider_session *session,
		       const struct aider_piece *prompt, struct err *err)
{
	int rc = aider_text(prompt, &reading->text, err);

	table_reset(&reading->said);
	buf_reset(&reading->model);
	buf_reset(&reading->version);
	reading->message[0] = '\0';
	reading->index = 0;
	reading->is_command = false;
	reading->updated = session->started;
	if (rc == 0)
		rc = aider_make_key(&reading->sessions, session->head,
				    buf_span(&reading->text), reading->key,
				    err);
	return rc < 0 ? rc : chat_begin(&reading->chat, reading->job,
					reading->source, AIDER,
					span_str(reading->key), err);
}

/* The last moment at which something of the session can have been typed. */
static int64_t end_of(const struct aider_log *log, size_t at)
{
	for (at++; at < log->sessions.n; at++) {
		if (log->sessions.at[at].started.micros != CHAT_TIME_UNKNOWN)
			return log->sessions.at[at].started.micros;
	}
	return INT64_MAX;
}

static int read_session(struct aider_reading *reading, size_t at,
			struct err *err)
{
	const struct aider_session *session = &reading->log.sessions.at[at];
	const struct aider_piece *prompt = first_prompt(reading, session);
	int64_t from = session->started.micros;
	int64_t until = end_of(&reading->log, at);
	size_t i;
	int rc;

	if (!prompt)
		return import_leave_out(reading->source, "a session in which "
					"nothing was asked", NULL, err);
	/* Of what came last in it the time may not be known. */
	if (!import_is_wanted(reading->job, until))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	rc = begin_aider(reading, session, prompt, err);
	for (i = 0; rc == 0 && i < session->n; i++)
		rc = put_piece(reading, piece_at(reading, session, i), from,
			       until, err);
	return rc < 0 ? rc : aider_put_session(reading, session, err);
}

/* --- the file -------------------------------------------------------------- */

/* A line that has no end yet is being written. */
static struct span whole_lines_of(struct import_source *source)
{
	struct span text = buf_span(&source->input.head);
	size_t len = text.len;

	while (source->is_live && len && text.at[len - 1] != '\n')
		len--;
	source->is_unfinished |= len < text.len;
	return span_of(text.at, len);
}

static int read_all(struct aider_reading *reading, struct err *err)
{
	struct span typed = beside_get(reading->source, "typed");
	size_t i;
	int rc;

	rc = aider_parse(whole_lines_of(reading->source), &reading->log, err);
	if (rc == 0 && typed.at)
		rc = aider_typings_read(&reading->typings, typed, err);
	for (i = 0; rc == 0 && i < reading->log.sessions.n; i++)
		rc = read_session(reading, i, err);
	return rc;
}

static int aider_read(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct aider_reading reading = {
		.job = job, .source = source, .log = AIDER_LOG_INIT,
		.typings = AIDER_TYPINGS_INIT, .chat = CHAT_INIT,
		.parts = PARTS_INIT, .text = BUF_INIT(BUF_NO_LIMIT),
		.sessions = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.said = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.model = BUF_INIT(BUF_NO_LIMIT),
		.version = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = whole_load(source, WHOLE_MAX_BYTES, err);

	if (rc)
		return rc;
	rc = text_is_utf8(buf_span(&source->input.head)) ?
		read_all(&reading, err) :
		import_refuse(source, "it is no UTF-8 text", NULL, err);
	aider_log_release(&reading.log);
	aider_typings_release(&reading.typings);
	chat_release(&reading.chat);
	parts_release(&reading.parts);
	buf_release(&reading.text);
	buf_release(&reading.model);
	buf_release(&reading.version);
	table_release(&reading.sessions);
	table_release(&reading.said);
	return rc;
}

static bool aider_sniff(const struct import_input *input)
{
	return !input->is_folder && !input->bundle &&
	       aider_is_head(sniff_line(buf_span(&input->head), 1), NULL);
}

static enum import_place aider_place(const struct import_input *input,
				     struct span place,
				     const char **out_reason)
{
	struct span name = beside_part(place, 0);

	*out_reason = "of Aider, and no part of its sessions";
	if (span_equals(name, span_str(TYPED)) &&
	    beside_is_there(input, place, HISTORY))
		return PLACE_BESIDE;
	return span_equals(name, span_str(".aider.llm.history")) ?
		PLACE_APART : PLACE_ANYWHERE;
}

static int aider_beside(const struct import_input *input, struct span place,
			struct beside *to, struct err *err)
{
	(void)input;
	if (!span_equals(beside_part(place, 0), span_str(HISTORY)))
		return 0;
	return beside_file(to, "typed", TYPED, err);
}

const struct importer aider_importer = {
	.name = AIDER,
	.one = "Aider history",
	.many = "Aider histories",
	.construct = AIDER,
	.sniff = aider_sniff,
	.place = aider_place,
	.beside = aider_beside,
	.read = aider_read,
	.is_of_agents = true,
};
