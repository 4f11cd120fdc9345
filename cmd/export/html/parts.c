#include "cmd/export/html/told.h"

#include "cmd/export/markdown/beside.h"
#include "lib/json/jcs_scan.h"

/* What parts are called in the source, and to a reader. */
static const struct {
	const char *type;
	const char *label;
} labels[] = {
	{ "thinking", "Thinking" }, { "reasoning", "Thinking" },
	{ "redacted", "Thinking" }, { "tool_use", "Tool call" },
	{ "tool_call", "Tool call" }, { "function", "Tool call" },
	{ "tool_res", "Tool result" }, { "tool_return", "Tool result" },
	{ "image", "Picture" }, { "file", "File" },
	{ "attachment", "Attachment" }, { "audio_asset", "Recording" },
	{ "audio_transcription", "Spoken" }, { "real_time", "Recording" },
};

struct span part_type(struct span part)
{
	struct span type;

	if (jcs_find_string(part, "type", &type) ||
	    jcs_find_string(part, "content_type", &type) ||
	    jcs_find_string(part, "kind", &type))
		return type;
	return span_str("part");
}

void part_put_label(struct buf *out, struct span type)
{
	size_t i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (span_begins(type, labels[i].type)) {
			buf_put_str(out, labels[i].label);
			return;
		}
	}
	while (type.len) {
		size_t end = span_find(type, "_", 0);

		end = end == SPAN_NOWHERE ? type.len : end;
		html_put_text(out, span_of(type.at, end));
		buf_put_str(out, end < type.len ? " " : "");
		end += end < type.len;
		type = span_of(type.at + end, type.len - end);
	}
}

static bool is_thinking(struct span type)
{
	return span_begins(type, "thinking") ||
	       span_begins(type, "reasoning");
}

void page_put_gist(struct page *page, struct span text)
{
	buf_put_str(&page->out, " <span class=\"gist\" dir=\"auto\">");
	html_put_words(&page->out, text, 120);
	buf_put_str(&page->out, "</span>");
}

/* What tools are given that says most in a line. */
static bool find_telling(struct span object, struct span *out)
{
	static const char *const names[] = {
		"command", "cmd", "file_path", "path", "pattern", "query",
		"url", "title", "description", "prompt", "content"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (jcs_find(object, names[i], out))
			return true;
	}
	return false;
}

/* The text of a value, or the first one in it; absent when there is none. */
static struct span first_text(struct span value)
{
	enum jcs_type type = jcs_type_of(value);
	struct jcs_iter iter;

	while (type == JCS_OBJECT || type == JCS_ARRAY) {
		iter = type == JCS_OBJECT ? jcs_iter_object(value) :
		       jcs_iter_array(value);
		if (!find_telling(value, &value) &&
		    !jcs_next(&iter, NULL, &value))
			break;
		type = jcs_type_of(value);
	}
	return type == JCS_STRING ? value : span_of(NULL, 0);
}

