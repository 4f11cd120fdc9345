#include "cmd/import/gemini/gemini_cli.h"

#include "cmd/import/gemini/gemini_cli_internal.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/parse/value_lines.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->is_folder || input->bundle)
		return false;
	if (!sniff_has(head, "sessionId") || sniff_has(head, "uuid") ||
	    sniff_has(head, "requests"))
		return false;
	return sniff_has(head, "projectHash") ||
	       (sniff_has(head, "startTime") && !sniff_has(head, "data"));
}

struct reading {
	struct import_job *job;
	struct import_source *source;
	struct gemini_cli_log log;
	struct chat chat;
	struct parts parts;
};

/* --- the log --------------------------------------------------------------- */

static int take_line(struct reading *reading, const struct value_line *line,
		     struct err *err)
{
	const struct gemini_cli_place place = {
		buf_span(&reading->source->input.head), line->text.at,
		line->offset
	};
	int rc = gemini_cli_take(&reading->log, line->value, &place, err);

	return rc ? rc : import_leave_out(reading->source, "a line of the "
		"log of a kind that is not known here", NULL, err);
}

static int read_lines(struct reading *reading, struct err *err)
{
	struct span left = buf_span(&reading->source->input.head);
	struct value_lines *lines = NULL;
	struct value_line line;
	int found = 1;
	int rc;

	rc = value_lines_new(whole_feed(&left), &lines, err);
	while (rc >= 0 && found > 0) {
		found = value_lines_next(lines, &line, err);
		if (found == 1)
			rc = take_line(reading, &line, err);
		else if (found == 2)
			rc = import_malformed(reading->job, reading->source,
					      line.why.text, line.offset,
					      line.text, err);
		else
			rc = found;
	}
	value_lines_free(lines);
	return rc < 0 ? rc : 0;
}

/* --- one document ---------------------------------------------------------- */

static int read_document(struct reading *reading, struct err *err)
{
	struct jdoc *doc = NULL;
	struct gemini_cli_place place = { .offset = 0 };
	int rc;

	rc = whole_read(reading->source, &doc, err);
	if (rc)
		return rc;
	place.source = buf_span(&reading->source->input.head);
	place.from = place.source.at;
	rc = gemini_cli_take(&reading->log, jdoc_root(doc), &place, err);
	jdoc_free(doc);
	if (rc == 0)
		return import_refuse(reading->source, "a document without a "
				     "session", NULL, err);
	return rc < 0 ? rc : 0;
}

/* --- records --------------------------------------------------------------- */

static int parse(struct span text, struct jdoc **out, struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };

	return jdoc_parse(text, &options, out, err);
}

static int put_message(struct reading *reading, size_t at, struct buf *parent,
		       struct err *err)
{
	const struct gemini_cli_message *message = &reading->log.messages[at];
	struct chat_message place = { .index = (int64_t)at };
	char room[GEMINI_CLI_KEY_MAX];
	struct jdoc *doc = NULL;
	int rc;

	if (parent->len)
		place.parent = buf_span(parent);
	rc = parse(message->text, &doc, err);
	if (rc >= 0 && !jval_is(jdoc_root(doc), JVAL_OBJECT)) {
		rc = import_malformed(reading->job, reading->source,
				      "a message that is no object",
				      message->offset, message->text, err);
	} else if (rc >= 0) {
		place.key = gemini_cli_key(jdoc_root(doc), room);
		rc = gemini_cli_put(&reading->chat, &reading->parts,
				    jdoc_root(doc), &place, err);
	}
	jdoc_free(doc);
	return rc;
}

/* The key of a message, as a copy. */
static int key_of(struct reading *reading, size_t at, struct buf *out,
		  struct err *err)
{
	char room[GEMINI_CLI_KEY_MAX];
	struct jdoc *doc = NULL;
	int rc = 0;

