#include "cmd/import/cline/cline_internal.h"

#include "cmd/import/records/thought.h"

/*
 * Calls that an answer has in its text, where the model knows no other way:
 *
 *	<execute_command>
 *	<command>ls</command>
 *	</execute_command>
 *
 * What is written in another way than the program reads stays text.
 */
static const struct tool {
	const char *name;
	const char *words;	/* member that the person reads; or NULL */
} tools[] = {
	{ "attempt_completion", "result" },
	{ "ask_followup_question", "question" },
	{ "plan_mode_respond", "response" },
	{ "act_mode_respond", "response" },
	{ "execute_command", NULL },
	{ "read_file", NULL },
	{ "write_to_file", NULL },
	{ "replace_in_file", NULL },
	{ "apply_diff", NULL },
	{ "edit_file", NULL },
	{ "insert_content", NULL },
	{ "search_and_replace", NULL },
	{ "search_files", NULL },
	{ "codebase_search", NULL },
	{ "list_files", NULL },
	{ "list_code_definition_names", NULL },
	{ "browser_action", NULL },
	{ "use_mcp_tool", NULL },
	{ "access_mcp_resource", NULL },
	{ "load_mcp_documentation", NULL },
	{ "fetch_instructions", NULL },
	{ "update_todo_list", NULL },
	{ "new_task", NULL },
	{ "switch_mode", NULL },
	{ "condense", NULL },
	{ "summarize_task", NULL },
	{ "new_rule", NULL },
	{ "report_bug", NULL },
	{ "web_fetch", NULL },
	{ "web_search", NULL },
	{ "generate_image", NULL },
	{ "run_slash_command", NULL },
	{ "use_skill", NULL },
};

#define TOOLS (sizeof(tools) / sizeof(tools[0]))

/* A call in a text. */
struct written {
	const struct tool *tool;
	size_t begin;
	size_t end;
	struct span inner;
};

static bool is_gap(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static struct span without_gaps(struct span text)
{
	while (text.len && is_gap(text.at[text.len - 1]))
		text.len--;
	while (text.len && is_gap(*text.at))
		text = span_of(text.at + 1, text.len - 1);
	return text;
}

/* "<name>" or "</name>" at this place? */
static bool is_tag(struct span text, size_t at, bool is_end, struct span name)
{
	size_t len = 1 + (size_t)is_end;

	return at < text.len && text.at[at] == '<' &&
	       (!is_end || (text.len - at > 1 && text.at[at + 1] == '/')) &&
	       text.len - at > len + name.len &&
	       !memcmp(text.at + at + len, name.at, name.len) &&
	       text.at[at + len + name.len] == '>';
}

/* Where the tag ends, the last time or the first; SPAN_NOWHERE. */
static size_t find_end(struct span text, size_t from, struct span name,
		       bool is_last)
{
	size_t found = SPAN_NOWHERE;
	size_t at = from;

	while ((at = span_find(text, "</", at)) != SPAN_NOWHERE) {
		if (is_tag(text, at, true, name)) {
			found = at;
			if (!is_last)
				break;
		}
		at += 2;
	}
	return found;
}

/* The name in a tag that begins here; absent: it is none. */
static struct span name_at(struct span text, size_t at)
{
	size_t end = at + 1;

	if (at >= text.len || text.at[at] != '<')
		return span_of(NULL, 0);
	while (end < text.len && (text.at[end] == '_' ||
				  (text.at[end] >= 'a' &&
				   text.at[end] <= 'z')))
		end++;
	return end < text.len && text.at[end] == '>' && end > at + 1 ?
		span_of(text.at + at + 1, end - at - 1) : span_of(NULL, 0);
}

static const struct tool *tool_of(struct span name)
{
	size_t i;

	for (i = 0; name.len && i < TOOLS; i++) {
		if (span_equals(name, span_str(tools[i].name)))
			return &tools[i];
	}
	return NULL;
}

/* The next call whose tag opens a line and is closed. */
static bool find_call(struct span text, size_t from, struct written *out)
{
	struct span name;
	size_t end;
	size_t at = from;

	for (; (at = span_find(text, "<", at)) != SPAN_NOWHERE; at++) {
		if (at && text.at[at - 1] != '\n')
			continue;
		name = name_at(text, at);
		out->tool = tool_of(name);
		if (!out->tool)
			continue;
		end = find_end(text, at, name, false);
		if (end == SPAN_NOWHERE)
			continue;
		out->begin = at;
		out->end = end + name.len + 3;
		out->inner = span_of(text.at + at + name.len + 2,
				     end - at - name.len - 2);
		return true;
	}
	return false;
}

/* What a file is to hold may have any tags in it. */
static bool is_of_a_file(struct span name)
{
	return span_equals(name, span_str("content")) ||
	       span_equals(name, span_str("diff"));
}

/* The next member in the text of a call; false: there is none, or something
 * else. */
static bool next_member(struct span *text, struct span *out_name,
			struct span *out_value)
{
	size_t begin;
	size_t end;

	*text = without_gaps(*text);
	*out_name = name_at(*text, 0);
	if (!out_name->len)
		return false;
	begin = out_name->len + 2;
	end = find_end(*text, begin, *out_name, is_of_a_file(*out_name));
	if (end == SPAN_NOWHERE)
		return false;
	*out_value = span_of(text->at + begin, end - begin);
	begin = end + out_name->len + 3;
	*text = span_of(text->at + begin, text->len - begin);
	return true;
}

/* Its members as an object; NULL where it is written otherwise. */
static struct jdoc *input_of(struct span text)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_DUPLICATES_REFUSE |
			 JDOC_COPY,
	};
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	struct span name;
	struct span value;

	buf_put_char(&json, '{');
	while (next_member(&text, &name, &value)) {
		if (json.len > 1)
			buf_put_char(&json, ',');
		buf_fail(&json, jdoc_add_text(&json, name, NULL));
		buf_put_char(&json, ':');
		buf_fail(&json, jdoc_add_text(&json, value, NULL));
	}
	buf_put_char(&json, '}');
	if (text.len || json.failed ||
	    jdoc_parse(buf_span(&json), &options, &doc, NULL) < 0)
		doc = NULL;
	buf_release(&json);
	return doc;
}

static void put_gapless(struct blocks *blocks, struct span text)
{
	text = without_gaps(text);
	if (text.len)
		blocks_text(blocks, text);
}

void cline_put_said(struct blocks *blocks, struct span name,
		    const struct jval *input)
{
	const struct tool *tool = tool_of(name);

	if (tool && tool->words)
		put_gapless(blocks, jval_get_text(input, tool->words));
}

void cline_put_answer(struct blocks *blocks, struct span text)
{
	struct written call = { .tool = NULL };
	struct span thought;
	struct jdoc *input;
	size_t past = 0;
	size_t from = 0;

	if (thought_split(text, &thought, &text))
		blocks_thought(blocks, thought, NULL);
	while (find_call(text, from, &call)) {
		from = call.end;
		input = input_of(call.inner);
		if (!input)
			continue;
		put_gapless(blocks, span_of(text.at + past,
					    call.begin - past));
		blocks_call(blocks, span_of(NULL, 0), span_str(call.tool->name),
			    jdoc_root(input), NULL);
		cline_put_said(blocks, span_str(call.tool->name),
			       jdoc_root(input));
		jdoc_free(input);
		past = call.end;
	}
	/* A text without any stands as it is. */
	text = span_of(text.at + past, text.len - past);
	if (past)
		put_gapless(blocks, text);
	else if (text.len)
		blocks_text(blocks, text);
}
