#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/chatgpt/run.h"

static const char *const roles[] = {
	"user", "assistant", "system", "tool", "developer", NULL
};

/* A speaker that we do not know is no person: closest is the assistant. */
static const char *role_of(const struct jval *author)
{
	const struct jval *role = jval_get(author, "role");
	size_t i;

	for (i = 0; roles[i]; i++) {
		if (jval_is_text(role, roles[i]))
			return roles[i];
	}
	return "assistant";
}

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
static const char *visibility_of(const struct jval *message, const char *role)
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

static int native_author(struct chatgpt_run *run, const struct jval *author,
			 const char *role, struct err *err)
{
	const char *taken[4] = { NULL, NULL, NULL, NULL };
	const struct jval *name = jval_get(author, "name");
	const struct jval *metadata = jval_get(author, "metadata");
	size_t mark;
	size_t n = 0;
	int rc;

	if (jval_is_text(jval_get(author, "role"), role))
		taken[n++] = "role";
	if (jval_is(name, JVAL_STRING) || jval_is(name, JVAL_NULL))
		taken[n++] = "name";
	if (jval_is(metadata, JVAL_OBJECT) && !jval_count(metadata))
		taken[n++] = "metadata";
	if (n == jval_count(author))
		return 0;
	rc = chatgpt_native_begin(run, "author", &mark, err);
	if (rc >= 0)
		rc = chat_add_rest(&run->native, author, taken, err);
	chatgpt_native_end(run, mark);
	return rc;
}

static int native_content(struct chatgpt_run *run,
			  const struct jval *content, struct err *err)
{
	size_t mark;
	int rc;

	rc = chatgpt_native_begin(run, "content", &mark, err);
	if (rc >= 0)
		rc = chatgpt_content_rest(content, &run->native, err);
	chatgpt_native_end(run, mark);
	return rc;
}

static int native_message(struct chatgpt_run *run, struct span key,
			  const struct jval *message, struct err *err)
{
	const char *taken[5] = { "content", NULL, NULL, NULL, NULL };
	bool is_exact;
	size_t mark;
	size_t n = 1;
	int rc;

	if (jval_is(jval_get(message, "author"), JVAL_OBJECT))
		taken[n++] = "author";
	if (span_equals(jval_get_text(message, "id"), key))
		taken[n++] = "id";
	(void)chatgpt_time(jval_get(message, "create_time"), &is_exact);
	if (is_exact)
		taken[n++] = "create_time";
	rc = chatgpt_native_begin(run, "message", &mark, err);
	if (rc >= 0)
		rc = chat_add_rest(&run->native, message, taken, err);
	chatgpt_native_end(run, mark);
	return rc;
}

/* What else the node says, of itself and of its place. */
static int native_node(struct chatgpt_run *run,
		       const struct chatgpt_node *node, struct err *err)
{
	const char *taken[5] = { "parent", "children", NULL, NULL, NULL };
	const struct jval *message = jval_get(node->value, "message");
	const struct jval *parent = jval_get(node->value, "parent");
	size_t mark;
	size_t n = 2;
	int rc;

	if (jval_is(message, JVAL_OBJECT) || jval_is(message, JVAL_NULL))
		taken[n++] = "message";
	if (span_equals(jval_get_text(node->value, "id"), node->key))
		taken[n++] = "id";
	rc = chatgpt_native_begin(run, "node", &mark, err);
	if (rc >= 0)
		rc = chat_add_rest(&run->native, node->value, taken, err);
	chatgpt_native_end(run, mark);
	if (rc >= 0 && node->parent == CHATGPT_NO_NODE && parent &&
	    !jval_is(parent, JVAL_NULL)) {
		rc = chatgpt_native_begin(run, "parent", &mark, err);
		if (rc >= 0)
			rc = jdoc_to_jcs(parent, &run->native, err);
	}
	if (rc >= 0 && node->nth) {
		rc = chatgpt_native_begin(run, "sibling", &mark, err);
		if (rc >= 0)
			rc = jcs_add_integer(&run->native,
					     (int64_t)node->nth, err);
	}
	return rc;
}

static int native_of(struct chatgpt_run *run, const struct chatgpt_node *node,
		     const struct jval *message, const char *role,
		     struct span *out, struct err *err)
{
	const struct jval *author = jval_get(message, "author");
	int rc = 0;

	buf_reset(&run->native);
	if (jval_is(author, JVAL_OBJECT))
		rc = native_author(run, author, role, err);
	if (rc >= 0)
		rc = native_content(run, jval_get(message, "content"), err);
	if (rc >= 0)
		rc = chatgpt_native_key(run, node->key, err);
	if (rc >= 0 && message)
		rc = native_message(run, node->key, message, err);
	if (rc >= 0)
		rc = native_node(run, node, err);
	return rc < 0 ? rc : chatgpt_native_close(run, out, err);
}

static int fill(struct chatgpt_run *run, const struct jval *message,
		struct chat_message *out, struct err *err)
{
	const struct jval *author = jval_get(message, "author");
	bool is_exact;
	int rc;

	out->role = role_of(author);
	out->name = jval_get_text(author, "name");
	out->created = chatgpt_time(jval_get(message, "create_time"),
				    &is_exact);
	out->visibility = visibility_of(message, out->role);
	out->model = jval_get_text(jval_get(message, "metadata"),
				   "model_slug");
	rc = chatgpt_text(run, jval_get(message, "content"), &out->content,
			  err);
	out->parts = buf_span(&run->parts);
	return rc;
}

int chatgpt_message(struct chatgpt_run *run, const struct chatgpt_tree *tree,
		    size_t at, struct err *err)
{
	const struct chatgpt_node *node = &tree->at[at];
	const struct jval *message = jval_get(node->value, "message");
	struct chat_message put = {
		.key = node->key,
		.index = (int64_t)node->depth,
		.role = "system",
		.visibility = "meta",
		.created = CHAT_TIME_NONE,
	};
	int rc = 0;

	if (!jval_is(message, JVAL_OBJECT))
		message = NULL;
	if (node->parent != CHATGPT_NO_NODE)
		put.parent = tree->at[node->parent].key;
	if (message)
		rc = fill(run, message, &put, err);
	if (rc >= 0)
		rc = native_of(run, node, message, put.role, &put.native,
			       err);
	if (rc >= 0)
		rc = chat_put_message(&run->chat, &put, err);
	return rc < 0 || !message ? rc :
		chatgpt_assets_find(run, message, node->key, err);
}
