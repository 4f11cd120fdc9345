/*
 * Exports of AnythingLLM: rows {"id","prompt","response","sent_at","workspace",
 * ..} as JSON or comma-separated values, each a question with its answer. They
 * do not say in which thread of its workspace a row stands: a workspace is one
 * session. (An export as JSON lines is one of OpenAI's messages.)
 */
#include "cmd/import/apps/anythingllm.h"

#include <stdio.h>

#include "cmd/import/apps/formats.h"
#include "cmd/import/database/database.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/parse/csv.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/thought.h"
#include "cmd/import/sniff.h"
#include "lib/time/timestamp.h"

#define JSON_SIGNS "prompt response sent_at workspace"
#define CSV_COLUMNS 5

static const char *const csv_columns[CSV_COLUMNS] = {
	"id", "workspace", "prompt", "response", "sent_at"
};

/* A row's question; its answer; of the database its text is a member. */
enum llm_part { LLM_PROMPT, LLM_ANSWER };

/* --- times ----------------------------------------------------------------- */

/* "Mon May 04 2026 09:00:00 GMT+0000 (..)", as browsers and servers of
 * JavaScript write it: without the day of the week and the name of the zone. */
static struct chat_time time_of_script(struct span text)
{
	size_t end = span_find(text, " (", 0);

	if (end != SPAN_NOWHERE)
		text.len = end;
	if (text.len > 4 && text.at[3] == ' ')
		text = span_of(text.at + 4, text.len - 4);
	return chat_time_said(text);
}

/* Milliseconds, ISO 8601, or what SQLite writes, which is UTC. */
static struct chat_time anythingllm_time(const struct jval *value)
{
	struct chat_time time;

	if (jval_is(value, JVAL_NUMBER))
		return chat_time_of_ms(value);
	time = chat_time_of(value);
	if (time.micros == CHAT_TIME_UNKNOWN)
		time = time_of_script(jval_text(value));
	time.flags &= ~(unsigned)TIMESTAMP_NO_ZONE;
	return time;
}

/* --- a question and its answer --------------------------------------------- */

static bool is_of_answer(struct span name)
{
	static const char *const names[] = {
		"response", "rating", "feedbackScore", NULL
	};
	size_t i;

	for (i = 0; names[i]; i++) {
		if (span_equals(name, span_str(names[i])))
			return true;
	}
	return false;
}

static bool has_answer(const struct jval *row)
{
	const struct jval *response = jval_get(row, "response");

	return response && !jval_is(response, JVAL_NULL);
}

/* The rest of each of the two is its own; of a question alone it is all. */
static void leave_other(struct take *take, enum llm_part part)
{
	const struct jval *member = jval_first(take->object);

	if (!has_answer(take->object)) {
		(void)take_any(take, "response");
		return;
	}
	for (; member; member = member->next) {
		if (is_of_answer(member->key) != (part == LLM_ANSWER))
			take_done(take, member);
	}
}

/* {"type":"image","image":"data:.."}, or of the database {"name","mime",
 * "contentString":"data:.."}. */
static void say_attachment(struct flat *flat, struct blocks *blocks,
			   const struct jval *value)
{
	struct take take = take_begin(value);
	const struct jval *url = take_see(&take, "contentString");
	struct parts *parts = &flat->parts;
	struct span media;
	struct span base64;

	if (!data_url_split(jval_text(url), &media, &base64)) {
		blocks->has_file = true;
		blocks_put_one(blocks, value);
		return;
	}
	blocks->has_file = true;
	part_begin(parts, span_begins(media, "image/") ? "image" : "file");
	if (part_bytes64(parts, &flat->chat, "data", base64, media))
		take_done(&take, url);
	fields_said(&parts->fields, "name", take_text(&take, "name"));
	take_rest_under(&take, "native", &parts->fields);
	part_end(parts);
}

static void say_attachments(struct flat *flat, struct blocks *blocks,
			    const struct jval *list)
{
	const struct jval *one = jval_first(list);

	for (; one; one = one->next)
		say_attachment(flat, blocks, one);
}

