#include "cmd/import/claude_code/files.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/beside/awaited.h"
#include "cmd/import/records/rest.h"
#include "lib/json/jcs_scan.h"
#include "refs/view/view.h"

bool cc_is_part(const struct import_source *source)
{
	return beside_get(source, CC_BESIDE_SESSION).at != NULL;
}

/* --- the result of a tool -------------------------------------------------- */

static int read_result(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	const struct awaited_file file = {
		.provider = CLAUDE_CODE,
		.session = beside_get(source, CC_BESIDE_SESSION),
		.name = beside_get(source, CC_BESIDE_RESULT),
		.folder = CC_RESULTS,
	};

	return awaited_read(job, source, &file, err);
}

/* --- records of agents ----------------------------------------------------- */

/* A session of an agent that some file speaks of. */
struct agent {
	struct import_job *job;
	struct import_source *source;
	struct buf key;			/* of the session */
	struct buf active;		/* its last message: an entity */
	char at[HLC_TEXT_MAX];		/* of what it says of itself */
	bool is_there;			/* something is said of it */
	bool is_known;			/* by its own session */
};

#define AGENT_INIT(job, source) { (job), (source), BUF_INIT(BUF_NO_LIMIT), \
				  BUF_INIT(BUF_NO_LIMIT), "", false, false }

static void agent_release(struct agent *agent)
{
	buf_release(&agent->key);
	buf_release(&agent->active);
}

static void take_active(struct agent *agent, struct span data)
{
	struct span active;

	agent->is_there = true;
	agent->is_known = jcs_find(data, "active", &active) &&
			  jcs_type_of(active) == JCS_STRING;
	if (agent->is_known)
		buf_fail(&agent->active,
			 jcs_string_decode(active, &agent->active, NULL));
}

static int look_at_session(void *arg, const struct view_entity *entity,
			   struct err *err)
{
	struct agent *agent = arg;

	(void)err;
	if (!entity->state.at)
		return 0;
	take_active(agent, entity->state);
	memcpy(agent->at, view_newest(entity)->record.at.at, HLC_TEXT);
	return 0;
}

static int look_in_vault(struct agent *agent, struct err *err)
{
	const struct view_visitor visitor = { look_at_session, agent };
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct view *view = NULL;
	struct err why = ERR_INIT;
	int rc = agent->job->sink ? ERR_NOT_FOUND :
		view_open(agent->job->vault, agent->source->construct, &view,
			  &why);

	if (rc < 0)
		return rc == ERR_NOT_FOUND ? 0 : err_copy(err, rc, &why);
	buf_put_str(&entity, "session:" CLAUDE_CODE ":");
	chat_put_key(&entity, buf_span(&agent->key));
	rc = buf_end(&entity, err);
	if (rc == 0)
		rc = view_one(view, buf_span(&entity), &visitor, err);
	buf_release(&entity);
	view_free(view);
	return rc;
}

/* What is known of it, in this run or before. */
static int agent_find(struct agent *agent, struct span id, struct err *err)
{
	struct span data;
	int rc;

	agent->is_there = false;
	agent->is_known = false;
	memcpy(agent->at, HLC_UNKNOWN_TEXT, sizeof(HLC_UNKNOWN_TEXT));
	buf_reset(&agent->key);
	buf_reset(&agent->active);
	buf_put_span(&agent->key, beside_get(agent->source,
					     CC_BESIDE_SESSION));
	buf_putf(&agent->key, ":agent-%.*s", (int)id.len, id.at);
	rc = buf_end(&agent->key, err);
	if (rc < 0)
		return rc;
	data = awaited_get(agent->job, buf_span(&agent->key), agent->at);
	if (data.at)
		take_active(agent, data);
	else
		rc = look_in_vault(agent, err);
	return rc < 0 ? rc : buf_end(&agent->active, err);
}

/* On top of what a session says of itself, where it is known. caller: the
 * session that called the agent; absent: the one in whose folder it lies. */
static int put_session(struct agent *agent, struct jcs_fields *native,
		       struct span title, struct span caller, struct err *err)
{
	struct import_source *source = agent->source;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct buf parent = BUF_INIT(BUF_NO_LIMIT);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct record_parts parts = {
		.type = "session:create", .at = agent->at
	};
	int rc;

	buf_put_str(&entity, "session:" CLAUDE_CODE ":");
	chat_put_key(&entity, buf_span(&agent->key));
	buf_put_str(&parent, "session:" CLAUDE_CODE ":");
	chat_put_key(&parent, caller.at ? caller :
		     beside_get(source, CC_BESIDE_SESSION));
	fields_str(&fields, "provider", CLAUDE_CODE);
	if (title.len)
		fields_said(&fields, "title", title);
	if (!agent->is_known || caller.at)
		fields_said(&fields, "parent", buf_span(&parent));
	fields_inner(&fields, "native", native);
	fields_fail(&fields, buf_end(&entity, NULL), NULL);
	fields_fail(&fields, buf_end(&parent, NULL), NULL);
	rc = jcs_fields_write(&fields, &data, err);
	parts.entity = buf_span(&entity);
	parts.data = buf_span(&data);
	if (rc == 0)
		rc = import_put(agent->job, source, NULL, &parts, err);
	jcs_fields_release(&fields);
	buf_release(&entity);
	buf_release(&parent);
	buf_release(&data);
	return rc;
}

/* --- a meta whose session is not there ------------------------------------- */

