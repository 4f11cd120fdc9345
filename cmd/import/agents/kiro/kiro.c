/*
 * Kiro: what its command line and its editor keep, in all the forms that they
 * had.
 */
#include "cmd/import/agents/agents.h"
#include "cmd/import/agents/kiro/kiro_internal.h"
#include "cmd/import/beside/beside.h"
#include "cmd/import/input/from_database.h"
#include "cmd/import/sniff.h"

#define LIST "sessions.json"
#define ROOM "workspace-sessions"

static const char *const log_signs[] = {
	"@kind @data.content !uuid|sessionId|type",
	"timestamp payload.type !type|uuid|sessionId|ordinal", NULL
};

static const struct rows_shape conversations = {
	.table = "conversations_v2",
	.order = (const char *const[]){ "created_at", "conversation_id",
					NULL },
	.json = (const char *const[]){ "value", NULL },
};

/* One for each folder, as the program had it when it had another name. */
static const struct rows_shape older_conversations = {
	.table = "conversations",
	.order = (const char *const[]){ "key", NULL },
	.json = (const char *const[]){ "value", NULL },
};

#define OLDER_TABLES "conversations key value; auth_kv; history; state"

struct span kiro_stem(const struct import_source *source)
{
	const char *path = source->input.path;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	return span_of(name, dot && dot > name ? (size_t)(dot - name) :
		       strlen(name));
}

static int kiro_value(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;

	if (jval_is(jval_get(value, "chat"), JVAL_ARRAY))
		return kiro_put_chat(flat, err);
	if (jval_get(value, "sessionId"))
		return kiro_put_session(flat, err);
	return kiro_put_conversation(flat, err);
}

static const struct flat_format kiro_format = {
	.provider = KIRO,
	.document = "",
	.value = kiro_value,
	.no_turn = "an entry that is no object",
};

static int give_value(void *arg, const struct source_value *given,
		      struct err *err)
{
	struct flat *flat = arg;

	flat->given = given;
	return kiro_value(flat, err);
}

/* What was brought over to the newer table stands in both. */
static int give_tables(struct flat *flat, struct err *err)
{
	const struct values_visitor visitor = { give_value, flat };
	struct import_source *source = flat->source;
	struct err why = ERR_INIT;
	struct database *db = NULL;
	int rc = input_database(&source->input, &db, &why);

	if (rc < 0)
		return database_tell(flat->job, source, rc, &why, err);
	rc = rows_values(flat->job, source, &conversations, &visitor, err);
	return rc || !database_has(db, OLDER_TABLES) ? rc :
		rows_values(flat->job, source, &older_conversations, &visitor,
			    err);
}

static int read_kiro(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct span head = buf_span(&source->input.head);

	if (database_is_magic(head))
		return flat_read_given(job, source, NULL, give_tables, err);
	return sniff_any(head, log_signs) ? kiro_read_log(job, source, err) :
		flat_read(job, source, err);
}

/* Is there a log of that name: of "<id>.json" <id>.jsonl? */
static bool has_log(const struct import_input *input, struct span place,
		    struct span name)
{
	struct buf log = BUF_INIT(BUF_NO_LIMIT);
	bool is_there;

	buf_put_span(&log, name);
	buf_put_char(&log, 'l');
	is_there = buf_end(&log, NULL) == 0 &&
		beside_is_there(input, place, buf_text(&log));
	buf_release(&log);
	return is_there;
}

static enum import_place kiro_place(const struct import_input *input,
				    struct span place,
				    const char **out_reason)
{
	struct span name = beside_part(place, 0);
	struct span folder = beside_part(place, 1);

	(void)out_reason;
	if (span_equals(name, span_str("session.json")) &&
	    span_begins(folder, "sess_") &&
	    beside_is_there(input, place, "messages.jsonl"))
		return PLACE_BESIDE;
	if (span_equals(beside_part(place, 2), span_str(ROOM)) &&
	    span_ends(name, ".json"))
		return span_equals(name, span_str(LIST)) ? PLACE_BESIDE :
			PLACE_OWN;
	if (span_equals(folder, span_str("cli")) &&
	    span_equals(beside_part(place, 2), span_str("sessions")) &&
	    span_ends(name, ".json") && has_log(input, place, name))
		return PLACE_BESIDE;
	return PLACE_ANYWHERE;
}

static int kiro_beside(const struct import_input *input, struct span place,
		       struct beside *to, struct err *err)
{
	struct span name = beside_part(place, 0);
	struct buf about = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	(void)input;
	if (span_equals(name, span_str("messages.jsonl")))
		return beside_file(to, KIRO_ABOUT, "session.json", err);
	if (span_ends(name, ".json"))
		return span_equals(beside_part(place, 2), span_str(ROOM)) ?
			beside_file(to, KIRO_ABOUT, LIST, err) : 0;
	if (!span_ends(name, ".jsonl"))
		return 0;
	buf_put_span(&about, span_of(name.at, name.len - 1));
	rc = buf_end(&about, err);
	if (rc == 0)
		rc = beside_file(to, KIRO_ABOUT, buf_text(&about), err);
	buf_release(&about);
	return rc;
}

const struct importer kiro_importer = {
	.name = "kiro",
	.one = "session of Kiro",
	.many = "sessions of Kiro",
	.construct = KIRO,
	.signs = (const char *const[]){
		"@kind @data.content !uuid|sessionId|type",
		"timestamp payload.type !type|uuid|sessionId|ordinal",
		"conversation_id history !messages|mapping",
		"sessionId workspaceDirectory history "
		"*executionId|*promptLogs|*contextUsagePercentage",
		"executionId chat metadata.workflow|context", NULL
	},
	.tables = (const char *const[]){
		"conversations_v2 key conversation_id value", OLDER_TABLES,
		NULL
	},
	.place = kiro_place,
	.beside = kiro_beside,
	.read = read_kiro,
	.flat = &kiro_format,
	.is_of_agents = true,
};
