#include "cmd/import/claude_code/files.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/records/rest.h"
#include "refs/view/view.h"

/* The meta of the agent whose session this is; absent: it is no agent's, or
 * the file is another one's. */
static struct span meta_of(const struct import_source *source,
			   const struct cc_session *session)
{
	struct span agent = beside_get(source, CC_BESIDE_AGENT);

	return agent.len && span_equals(agent, session->agent) ?
		beside_get(source, CC_BESIDE_META) : span_of(NULL, 0);
}

static int parse(struct span text, struct jdoc **out, struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct err why = ERR_INIT;
	int rc = text.at ? jdoc_parse(text, &options, out, &why) : 0;

	return rc == ERR_NOMEM ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

/* --- who called it --------------------------------------------------------- */

/* A call that is looked for. */
struct calling {
	struct cc_session *session;	/* of the agent */
	const struct lineage *lineage;
	struct buf id;		/* as a part of a message says it */
	bool is_found;
};

static int look_for_call(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	struct calling *calling = arg;

	(void)err;
	calling->is_found |= span_begins(entity->entity, "message:") &&
			     entity->state.at &&
			     span_has(entity->state, buf_text(&calling->id));
	return 0;
}

static int look_in(struct view *view, struct span session,
		   struct calling *calling, struct err *err)
{
	const struct view_visitor visitor = { look_for_call, calling };
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_str(&entity, "session:" CLAUDE_CODE ":");
	chat_put_key(&entity, session);
	rc = buf_end(&entity, err);
	if (rc == 0)
		rc = view_home(view, buf_span(&entity), &visitor, err);
	buf_release(&entity);
	return rc;
}

/* Is this a session of another agent of the same session? */
static bool is_sibling(const struct cc_session *session, struct span key)
{
	return !span_equals(key, session->key) &&
	       key.len > session->parent.len &&
	       span_equals(span_of(key.at, session->parent.len),
			   session->parent) &&
	       key.at[session->parent.len] == ':';
}

/* Among the agents that came in an earlier run. */
static int look_in_vault(struct import_job *job, const char *construct,
			 struct calling *calling, struct err *err)
{
	struct view *view = NULL;
	struct err why = ERR_INIT;
	struct span key;
	uint32_t i;
	int rc = job->sink ? ERR_NOT_FOUND :
		view_open(job->vault, construct, &view, &why);

	if (rc < 0)
		return rc == ERR_NOT_FOUND ? 0 : err_copy(err, rc, &why);
	for (i = 0; rc == 0 && i < lineage_count(calling->lineage) &&
	     !calling->is_found; i++) {
		key = lineage_key(calling->lineage, i);
		if (!is_sibling(calling->session, key))
			continue;
		rc = look_in(view, key, calling, err);
		if (rc == 0 && calling->is_found)
			calling->session->parent = key;
	}
	view_free(view);
	return rc;
}

/* The session that has said this; LINEAGE_NONE: none of this run, or the
 * agent's own. */
static uint32_t who_has(const struct lineage *lineage, struct span id,
			const struct cc_session *session)
{
	struct lineage_owner owner = { LINEAGE_NONE, false, false };

	if (id.len)
		owner = lineage_owner(lineage, id, session->number);
	return owner.session == session->number ? LINEAGE_NONE :
		owner.session;
}

/* Until its caller has come, an agent is its session's, and looked at again. */
static int look_before(struct import_job *job, struct import_source *source,
		       struct calling *calling, struct span call,
		       struct err *err)
{
	int rc;

	buf_put_str(&calling->id, "\"id\":");
	jcs_put_string(&calling->id, call);
	rc = buf_end(&calling->id, err);
	if (rc == 0)
		rc = look_in_vault(job, source->construct, calling, err);
	source->is_unfinished |= !calling->is_found;
	buf_release(&calling->id);
	return rc;
}

int cc_find_caller(struct import_job *job, struct import_source *source,
		   struct cc_skeleton *skeleton, struct lineage *lineage,
		   struct err *err)
{
	struct calling calling = { NULL, lineage, BUF_INIT(BUF_NO_LIMIT),
				   false };
	struct cc_session *session;
	struct jdoc *doc = NULL;
	const struct jval *meta;
	struct span call;
	long long depth = 0;
	uint32_t caller;
	int rc;

	if (skeleton->own == CC_NONE)
		return 0;
	session = &skeleton->sessions.at[skeleton->own];
	if (!session->agent.at)
		return 0;
	calling.session = session;
	rc = parse(meta_of(source, session), &doc, err);
	meta = doc ? jdoc_root(doc) : NULL;
	call = jval_get_text(meta, "toolUseId");
	caller = who_has(lineage, call, session);
	if (caller == LINEAGE_NONE)
		caller = who_has(lineage, session->key, session);
	if (caller != LINEAGE_NONE)
		session->parent = lineage_key(lineage, caller);
	/* One of the first depth was called by the session itself. */
	else if (rc == 0 && call.len &&
		 (!jval_integer(jval_get(meta, "spawnDepth"), &depth) ||
		  depth > 1))
		rc = look_before(job, source, &calling, call, err);
	jdoc_free(doc);
	return rc;
}

/* --- what is said of a session --------------------------------------------- */

void cc_around_release(struct cc_around *around)
{
	buf_release(&around->title);
	buf_release(&around->cwd);
}

static int look_at_meta(struct import_source *source,
			const struct cc_session *session,
			struct cc_around *around, struct jcs_fields *native,
			struct err *err)
{
	struct span text = meta_of(source, session);
	struct jdoc *doc = NULL;
	int rc = parse(text, &doc, err);

	if (rc == 0 && text.at && !(doc && jval_is(jdoc_root(doc),
						   JVAL_OBJECT)))
		rc = import_note(source, err, "what lies beside it of its "
				 "agent is no object of JSON");
	else if (doc) {
		fields_value(native, "agent", jdoc_root(doc));
		buf_put_span(&around->title,
			     jval_get_text(jdoc_root(doc), "description"));
	}
	if (session->agent.at && beside_get(source, CC_BESIDE_RUN).at)
		fields_said(native, "workflow",
			    beside_get(source, CC_BESIDE_RUN));
	jdoc_free(doc);
	return rc;
}

/*
 * What Claude Desktop says of a session that it runs. The rest of that file is
 * of the account and of what the machine has: never taken.
 */
static int look_at_desktop(struct import_source *source,
			   struct cc_around *around,
			   struct jcs_fields *native, struct err *err)
{
	static const char *const names[] = {
		"sessionId", "createdAt", "lastActivityAt", "model",
		"isArchived", "cwd", "originCwd", "userSelectedFolders",
		"permissionMode", "initialMessage", "error", NULL
	};
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct take about;
	struct jdoc *doc = NULL;
	size_t i;
	int rc = parse(beside_get(source, CC_BESIDE_DESKTOP), &doc, err);

	if (rc < 0 || !doc)
		return rc;
	about = take_begin(jdoc_root(doc));
	buf_put_span(&around->title, take_text(&about, "title"));
	buf_put_span(&around->cwd, jval_get_text(jdoc_root(doc), "cwd"));
	for (i = 0; names[i]; i++)
		fields_value(&fields, names[i], take_any(&about, names[i]));
	fields_inner(native, "desktop", &fields);
	if (take_left(&about, NULL))
		rc = import_note(source, err, "what Claude Desktop says of "
				 "the account and its tools was not taken");
	jcs_fields_release(&fields);
	jdoc_free(doc);
	return rc;
}

int cc_look_around(struct import_source *source,
		   const struct cc_session *session,
		   struct cc_around *around, struct jcs_fields *native,
		   struct err *err)
{
	int rc = look_at_meta(source, session, around, native, err);

	if (rc == 0)
		rc = look_at_desktop(source, around, native, err);
	if (rc == 0)
		rc = buf_end(&around->title, err);
	return rc < 0 ? rc : buf_end(&around->cwd, err);
}
