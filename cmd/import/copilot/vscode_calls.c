#include "cmd/import/copilot/vscode_internal.h"

#include <stdlib.h>

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/base/xxh.h"

/*
 * What the editor shows of a call stands among the pieces of the answer; what
 * the model asked and was given, in the metadata of the result. Their ids are
 * the same; where none of them is, the order tells.
 */
struct vscode_call {
	struct span id;
	const struct jval *name;
	const struct jval *arguments;
	const struct jval *result;
	bool is_told;
};

struct vscode_calls {
	struct vscode_call *at;
	size_t n;
	size_t cap;
	struct table ids;	/* hash of an id -> place */
	bool is_ordered;	/* as the calls among the pieces are */
	size_t next;		/* of these, to come */
};

static struct vscode_call *call_of(struct vscode_calls *calls, struct span id)
{
	static const struct vscode_call none = { .name = NULL };
	uint64_t key = xxh64_of(id.at, id.len);
	uint64_t at = calls->n;
	bool is_new;

	if (array_room(calls, NULL) < 0 ||
	    table_add(&calls->ids, &key, at, &is_new, NULL) < 0)
		return NULL;
	(void)table_get(&calls->ids, &key, &at);
	if (is_new) {
		calls->at[calls->n] = none;
		calls->at[calls->n++].id = id;
	}
	return &calls->at[at];
}

static bool is_call(const struct jval *piece)
{
	const struct jval *kind = jval_get(piece, "kind");

	return jval_is_text(kind, "toolInvocationSerialized") ||
	       jval_is_text(kind, "toolInvocation");
}

static bool take_rounds(struct vscode_calls *calls, const struct jval *rounds)
{
	const struct jval *round = jval_first(rounds);
	const struct jval *at;
	struct vscode_call *call;

	for (; round; round = round->next) {
		at = jval_first(jval_get(round, "toolCalls"));
		for (; at; at = at->next) {
			call = call_of(calls, jval_get_text(at, "id"));
			if (!call)
				return false;
			call->name = jval_get(at, "name");
			call->arguments = jval_get(at, "arguments");
		}
	}
	return true;
}

static bool take_results(struct vscode_calls *calls,
			 const struct jval *results)
{
	const struct jval *at = jval_is(results, JVAL_OBJECT) ?
		jval_first(results) : NULL;
	struct vscode_call *call;

	for (; at; at = at->next) {
		call = call_of(calls, at->key);
		if (!call)
			return false;
		call->result = at;
	}
	return true;
}

int vscode_calls_new(const struct jval *request, struct vscode_calls **out,
		     struct err *err)
{
	const struct jval *metadata = jval_at(request, "result.metadata");
	const struct jval *piece = jval_first(jval_get(request, "response"));
	struct vscode_calls *calls = calloc(1, sizeof(*calls));
	size_t shown = 0;
	size_t known = 0;
	struct span id;
	uint64_t key;

	*out = calls;
	if (!calls)
		return err_set(err, ERR_NOMEM, "out of memory");
	calls->ids = (struct table)TABLE_INIT(sizeof(uint64_t),
					      TABLE_NO_LIMIT);
	if (!take_rounds(calls, jval_get(metadata, "toolCallRounds")) ||
	    !take_results(calls, jval_get(metadata, "toolCallResults")))
		return err_set(err, ERR_NOMEM, "out of memory");
	for (; piece; piece = piece->next) {
		shown += is_call(piece);
		id = jval_get_text(piece, "toolCallId");
		key = xxh64_of(id.at, id.len);
		known += is_call(piece) && table_get(&calls->ids, &key, NULL);
	}
	calls->is_ordered = !known && shown == calls->n;
	return 0;
}

void vscode_calls_free(struct vscode_calls *calls)
{
	if (!calls)
		return;
	free(calls->at);
	table_release(&calls->ids);
	free(calls);
}

static struct vscode_call *find_call(struct vscode_calls *calls,
				     struct span id)
{
	uint64_t key = xxh64_of(id.at, id.len);
	uint64_t at = calls->next++;