	buf_reset(out);
	if (at == GEMINI_CLI_NONE)
		return 0;
	rc = parse(reading->log.messages[at].text, &doc, err);
	if (rc >= 0)
		rc = buf_add_span(out, gemini_cli_key(jdoc_root(doc), room),
				  err);
	jdoc_free(doc);
	return rc;
}

static int put_messages(struct reading *reading, struct err *err)
{
	struct buf parent = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < reading->log.n; i++) {
		rc = key_of(reading, reading->log.messages[i].parent, &parent,
			    err);
		if (rc >= 0)
			rc = put_message(reading, i, &parent, err);
	}
	buf_release(&parent);
	return rc;
}

static int put_session(struct reading *reading, const struct jval *about,
		       struct span key, struct err *err)
{
	static const char *const taken[] = {
		"sessionId", "startTime", "lastUpdated", "summary", "messages",
		NULL
	};
	const struct gemini_cli_log *log = &reading->log;
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct buf active = BUF_INIT(BUF_NO_LIMIT);
	struct chat_session session = {
		.provider = GEMINI_CLI_PROVIDER, .key = key,
		.title = jval_get_text(about, "summary"),
		.created = chat_time_of(jval_get(about, "startTime")),
		.updated = chat_time_of(jval_get(about, "lastUpdated")),
	};
	int rc;

	rc = key_of(reading, log->standing_n ?
		    log->standing[log->standing_n - 1] : GEMINI_CLI_NONE,
		    &active, err);
	if (active.len)
		session.active = buf_span(&active);
	if (rc >= 0)
		rc = chat_add_rest(&native, about, taken, err);
	if (native.len)
		session.native = buf_span(&native);
	if (rc >= 0)
		rc = chat_put_session(&reading->chat, &session, err);
	buf_release(&native);
	buf_release(&active);
	return rc;
}

static int put_all(struct reading *reading, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	const struct jval *about;
	struct chat_time updated;
	struct span key;
	int rc;

	rc = gemini_cli_about(&reading->log, &text, err);
	if (rc >= 0)
		rc = parse(buf_span(&text), &doc, err);
	if (rc < 0)
		goto out;
	about = jdoc_root(doc);
	key = jval_get_text(about, "sessionId");
	updated = chat_time_of(jval_get(about, "lastUpdated"));
	if (!key.len) {
		rc = import_leave_out(reading->source, "a session without "
				      "sessionId", NULL, err);
		goto out;
	}
	if (!import_is_wanted(reading->job, updated.micros)) {
		rc = import_leave_out(reading->source, "older than --since",
				      NULL, err);
		goto out;
	}
	rc = chat_begin(&reading->chat, reading->job, reading->source,
			GEMINI_CLI_PROVIDER, key, err);
	if (rc >= 0)
		rc = put_messages(reading, err);
	if (rc >= 0)
		rc = put_session(reading, about, key, err);
out:
	jdoc_free(doc);
	buf_release(&text);
	return rc;
}

static int read_session(struct import_job *job, struct import_source *source,
			struct err *err)
{
	struct reading reading = {
		.job = job, .source = source, .log = GEMINI_CLI_LOG_INIT,
		.chat = CHAT_INIT, .parts = PARTS_INIT,
	};
	int rc;

	rc = whole_load(source, WHOLE_MAX_BYTES, err);
	if (rc)
		return rc;
	/* Lines where a whole object is followed by another one. */
	rc = sniff_is_lines(buf_span(&source->input.head)) ?
		read_lines(&reading, err) : read_document(&reading, err);
	if (rc == 0)
		rc = put_all(&reading, err);
	gemini_cli_log_release(&reading.log);
	chat_release(&reading.chat);
	parts_release(&reading.parts);
	return rc;
}

const struct importer gemini_cli_importer = {
	.name = "gemini-cli",
	.one = "Gemini CLI session",
	.many = "Gemini CLI sessions",
	.construct = "gemini",
	.sniff = sniff,
	.read = read_session,
};
