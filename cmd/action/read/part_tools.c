#include "cmd/action/read/part_tools.h"

#include <string.h>

#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "lib/json/jcs_write.h"
#include "refs/index/words/part_gist.h"

#define GIST_BYTES 160
#define ERROR_BYTES 1024	/* that are looked at for it */

/* The first of these members that there is. */
static bool find_first(struct span object, const char *const *names,
		       struct span *out)
{
	for (; *names; names++) {
		if (jcs_find(object, *names, out) &&
		    jcs_type_of(*out) != JCS_NULL)
			return true;
	}
	return false;
}

bool part_find(struct span object, const char *const *names,
	       struct span *out)
{
	static const char *const inside[] = { "function", "native" };
	struct span inner;
	size_t i;

	if (find_first(object, names, out))
		return true;
	for (i = 0; i < 2; i++) {
		if (jcs_find(object, inside[i], &inner) &&
		    jcs_type_of(inner) == JCS_OBJECT &&
		    find_first(inner, names, out))
			return true;
	}
	return false;
}

static void put_item(struct buf *list, struct jcs_fields *fields)
{
	buf_put_char(list, list->len ? ',' : '[');
	buf_fail(list, jcs_fields_write(fields, list, NULL));
	jcs_fields_release(fields);
}

/* The first line of a text, or as much of it as says what it is. */
static void put_gist(struct jcs_fields *fields, struct span text)
{
	struct span line = text;

	while (line.len && strchr(" \n\r\t", line.at[0]))
		line = span_of(line.at + 1, line.len - 1);
	line = span_take_line(&line);
	fields_text(fields, "gist", text_cut(line, GIST_BYTES));
}

static void put_input_gist(struct jcs_fields *fields, struct span input)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	part_gist(input, &text);
	fields_fail(fields, buf_end(&text, NULL), NULL);
	put_gist(fields, buf_span(&text));
	buf_release(&text);
}

void part_put_call(struct buf *list, struct span part, bool with_input)
{
	static const char *const names[] = { "name", "tool", "tool_name",
					     "toolId", NULL };
	static const char *const inputs[] = { "input", "arguments", "args",
					      "parameters", "action", "native",
					      NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span value;

	fields_str(&fields, "kind", "call");
	if (part_find(part, names, &value) && jcs_type_of(value) == JCS_STRING)
		fields_raw(&fields, "name", value);
	else
		fields_null(&fields, "name");
	if (!part_find(part, inputs, &value))
		value = span_str("{}");
	put_input_gist(&fields, value);
	if (with_input)
		fields_raw(&fields, "input", value);
	put_item(list, &fields);
}

/* The first text in a value, decoded; nothing when there is none. */
static void put_first_text(struct span value, struct buf *out)
{
	static const char *const texts[] = { "text", "content", "message",
					     NULL };
	enum jcs_type type = jcs_type_of(value);
	struct jcs_iter iter;

	while (!jcs_is_words(value) &&
	       (type == JCS_OBJECT || type == JCS_ARRAY)) {
		iter = jcs_iter_array(value);
		if (type == JCS_OBJECT ? !part_find(value, texts, &value) :
		    !jcs_next(&iter, NULL, &value))
			return;
		type = jcs_type_of(value);
	}
	buf_fail(out, jcs_words(value, out, NULL));
}

/* What went wrong: from the content, where the part stands there. */
static void put_error(struct jcs_fields *fields, struct span said,
		      struct span value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	buf_put_span(&text, text_cut(said, ERROR_BYTES));
	if (!said.len && value.at)
		put_first_text(value, &text);
	/* Its first line may be no more than that there is one. */
	text_one_line(&text, GIST_BYTES);
	if (text.len || text.failed) {
		fields_fail(fields, buf_end(&text, NULL), NULL);
		fields_text(fields, "gist", buf_span(&text));
	}
	buf_release(&text);
}

void part_put_result(struct buf *list, struct span part, struct span content)
{
	static const char *const texts[] = { "content", "output", "result",
					     "func_response", NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span said = content;
	struct span text = { NULL, 0 };
	int64_t start = 0;
	int64_t end = (int64_t)content.len;
	struct span value;
	bool is_error = jcs_find(part, "is_error", &value) &&
			jcs_type_of(value) == JCS_TRUE;

	if (jcs_find(part, "start", &value))
		(void)jcs_integer(value, &start);
	if (jcs_find(part, "end", &value))
		(void)jcs_integer(value, &end);
	else if (part_find(part, texts, &text))
		end = (int64_t)text.len;
	if (text.at)
		said = span_of(NULL, 0);
	else if (start >= 0 && start <= end && (uint64_t)end <= content.len)
		said = span_of(content.at + start, (size_t)(end - start));
	fields_str(&fields, "kind", "result");
	fields_integer(&fields, "bytes", end > start ? end - start : 0);
	fields_bool(&fields, "error", is_error);
	if (is_error)
		put_error(&fields, said, text);
	put_item(list, &fields);
}

void part_put_input(struct buf *list, struct span text)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	fields_str(&fields, "kind", "call");
	fields_null(&fields, "name");
	put_gist(&fields, text);
	put_item(list, &fields);
}
