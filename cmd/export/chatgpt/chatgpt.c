/*
 * conversations.json of ChatGPT, from the records that its importer made:
 * importing it again gives the same sessions and messages.
 */
#include "cmd/export/chatgpt/chatgpt.h"

#include "cmd/cli/out.h"
#include "cmd/export/plain.h"
#include "cmd/import/chatgpt/chatgpt.h"

struct chatgpt_export {
	struct view *view;
	struct buf out;
	uint64_t written;
	uint64_t assets;
};

/* A guessed leaf is no word of the source's. */
static int put_current(const struct chatgpt_export_talk *talk,
		       struct export_members *members, struct err *err)
{
	const struct jval *state = jdoc_root(talk->doc);
	struct span active = jval_get_text(state, "active");
	size_t i;
	int rc;

	if (jval_get(jval_get(talk->native, "conversation"), "current_node"))
		return 0;
	rc = export_member(members, span_str("current_node"), err);
	if (rc < 0)
		return rc;
	if (jval_is(jval_get(state, "guessed"), JVAL_TRUE))
		active = span_of(NULL, 0);
	i = export_chatgpt_find(talk, active);
	return i == SIZE_MAX ? buf_add_str(talk->out, "null", err) :
		export_string(talk->nodes[i].key, talk->out, err);
}

static int put_ids(const struct chatgpt_export_talk *talk, struct span entity,
		   struct export_members *members, struct err *err)
{
	static const size_t before = sizeof("session:" CHATGPT_PROVIDER);
	const struct jval *native = jval_get(talk->native, "conversation");
	struct span key = export_chatgpt_key(talk->native,
		span_of(entity.at + before, entity.len - before));
	int rc = 0;

	if (!jval_get(native, "conversation_id"))
		rc = export_member_text(members, "conversation_id", key, err);
	if (rc >= 0 && !jval_get(native, "id"))
		rc = export_member_text(members, "id", key, err);
	return rc;
}

static int put_talk(struct chatgpt_export_talk *talk, struct span entity,
		    struct err *err)
{
	const struct jval *state = jdoc_root(talk->doc);
	const struct jval *native = jval_get(talk->native, "conversation");
	const struct jval *title = jval_get(state, "title");
	struct export_members members = { talk->out, false };
	int rc = 0;

	if (title && !jval_get(native, "title"))
		rc = export_member_raw(&members, "title", title, err);
	if (rc >= 0)
		rc = export_chatgpt_time(&members, "create_time", native,
					 jval_get(state, "created"), err);
	if (rc >= 0)
		rc = export_chatgpt_time(&members, "update_time", native,
					 jval_get(state, "updated"), err);
	if (rc >= 0)
		rc = export_member(&members, span_str("mapping"), err);
	if (rc >= 0)
		rc = export_chatgpt_mapping(talk, err);
	if (rc >= 0)
		rc = put_current(talk, &members, err);
	if (rc >= 0)
		rc = put_ids(talk, entity, &members, err);
	if (rc >= 0)
		rc = export_chatgpt_rest(&members, native, err);
	return rc < 0 ? rc : export_members_end(&members, err);
}

static int write_conversation(void *arg,
			      const struct export_conversation *conversation,
			      struct err *err)
{
	struct chatgpt_export *export = arg;
	struct chatgpt_export_talk talk = {
		.view = export->view,
		.out = &export->out,
	};
	int rc;

	buf_reset(&export->out);
	rc = buf_add_str(&export->out, export->written++ ? ",\n" : "", err);
	if (rc >= 0)
		rc = export_doc(export->view, conversation->state, &talk.doc,
				err);
	if (rc >= 0) {
		talk.native = jval_get(jdoc_root(talk.doc), "native");
		rc = export_chatgpt_nodes(&talk, conversation->messages,
					  conversation->n, err);
	}
	if (rc >= 0)
		rc = put_talk(&talk, conversation->entity, err);
	if (rc >= 0)
		export_bytes(buf_span(&export->out));
	export->assets += talk.assets;
	export_chatgpt_release(&talk);
	return rc;
}

int export_chatgpt(struct session *session, struct view *view)
{
	struct chatgpt_export export = {
		.view = view,
		.out = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct export_conversation_visitor visitor = {
		write_conversation, &export
	};
	uint64_t foreign = 0;
	int rc;

	export_bytes(span_str("["));
	rc = export_conversations(view, CHATGPT_PROVIDER, &visitor, &foreign,
				  &session->err);
	if (rc >= 0)
		export_bytes(span_str("]\n"));
	if (rc >= 0 && foreign)
		out_note("left out: %llu conversations that did not come from "
			 "ChatGPT", (unsigned long long)foreign);
	if (rc >= 0 && export.assets)
		out_note("left out: %llu files that messages show, which no "
			 "JSON holds", (unsigned long long)export.assets);
	buf_release(&export.out);
	return rc;
}
