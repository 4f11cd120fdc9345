/*
 * conversations.json of ChatGPT, from the records that its importer made:
 * importing it again gives the same sessions and messages.
 */
#include "cmd/export/chatgpt/chatgpt.h"

#include "cmd/export/plain.h"
#include "cmd/import/chatgpt/chatgpt.h"

struct chatgpt_export {
	struct view *view;
	uint64_t assets;
};

/* A guessed leaf is no word of the source's. */
static void put_current(const struct chatgpt_export_talk *talk,
			struct export_members *members)
{
	const struct jval *state = jdoc_root(talk->doc);
	struct span active = jval_get_text(state, "active");
	size_t i;

	if (jval_get(jval_get(talk->native, "conversation"), "current_node"))
		return;
	if (jval_is(jval_get(state, "guessed"), JVAL_TRUE))
		active = span_of(NULL, 0);
	i = export_chatgpt_find(talk, active);
	export_member(members, "current_node");
	if (i == SIZE_MAX)
		buf_put_str(talk->out, "null");
	else
		export_put_string(talk->out, talk->nodes[i].key);
}

static void put_ids(const struct chatgpt_export_talk *talk,
		    struct span entity, struct export_members *members)
{
	static const size_t before = sizeof("session:" CHATGPT_PROVIDER);
	const struct jval *native = jval_get(talk->native, "conversation");
	struct span key = export_chatgpt_key(talk->native,
		span_of(entity.at + before, entity.len - before));

	if (!jval_get(native, "conversation_id"))
		export_member_text(members, "conversation_id", key);
	if (!jval_get(native, "id"))
		export_member_text(members, "id", key);
}

static void put_talk(struct chatgpt_export_talk *talk, struct span entity)
{
	const struct jval *state = jdoc_root(talk->doc);
	const struct jval *native = jval_get(talk->native, "conversation");
	const struct jval *title = jval_get(state, "title");
	struct export_members members = { talk->out, false };

	if (title && !jval_get(native, "title"))
		export_member_raw(&members, "title", title);
	export_chatgpt_time(&members, "create_time", native,
			    jval_get(state, "created"));
	export_chatgpt_time(&members, "update_time", native,
			    jval_get(state, "updated"));
	export_member(&members, "mapping");
	export_chatgpt_mapping(talk);
	put_current(talk, &members);
	put_ids(talk, entity, &members);
	export_member_all(&members, native);
	export_members_end(&members);
}

static int write_conversation(void *arg,
			      const struct export_conversation *conversation,
			      struct buf *out, struct err *err)
{
	struct chatgpt_export *export = arg;
	struct chatgpt_export_talk talk = { .view = export->view, .out = out };
	int rc = export_doc(export->view, conversation->state, &talk.doc, err);

	if (rc == 0) {
		talk.native = jval_get(jdoc_root(talk.doc), "native");
		rc = export_chatgpt_nodes(&talk, conversation->messages,
					  conversation->n, err);
	}
	if (rc == 0)
		put_talk(&talk, conversation->entity);
	export->assets += talk.assets;
	export_chatgpt_release(&talk);
	return rc;
}

int export_chatgpt(const struct export *export, struct err *err)
{
	struct chatgpt_export chatgpt = { .view = export->view };
	const struct export_conversation_visitor visitor = {
		write_conversation, &chatgpt, CHATGPT_PROVIDER, "ChatGPT"
	};
	int rc = export_conversations(export, &visitor, err);

	if (rc == 0 && chatgpt.assets)
		host_note(export->host, "left out: %llu files that messages "
			  "show, which no JSON holds",
			  (unsigned long long)chatgpt.assets);
	return rc;
}
