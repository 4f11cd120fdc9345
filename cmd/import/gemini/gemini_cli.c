#include "cmd/import/gemini/gemini_cli.h"

#include "cmd/import/gemini/gemini_cli_internal.h"
#include "cmd/import/beside/awaited.h"
#include "cmd/import/beside/beside.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "cmd/import/sniff.h"

struct gemini_cli_reading {
	struct import_job *job;
	struct import_source *source;
	struct gemini_cli_log log;
	struct span key;		/* of the session */
	struct chat chat;
	struct parts parts;
};

/* --- the log --------------------------------------------------------------- */

static int take_line(void *arg, const struct value_line *line,
		     struct err *err)
{
	struct gemini_cli_reading *reading = arg;
	const struct gemini_cli_place place = {
		buf_span(&reading->source->input.head), line->text.at,
		line->offset
	};
	const char *reason = NULL;
	int rc;

	rc = gemini_cli_take(&reading->log, line->value, &place, &reason,
			     err);
	return rc < 0 || !reason ? rc :
		import_leave_out(reading->source, reason, NULL, err);
}

static int read_document(struct gemini_cli_reading *reading, struct err *err)
{
	struct value_line all = { .offset = 0 };
	struct jdoc *doc = NULL;
	int rc = whole_read(reading->source, &doc, err);

	if (rc)
		return rc;
	all.value = jdoc_root(doc);
	all.text = buf_span(&reading->source->input.head);
	rc = gemini_cli_is_session(all.value) ? take_line(reading, &all, err) :
		import_refuse(reading->source, "a document without a session",
			      NULL, err);
	jdoc_free(doc);
	return rc;
}

/* --- records --------------------------------------------------------------- */

static int gemini_cli_parse(struct span text, struct jdoc **out,
			    struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };

	return jdoc_parse(text, &options, out, err);
}

static struct span key_of(const struct gemini_cli_log *log, size_t at)
{
	return at == GEMINI_CLI_NONE ? span_of(NULL, 0) :
		log->messages.at[at].key;
}

static int put_message(struct gemini_cli_reading *reading, size_t at,
		       struct err *err)
{
	const struct gemini_cli_log *log = &reading->log;
	const struct gemini_cli_message *message = &log->messages.at[at];
	const struct chat_message place = {
		.key = message->key, .parent = key_of(log, message->parent),
		.index = (int64_t)at, .created = message->created,
	};
	struct jdoc *doc = NULL;
	int rc = gemini_cli_parse(message->text, &doc, err);

	if (rc == 0)
		rc = jval_is(jdoc_root(doc), JVAL_OBJECT) ?
			gemini_cli_put(&reading->chat, &reading->parts, log,
				       jdoc_root(doc), &place, err) :
			import_malformed(reading->job, reading->source,
					 "a message that is no object",
					 message->offset, message->text, err);
	if (rc == 0)
		rc = awaited_note_files(&reading->chat, reading->key,
					GEMINI_CLI_OUTPUTS, err);
	jdoc_free(doc);
	return rc;
}

/* What the log says of the session, and the folder that it was about. */
static int put_native(const struct import_source *source, struct take *about,
		      struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf root = BUF_INIT(BUF_NO_LIMIT);
	int rc = gemini_cli_root(source, &root, err);

	if (root.len)
		fields_said(&fields, "cwd", buf_span(&root));
	take_rest(about, &fields);
	fields_put(&fields, out);
	if (rc == 0)
		rc = fields_end(&fields, err);
	if (rc == 0)
		rc = buf_end(out, err);
	jcs_fields_release(&fields);
	buf_release(&root);
	return rc;
}

static int gemini_cli_put_session(struct gemini_cli_reading *reading,
				  struct take *about, struct span key,
				  struct err *err)
{
	const struct gemini_cli_log *log = &reading->log;
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct chat_session session = {
		.provider = GEMINI_CLI_PROVIDER, .key = key,
		.title = take_text(about, "summary"),
		.created = take_time(about, "startTime"),
		.updated = take_time(about, "lastUpdated"),
		.active = key_of(log, log->standing.n ?
				 log->standing.at[log->standing.n - 1] :
				 GEMINI_CLI_NONE),
		.parent = beside_get(reading->source, "parent"),
		.is_guessed = log->has_lost,
	};
	int rc = put_native(reading->source, about, &native, err);

	session.native = buf_span(&native);
	reading->source->guessed += session.is_guessed;
	if (rc == 0)
		rc = chat_put_session(&reading->chat, &session, err);
	buf_release(&native);
	return rc;
}

static int put_about(struct gemini_cli_reading *reading,
		     const struct jval *value, struct err *err)
{
	struct take about = take_begin(value);
	struct span key = take_filled(&about, "sessionId");
	int64_t updated = chat_time_of(take_see(&about, "lastUpdated")).micros;
	size_t i;
	int rc;

	if (!key.len)
		return import_leave_out(reading->source, "a session without "
					"sessionId", NULL, err);
	if (!import_is_wanted(reading->job, updated))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	reading->key = key;
	rc = gemini_cli_note(reading->job, key, err);
	if (rc == 0)
		rc = chat_begin(&reading->chat, reading->job, reading->source,
				GEMINI_CLI_PROVIDER, key, err);
	for (i = 0; rc == 0 && i < reading->log.messages.n; i++)
		rc = put_message(reading, i, err);
	if (rc == 0)
		rc = gemini_cli_put_session(reading, &about, key, err);
	return rc < 0 || !reading->log.replaced ? rc :
		import_note(reading->source, err, "what the log says anew "
			    "counts as it was said most fully: %llu",
			    (unsigned long long)reading->log.replaced);
}

static int put_all(struct gemini_cli_reading *reading, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc;

	gemini_cli_about(&reading->log, &text);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = gemini_cli_parse(buf_span(&text), &doc, err);
	if (rc == 0)
		rc = put_about(reading, jdoc_root(doc), err);
	jdoc_free(doc);
	buf_release(&text);
	return rc;
}

static int read_output(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	const struct awaited_file file = {
		.provider = GEMINI_CLI_PROVIDER,
		.session = beside_get(source, "session"),
		.name = beside_get(source, "output"),
		.folder = GEMINI_CLI_OUTPUTS,
	};

	return awaited_read(job, source, &file, err);
}

static int read_session(struct import_job *job, struct import_source *source,
			struct err *err)
{
	struct gemini_cli_reading reading = {
		.job = job, .source = source, .log = GEMINI_CLI_LOG_INIT,
		.chat = CHAT_INIT, .parts = PARTS_INIT,
	};
	const struct lines_visitor visitor = { take_line, &reading };
	int rc;

	if (beside_get(source, "output").at)
		return read_output(job, source, err);
	rc = whole_load(source, WHOLE_MAX_BYTES, err);

	if (rc)
		return rc;
	if (span_begins(sniff_begin(buf_span(&source->input.head)), "["))
		return gemini_cli_read_prompts(job, source, err);
	/* Lines where a whole object is followed by another one. */
	rc = sniff_is_lines(buf_span(&source->input.head)) ?
		whole_lines(job, source, &visitor, err) :
		read_document(&reading, err);
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
	.signs = (const char *const[]){
		"sessionId !uuid|requests projectHash",
		"sessionId !uuid|requests|data startTime",
		"sessionId !uuid messageId message timestamp", NULL
	},
	.home = &gemini_cli_home,
	.place = gemini_cli_place,
	.beside = gemini_cli_beside,
	.read = read_session,
	.is_of_agents = true,
};
