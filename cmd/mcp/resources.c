#include <string.h>

#include "cmd/mcp/asking.h"
#include "cmd/mcp/page.h"
#include "cmd/mcp/reason.h"
#include "cmd/mcp/tool/said.h"
#include "lib/base/text.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "objects/record/kinds.h"
#include "refs/history/construct_name.h"

#define SCHEME "vvault://"
#define MARKDOWN "text/markdown"
#define URI_TOLD 200

/* vvault://<construct>[/<entity>], the entity as in URIs. */
struct address {
	char construct[CONSTRUCT_NAME_MAX];
	char entity[ENTITY_MAX_BYTES + 1];	/* "": none */
};

static bool take_resources_entity(struct span text, char *out)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < text.len && n < ENTITY_MAX_BYTES; i++) {
		int high = -1;
		int low = -1;

		if (text.at[i] != '%') {
			out[n++] = text.at[i];
			continue;
		}
		if (i + 2 < text.len) {
			high = hex_digit(text.at[i + 1]);
			low = hex_digit(text.at[i + 2]);
		}
		if (high < 0 || low < 0 || (high == 0 && low == 0))
			return false;
		out[n++] = (char)(high * 16 + low);
		i += 2;
	}
	out[n] = '\0';
	return i == text.len && n;
}

static bool read_address(struct span uri, struct address *out)
{
	struct span rest;
	size_t end;

	memset(out, 0, sizeof(*out));
	if (!span_begins(uri, SCHEME) || memchr(uri.at, '\0', uri.len))
		return false;
	rest = span_of(uri.at + strlen(SCHEME), uri.len - strlen(SCHEME));
	end = span_find(rest, "/", 0);
	end = end == SPAN_NOWHERE ? rest.len : end;
	if (construct_name_check(span_of(rest.at, end), NULL) < 0)
		return false;
	memcpy(out->construct, rest.at, end);
	return end == rest.len ||
	       take_resources_entity(span_of(rest.at + end + 1,
					     rest.len - end - 1),
			   out->entity);
}

static void put_resource(struct span construct, struct buf *list)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf uri = BUF_INIT(BUF_NO_LIMIT);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);

	said_word(&uri, SCHEME, construct, "construct");
	if (!uri.len)
		return;
	said_word(&name, "", construct, "called");
	if (!name.len)
		said_word(&name, "", construct, "construct");
	fields_text(&fields, "uri", buf_span(&uri));
	fields_text(&fields, "name", buf_span(&name));
	fields_str(&fields, "description", "Who this construct is and what it "
		   "knows: persona, decisions, memories, conversations");
	fields_str(&fields, "mimeType", MARKDOWN);
	buf_put_str(list, list->len > 1 ? "," : "");
	buf_fail(list, jcs_fields_write(&fields, list, NULL));
	jcs_fields_release(&fields);
	buf_release(&uri);
	buf_release(&name);
}

int resources_list(struct server *server, const struct request *request,
		   struct reply *reply, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct span rest = { NULL, 0 };
	struct asking asking;
	struct span object;
	int rc = 0;

	(void)request;
	asking_begin(&asking, server, "construct list");
	if (page_is_offered(server))
		rc = asking_run(&asking, err);
	buf_put_char(&list, '[');
	while (rc == 0 && (object = asking_next(&asking, &rest)).at)
		put_resource(object, &list);
	buf_put_char(&list, ']');
	fields_buf(&reply->fields, "resources", &list);
	asking_release(&asking);
	buf_release(&list);
	return rc;
}

int resources_templates(struct server *server, const struct request *request,
			struct reply *reply, struct err *err)
{
	(void)server;
	(void)request;
	(void)err;
	fields_raw(&reply->fields, "resourceTemplates", span_str(
		"[{\"description\":\"A conversation, by its name in what "
		"`recall` finds\",\"mimeType\":\"text/plain\",\"name\":"
		"\"session\",\"uriTemplate\":\"" SCHEME
		"{construct}/{session}\"},"
		"{\"description\":\"A memory, by its name in what `recall` "
		"finds\",\"mimeType\":\"text/plain\",\"name\":\"memory\","
		"\"uriTemplate\":\"" SCHEME "{construct}/{memory}\"}]"));
	return 0;
}

static int read_page(struct server *server, const struct address *address,
		     struct buf *out, struct err *err)
{
	const struct page_argument arguments[] = {
		{ "ref", address->entity }, { NULL, NULL }
	};

	if (*address->entity)
		return page_of_tool(server, "read", address->construct,
				    arguments, out, err);
	if (!page_is_offered(server))
		return err_set(err, ERR_NOT_FOUND, "there is no such page");
	return page_context(server, address->construct, NULL, out, err);
}

static void put_contents(struct reply *reply, struct span uri,
			 const struct buf *page, bool is_markdown)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	fields_text(&fields, "uri", uri);
	fields_str(&fields, "mimeType", is_markdown ? MARKDOWN : "text/plain");
	fields_text(&fields, "text", buf_span(page));
	buf_put_char(&list, '[');
	buf_fail(&list, jcs_fields_write(&fields, &list, NULL));
	buf_put_char(&list, ']');
	fields_buf(&reply->fields, "contents", &list);
	jcs_fields_release(&fields);
	buf_release(&list);
}

/* "uri", of what is none: so much of it as helps. */
static void put_asked(struct reply *reply, struct span uri)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	buf_fail(&text, text_escape(&text, text_cut(uri, URI_TOLD), 0, NULL));
	if (buf_end(&text, NULL) == 0)
		fields_text(&reply->fields, "uri", buf_span(&text));
	buf_release(&text);
}

int resources_read(struct server *server, const struct request *request,
		   struct reply *reply, struct err *err)
{
	struct span uri = jval_get_text(request->params, "uri");
	struct buf page = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	struct address address;
	int rc = 0;

	if (!read_address(uri, &address))
		err_set(&why, ERR_NOT_FOUND, "a resource is " SCHEME
			"<construct> or " SCHEME "<construct>/<name>");
	else
		rc = read_page(server, &address, &page, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (why.code) {
		reason_put(&why, &text);
		reply_fault(reply, FAULT_PARAMS, "%s", buf_text(&text));
		put_asked(reply, uri);
	} else {
		put_contents(reply, uri, &page, !*address.entity);
	}
	buf_release(&page);
	buf_release(&text);
	return 0;
}
