#include <string.h>

#include "cmd/mcp/page.h"
#include "cmd/mcp/reason.h"

#define ARGUMENT_MAX 1000

struct prompt {
	const char *name;
	const char *title;
	const char *help;
	const char *other;		/* its second argument */
	const char *other_help;
	int (*put)(struct server *server, const char *construct,
		   const char *other, struct buf *out, struct err *err);
};

static int put_boot(struct server *server, const char *construct,
		    const char *query, struct buf *out, struct err *err)
{
	return page_context(server, construct, query, out, err);
}

static int put_handoff(struct server *server, const char *construct,
		       const char *since, struct buf *out, struct err *err)
{
	const struct page_argument arguments[] = {
		{ "construct", construct }, { "from", since }, { NULL, NULL }
	};

	return page_of_tool(server, "history", NULL, arguments, out, err);
}

static const struct prompt prompts[] = {
	{ "boot", "Who you are, and what matters now",
	  "The persona of a construct, its decisions, memories and last "
	  "conversations, and what matters to a question",
	  "query", "what it is about", put_boot },
	{ "handoff", "What has changed",
	  "What changed in a construct since a version or a date, and who "
	  "signed it",
	  "since", "a version or a date", put_handoff },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

/* A page of a whole construct is none of some kinds. */
static bool is_offered(const struct prompt *prompt,
		       const struct server *server)
{
	return prompt->put != put_boot || page_is_offered(server);
}

static void put_boot_prompt(const struct prompt *prompt, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf arguments = BUF_INIT(BUF_NO_LIMIT);

	buf_putf(&arguments, "[{\"description\":\"whose\",\"name\":"
		 "\"construct\",\"required\":true},{\"description\":\"%s\","
		 "\"name\":\"%s\",\"required\":false}]", prompt->other_help,
		 prompt->other);
	fields_str(&fields, "name", prompt->name);
	fields_str(&fields, "title", prompt->title);
	fields_str(&fields, "description", prompt->help);
	fields_buf(&fields, "arguments", &arguments);
	buf_fail(out, jcs_fields_write(&fields, out, NULL));
	jcs_fields_release(&fields);
	buf_release(&arguments);
}

int prompts_list(struct server *server, const struct request *request,
		 struct reply *reply, struct err *err)
{
	const struct prompt *prompt = prompts;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	(void)request;
	(void)err;
	buf_put_char(&list, '[');
	for (; prompt->name; prompt++) {
		if (!is_offered(prompt, server))
			continue;
		buf_put_str(&list, list.len > 1 ? "," : "");
		put_boot_prompt(prompt, &list);
	}
	buf_put_char(&list, ']');
	fields_buf(&reply->fields, "prompts", &list);
	buf_release(&list);
	return 0;
}

/* One message, as if the user gave the page. */
static void put_boot_message(struct reply *reply, const struct prompt *prompt,
			const struct buf *page)
{
	struct jcs_fields content = JCS_FIELDS_INIT;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	fields_str(&content, "type", "text");
	fields_text(&content, "text", buf_span(page));
	fields_str(&fields, "role", "user");
	fields_object(&fields, "content", &content);
	buf_put_char(&list, '[');
	buf_fail(&list, jcs_fields_write(&fields, &list, NULL));
	buf_put_char(&list, ']');
	fields_str(&reply->fields, "description", prompt->title);
	fields_buf(&reply->fields, "messages", &list);
	jcs_fields_release(&content);
	jcs_fields_release(&fields);
	buf_release(&list);
}

/* A text that C can hold; false: it is none. */
static bool take_boot(const struct jval *arguments, const char *name,
		 struct buf *out)
{
	struct span text = jval_get_text(arguments, name);

	if (!text.len)
		return !jval_get(arguments, name);
	buf_put_span(out, text);
	return text.len <= ARGUMENT_MAX && !memchr(text.at, '\0', text.len) &&
	       buf_end(out, NULL) == 0;
}

static int get(struct server *server, const struct prompt *prompt,
	       const struct jval *arguments, struct reply *reply)
{
	struct buf construct = BUF_INIT(BUF_NO_LIMIT);
	struct buf other = BUF_INIT(BUF_NO_LIMIT);
	struct buf page = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc = 0;

	if (!take_boot(arguments, "construct", &construct) || !construct.len ||
	    !take_boot(arguments, prompt->other, &other))
		err_set(&why, ERR_INVALID, "'construct' is wanted, and '%s' "
			"is a text", prompt->other);
	else
		rc = prompt->put(server, buf_text(&construct), other.len ?
				 buf_text(&other) : NULL, &page, &why);
	if (why.code) {
		reason_put(&why, &text);
		reply_fault(reply, FAULT_PARAMS, "%s", buf_text(&text));
	} else if (rc == 0) {
		put_boot_message(reply, prompt, &page);
	}
	buf_release(&construct);
	buf_release(&other);
	buf_release(&page);
	buf_release(&text);
	return rc == ERR_NOMEM ? rc : 0;
}

int prompts_get(struct server *server, const struct request *request,
		struct reply *reply, struct err *err)
{
	struct span name = jval_get_text(request->params, "name");
	const struct prompt *prompt = prompts;
	int rc;

	while (prompt->name && !span_equals(name, span_str(prompt->name)))
		prompt++;
	if (!prompt->name || !is_offered(prompt, server))
		return reply_fault(reply, FAULT_PARAMS, "no prompt '%.*s'",
				   name.len < 100 ? (int)name.len : 100,
				   name.len ? name.at : "");
	rc = get(server, prompt, jval_get(request->params, "arguments"),
		 reply);
	return rc < 0 ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}