static int read_meta(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct agent agent = AGENT_INIT(job, source);
	struct jcs_fields native = JCS_FIELDS_INIT;
	struct span id = beside_get(source, CC_BESIDE_AGENT);
	struct span caller = { NULL, 0 };
	struct jdoc *doc = NULL;
	int rc = whole_read(source, &doc, err);

	if (rc)
		return rc;
	rc = agent_find(&agent, id, err);
	if (rc == 0)
		rc = cc_caller_of(job, source, buf_span(&agent.key),
				  jdoc_root(doc), &caller, err);
	if (rc == 0) {
		fields_said(&native, "agentId", id);
		fields_said(&native, "workflow",
			    beside_get(source, CC_BESIDE_RUN));
		fields_value(&native, "agent", jdoc_root(doc));
		rc = put_session(&agent, &native,
				 jval_get_text(jdoc_root(doc), "description"),
				 caller, err);
	}
	jcs_fields_release(&native);
	agent_release(&agent);
	jdoc_free(doc);
	return rc;
}

/* --- the journal of a workflow --------------------------------------------- */

struct journal {
	struct agent agent;
	struct cc_keys keys;
	struct buf key;
	int64_t index;
};

static void put_position(struct journal *journal, struct jcs_fields *fields,
			 struct buf *entity)
{
	struct buf session = BUF_INIT(BUF_NO_LIMIT);
	struct agent *agent = &journal->agent;

	chat_put_entity(CLAUDE_CODE, buf_span(&agent->key),
			buf_span(&journal->key), entity);
	buf_put_str(&session, "session:" CLAUDE_CODE ":");
	chat_put_key(&session, buf_span(&agent->key));
	fields_fail(fields, buf_end(&session, NULL), NULL);
	fields_said(fields, "session", buf_span(&session));
	if (agent->active.len)
		fields_said(fields, "parent", buf_span(&agent->active));
	else
		fields_null(fields, "parent");
	fields_integer(fields, "index", journal->index++);
	buf_release(&session);
}

/* What the step of a workflow said to have come to: behind the last of what its
 * agent did. */
static int put_step(struct journal *journal, const struct value_line *line,
		    struct err *err)
{
	struct agent *agent = &journal->agent;
	struct take step = take_begin(line->value);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct record_parts parts = {
		.type = "message:create", .at = HLC_UNKNOWN_TEXT
	};
	struct span text = take_text(&step, "result");
	int rc = cc_message_key(&journal->keys, line, &journal->key, err);

	put_position(journal, &fields, &entity);
	fields_str(&fields, "role", "tool");
	fields_str(&fields, "visibility", text.len ? "tool" : "meta");
	fields_said(&fields, "content", text.at ? text : span_str(""));
	(void)take_text(&step, "agentId");
	take_rest_under(&step, "native", &fields);
	fields_fail(&fields, buf_end(&entity, NULL), NULL);
	if (rc == 0)
		rc = jcs_fields_write(&fields, &data, err);
	parts.entity = buf_span(&entity);
	parts.data = buf_span(&data);
	if (rc == 0)
		rc = import_put(agent->job, agent->source, NULL, &parts, err);
	jcs_fields_release(&fields);
	buf_release(&entity);
	buf_release(&data);
	return rc;
}

static int read_step(struct journal *journal, const struct value_line *line,
		     struct err *err)
{
	struct span id = jval_get_text(line->value, "agentId");
	struct agent *agent = &journal->agent;
	struct jcs_fields native = JCS_FIELDS_INIT;
	int rc;

	if (!id.len)
		return import_leave_out(agent->source, "a line of a journal "
					"that names no agent", NULL, err);
	rc = agent_find(agent, id, err);
	if (rc == 0 && !agent->is_known) {
		/* What its steps follow may come. */
		agent->source->is_unfinished |= !agent->is_there;
		fields_said(&native, "agentId", id);
		fields_said(&native, "workflow",
			    beside_get(agent->source, CC_BESIDE_RUN));
		rc = put_session(agent, &native, span_of(NULL, 0),
				 span_of(NULL, 0), err);
	}
	jcs_fields_release(&native);
	return rc < 0 ? rc : put_step(journal, line, err);
}

static int read_journal(struct import_job *job, struct import_source *source,
			struct err *err)
{
	struct journal journal = {
		.agent = AGENT_INIT(job, source), .keys = CC_KEYS_INIT,
		.key = BUF_INIT(BUF_NO_LIMIT),
	};
	struct value_lines *lines = NULL;
	struct value_line line = { .found = FOUND_ONE };
	int rc = value_lines_new(input_feed(&source->input), &lines, err);

	while (rc == 0 && line.found != FOUND_END) {
		rc = value_lines_next(lines, &line, err);
		if (rc == 0 && line.found == FOUND_BAD)
			rc = import_malformed_line(job, source, &line, err);
		else if (rc == 0 && line.found == FOUND_ONE)
			rc = read_step(&journal, &line, err);
	}
	value_lines_free(lines);
	table_release(&journal.keys.seen);
	buf_release(&journal.key);
	agent_release(&journal.agent);
	return rc;
}

int cc_read_part(struct import_job *job, struct import_source *source,
		 struct err *err)
{
	if (beside_get(source, CC_BESIDE_RESULT).at)
		return read_result(job, source, err);
	return beside_get(source, CC_BESIDE_AGENT).at ?
		read_meta(job, source, err) : read_journal(job, source, err);
}
