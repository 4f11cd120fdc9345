#include "cmd/mcp/tool/said.h"

#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"

#define WORD_MAX ((size_t)200)

static bool is_said_word(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if ((unsigned char)text.at[i] <= ' ')
			return false;
	}
	return text.len && text.len <= WORD_MAX;
}

/* A member's name is an owner's word, and may be several. */
static void put_string(struct buf *out, const char *before,
		       struct span object, const char *name, bool is_free)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;

	if (!jcs_find(object, name, &value) ||
	    jcs_type_of(value) != JCS_STRING)
		return;
	buf_fail(out, jcs_string_decode(value, &text, NULL));
	if (is_free)
		text_one_line(&text, WORD_MAX);
	if (is_free || is_said_word(buf_span(&text))) {
		buf_put_str(out, before);
		fence_put_line(out, buf_span(&text));
	}
	buf_release(&text);
}

void said_word(struct buf *out, const char *before, struct span object,
	       const char *name)
{
	put_string(out, before, object, name, false);
}

static void put_field(struct jcs_fields *fields, const char *name,
		      const struct buf *text)
{
	fields_fail(fields, buf_end(text, NULL), NULL);
	if (text->len)
		fields_text(fields, name, buf_span(text));
	else
		fields_null(fields, name);
}

void said_field(struct jcs_fields *fields, const char *name,
		struct span object, const char *member)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	said_word(&text, "", object, member);
	put_field(fields, name, &text);
	buf_release(&text);
}

void said_from(struct tool_call *call, struct span object,
	       struct jcs_fields *fields)
{
	static const char *const members[] = { "signer", "role", "via",
					       "source", NULL };
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct span from;
	size_t i;

	if (!jcs_find(object, "from", &from))
		return;
	for (i = 0; members[i]; i++)
		said_field(&inner, members[i], from, members[i]);
	put_string(&name, "", from, "name", true);
	put_field(&inner, "name", &name);
	fields_object(fields, "from", &inner);
	buf_putf(&call->text, "  signed by%s%s", name.len ? " " : "",
		 buf_text(&name));
	jcs_fields_release(&inner);
	buf_release(&name);
	said_word(&call->text, " ", from, "signer");
	said_word(&call->text, ", ", from, "role");
	said_word(&call->text, "; came by ", from, "via");
	said_word(&call->text, "; source ", from, "source");
	buf_put_char(&call->text, '\n');
}

/* Of less than all it is not told what lies beside it. */
static bool may_tell(const struct asking *asking)
{
	return !asking->scope.kinds && !asking->scope.as_of;
}

void said_notes(struct tool_call *call, const struct asking *asking)
{
	struct span rest = buf_span(&asking->notes);
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	if (!rest.len || !may_tell(asking))
		return;
	while (rest.len) {
		struct span line = span_take_line(&rest);

		buf_put_char(&list, list.len ? ',' : '[');
		jcs_put_string(&list, line);
		buf_putf(&call->text, "Note: %.*s.\n", (int)line.len,
			 line.at);
	}
	buf_put_char(&list, ']');
	fields_buf(&call->fields, "notes", &list);
	buf_release(&list);
}

void said_end(struct tool_call *call)
{
	fields_str(&call->fields, "notice", FENCE_SAYS);
	buf_put_str(&call->text, FENCE_SAYS);
}
