#include "cmd/import/copilot/copilot_cli.h"

#include "cmd/import/copilot/copilot_cli_internal.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"

static bool is_event(struct span line)
{
	return sniff_has(line, "type") && sniff_has(line, "data") &&
	       (sniff_has(line, "timestamp") || sniff_has(line, "id")) &&
	       (sniff_mentions(line, "\"session.") ||
		sniff_mentions(line, "\"user.message\"") ||
		sniff_mentions(line, "\"assistant.") ||
		sniff_mentions(line, "\"tool.execution_"));
}

static bool copilot_cli_sniff(const struct import_input *input)
{
	return !input->is_folder && !input->bundle &&
	       is_event(sniff_line(buf_span(&input->head), 1));
}

/* What is told of the session as a whole, gathered before its events are
 * put: they need its id. */
struct about {
	struct buf key;
	struct buf model;
	struct buf last;		/* key of the last event */
	struct buf cwd;
	struct buf title;
	struct chat_time created;
	struct chat_time updated;
};

struct copilot_cli_reading {
	struct import_job *job;
	struct import_source *source;
	struct chat chat;
	struct parts parts;
	struct about about;
	struct buf before;
	int64_t index;
};

static bool is_object(const struct value_line *line)
{
	return jval_is(line->value, JVAL_OBJECT) &&
	       jval_is(jval_get(line->value, "type"), JVAL_STRING);
}

static void keep(struct buf *out, struct span text)
{
	if (!text.len)
		return;
	buf_reset(out);
	buf_put_span(out, text);
}

/* First: what the session is. */
static int look_line(void *arg, const struct value_line *line,
		     struct err *err)
{
	struct copilot_cli_reading *reading = arg;
	struct about *about = &reading->about;
	const struct jval *data = jval_get(line->value, "data");
	struct chat_time time = chat_time_of(jval_get(line->value,
						      "timestamp"));
	struct chat_time start = chat_time_of(jval_get(data, "startTime"));
	char room[COPILOT_CLI_KEY_MAX];

	if (!is_object(line))
		return 0;
	if (time.micros > about->updated.micros)
		about->updated = time;
	if (about->created.micros == CHAT_TIME_UNKNOWN)
		about->created = start.micros != CHAT_TIME_UNKNOWN ? start :
			time;
	if (!about->key.len)
		keep(&about->key, jval_get_text(data, "sessionId"));
	if (!about->cwd.len)
		keep(&about->cwd, jval_text(jval_at(data, "context.cwd")));
	if (jval_is_text(jval_get(line->value, "type"),
			 "session.title_changed"))
		keep(&about->title, jval_get_text(data, "title"));
	keep(&about->model, jval_get_text(data, "selectedModel"));
	keep(&about->model, jval_get_text(data, "newModel"));
	keep(&about->last, copilot_cli_key(line->value, room));
	buf_fail(&about->last, buf_end(&about->key, NULL));
	buf_fail(&about->last, buf_end(&about->model, NULL));
	buf_fail(&about->last, buf_end(&about->cwd, NULL));
	buf_fail(&about->last, buf_end(&about->title, NULL));
	return buf_end(&about->last, err);
}

/* Then: the events. */
static int put_line(void *arg, const struct value_line *line, struct err *err)
{
	struct copilot_cli_reading *reading = arg;
	struct buf *before = &reading->before;
	char room[COPILOT_CLI_KEY_MAX];
	int rc;

	if (!is_object(line))
		return import_malformed(reading->job, reading->source,
					"a line that is no event",
					line->offset, line->text, err);
	rc = copilot_cli_put(&reading->chat, &reading->parts, line->value,
			     before->len ? buf_span(before) :
			     span_of(NULL, 0), reading->index++, err);
	keep(before, copilot_cli_key(line->value, room));
	return rc < 0 ? rc : buf_end(before, err);
}

static int copilot_cli_put_session(struct copilot_cli_reading *reading,
				   struct err *err)
{
	const struct about *about = &reading->about;
	struct chat_session session = {
		.provider = COPILOT_CLI_PROVIDER, .key = buf_span(&about->key),
		.created = about->created, .updated = about->updated,
	};

	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (about->last.len)
		session.active = buf_span(&about->last);
	if (about->model.len)
		session.model = buf_span(&about->model);
	if (about->title.len)
		session.title = buf_span(&about->title);
	if (about->cwd.len)
		fields_said(&fields, "cwd", buf_span(&about->cwd));
	fields_put(&fields, &native);
	jcs_fields_release(&fields);
	session.native = buf_span(&native);
	rc = buf_end(&native, err);
	if (rc == 0)
		rc = chat_put_session(&reading->chat, &session, err);
	buf_release(&native);
	return rc;
}

/* A log whose begin is lost goes by its first event. */
static int choose_key(struct copilot_cli_reading *reading, struct err *err)
{
	struct span line = sniff_line(buf_span(&reading->source->input.head),
				      1);
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP |
						       JDOC_BOM_SKIP };
	char room[COPILOT_CLI_KEY_MAX];
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;
	int rc;

	if (reading->about.key.len || !reading->about.last.len)
		return 0;
	rc = jdoc_parse(line, &options, &doc, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		buf_put_str(&reading->about.key, "unknown");
	else
		keep(&reading->about.key,
		     copilot_cli_key(jdoc_root(doc), room));
	jdoc_free(doc);
	return buf_end(&reading->about.key, err);
}

static int read_events(struct copilot_cli_reading *reading, struct err *err)
{
	const struct lines_visitor look = { look_line, reading };
	const struct lines_visitor put = { put_line, reading };
	int rc = whole_lines(NULL, reading->source, &look, err);

	if (rc == 0)
		rc = choose_key(reading, err);
	if (rc < 0)
		return rc;
	if (!import_is_wanted(reading->job, reading->about.updated.micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	rc = chat_begin(&reading->chat, reading->job, reading->source,
			COPILOT_CLI_PROVIDER, buf_span(&reading->about.key),
			err);
	if (rc == 0)
		rc = whole_lines(reading->job, reading->source, &put, err);
	return rc < 0 || !reading->about.last.len ? rc :
		copilot_cli_put_session(reading, err);
}

static int read_session(struct import_job *job, struct import_source *source,
			struct err *err)
{
	struct copilot_cli_reading reading = {
		.job = job, .source = source, .chat = CHAT_INIT,
		.parts = PARTS_INIT, .before = BUF_INIT(BUF_NO_LIMIT),
		.about = { .key = BUF_INIT(BUF_NO_LIMIT),
			   .model = BUF_INIT(BUF_NO_LIMIT),
			   .last = BUF_INIT(BUF_NO_LIMIT),
			   .cwd = BUF_INIT(BUF_NO_LIMIT),
			   .title = BUF_INIT(BUF_NO_LIMIT),
			   .created = CHAT_TIME_NONE,
			   .updated = CHAT_TIME_NONE },
	};
	int rc;

	rc = whole_load(source, WHOLE_MAX_BYTES, err);
	if (rc == 0)
		rc = read_events(&reading, err);
	chat_release(&reading.chat);
	parts_release(&reading.parts);
	buf_release(&reading.about.key);
	buf_release(&reading.about.model);
	buf_release(&reading.about.last);
	buf_release(&reading.about.cwd);
	buf_release(&reading.about.title);
	buf_release(&reading.before);
	return rc;
}

const struct importer copilot_cli_importer = {
	.name = "copilot-cli",
	.one = "Copilot CLI session",
	.many = "Copilot CLI sessions",
	.construct = "copilot",
	.sniff = copilot_cli_sniff,
	.read = read_session,
	.is_of_agents = true,
};
