#include "cmd/export/chatgpt/chatgpt.h"

#include <stdio.h>

#include "cmd/import/chatgpt/chatgpt.h"
#include "lib/time/timestamp.h"

void export_chatgpt_time(struct export_members *members, const char *name,
			 const struct jval *native, const struct jval *time)
{
	long long micros = 0;
	int64_t parsed;

	if (export_says(native, name) ||
	    timestamp_parse(jval_text(time), &parsed, NULL, NULL) < 0)
		return;
	export_member(members, name);
	micros = parsed < 0 ? -parsed : parsed;
	buf_putf(members->out, "%s%lld.%06lld", parsed < 0 ? "-" : "",
		 micros / 1000000, micros % 1000000);
}

static bool is_absent(const struct chatgpt_export_node *node,
		      const char *name)
{
	return export_is_absent(jval_get(node->native, "absent"), name);
}

static void put_author(const struct chatgpt_export_node *node,
		       struct export_members *message)
{
	const struct jval *state = jdoc_root(node->doc);
	const struct jval *native = jval_get(node->native, "author");
	const struct jval *name = jval_get(state, "name");
	struct export_members author = { .out = message->out };

	if (jval_get(jval_get(node->native, "message"), "author") ||
	    is_absent(node, "message.author"))
		return;
	export_member(message, "author");
	if (!jval_get(native, "role") && !is_absent(node, "author.role"))
		export_member_text(&author, "role",
				   jval_get_text(state, "role"));
	if (name && !export_says(native, "name"))
		export_member_raw(&author, "name", name);
	export_member_all(&author, native);
	export_members_end(&author);
}

/* Parts of the source alone; where there are none, the text is its one. */
static void put_parts(const struct jval *parts, const struct jval *text,
		      struct buf *out)
{
	const struct jval *part = jval_first(parts);
	const char *between = "[";

	for (; part; part = part->next) {
		if (chatgpt_is_own(part))
			continue;
		buf_put_str(out, between);
		buf_put_span(out, part->raw);
		between = ",";
	}
	if (*between == '[') {
		buf_put_char(out, '[');
		buf_put_span(out, text->raw);
	}
	buf_put_char(out, ']');
}

/* The text where the type of the content has it, unless that stands there. */
static void put_text(const struct chatgpt_export_node *node,
		     const struct jval *native, struct export_members *content)
{
	const struct jval *state = jdoc_root(node->doc);
	const struct jval *text = jval_get(state, "content");
	const char *member = chatgpt_text_member(jval_text(
		jval_get(native, "content_type")));
	char name[64];

	if (!member || !text || jval_get(native, member))
		return;
	snprintf(name, sizeof(name), "content.%s", member);
	if (is_absent(node, name))
		return;
	if (strcmp(member, "parts")) {
		export_member_raw(content, member, text);
		return;
	}
	export_member(content, member);
	put_parts(jval_get(state, "parts"), text, content->out);
}

static void put_content(const struct chatgpt_export_node *node,
			struct export_members *message)
{
	const struct jval *native = jval_get(node->native, "content");
	struct export_members content = { .out = message->out };

	if (jval_get(jval_get(node->native, "message"), "content") ||
	    is_absent(node, "message.content"))
		return;
	export_member(message, "content");
	if (native && !jval_is(native, JVAL_OBJECT)) {
		buf_put_span(message->out, native->raw);
		return;
	}
	export_member_all(&content, native);
	put_text(node, native, &content);
	export_members_end(&content);
}

void export_chatgpt_message(const struct chatgpt_export_node *node,
			    struct buf *out)
{
	const struct jval *state = jdoc_root(node->doc);
	const struct jval *native = jval_get(node->native, "message");
	struct export_members message = { .out = out };

	if (jval_is_text(jval_get(state, "visibility"), "meta")) {
		buf_put_str(out, "null");
		return;
	}
	if (!jval_get(native, "id") && !is_absent(node, "message.id"))
		export_member_text(&message, "id", node->key);
	put_author(node, &message);
	export_chatgpt_time(&message, "create_time", native,
			    jval_get(state, "created"));
	put_content(node, &message);
	export_member_all(&message, native);
	export_members_end(&message);
}
