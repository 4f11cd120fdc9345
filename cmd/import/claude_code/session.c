#include "cmd/import/claude_code/session.h"

#include "cmd/import/claude_code/files.h"
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
	buf_release(&about->others);
}

/* The last one counts. */
static void set_title(struct buf *title, struct span text)
{
	buf_reset(title);
	buf_put_span(title, text);
}

static void read_title(struct take *record, const char *name,
		       struct buf *title)
{
	struct span text = take_text(record, name);

	if (text.at)
		set_title(title, text);
}

/* The id of the session that the file is of. */
static struct span own_id(const struct cc_skeleton *skeleton)
{
	const struct cc_session *own;

	if (skeleton->own == CC_NONE)
		return span_of(NULL, 0);
	own = &skeleton->sessions.at[skeleton->own];
	return own->agent.at ? own->parent : own->key;
}

/* The record as it is, unless it says of another session. */
static void put_item(struct buf *items, struct take *record, struct span own)
{
	struct buf item = BUF_INIT(BUF_NO_LIMIT);

	(void)take_text(record, "type");
	(void)take_same(record, "sessionId", own);
	take_put(record, &item);
	buf_fail(items, item.failed);
	if (items->len && item.len)
		buf_put_char(items, ',');
	buf_put_span(items, buf_span(&item));
	buf_release(&item);
}

void cc_about_add(struct cc_about *about, const struct cc_skeleton *skeleton,
		  const struct jval *value)
{
	struct take record = take_begin(value);
	struct span leaf = jval_get_text(value, "leafUuid");
	struct buf *items = &about->others;

	if (cc_is_type(value, "custom-title")) {
		read_title(&record, "customTitle", &about->custom);
	} else if (cc_is_type(value, "ai-title")) {
		read_title(&record, "aiTitle", &about->made);
	} else if (cc_is_type(value, "agent-name")) {
		read_title(&record, "agentName", &about->agent);
	} else if (!cc_is_type(value, "summary")) {
		items = &about->links;
	} else {
		items = &about->summaries;
		if (leaf.len && cc_skeleton_has(skeleton, leaf))
			set_title(&about->summary,
				  jval_get_text(value, "summary"));
	}
	put_item(items, &record, own_id(skeleton));
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
	const struct cc_message *message = &skeleton->messages.at[at];

	return foreign(lineage, from, message->owner != LINEAGE_NONE ?
		       message->owner :
		       skeleton->sessions.at[message->session].number);
}

static void set_parent(const struct cc_skeleton *skeleton,
		       const struct lineage *lineage, uint32_t at,
		       struct chat_message *out)
{
	const struct cc_message *message = &skeleton->messages.at[at];
	const struct cc_session *session =
		&skeleton->sessions.at[message->session];
	struct lineage_owner owner;

	if (message->parent != CC_NONE) {
		out->parent = skeleton->messages.at[message->parent].key;
		out->parent_session = home_of(skeleton, lineage, session,
					      message->parent);
	} else if (message->parent_text.at) {
		out->parent = message->parent_text;
		owner = lineage_owner(lineage, out->parent, session->number);
		if (owner.session != LINEAGE_NONE)
			out->parent_session = foreign(lineage, session,
						      owner.session);
		if (owner.part_of.at)
			out->parent = owner.part_of;
	}
}

/* What a tool gave back, or a command that the person gave themselves. */
static const char *role_of(const struct cc_draft *draft)
{
	return draft->told == CC_TOLD_OUTPUT ||
		(draft->has_result && draft->told != CC_TOLD_WORDS) ?
		"tool" : draft->role;
}

static const char *visibility_of(const struct cc_draft *draft)
{
	if (draft->visibility)
		return draft->visibility;
	if (!strcmp(role_of(draft), "tool"))
		return "tool";
	if (draft->has_text)
		return "visible";
	if (draft->has_call)
		return "tool";
	if (draft->has_thinking)
		return "thinking";
	return !strcmp(draft->role, "user") ? "meta" : "visible";
}

int cc_put_message(struct chat *chat, const struct cc_skeleton *skeleton,
		   const struct lineage *lineage,
		   struct cc_draft *draft, struct err *err)
{
	const struct cc_message *from = &skeleton->messages.at[draft->message];
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct buf parts = BUF_INIT(BUF_NO_LIMIT);
	struct chat_message message = {
		.key = from->key, .index = from->index,
		.role = role_of(draft),
		.created = draft->created, .changed = from->last,
		.content = buf_span(&draft->content),
		.visibility = visibility_of(draft)
	};
	int rc;

	set_parent(skeleton, lineage, draft->message, &message);
	if (draft->parts.len) {
		buf_put_char(&parts, '[');
		buf_put_span(&parts, buf_span(&draft->parts));
		buf_put_char(&parts, ']');
	}
	rc = cc_draft_native(draft, &native, err);
	if (rc == 0)
		rc = buf_end(&parts, err);
	message.parts = buf_span(&parts);
	message.native = buf_span(&native);
	if (draft->model.len)
		message.model = buf_span(&draft->model);
	if (rc == 0)
		rc = chat_put_message(chat, &message, err);
	buf_release(&native);

	buf_release(&parts);
	return rc;
}

/* Nothing said is not there. */
static struct span present(struct span text)
{
	return text.len ? text : span_of(NULL, 0);
}

/* about: NULL when the file, and what lies beside it, is another session's. */
static int session_native(struct import_source *source,
			  const struct cc_session *session,
			  const struct cc_about *about,
			  struct cc_around *around, struct buf *out,
			  struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span cwd = session->cwd;
	int rc = !about ? 0 : cc_look_around(source, session, around, &fields,
					     err);

	if (around->cwd.len)
		cwd = buf_span(&around->cwd);
	if (rc < 0)
		goto out;
	fields_said(&fields, "cwd", present(cwd));
	fields_said(&fields, "agentId", present(session->agent));
	if (about) {
		fields_said(&fields, "agentName",
			    present(buf_span(&about->agent)));
		fields_said(&fields, "aiTitle",
			    present(buf_span(&about->made)));
		cc_fields_list(&fields, "summaries", &about->summaries);
		cc_fields_list(&fields, "pullRequests", &about->links);
		cc_fields_list(&fields, "others", &about->others);
	}
	rc = fields_end(&fields, err);
	fields_put(&fields, out);
	if (rc == 0)
		rc = buf_end(out, err);
out:
	jcs_fields_release(&fields);
	return rc;
}

static struct span title_of(const struct cc_about *about,
			    const struct cc_around *around)
{
	if (about && about->custom.len)
		return buf_span(&about->custom);
	if (around->title.len)
		return buf_span(&around->title);
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
	const struct cc_session *from = &skeleton->sessions.at[at];
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct cc_around around = CC_AROUND_INIT;
	struct chat_session session = {
		.provider = CLAUDE_CODE, .key = from->key,
		.created = { from->first, 0 },
		.updated = { from->last, 0 }, .model = from->model,
		.parent = from->parent, .is_guessed = from->guessed > 0
	};
	int rc;

	if (from->leaf != CC_NONE) {
		session.active = skeleton->messages.at[from->leaf].key;
		session.active_session = home_of(skeleton, lineage, from,
						 from->leaf);
	}
	chat->source->guessed += session.is_guessed;
	chat->source->mended += from->guessed;
	rc = session_native(chat->source, from, about, &around, &native, err);
	session.title = title_of(about, &around);
	session.native = buf_span(&native);
	if (rc == 0)
		rc = chat_put_session(chat, &session, err);
	cc_around_release(&around);
	buf_release(&native);
	return rc;
}
