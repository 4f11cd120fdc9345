#include "cmd/mcp/tool/said.h"

#include <string.h>

#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"

#define NAME_MAX_BYTES ((size_t)128)
#define NAME_WORDS 6
#define MEMBER_MAX ((size_t)64)
#define END ((size_t)300)	/* the sentences that end an answer */

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define HEX_LETTERS "abcdefABCDEF"
#define DIGITS "0123456789"
#define MARKS "._:/@-"

/* Words of letters, other than digits of an id. */
static size_t count_words(const char *text)
{
	size_t n = 0;

	while (*text) {
		size_t len = strcspn(text, MARKS);

		n += len > 1 && strspn(text, LETTERS) == len &&
		     strspn(text, HEX_LETTERS) < len;
		text += len + (text[len] != '\0');
	}
	return n;
}

/* "a--b", "a:-b": dashes as a sentence has them. */
static bool has_dashes(const char *text)
{
	for (; text[0] && text[1]; text++) {
		if (strchr(MARKS, text[0]) && strchr("-_", text[1]))
			return true;
	}
	return false;
}

bool said_is_name(const char *name)
{
	size_t len = strlen(name);

	return len && len <= NAME_MAX_BYTES &&
	       strspn(name, LETTERS DIGITS MARKS) == len &&
	       !has_dashes(name) && count_words(name) <= NAME_WORDS;
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
		text_one_line(&text, MEMBER_MAX);
	if (buf_end(&text, NULL) == 0 && (is_free || (strlen(buf_text(&text)) == text.len &&
					       said_is_name(buf_text(&text))))) {
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

/* That an agent wrote it is told whatever its client calls itself. */
static void put_via(struct buf *out, struct span from)
{
	struct span via;

	said_word(out, "", from, "via");
	if (!out->len && jcs_find_string(from, "via", &via) &&
	    span_begins(via, "mcp:"))
		buf_put_str(out, "mcp");
}

void said_from(struct tool_call *call, struct span object,
	       struct jcs_fields *fields)
{
	static const char *const members[] = { "signer", "role", "source",
					       NULL };
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct buf via = BUF_INIT(BUF_NO_LIMIT);
	struct span from;
	size_t i;

	if (!jcs_find(object, "from", &from))
		return;
	for (i = 0; members[i]; i++)
		said_field(&inner, members[i], from, members[i]);
	put_string(&name, "", from, "name", true);
	put_field(&inner, "name", &name);
	put_via(&via, from);
	put_field(&inner, "via", &via);
	fields_object(fields, "from", &inner);
	buf_put_str(&call->text, "  signed by");
	if (name.len)
		buf_putf(&call->text, " \"%s\"", buf_text(&name));
	said_word(&call->text, " ", from, "signer");
	said_word(&call->text, ", ", from, "role");
	if (via.len)
		buf_putf(&call->text, "; came by %s", buf_text(&via));
	jcs_fields_release(&inner);
	buf_release(&name);
	buf_release(&via);
	said_word(&call->text, "; source ", from, "source");
	buf_put_char(&call->text, '\n');
}

size_t said_room(const struct tool_call *call)
{
	size_t budget = (size_t)tool_count(call, "budget");
	size_t used = call->text.len + END;

	return !budget ? SIZE_MAX : used < budget ? budget - used : 0;
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
		if (line.len < said_room(call))
			buf_putf(&call->text, "Note: %.*s.\n",
				 (int)line.len, line.at);
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
