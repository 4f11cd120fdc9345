#include "cmd/import/copilot/vscode.h"

#include "cmd/import/copilot/vscode_internal.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/copilot/oplog.h"
#include "cmd/import/records/take.h"
#include "cmd/import/sniff.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

static bool is_log(struct span head)
{
	return sniff_has(head, "kind") && sniff_has(head, "v");
}

/* --- the chat -------------------------------------------------------------- */

/* An exported chat has no id: that of its first request stands for it. */
static struct span key_of(const struct jval *root)
{
	struct span key = jval_get_text(root, "sessionId");

	return key.len ? key : jval_get_text(
		jval_first(jval_get(root, "requests")), "requestId");
}

static void add_participant(struct buf *out, struct span name)
{
	if (!name.len)
		return;
	buf_put_char(out, out->len ? ',' : '[');
	chat_put_text(out, name);
}

static int vscode_put_session(struct vscode_run *run, const struct jval *root,
			      struct err *err)
{
	struct take take = take_begin(root);
	struct chat_session session = {
		.provider = VSCODE_PROVIDER, .key = key_of(root),
		.title = take_text(&take, "customTitle"),
		.created = take_time_as(&take, "creationDate",
					chat_time_of_ms),
		.updated = take_time_as(&take, "lastMessageDate",
					chat_time_of_ms),
	};
	int rc;

	(void)take_filled(&take, "sessionId");
	(void)take_value(&take, "requests", JVAL_ARRAY);
	buf_reset(&run->native);
	buf_reset(&run->value);
	add_participant(&run->value, take_text(&take, "requesterUsername"));
	add_participant(&run->value, take_text(&take, "responderUsername"));
	if (run->value.len)
		buf_put_char(&run->value, ']');
	vscode_around(run->source, &take, &run->native);
	rc = buf_end(&run->value, err);
	if (rc == 0)
		rc = buf_end(&run->native, err);
	session.native = buf_span(&run->native);
	session.participants = buf_span(&run->value);
	if (run->parent.len)
		session.active = buf_span(&run->parent);
	return rc < 0 ? rc : chat_put_session(&run->chat, &session, err);
}

/* When it was last touched. */
static int64_t last_time(const struct jval *root)
{
	const struct jval *request = jval_first(jval_get(root, "requests"));
	int64_t last = chat_time_of_ms(jval_get(root,
						"lastMessageDate")).micros;
	int64_t time;

	for (; request; request = request->next) {
		time = chat_time_of_ms(jval_get(request, "timestamp")).micros;
		last = time > last ? time : last;
	}
	return last;
}

static int put_chat(struct vscode_run *run, const struct jval *root,
		    uint64_t offset, struct err *err)
{
	const struct jval *request;
	int rc;

	if (!key_of(root).len)
		return import_leave_out(run->source, "a chat without a "
					"request, and without an id", NULL,
					err);
	if (!import_is_wanted(run->job, last_time(root)))
		return import_leave_out(run->source, "older than --since",
					NULL, err);
	rc = chat_begin(&run->chat, run->job, run->source, VSCODE_PROVIDER,
			key_of(root), err);
	request = jval_first(jval_get(root, "requests"));
	for (; rc >= 0 && request; request = request->next) {
		if (jval_is(request, JVAL_OBJECT))
			rc = vscode_put(run, request, err);
		else
			rc = import_malformed(run->job, run->source,
					      "a request that is no object",
					      offset, request->raw, err);
	}
	return rc < 0 ? rc : vscode_put_session(run, root, err);
}

/* --- the log --------------------------------------------------------------- */

struct log_reading {
	struct vscode_run *run;
	struct oplog log;
};

static int take_change(void *arg, const struct value_line *line,
		       struct err *err)
{
	struct log_reading *reading = arg;
	struct import_source *source = reading->run->source;
	const struct oplog_place place = {
		.log = buf_span(&source->input.head), .from = line->text.at,
		.offset = line->offset,
	};
	struct err why = ERR_INIT;
	bool is_known;
	int rc = oplog_apply(&reading->log, line->value, &place, &is_known,
			     &why);

	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return import_malformed(reading->run->job, source, why.text,
					line->offset, line->text, err);
	return is_known ? 0 :
		import_leave_out(source, "a change of a kind that is not known "
				 "here", NULL, err);
}

static int vscode_parse(struct span text, struct jdoc **out, struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };

	return jdoc_parse(text, &options, out, err);
}

