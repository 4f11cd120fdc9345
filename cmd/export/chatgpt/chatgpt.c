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

	if (export_says(jval_get(talk->native, "conversation"),
			"current_node") ||
	    jval_is(jval_get(state, "guessed"), JVAL_TRUE))
		return;
	i = export_chatgpt_find(talk, active);
	if (i != SIZE_MAX)
		export_member_text(members, "current_node",
				   talk->nodes[i].key);
}

static void put_ids(const struct chatgpt_export_talk *talk,
		    struct span entity, struct export_members *members)
{
	static const size_t before = sizeof("session:" CHATGPT_PROVIDER);
	static const char *const names[] = { "conversation_id", "id" };
	const struct jval *native = jval_get(talk->native, "conversation");
	const struct jval *absent = jval_get(talk->native, "absent");
	struct span key = export_chatgpt_key(talk->native,
		span_of(entity.at + before, entity.len - before));
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!jval_get(native, names[i]) &&
		    !export_is_absent(absent, names[i]))
			export_member_text(members, names[i], key);
	}
}

static void put_talk(struct chatgpt_export_talk *talk, struct span entity)
{
	const struct jval *state = jdoc_root(talk->doc);
	const struct jval *native = jval_get(talk->native, "conversation");
	const struct jval *title = jval_get(state, "title");
	struct export_members members = { .out = talk->out };

	if (title && !export_says(native, "title"))
		export_member_raw(&members, "title", title);
	export_chatgpt_time(&members, "create_time", native,
			    jval_get(state, "created"));
	export_chatgpt_time(&members, "update_time", native,
			    jval_get(state, "updated"));
	if (!jval_get(native, "mapping")) {
		export_member(&members, "mapping");
		export_chatgpt_mapping(talk);
	}
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
