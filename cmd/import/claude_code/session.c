#include "cmd/import/claude_code/session.h"

#include "cmd/import/records/rest.h"

struct span cc_id_of(struct span key)
{
	return key;
}

void cc_about_release(struct cc_about *about)
{
	buf_release(&about->custom);
	buf_release(&about->made);
	buf_release(&about->summary);
	buf_release(&about->agent);
	buf_release(&about->summaries);
	buf_release(&about->links);
}

static int replace(struct buf *buf, struct span text, struct err *err)
{
	buf_reset(buf);
	return buf_add_span(buf, text, err);
}

/* The record as it is, without what it says of its session. */
static int add_item(struct buf *items, const struct jval *record,
		    struct err *err)
{
	static const char *const taken[] = { "type", "sessionId", NULL };
	size_t before = items->len;
	int rc = before ? buf_add_char(items, ',', err) : 0;

	if (rc >= 0)
		rc = chat_add_rest(items, record, taken, err);
	if (rc >= 0 && items->len == before + (before != 0))
		buf_cut(items, before);
	return rc;
}

int cc_about_add(struct cc_about *about, const struct cc_skeleton *skeleton,
		 const struct jval *record, struct err *err)
{
	struct span leaf = jval_get_text(record, "leafUuid");

	if (cc_is_type(record, "custom-title"))
		return replace(&about->custom,
			       jval_get_text(record, "customTitle"), err);
	if (cc_is_type(record, "ai-title"))
		return replace(&about->made,
			       jval_get_text(record, "aiTitle"), err);
	if (cc_is_type(record, "agent-name"))
		return replace(&about->agent,
			       jval_get_text(record, "agentName"), err);
	if (!cc_is_type(record, "summary"))
		return add_item(&about->links, record, err);
	if (leaf.len && cc_skeleton_has(skeleton, leaf)) {
		int rc = replace(&about->summary,
				 jval_get_text(record, "summary"), err);

		if (rc < 0)
			return rc;
	}
	return add_item(&about->summaries, record, err);
}

/* The session of a lineage's number, unless it is the one at hand. */
static struct span foreign(const struct lineage *lineage,
			   const struct cc_session *session, uint32_t number)
{
	return number == session->number ? span_of(NULL, 0) :
		lineage_key(lineage, number);
}

/* Where a message of this file really is. */
static struct span home_of(const struct cc_skeleton *skeleton,
			   const struct lineage *lineage,
			   const struct cc_session *from, uint32_t at)
{
	const struct cc_message *message = &skeleton->messages[at];

	return foreign(lineage, from, message->owner != LINEAGE_NONE ?
		       message->owner :
		       skeleton->sessions[message->session].number);
}

static void set_parent(const struct cc_skeleton *skeleton,
		       const struct lineage *lineage, uint32_t at,
		       struct chat_message *out)
{
	const struct cc_message *message = &skeleton->messages[at];
	const struct cc_session *session =
		&skeleton->sessions[message->session];
	struct lineage_owner owner;

	if (message->parent != CC_NONE) {
		out->parent = skeleton->messages[message->parent].key;
		out->parent_session = home_of(skeleton, lineage, session,
					      message->parent);
	} else if (message->parent_text.at) {
		out->parent = message->parent_text;
		owner = lineage_owner(lineage, out->parent, session->number);
		if (owner.session != LINEAGE_NONE)
			out->parent_session = foreign(lineage, session,
						      owner.session);
	}
}

static const char *visibility_of(const struct cc_draft *draft)
{
	if (draft->visibility)
		return draft->visibility;
	if (draft->has_result)
		return "tool";
	if (draft->has_text)
		return "visible";
	if (draft->has_call)
		return "tool";
	if (draft->has_thinking)
		return "thinking";
	return !strcmp(draft->role, "user") ? "meta" : "visible";
}

static int put_native(struct jcs_fields *fields, const char *name,
		      const struct buf *value, struct err *err)
{
	return value->len ? jcs_fields_raw(fields, name, buf_span(value),
					   err) : 0;
}

