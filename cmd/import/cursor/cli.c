#include "cmd/import/cursor/cursor.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/cursor/cursor_internal.h"
#include "cmd/import/identity/lineage.h"
#include "cmd/import/input/from_database.h"
#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

/*
 * chats/<md5 of the project's path>/<id>/store.db: meta has one value, JSON in
 * hexadecimal digits; blobs are called by their hashes: messages as JSON in
 * the order in which they came, and between them lists of the hashes, which
 * say nothing that is not there anyway.
 */
#define MANIFEST "\x0a\x20"	/* first: 32 bytes, a hash */

struct cli {
	struct cursor_run run;
	struct database *db;
	struct buf meta;
	struct jdoc *about;
	struct buf key;
};


static int cursor_cli_beside(const struct import_input *input,
			     struct span place, struct beside *to,
			     struct err *err)
{
	int rc;

	(void)input;
	if (!span_equals(beside_part(place, 0), span_str("store.db")) ||
	    !span_equals(beside_part(place, 3), span_str("chats")))
		return 0;
	rc = beside_say(to, "session", beside_part(place, 1), err);
	return rc < 0 ? rc :
		beside_say(to, "project", beside_part(place, 2), err);
}

/* --- what it says of itself ------------------------------------------------ */

/* Hexadecimal digits; JSON as it stands, where a version writes it so. */
static void put_meta(struct span text, struct buf *out)
{
	unsigned char byte;
	size_t i;

	if (text.len && *text.at == '{') {
		buf_put_span(out, text);
		return;
	}
	for (i = 0; i + 1 < text.len &&
	     hex_decode(span_of(text.at + i, 2), &byte, 1); i += 2)
		buf_put_char(out, (char)byte);
}

static int read_meta(struct cli *cli, struct err *err)
{
	struct database_query *query = NULL;
	bool is_row = false;
	int rc = database_query(cli->db, "SELECT value FROM meta ORDER BY "
				"key LIMIT 1", &query, err);

	if (rc == 0)
		rc = database_step(query, &is_row, err);
	(void)cursor_theirs(&cli->run, rc);
	if (rc == 0 && is_row)
		put_meta(database_column(query, 0).bytes, &cli->meta);
	database_query_free(query);
	if (rc == 0)
		rc = buf_end(&cli->meta, err);
	if (rc == 0 && cli->meta.len)
		rc = cursor_parse(&cli->run, "what a chat says of itself",
				  buf_span(&cli->meta), &cli->about, err);
	return rc;
}

static int choose_key(struct cli *cli, struct err *err)
{
	struct span said = beside_get(cli->run.source, "session");
	struct span own = jval_get_text(cli->about ?
					jdoc_root(cli->about) : NULL,
					"agentId");

	buf_put_span(&cli->key, own.len ? own : said.len ? said :
		     span_str("store"));
	return buf_end(&cli->key, err);
}

/* --- messages -------------------------------------------------------------- */

static int put_message(struct cli *cli, struct span id,
		       const struct jval *value, struct err *err)
{
	struct cursor_run *run = &cli->run;
	struct take take = take_begin(value);
	const struct jval *content = take_any(&take, "content");

	buf_reset(&run->key);
	buf_put_span(&run->key, id);
	return cursor_put_message(run, &take, content, err);
}

static int put_blob(struct cli *cli, struct span id, struct span data,
		    struct err *err)
{
	struct import_source *source = cli->run.source;
	struct jdoc *doc = NULL;
	int rc;

	if (span_begins(data, MANIFEST))
		return 0;
	if (!data.len || *data.at != '{')
		return import_skip(source, "a piece that is no message of a "
				   "known form", NULL, err);
	rc = cursor_parse(&cli->run, "a message", data, &doc, err);
	if (rc == 0 && doc && jval_get(jdoc_root(doc), "role"))
		rc = put_message(cli, id, jdoc_root(doc), err);
	else if (rc == 0 && doc)
		rc = import_skip(source, "a piece that is no message of a "
				 "known form", NULL, err);
	jdoc_free(doc);
	return rc;
}

