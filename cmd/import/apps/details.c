#include "cmd/import/apps/details.h"

#include "cmd/import/parse/html.h"
#include "cmd/import/records/rest.h"

#define BEGIN "<details type=\"tool_calls\""
#define END "</details>"

/* The value that an attribute holds as JSON behind its entities; NULL: it is
 * none. Freed by the caller. */
static struct jdoc *value_of(const struct html_token *tag, const char *name)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_COPY
	};
	struct span raw = html_attribute(tag, name);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	struct jdoc *doc = NULL;

	if (raw.len && html_decode(raw, &text, &why) == 0 &&
	    jdoc_parse(buf_span(&text), &options, &doc, &why) < 0)
		doc = NULL;
	buf_release(&text);
	return doc;
}

/* A call, and its result where it has one; false: this is none. */
static bool say_call(struct blocks *blocks, struct span piece)
{
	struct html_reader reader = HTML_READER_INIT(piece);
	struct html_token tag;
	struct jdoc *input = NULL;
	struct jdoc *result = NULL;
	struct buf id = BUF_INIT(BUF_NO_LIMIT);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	bool is_one = html_next(&reader, &tag) && tag.kind == HTML_START;

	if (!is_one)
		return false;
	input = value_of(&tag, "arguments");
	result = value_of(&tag, "result");
	is_one = html_decode(html_attribute(&tag, "id"), &id, NULL) == 0 &&
		html_decode(html_attribute(&tag, "name"), &name, NULL) == 0 &&
		name.len && (input || !html_attribute(&tag,
						      "arguments").len);
	if (is_one)
		blocks_call(blocks, buf_span(&id), buf_span(&name),
			    input ? jdoc_root(input) : NULL, NULL);
	if (is_one && result)
		blocks_result(blocks, buf_span(&id), jdoc_root(result), false,
			      NULL);
	jdoc_free(input);
	jdoc_free(result);
	buf_release(&id);
	buf_release(&name);
	return is_one;
}

static void say_words(struct blocks *blocks, struct span text)
{
	text = span_trim(text, "\r\n");
	if (text.len)
		blocks_text(blocks, text);
}

void details_say(struct flat *flat, struct blocks *blocks, struct span text)
{
	size_t said = 0;
	size_t from = 0;
	size_t begin;
	size_t end;

	while ((begin = span_find(text, BEGIN, from)) != SPAN_NOWHERE &&
	       (end = span_find(text, END, begin)) != SPAN_NOWHERE) {
		end += strlen(END);
		from = end;
		if (begin && text.at[begin - 1] != '\n')
			continue;
		say_words(blocks, span_of(text.at + said, begin - said));
		if (say_call(blocks, span_of(text.at + begin, end - begin)))
			said = end;
		else
			said = begin;
	}
	if (!said) {
		blocks_text(blocks, text);
		return;
	}
	say_words(blocks, span_of(text.at + said, text.len - said));
	fields_said(&flat->native, "content", text);
}