static int add_list(struct buf *out, const struct buf *items, struct err *err)
{
	int rc;

	rc = buf_add_char(out, '[', err);
	if (rc >= 0)
		rc = buf_add_span(out, buf_span(items), err);
	return rc < 0 ? rc : buf_add_char(out, ']', err);
}

static int put_list(struct jcs_fields *fields, const char *name,
		    const struct buf *items, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!items->len)
		return 0;
	rc = add_list(&list, items, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, name, buf_span(&list), err);
	buf_release(&list);
	return rc;
}

static int write_native(const struct cc_draft *draft, struct buf *out,
			struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = put_native(&fields, "record", &draft->record, err);
	if (rc >= 0)
		rc = put_native(&fields, "message", &draft->about, err);
	if (rc >= 0)
		rc = put_native(&fields, "toolUseResult", &draft->result,
				err);
	if (rc >= 0)
		rc = put_list(&fields, "lines", &draft->lines, err);
	if (rc >= 0 && fields.count)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

int cc_put_message(struct chat *chat, const struct cc_skeleton *skeleton,
		   const struct lineage *lineage,
		   const struct cc_draft *draft, struct err *err)
{
	const struct cc_message *from = &skeleton->messages[draft->message];
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct buf parts = BUF_INIT(BUF_NO_LIMIT);
	struct chat_message message = {
		.key = from->key, .index = from->index,
		.role = draft->has_result ? "tool" : draft->role,
		.created = draft->created, .changed = from->last,
		.content = buf_span(&draft->content),
		.visibility = visibility_of(draft)
	};
	int rc;

	set_parent(skeleton, lineage, draft->message, &message);
	rc = write_native(draft, &native, err);
	if (rc >= 0 && draft->parts.len)
		rc = add_list(&parts, &draft->parts, err);
	if (rc >= 0) {
		message.parts = buf_span(&parts);
		message.native = buf_span(&native);
		if (draft->model.len)
			message.model = buf_span(&draft->model);
		rc = chat_put_message(chat, &message, err);
	}
	buf_release(&native);
	buf_release(&parts);
	return rc;
}

/* Nothing said is not there. */
static struct span present(struct span text)
{
	return text.len ? text : span_of(NULL, 0);
}

static int session_native(const struct cc_session *session,
			  const struct cc_about *about, struct buf *out,
			  struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = rest_add_text(&fields, "cwd", present(session->cwd), err);
	if (rc >= 0)
		rc = rest_add_text(&fields, "agentId",
				   present(session->agent), err);
	if (rc >= 0 && about)
		rc = rest_add_text(&fields, "agentName",
				   present(buf_span(&about->agent)),
			      err);
	if (rc >= 0 && about)
		rc = rest_add_text(&fields, "aiTitle",
				   present(buf_span(&about->made)),
			      err);
	if (rc >= 0 && about)
		rc = put_list(&fields, "summaries", &about->summaries, err);
	if (rc >= 0 && about)
		rc = put_list(&fields, "pullRequests", &about->links, err);
	if (rc >= 0 && fields.count)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

static struct span title_of(const struct cc_about *about)
{
	if (about && about->custom.len)
		return buf_span(&about->custom);
	if (about && about->made.len)
		return buf_span(&about->made);
	if (about && about->summary.len)
		return buf_span(&about->summary);
	return span_of(NULL, 0);
}

int cc_put_session(struct chat *chat, const struct cc_skeleton *skeleton,
		   const struct lineage *lineage, uint32_t at,
		   const struct cc_about *about, struct err *err)
{
	const struct cc_session *from = &skeleton->sessions[at];
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct chat_session session = {
		.provider = CLAUDE_CODE, .key = from->key,
		.title = title_of(about), .created = { from->first, 0 },
		.updated = { from->last, 0 }, .model = from->model,
		.parent = from->parent
	};
	int rc;

	if (from->leaf != CC_NONE) {
		session.active = skeleton->messages[from->leaf].key;
		session.active_session = home_of(skeleton, lineage, from,
						 from->leaf);
	}
	rc = session_native(from, about, &native, err);
	session.native = buf_span(&native);
	if (rc >= 0)
		rc = chat_put_session(chat, &session, err);
	buf_release(&native);
	return rc;
}