static int read_blobs(struct cli *cli, struct err *err)
{
	struct database_query *query = NULL;
	struct database_value id;
	struct database_value data;
	bool is_row = true;
	int rc = cursor_theirs(&cli->run, database_query(
		cli->db, "SELECT id, data FROM blobs ORDER BY rowid", &query,
		err));

	while (rc == 0 &&
	       (rc = cursor_theirs(&cli->run, database_step(query, &is_row,
							    err))) == 0 &&
	       is_row) {
		id = database_column(query, 0);
		data = database_column(query, 1);
		cli->run.source->input.bytes_read += data.bytes.len;
		rc = put_blob(cli, id.bytes, data.bytes, err);
	}
	database_query_free(query);
	return rc;
}

/* --- the session ----------------------------------------------------------- */

static int cli_put_session(struct cli *cli, struct err *err)
{
	struct cursor_run *run = &cli->run;
	struct take take = take_begin(cli->about ? jdoc_root(cli->about) :
				      NULL);
	struct chat_session session = {
		.provider = run->provider, .key = buf_span(&cli->key),
		.title = take_filled(&take, "name"),
		.created = take_time_as(&take, "createdAt", cursor_time),
		.updated = CHAT_TIME_NONE,
	};
	struct span project = beside_get(run->source, "project");
	int rc;

	(void)take_same(&take, "agentId", session.key);
	jcs_fields_reset(&run->fields);
	if (project.at)
		fields_said(&run->fields, "cwd_md5", project);
	take_rest(&take, &run->fields);
	buf_reset(&run->native);
	fields_put(&run->fields, &run->native);
	rc = buf_end(&run->native, err);
	session.native = buf_span(&run->native);
	if (run->parent.len)
		session.active = buf_span(&run->parent);
	return rc < 0 ? rc : chat_put_session(&run->chat, &session, err);
}

static int put_chat(struct cli *cli, struct err *err)
{
	struct cursor_run *run = &cli->run;
	struct lineage *lineage = NULL;
	uint32_t session;
	int rc = read_meta(cli, err);

	if (rc == 0)
		rc = choose_key(cli, err);
	if (rc == 0)
		rc = chat_begin(&run->chat, run->job, run->source,
				run->provider, buf_span(&cli->key), err);
	if (rc == 0)
		rc = read_blobs(cli, err);
	if (rc == 0 && !run->index)
		return import_leave_out(run->source, "a chat in which nothing "
					"was said", NULL, err);
	if (rc == 0)
		rc = cli_put_session(cli, err);
	if (rc == 0)
		rc = lineage_get(run->job, CURSOR_PROVIDER, &lineage, err);
	return rc < 0 ? rc : lineage_session(lineage, buf_span(&cli->key),
					     INT64_MIN, &session, err);
}

static int read_cli(struct import_job *job, struct import_source *source,
		    struct err *err)
{
	struct cli cli = { .meta = BUF_INIT(BUF_NO_LIMIT),
			   .key = BUF_INIT(BUF_NO_LIMIT) };
	struct err why = ERR_INIT;
	int rc = input_database(&source->input, &cli.db, &why);

	if (rc < 0)
		return database_tell(job, source, rc, &why, err);
	cursor_run_begin(&cli.run, job, source, CURSOR_PROVIDER);
	rc = put_chat(&cli, &why);
	rc = cli.run.is_theirs ? database_tell(job, source, rc, &why, err) :
		err_copy(err, rc, &why);
	cursor_run_release(&cli.run);
	jdoc_free(cli.about);
	buf_release(&cli.meta);
	buf_release(&cli.key);
	return rc;
}

const struct importer cursor_cli_importer = {
	.name = "cursor-cli",
	.one = "chat of Cursor's CLI",
	.many = "chats of Cursor's CLI",
	.construct = "cursor",
	.tables = (const char *const[]){
		"meta key value; blobs id data", NULL
	},
	.beside = cursor_cli_beside,
	.read = read_cli,
	.is_of_agents = true,
	.has_settings = true,
};
