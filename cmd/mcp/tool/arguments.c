#include "cmd/mcp/tool/tool.h"

#include <string.h>

#include "lib/base/text.h"

#define LINE_MAX_BYTES ((size_t)4096)

/* What models write for it, from other tools that they know. */
static const struct { const char *written, *meant; } also[] = {
	{ "q", "query" }, { "text", "query" }, { "search", "query" },
	{ "page_size", "limit" }, { NULL, NULL },
};

static const struct tool_param *find_exact(const struct tool *tool,
					   struct span name)
{
	const struct tool_param *param = tool->params;

	while (param->name && !span_equals(name, span_str(param->name)))
		param++;
	return param->name ? param : NULL;
}

static const struct tool_param *find_param(const struct tool *tool,
					   struct span name)
{
	const struct tool_param *param = find_exact(tool, name);
	size_t i;

	for (i = 0; !param && also[i].written; i++) {
		if (span_equals(name, span_str(also[i].written)))
			param = find_exact(tool, span_str(also[i].meant));
	}
	return param;
}

static int refuse_name(struct tool_call *call, struct span name)
{
	const struct tool_param *param = call->tool->params;
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	struct buf names = BUF_INIT(BUF_NO_LIMIT);

	for (; param->name; param++)
		buf_putf(&names, "%s%s", names.len ? ", " : "", param->name);
	buf_fail(&safe, text_escape(&safe, text_cut(name, 40), 0, NULL));
	if (buf_end(&safe, NULL) == 0 && buf_end(&names, NULL) == 0)
		tool_refuse(call, "%s takes no '%s'; it takes: %s",
			    call->tool->name, buf_text(&safe),
			    names.len ? buf_text(&names) : "nothing");
	buf_release(&safe);
	buf_release(&names);
	return 0;
}

static bool is_choice(const struct tool_param *param, struct span text)
{
	size_t i;

	for (i = 0; param->choices && param->choices[i]; i++) {
		if (span_equals(text, span_str(param->choices[i])))
			return true;
	}
	return !param->choices;
}

static int refuse_choice(struct tool_call *call,
			 const struct tool_param *param)
{
	struct buf names = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; param->choices[i]; i++)
		buf_putf(&names, "%s%s", i ? ", " : "", param->choices[i]);
	if (buf_end(&names, NULL) == 0)
		tool_refuse(call, "'%s' is one of: %s", param->name,
			    buf_text(&names));
	buf_release(&names);
	return 0;
}

/* A text that C can hold. */
static int take_text(struct tool_call *call, const struct tool_param *param,
		     const struct jval *from, struct tool_value *out,
		     struct err *err)
{
	size_t most = param->flags & TOOL_IS_LONG ? TOOL_TEXT_MAX :
		      LINE_MAX_BYTES;
	struct span text = jval_text(from);
	int rc;

	if (!text.at || (from->marks & JVAL_TEXT_WTF) ||
	    memchr(text.at, '\0', text.len))
		return tool_refuse(call, "'%s' is not a text", param->name);
	if (text.len > most)
		return tool_refuse(call, "'%s' is too long: at most %zu bytes",
				   param->name, most);
	if (!is_choice(param, text))
		return refuse_choice(call, param);
	rc = arena_keep(&call->arena, text, &text, err);
	if (rc == 0) {
		out->texts[out->n++] = text.at;
		out->is_set = true;
	}
	return rc;
}

static int take_list(struct tool_call *call, const struct tool_param *param,
		     const struct jval *from, struct tool_value *out,
		     struct err *err)
{
	const struct jval *item;
	int rc = 0;

	if (!jval_is(from, JVAL_ARRAY))
		return take_text(call, param, from, out, err);
	if (jval_count(from) > TOOL_LIST_MAX)
		return tool_refuse(call, "'%s' holds too many: at most %d",
				   param->name, TOOL_LIST_MAX);
	for (item = jval_first(from); rc == 0 && item && !call->refusal.code;
	     item = item->next)
		rc = take_text(call, param, item, out, err);
	return rc;
}

/* Some models write numbers as texts. */
static int take_count(struct tool_call *call, const struct tool_param *param,
		      const struct jval *from, struct tool_value *out)
{
	struct span text = jval_is(from, JVAL_STRING) ? jval_text(from) :
			   from->raw;
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < text.len && i < 9 && text.at[i] >= '0' &&
	     text.at[i] <= '9'; i++)
		count = count * 10 + (uint64_t)(text.at[i] - '0');
	if (!text.len || i < text.len || count < param->least ||
	    count > param->most)
		return tool_refuse(call, "'%s' is a number from %llu to %llu",
				   param->name,
				   (unsigned long long)param->least,
				   (unsigned long long)param->most);
	out->count = count;
	out->is_set = true;
	return 0;
}

static int take_arguments(struct tool_call *call, const struct jval *from,
		struct err *err)
{
	const struct tool_param *param = find_param(call->tool, from->key);
	struct tool_value *out;

	if (!param)
		return refuse_name(call, from->key);
	out = &call->values[param - call->tool->params];
	if (out->is_set)
		return tool_refuse(call, "'%s' is given twice", param->name);
	/* Some clients name all that there is. */
	if (jval_is(from, JVAL_NULL))
		return 0;
	if (param->type == TOOL_COUNT)
		return take_count(call, param, from, out);
	out->texts = arena_alloc(&call->arena,
				 TOOL_LIST_MAX * sizeof(*out->texts));
	if (!out->texts)
		return err_set(err, ERR_NOMEM, "out of memory");
	return param->type == TOOL_LIST ?
	       take_list(call, param, from, out, err) :
	       take_text(call, param, from, out, err);
}

static void check_required(struct tool_call *call)
{
	const struct tool_param *params = call->tool->params;
	size_t i;

	for (i = 0; params[i].name; i++) {
		if (!call->values[i].is_set)
			call->values[i].count = params[i].otherwise;
		if (!call->values[i].is_set &&
		    (params[i].flags & TOOL_REQUIRED))
			tool_refuse(call, "'%s' is missing", params[i].name);
	}
}

int tool_arguments(struct tool_call *call, const struct jval *arguments,
		   struct err *err)
{
	const struct jval *member = jval_first(arguments);
	int rc = 0;

	if (arguments && !jval_is(arguments, JVAL_OBJECT))
		return tool_refuse(call, "'arguments' is no object");
	for (; rc == 0 && member && !call->refusal.code;
	     member = member->next)
		rc = take_arguments(call, member, err);
	if (rc == 0 && !call->refusal.code)
		check_required(call);
	return rc;
}