void part_put_gist(struct page *page, struct span part)
{
	static const char *const inputs[] = {
		"input", "arguments", "function", "thinking", "text",
		"reasoning", "content", NULL
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	size_t i = 0;

	if (page_text(page, part, "name", &text).len) {
		buf_put_str(&page->out, " <b class=\"name\">");
		html_put_words(&page->out, buf_span(&text), 80);
		buf_put_str(&page->out, "</b>");
		buf_reset(&text);
	}
	while (inputs[i] && !jcs_find(part, inputs[i], &value))
		i++;
	value = inputs[i] ? first_text(value) : span_of(NULL, 0);
	if (value.len > 2) {
		buf_fail(&page->out, jcs_string_decode(value, &text, NULL));
		page_put_gist(page, buf_span(&text));
	}
	buf_release(&text);
}

static void put_thinking(struct page *page, struct span part)
{
	static const char *const members[] = {
		"thinking", "reasoning", "text", "subject"
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		html_put_prose(&page->out, page_text(page, part, members[i],
						     &text));
	buf_release(&text);
}

/* Is it a place where no word would be cut in two? */
static bool is_between_words(struct span text, size_t at)
{
	return !at || at == text.len || (unsigned char)text.at[at] <= ' ' ||
	       (unsigned char)text.at[at - 1] <= ' ';
}

/* Content up to that place. */
static void put_content(struct told *told, size_t end)
{
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	struct span piece;

	if (end > told->content.len)
		end = told->content.len;
	if (!is_between_words(told->content, end))
		return;
	if (end <= told->done)
		return;
	piece = span_of(told->content.at + told->done, end - told->done);
	beside_put_readable(&plain, piece);
	if (told->is_output)
		html_put_output(&told->page->out, piece);
	else
		html_put_prose(&told->page->out, buf_span(&plain));
	buf_fail(&told->page->out, plain.failed);
	buf_release(&plain);
	told->done = end;
}

static void put_part_line(struct told *told, struct span part)
{
	struct buf *out = &told->page->out;
	const char *tag = told->is_folded ? "p" : "summary";

	buf_putf(out, "<%s><b>", tag);
	part_put_label(out, part_type(part));
	buf_put_str(out, "</b>");
	part_put_gist(told->page, part);
	buf_putf(out, "</%s>\n", tag);
}

static void put_part(struct told *told, struct span part)
{
	static const char *const plain[] = {
		"type", "name", "start", "end", NULL
	};
	static const char *const thought[] = {
		"type", "thinking", "reasoning", "text", "subject",
		"signature", "start", "end", NULL
	};
	struct page *page = told->page;
	struct span type = part_type(part);
	bool thinks = is_thinking(type);
	const char *tag = told->is_folded ? "div" : "details";

	put_content(told, told->spoken);
	buf_putf(&page->out, "<%s class=\"part%s\">", tag,
		 thinks ? " thinking" : "");
	if (part.at != told->first.at)
		put_part_line(told, part);
	if (thinks)
		put_thinking(page, part);
	told->has_rest |= jcs_find(part, "signature", &type);
	page_put_value(page, part, thinks ? thought : plain);
	buf_putf(&page->out, "</%s>\n", tag);
}

/* A part that says which bytes of the content it is, which have come by. */
static bool is_of_content(struct told *told, struct span part)
{
	struct span value;
	int64_t end;

	if (!jcs_find(part, "start", &value) ||
	    !jcs_find(part, "end", &value) || !jcs_integer(value, &end))
		return false;
	if (end > 0 && (size_t)end > told->spoken)
		told->spoken = (size_t)end;
	return true;
}

/* Is it the text that comes next in the content, as ChatGPT's parts have it? */
static bool is_next_content(struct told *told, struct span part)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span content = told->content;
	size_t at = told->spoken;
	bool is_next;

	if (jcs_type_of(part) != JCS_STRING)
		return false;
	buf_fail(&told->page->out, jcs_string_decode(part, &text, NULL));
	while (at < content.len && (unsigned char)content.at[at] <= ' ' &&
	       text.len && (unsigned char)text.data[0] > ' ')
		at++;
	is_next = !text.len || (at < content.len && span_begins(
			span_of(content.at + at, content.len - at),
			buf_text(&text)));
	if (is_next && text.len)
		told->spoken = at + text.len;
	buf_release(&text);
	return is_next;
}

static void put_beside(struct told *told)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	buf_fail(&told->page->out, beside_put(told->state, &text, NULL));
	if (text.len)
		html_put_prose(&told->page->out, buf_span(&text));
	buf_release(&text);
}

/* The content, and what came between its pieces where it came. What is known
 * of pieces of it stands below, for it may be of half a word. */
void told_put_parts(struct told *told)
{
	struct span parts = { NULL, 0 };
	struct jcs_iter iter;
	struct span part;

	jcs_find(told->state, "parts", &parts);
	iter = jcs_iter_array(parts);
	while (jcs_next(&iter, NULL, &part)) {
		if (!beside_has(part) && !is_of_content(told, part) &&
		    !is_next_content(told, part))
			put_part(told, part);
	}
	put_content(told, told->content.len);
	iter = jcs_iter_array(parts);
	while (jcs_next(&iter, NULL, &part)) {
		if (!beside_has(part) && is_of_content(told, part) &&
		    !talk_is_position(part))
			put_part(told, part);
	}
	put_beside(told);
}