	if (!table_get(&calls->ids, &key, &at) && !calls->is_ordered)
		return NULL;
	return at < calls->n ? &calls->at[at] : NULL;
}

/* Arguments are the text of an object; false where it says nothing. */
static bool put_input(struct jcs_fields *fields, const struct jval *arguments)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct jdoc *doc = NULL;
	bool is_some;

	if (jval_is(arguments, JVAL_STRING) &&
	    jdoc_parse(jval_text(arguments), &options, &doc, NULL) == 0)
		arguments = jdoc_root(doc);
	is_some = !jval_is(arguments, JVAL_OBJECT) || jval_count(arguments);
	if (arguments && is_some)
		fields_value(fields, "input", arguments);
	jdoc_free(doc);
	return arguments && is_some;
}

/* A text, or an object around one. */
static struct span markdown(const struct jval *value)
{
	return jval_text(jval_is(value, JVAL_OBJECT) ?
			 jval_get(value, "value") : value);
}

/* What the editor says of a call whose arguments are not there. */
static void put_told(struct jcs_fields *fields, const struct jval *piece)
{
	struct jcs_fields input = JCS_FIELDS_INIT;
	struct span told = markdown(jval_get(piece, "pastTenseMessage"));

	if (!told.len)
		told = markdown(jval_get(piece, "invocationMessage"));
	if (told.len)
		fields_said(&input, "description", told);
	fields_inner(fields, "input", &input);
	jcs_fields_release(&input);
}

static void put_result(struct parts *parts, struct span id,
		       const struct jval *result, bool is_error)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	prose_put(result, &text);
	part_begin(parts, "tool_result");
	fields_said(&parts->fields, "tool_use_id", id);
	fields_said(&parts->fields, "content", buf_span(&text));
	if (is_error)
		fields_bool(&parts->fields, "is_error", 1);
	fields_fail(&parts->fields, text.failed, NULL);
	part_end(parts);
	buf_release(&text);
}

/* What came of it, as the editor shows it. */
static const struct jval *shown_result(const struct jval *piece)
{
	const struct jval *at = jval_at(piece, "resultDetails.output");

	if (!at)
		at = jval_at(piece, "toolSpecificData.terminalCommandOutput");
	return at ? at : jval_at(piece, "toolSpecificData.result");
}

static bool is_failed(const struct jval *piece)
{
	long long code = 0;

	(void)jval_integer(jval_at(piece, "toolSpecificData."
				   "terminalCommandState.exitCode"), &code);
	return code || jval_is(jval_at(piece, "resultDetails.isError"),
			       JVAL_TRUE);
}

void vscode_call(struct vscode_calls *calls, struct parts *parts,
		 const struct jval *piece)
{
	struct take take = take_begin(piece);
	struct span id = jval_get_text(piece, "toolCallId");
	struct vscode_call *call = find_call(calls, id);
	const struct jval *result = call ? call->result : NULL;

	part_begin(parts, "tool_use");
	fields_value(&parts->fields, "id", take_any(&take, "toolCallId"));
	fields_value(&parts->fields, "name", take_any(&take, "toolId"));
	(void)take_any(&take, "kind");
	if (!call || !put_input(&parts->fields, call->arguments))
		put_told(&parts->fields, piece);
	take_rest_under(&take, "native", &parts->fields);
	part_end(parts);
	if (call)
		call->is_told = true;
	if (!result)
		result = shown_result(piece);
	if (result)
		put_result(parts, id, result, is_failed(piece));
}

void vscode_calls_rest(struct vscode_calls *calls, struct parts *parts)
{
	const struct vscode_call *call = calls->at;
	size_t i;

	for (i = 0; i < calls->n; i++, call++) {
		if (call->is_told)
			continue;
		part_begin(parts, "tool_use");
		fields_said(&parts->fields, "id", call->id);
		fields_value(&parts->fields, "name", call->name);
		(void)put_input(&parts->fields, call->arguments);
		part_end(parts);
		if (call->result)
			put_result(parts, call->id, call->result, false);
	}
}