static void say_prompt(struct flat *flat, struct take *take,
		       struct blocks *blocks)
{
	blocks_put(blocks, take_any(take, "prompt"));
	say_attachments(flat, blocks, take_value(take, "attachments",
						 JVAL_ARRAY));
	say_attachments(flat, blocks, jval_at(take->object,
					      "response.attachments"));
}

static void say_answer(struct flat *flat, struct take *take,
		       struct blocks *blocks, struct chat_message *message)
{
	struct take response = take_inner(take, "response");

	if (!response.object) {
		blocks_put(blocks, take_any(take, "response"));
		return;
	}
	blocks_put(blocks, take_any(&response, "text"));
	message->model = jval_text(jval_at(response.object, "metrics.model"));
	(void)take_value(&response, "attachments", JVAL_ARRAY);
	take_rest_under(&response, "response", &flat->native);
}

static int anythingllm_say(struct flat *flat, struct flat_item *turn,
			   struct chat_message *message, struct err *err)
{
	const struct app *app = flat->own;
	bool is_answer = app->turn->around != NULL;
	struct blocks blocks;

	(void)err;
	message->role = is_answer ? "assistant" : "user";
	blocks = app_blocks(flat, message);
	leave_other(&turn->take, is_answer ? LLM_ANSWER : LLM_PROMPT);
	if (is_answer)
		say_answer(flat, &turn->take, &blocks, message);
	else
		say_prompt(flat, &turn->take, &blocks);
	app_shown(message, &blocks);
	return 0;
}

int anythingllm_add(struct flat *flat, const struct jval *row,
		    struct err *err)
{
	const struct jval *id = jval_get(row, "id");
	struct span key = jval_is(id, JVAL_NUMBER) ? id->raw : jval_text(id);
	struct app_turn turn = { .value = row };
	const struct app *app = flat->own;
	char made[24];
	int rc;

	if (!key.len) {
		snprintf(made, sizeof(made), "~%zu", app->turns.n / 2);
		key = span_str(made);
	}
	rc = app_key(flat, key, ".", LLM_PROMPT, &turn.key, err);
	if (rc >= 0)
		rc = app_add(flat, &turn, err);
	if (rc < 0 || !has_answer(row))
		return rc;
	turn.around = row;
	rc = app_key(flat, key, ".", LLM_ANSWER, &turn.key, err);
	return rc < 0 ? rc : app_add(flat, &turn, err);
}

/* --- exports --------------------------------------------------------------- */

static void name_workspace(const struct jval *row, struct span out[2])
{
	out[0] = jval_get_text(row, "workspace");
}

/* A workspace's name as the program makes its slug of it, by which its database
 * calls it: so what is in both meets. */
