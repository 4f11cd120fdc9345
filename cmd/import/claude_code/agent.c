#include "cmd/import/claude_code/files.h"
#include "cmd/import/claude_code/session.h"

#include "cmd/import/beside/awaited.h"
#include "cmd/import/beside/beside.h"
#include "cmd/import/records/rest.h"
#include "lib/json/jcs_scan.h"
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

/* The calls of agents that came in an earlier run. */
struct gathering {
	struct lineage *lineage;
	uint32_t session;
};

static int gather_call(struct gathering *gathering, struct span part,
		       struct err *err)
{
	struct lineage_claim claim = {
		.session = gathering->session, .micros = INT64_MIN,
		.is_own = true
	};
	struct buf id = BUF_INIT(BUF_NO_LIMIT);
	struct span type;
	struct span value;
	int rc = 0;

	if (jcs_find(part, "type", &type) && jcs_is_text(type, "tool_use") &&
	    jcs_find(part, "id", &value) &&
	    jcs_type_of(value) == JCS_STRING) {
		rc = jcs_string_decode(value, &id, err);
		if (rc == 0)
			rc = lineage_add(gathering->lineage, buf_span(&id),
					 &claim, err);
	}
	buf_release(&id);
	return rc;
}

static int gather_calls(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct jcs_iter iter;
	struct span parts;
	struct span part;
	int rc = 0;

	if (!span_begins(entity->entity, "message:") || !entity->state.at ||
	    !jcs_find(entity->state, "parts", &parts))
		return 0;
	iter = jcs_iter_array(parts);
	while (rc == 0 && jcs_next(&iter, NULL, &part)) {
		if (jcs_type_of(part) == JCS_OBJECT)
			rc = gather_call(arg, part, err);
	}
	return rc;
}

static int gather_session(struct view *view, struct gathering *gathering,
			  struct err *err)
{
	const struct view_visitor visitor = { gather_calls, gathering };
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_str(&entity, "session:" CLAUDE_CODE ":");
	chat_put_key(&entity, lineage_key(gathering->lineage,
					  gathering->session));
	rc = buf_end(&entity, err);
	if (rc == 0)
		rc = view_home(view, buf_span(&entity), &visitor, err);
	buf_release(&entity);
	return rc;
}

/* Is this a session of an agent of that session? */
static bool is_agent_of(struct span root, struct span key)
{
	return key.len > root.len && key.at[root.len] == ':' &&
	       span_equals(span_of(key.at, root.len), root);
}

/* Once in a run for all agents of a session. */
static int look_in_vault(struct import_job *job, const char *construct,
			 struct lineage *lineage, struct span root,
			 struct err *err)
{
	struct gathering gathering = { lineage, 0 };
	struct view *view = NULL;
	struct err why = ERR_INIT;
	uint32_t n = lineage_count(lineage);
	int rc = job->sink ? ERR_NOT_FOUND :
		view_open(job->vault, construct, &view, &why);

	if (rc < 0)
		return rc == ERR_NOT_FOUND ? 0 : err_copy(err, rc, &why);
	for (; rc == 0 && gathering.session < n; gathering.session++) {
		if (is_agent_of(root, lineage_key(lineage,
						  gathering.session)))
			rc = gather_session(view, &gathering, err);
	}
	view_free(view);
	return rc;
}

/* The session that has said this; LINEAGE_NONE: none of this run, or the
 * agent's own. */
static uint32_t who_has(const struct lineage *lineage, struct span id,
			uint32_t own)
{
	struct lineage_owner owner = { .session = LINEAGE_NONE };

	if (id.len)
		owner = lineage_owner(lineage, id, own);
	return owner.session == own ? LINEAGE_NONE : owner.session;
}

static int look_before(struct import_job *job,
		       const struct import_source *source, struct span root,
		       struct lineage *lineage, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	bool is_first = false;
	int rc;

	buf_putf(&name, "calls/%.*s", (int)root.len, root.at);
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = awaited_look(job, buf_span(&name), &is_first, err);
	buf_release(&name);
	return rc < 0 || !is_first ? rc :
		look_in_vault(job, source->construct, lineage, root, err);
}

/* One of the first depth was called by the session itself. */
static bool is_deeper(const struct jval *meta)
{
	long long depth;

	return jval_get_text(meta, "toolUseId").len &&
	       (!jval_integer(jval_get(meta, "spawnDepth"), &depth) ||
		depth > 1);
}

/* The session in whose folder an agent's lies. */
static struct span root_of(struct span key)
{
	const char *colon = memchr(key.at, ':', key.len);

	return colon ? span_of(key.at, (size_t)(colon - key.at)) : key;
}

/* Until its caller has come, an agent is its session's, and looked at again. */
int cc_caller_of(struct import_job *job, struct import_source *source,
		 struct span key, const struct jval *meta, struct span *out,
		 struct err *err)
{
	struct span call = jval_get_text(meta, "toolUseId");
	struct lineage *lineage = NULL;
	uint32_t own = 0;
	uint32_t caller;
	int rc = lineage_get(job, CLAUDE_CODE, &lineage, err);

	if (rc == 0)
		rc = lineage_look(lineage, job, source->construct, cc_id_of,
				  err);
	if (rc == 0)
		rc = lineage_session(lineage, key, INT64_MIN, &own, err);
	if (rc < 0)
		return rc;
	caller = who_has(lineage, call, own);
	if (caller == LINEAGE_NONE)
		caller = who_has(lineage, key, own);
	if (caller == LINEAGE_NONE && is_deeper(meta)) {
		rc = look_before(job, source, root_of(key), lineage, err);
		caller = who_has(lineage, call, own);
		source->is_unfinished |= caller == LINEAGE_NONE;
	}
	if (caller != LINEAGE_NONE)
		*out = lineage_key(lineage, caller);
	return rc;
}

int cc_find_caller(struct import_job *job, struct import_source *source,
		   struct cc_skeleton *skeleton, struct err *err)
{
	struct cc_session *session;
	struct jdoc *doc = NULL;
	int rc;

	if (skeleton->own == CC_NONE)
		return 0;
	session = &skeleton->sessions.at[skeleton->own];
	if (!session->agent.at)
		return 0;
	rc = parse(meta_of(source, session), &doc, err);
	if (rc == 0)
		rc = cc_caller_of(job, source, session->key,
				  doc ? jdoc_root(doc) : NULL,
				  &session->parent, err);
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

/* {"title","working_dir","parent_session_id","fork_from"}. */
static int look_at_qoder(struct import_source *source,
			 struct cc_around *around, struct jcs_fields *native,
			 struct err *err)
{
	struct take about;
	struct jdoc *doc = NULL;
	int rc = parse(beside_get(source, CC_BESIDE_QODER), &doc, err);

	if (rc < 0 || !doc)
		return rc;
	about = take_begin(jdoc_root(doc));
	buf_put_span(&around->title, take_text(&about, "title"));
	buf_put_span(&around->cwd, take_text(&about, "working_dir"));
	take_rest_under(&about, "qoder", native);
	jdoc_free(doc);
	return 0;
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
		rc = look_at_qoder(source, around, native, err);
	if (rc == 0)
		rc = buf_end(&around->title, err);
	return rc < 0 ? rc : buf_end(&around->cwd, err);
}
