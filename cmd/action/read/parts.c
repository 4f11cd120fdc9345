#include "cmd/action/read/parts.h"

#include <string.h>

#include "cmd/action/read/part_files.h"
#include "cmd/action/read/part_tools.h"
#include "cmd/action/result.h"
#include "cmd/export/markdown/beside.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "refs/index/words/part_kind.h"

/* The lists on their way. */
struct telling_parts {
	struct view *view;
	const struct parts_wanted *wanted;
	struct span state;
	struct span content;
	struct buf parts, tools, files, thinking;
	struct err *err;
};

static bool is_visibility(const struct telling_parts *telling,
			  const char *word)
{
	struct span value;

	return jcs_find(telling->state, "visibility", &value) &&
	       jcs_is_text(value, word);
}

static void put_thought(struct telling_parts *telling, struct span part)
{
	static const char *const texts[] = { "thinking", "reasoning", "text",
					     "summary", NULL };
	struct span value;

	if (!part_find(part, texts, &value) || !jcs_is_words(value))
		return;
	buf_put_str(&telling->thinking, telling->thinking.len ? "\n\n" : "");
	buf_fail(&telling->thinking,
		 jcs_words(value, &telling->thinking, NULL));
}

static enum part_kind kind_of_part(struct span part)
{
	enum part_kind kind = part_kind_of(part);

	return kind == PART_OTHER && jcs_type_of(part) == JCS_OBJECT &&
	       part_is_file(part) ? PART_FILE : kind;
}

static int take_file(void *arg, struct span part, struct err *err)
{
	struct telling_parts *telling = arg;

	buf_put_char(&telling->files, telling->files.len ? ',' : '[');
	return part_put_file(telling->view, part, telling->wanted->images,
			     &telling->files, err);
}

static int take_part(struct telling_parts *telling, struct span part)
{
	const struct parts_wanted *wanted = telling->wanted;
	enum part_kind kind = kind_of_part(part);
	bool is_told = true;
	int rc = 0;

	switch (kind) {
	case PART_CALL:
		part_put_call(&telling->tools, part, wanted->tools);
		is_told = wanted->tools;
		break;
	case PART_RESULT:
		part_put_result(&telling->tools, part, telling->content);
		is_told = wanted->tools;
		break;
	case PART_THOUGHT:
		put_thought(telling, part);
		is_told = wanted->thinking;
		break;
	case PART_FILE:
		if (!part_is_of_asset(telling->state, part))
			rc = take_file(telling, part, telling->err);
		break;
	case PART_OTHER:
		break;
	}
	if (is_told) {
		buf_put_char(&telling->parts, telling->parts.len ? ',' : '[');
		buf_put_span(&telling->parts, part);
	}
	return rc;
}

/* A tool's message that has no part for it: it is one, whole. */
static void put_plain_tool(struct telling_parts *telling)
{
	struct span role;

	if (telling->tools.len || !is_visibility(telling, "tool"))
		return;
	if (jcs_find(telling->state, "role", &role) &&
	    jcs_is_text(role, "assistant"))
		part_put_input(&telling->tools, telling->content);
	else
		part_put_result(&telling->tools, span_str("{}"),
				telling->content);
}

static void put_list(struct jcs_fields *fields, const char *name,
		     struct buf *list)
{
	buf_put_str(list, list->len ? "]" : "[]");
	fields_buf(fields, name, list);
	buf_release(list);
}

int parts_put(struct view *view, struct span state, struct span content,
	      const struct parts_wanted *wanted, struct jcs_fields *fields,
	      struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct telling_parts telling = {
		view, wanted, state, content, none, none, none, none, err
	};
	const struct part_visitor assets = { take_file, &telling };
	struct buf beside = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span parts;
	struct span part;
	int rc = 0;

	if (jcs_find(state, "parts", &parts)) {
		iter = jcs_iter_array(parts);
		while (rc == 0 && jcs_next(&iter, NULL, &part))
			rc = take_part(&telling, part);
	}
	if (rc == 0)
		rc = part_each_asset(state, &assets, err);
	put_plain_tool(&telling);
	put_list(fields, "parts", &telling.parts);
	put_list(fields, "tools", &telling.tools);
	put_list(fields, "files", &telling.files);
	if (rc == 0)
		rc = beside_put(state, &beside, err);
	if (beside.len)
		fields_text(fields, "beside", buf_span(&beside));
	buf_release(&beside);
	result_text(fields, "thinking", wanted->thinking ?
		    buf_span(&telling.thinking) : span_of("", 0));
	buf_release(&telling.thinking);
	return rc;
}