static int put_slug(struct span name, struct buf *out, struct err *err)
{
	size_t i;
	char c;

	for (i = 0; i < name.len; i++) {
		c = name.at[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (c != ' ')
			buf_put_char(out, c);
		else if (out->len && out->data[out->len - 1] != '-')
			buf_put_char(out, '-');
	}
	return buf_end(out, err);
}

static int put_workspace(struct flat *flat,
			 const struct anythingllm_row *rows, size_t n,
			 struct err *err)
{
	struct flat_item item;
	struct app_talk talk = { .item = &item, .value = rows->value };
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = flat_item(flat, flat->format->session, NULL, &item, err);

	item.text[FLAT_TITLE] = jval_get_text(rows->value, "workspace");
	if (rc >= 0)
		rc = put_slug(item.text[FLAT_TITLE], &key, err);
	item.text[FLAT_KEY] = buf_span(&key);
	for (i = 0; rc >= 0 && i < n; i++)
		rc = anythingllm_add(flat, rows[i].value, err);
	if (rc >= 0)
		rc = app_talk(flat, &talk, err);
	else
		app_forget(flat);
	buf_release(&key);
	return rc;
}

static int anythingllm_export(struct flat *flat, struct err *err)
{
	struct anythingllm_groups groups = ANYTHINGLLM_GROUPS_INIT;
	const struct jval *value = flat->given->value;
	int rc = anythingllm_group(flat, jval_is(value, JVAL_OBJECT) ?
				   jval_get(value, "rows") : value,
				   name_workspace, &groups, err);

	if (rc >= 0)
		rc = anythingllm_each(flat, &groups, put_workspace, err);
	anythingllm_groups_release(&groups);
	return rc;
}

/* --- comma-separated values ------------------------------------------------ */

/* Is it the first row of such a file? */
static bool is_head(const struct csv_reader *reader)
{
	size_t i;

	for (i = 0; i < CSV_COLUMNS; i++) {
		if (!span_equals(csv_field(reader, i),
				 span_str(csv_columns[i])))
			return false;
	}
	return reader->has_row;
}

/* The row as an object; what stands behind the columns that each has is called
 * by its number. */
static int put_csv_row(const struct csv_reader *reader, struct buf *json,
		       struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char name[32];
	size_t i;
	int rc;

	for (i = 0; i < reader->count; i++) {
		snprintf(name, sizeof(name), "column %zu", i + 1);
		fields_said(&fields, i < CSV_COLUMNS ? csv_columns[i] : name,
			    csv_field(reader, i));
	}
	buf_put_char(json, json->data[json->len - 1] == '[' ? ' ' : ',');
	rc = jcs_fields_write(&fields, json, err);
	jcs_fields_release(&fields);
	return rc;
}

static int give_csv(struct flat *flat, struct err *err)
{
	int rc = whole_load(flat->source, WHOLE_MAX_BYTES, err);
	struct csv_reader reader =
		CSV_READER_INIT(buf_span(&flat->source->input.head));
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;

	buf_put_str(&json, "{\"rows\":[");
	rc = rc ? rc : csv_next(&reader, err);
	while (rc == 0 && reader.has_row) {
		err_clear(&why);
		rc = csv_next(&reader, &why);
		if (rc == ERR_INVALID || rc == ERR_LIMIT)
			rc = import_malformed(flat->job, flat->source,
					      why.text, reader.row_at,
					      csv_row(&reader), err);
		else if (rc == 0 && reader.has_row)
			rc = put_csv_row(&reader, &json, err);
		else if (rc < 0)
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
	buf_put_str(&json, "]}");
	if (rc == 0)
		rc = buf_end(&json, err);
	if (rc == 0)
		rc = flat_give(flat, buf_span(&json), 0, err);
	csv_release(&reader);
	buf_release(&json);
	return rc;
}

static bool is_csv(struct span head)
{
	struct csv_reader reader = CSV_READER_INIT(head);
	bool is_one = csv_next(&reader, NULL) == 0 && is_head(&reader);

	csv_release(&reader);
	return is_one;
}

static bool anythingllm_sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->is_folder || input->bundle)
		return false;
	return sniff_signs(head, JSON_SIGNS) ||
	       (span_begins(head, csv_columns[0]) && is_csv(head));
}

static int anythingllm_read(struct import_job *job,
			    struct import_source *source, struct err *err)
{
	if (database_is_magic(buf_span(&source->input.head)))
		return anythingllm_read_store(job, source, err);
	return is_csv(buf_span(&source->input.head)) ?
		app_read_given(job, source, give_csv, err) :
		app_read(job, source, err);
}

static const struct flat_row session[] = {
	{ FLAT_TITLE, "name", FLAT_TAKEN },
	{ FLAT_MODEL, "chatModel", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	{ FLAT_UPDATED, "lastUpdatedAt", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = {
	{ FLAT_CREATED, "sent_at", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_format anythingllm_format = {
	.provider = "anythingllm",
	.document = JSON_SIGNS,
	.value = anythingllm_export,
	.malformed = "a workspace without chats",
	.session = session,
	.turn = turn,
	.no_turn = "a chat that is no object",
	.say = anythingllm_say,
	.time = anythingllm_time,
};

const struct importer anythingllm_importer = {
	.name = "anythingllm",
	.one = "store of AnythingLLM",
	.many = "stores of AnythingLLM",
	.construct = "anythingllm",
	.sniff = anythingllm_sniff,
	.tables = (const char *const[]){
		"workspace_chats workspaceId prompt response", NULL
	},
	.read = anythingllm_read,
	.flat = &anythingllm_format,
	.has_settings = true,
};
