#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/chatgpt/run.h"
#include "cmd/import/records/rest.h"

/* A speaker that we do not know is no person: closest is the assistant. */
static const struct take_role roles[] = {
	{ "user", "user" },
	{ "assistant", "assistant" },
	{ "system", "system" },
	{ "tool", "tool" },
	{ "developer", "developer" },
	{ NULL, "assistant" },
};

static bool is_true(const struct jval *object, const char *name)
{
	return jval_is(jval_get(object, name), JVAL_TRUE);
}

static bool shows_image(const struct jval *content)
{
	const struct jval *part = jval_get(content, "parts");

	if (!jval_is(part, JVAL_ARRAY))
		return false;
	for (part = jval_first(part); part; part = part->next) {
		if (jval_is_text(jval_get(part, "content_type"),
				 "image_asset_pointer"))
			return true;
	}
	return false;
}

static bool is_one_of(const struct jval *text, const char *const *words)
{
	for (; *words; words++) {
		if (jval_is_text(text, *words))
			return true;
	}
	return false;
}

/* What a person saw of it in the conversation. */
static const char *visibility_of(const struct jval *message, const char *role,
				 const struct chatgpt_shown *shown)
{
	static const char *const thinking[] = {
		"thoughts", "reasoning_recap", NULL
	};
	static const char *const context[] = {
		"user_editable_context", "model_editable_context", NULL
	};
	const struct jval *content = jval_get(message, "content");
	const struct jval *type = jval_get(content, "content_type");
	const struct jval *metadata = jval_get(message, "metadata");
	const struct jval *to = jval_get(message, "recipient");

	if (is_true(metadata, "is_visually_hidden_from_conversation") ||
	    is_one_of(type, context))
		return "hidden";
	if (shown->text.at || shown->is_answer)
		return "visible";
	if (!strcmp(role, "system") || !strcmp(role, "developer"))
		return is_true(metadata, "is_user_system_message") ?
			"visible" : "hidden";
	if (is_one_of(type, thinking))
		return "thinking";
	/* What a tool drew is the answer; what it said is for the model. */
	if (!strcmp(role, "tool"))
		return shows_image(content) ? "visible" : "tool";
	if (!strcmp(role, "assistant") && jval_is(to, JVAL_STRING) &&
	    !jval_is_text(to, "all"))
		return "tool";
	return "visible";
}

/* Who carries an answer is not who gives it. */
static void read_author(struct chatgpt_run *run, struct take *message,
			const struct chatgpt_shown *shown,
			struct chat_message *out)
{
	static const char *const written[] = { "role", NULL };
	struct take author = take_exact(take_see(message, "author"));

	out->role = "assistant";
	if (!shown->is_answer) {
		out->role = take_role(&author, "role", roles);
		out->name = take_text(&author, "name");
	}
	take_done(message, author.object);
	take_rest_under(&author, "author", &run->native);
	if (author.object)
		take_absent(&author, "author.", written, &run->absent);
}

static void read_message(struct chatgpt_run *run, const struct jval *value,
			 const struct chatgpt_shown *shown,
			 struct chat_message *out)
{
	static const char *const written[] = {
		"id", "author", "content", NULL
	};
	struct take message = take_exact(value);

	read_author(run, &message, shown, out);
	out->created = chatgpt_take_time(&message, "create_time");
	out->visibility = visibility_of(value, out->role, shown);
	out->model = jval_get_text(jval_get(value, "metadata"), "model_slug");
	out->content = chatgpt_content(run, take_any(&message, "content"),
				       shown);
	out->parts = buf_span(&run->parts);
	(void)take_same(&message, "id", out->key);
	take_rest_under(&message, "message", &run->native);
	take_absent(&message, "message.", written, &run->absent);
}

/* What else the node says, of itself and of its place. */
static void read_node(struct chatgpt_run *run,
		      const struct chatgpt_node *node, struct span parent,
		      const struct jval *message)
{
	static const char *const written[] = {
		"id", "message", "parent", "children", NULL
	};
	struct take take = take_exact(node->value);
	const struct jval *said = take_see(&take, "parent");

	if (parent.at ? span_equals(jval_text(said), parent) :
	    jval_is(said, JVAL_NULL))
		take_done(&take, said);
	(void)take_any(&take, "children");
	(void)take_same(&take, "id", node->key);
	if (jval_is(message, JVAL_OBJECT) || jval_is(message, JVAL_NULL))
		take_done(&take, message);
	take_rest_under(&take, "node", &run->native);
	take_absent(&take, "node.", written, &run->absent);
	if (node->nth)
		fields_integer(&run->native, "sibling", (int64_t)node->nth);
}

int chatgpt_message(struct chatgpt_run *run, const struct chatgpt_tree *tree,
		    size_t at, struct err *err)
{
	const struct chatgpt_node *node = &tree->at[at];
	const struct jval *message = jval_get(node->value, "message");
	const bool has_message = jval_is(message, JVAL_OBJECT);
	struct chat_message put = {
		.key = node->key,
		.index = (int64_t)node->depth,
		.role = "system",
		.visibility = "meta",
		.created = CHAT_TIME_NONE,
	};
	struct chatgpt_shown shown;
	int rc;

	if (has_message) {
		rc = chatgpt_shown(run, at, message, &shown, err);
		if (rc < 0)
			return rc;
	}
	jcs_fields_reset(&run->native);
	buf_reset(&run->absent);
	if (node->parent != CHATGPT_NO_NODE)
		put.parent = tree->at[node->parent].key;
	if (has_message)
		read_message(run, message, &shown, &put);
	chatgpt_native_key(run, node->key);
	read_node(run, node, put.parent, message);
	rc = chatgpt_native_write(run, &put.native, err);
	if (rc == 0)
		rc = chat_put_message(&run->chat, &put, err);
	if (rc == 0 && has_message)
		rc = chatgpt_memory(run, message, &put, err);
	return rc < 0 || !has_message ? rc :
		chatgpt_assets_find(run, message, node->key, err);
}