/* Count a request that the log has no more, unless it came again. */
static int tell_lost(struct vscode_run *run, const struct oplog *log,
		     const struct oplog_node *node, struct table *told,
		     struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	struct span id;
	bool is_new = false;
	int rc;

	rc = oplog_write(log, node, &text, err);
	if (rc >= 0)
		rc = vscode_parse(buf_span(&text), &doc, err);
	if (rc >= 0) {
		id = jval_get_text(jdoc_root(doc), "requestId");
		sha256_of(id.at, id.len, digest);
		rc = table_include(told, digest, &is_new, err);
	}
	if (rc == 0 && id.len && is_new)
		rc = import_leave_out(run->source, "a request that the log "
				      "takes back", NULL, err);
	jdoc_free(doc);
	buf_release(&text);
	return rc;
}

static int tell_all_lost(struct vscode_run *run, const struct oplog *log,
			 const struct jval *root, struct err *err)
{
	struct table told = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	const struct jval *request = jval_first(jval_get(root, "requests"));
	unsigned char digest[SHA256_BYTES];
	struct span id;
	size_t i;
	int rc = 0;

	for (; rc >= 0 && request; request = request->next) {
		id = jval_get_text(request, "requestId");
		sha256_of(id.at, id.len, digest);
		rc = table_put(&told, digest, 0, err);
	}
	for (i = 0; rc >= 0 && i < log->lost.n; i++)
		rc = tell_lost(run, log, log->lost.at[i], &told, err);
	table_release(&told);
	return rc < 0 ? rc : 0;
}

static int read_log(struct vscode_run *run, struct err *err)
{
	struct log_reading reading = { run, OPLOG_INIT };
	const struct lines_visitor visitor = { take_change, &reading };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc;

	rc = whole_lines(run->job, run->source, &visitor, err);
	if (rc < 0 || !reading.log.root)
		goto out;
	rc = oplog_write(&reading.log, NULL, &text, err);
	if (rc >= 0)
		rc = vscode_parse(buf_span(&text), &doc, err);
	if (rc >= 0)
		rc = put_chat(run, jdoc_root(doc), 0, err);
	if (rc >= 0)
		rc = tell_all_lost(run, &reading.log, jdoc_root(doc), err);
	if (rc >= 0 && reading.log.replaced)
		rc = import_note(run->source, err, "what the log says anew "
				 "counts as it was said last: %llu",
				 (unsigned long long)reading.log.replaced);
out:
	jdoc_free(doc);
	buf_release(&text);
	oplog_release(&reading.log);
	return rc;
}

static int read_document(struct vscode_run *run, struct err *err)
{
	struct jdoc *doc = NULL;
	int rc = whole_read(run->source, &doc, err);

	if (rc == 0 && !jval_is(jdoc_root(doc), JVAL_OBJECT))
		rc = import_refuse(run->source, "a document that is no chat",
				   NULL, err);
	if (rc == 0)
		rc = put_chat(run, jdoc_root(doc), 0, err);
	jdoc_free(doc);
	return rc;
}

static int read_chat(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct vscode_run run = {
		.job = job, .source = source, .chat = CHAT_INIT,
		.parts = PARTS_INIT, .native = BUF_INIT(BUF_NO_LIMIT),
		.value = BUF_INIT(BUF_NO_LIMIT),
		.parent = BUF_INIT(BUF_NO_LIMIT), .fields = JCS_FIELDS_INIT,
	};
	int rc;

	rc = whole_load(source, WHOLE_MAX_BYTES, err);
	if (rc)
		return rc;
	rc = is_log(buf_span(&source->input.head)) ? read_log(&run, err) :
		read_document(&run, err);
	chat_release(&run.chat);
	parts_release(&run.parts);
	buf_release(&run.native);
	buf_release(&run.value);
	buf_release(&run.parent);
	jcs_fields_release(&run.fields);
	return rc;
}

const struct importer vscode_importer = {
	.name = "vscode-chat",
	.one = "VS Code chat",
	.many = "VS Code chats",
	.construct = "copilot",
	.signs = (const char *const[]){
		"kind v.requests|v.sessionId|v.responderUsername",
		"requesterUsername|responderUsername requests|sessionId", NULL
	},
	.place = vscode_place,
	.beside = vscode_beside,
	.read = read_chat,
	.is_of_agents = true,
};
