#include "cmd/import/agents/clock.h"
#include "cmd/import/agents/warp/warp_internal.h"
#include "cmd/import/records/blocks.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

/* A message on its way. */
struct said {
	struct flat *flat;
	struct blocks blocks;
	struct take take;
	struct chat_message message;
};

static struct said begin_said(struct flat *flat, const struct jval *value)
{
	struct said said = {
		.flat = flat, .take = take_begin(value),
		.blocks = { .parts = &flat->parts, .chat = &flat->chat },
		.message = {
			.role = "system", .visibility = "meta",
			.created = CHAT_TIME_NONE,
		},
	};

	return said;
}

static int end_said(struct said *said, struct err *err)
{
	if (!said->message.key.len)
		said->message.key = span_of(NULL, 0);
	take_rest(&said->take, &said->flat->native);
	return flat_put(said->flat, &said->message, err);
}

/* --- kinds ----------------------------------------------------------------- */

static void say_query(struct said *said, struct take *query)
{
	said->message.role = "user";
	said->blocks.is_prompt = true;
	blocks_text(&said->blocks, take_text(query, "query"));
	said->message.visibility = blocks_visibility(&said->blocks);
	take_rest(query, &said->flat->native);
}

static void say_output(struct said *said, struct take *output)
{
	said->message.role = "assistant";
	blocks_text(&said->blocks, take_text(output, "text"));
	said->message.visibility = "visible";
	take_rest(output, &said->flat->native);
}

static void say_reasoning(struct said *said, struct take *reasoning)
{
	struct span text = take_text(reasoning, "reasoning");

	said->message.role = "assistant";
	blocks_thought(&said->blocks, text, reasoning);
	said->message.visibility = "thinking";
}

/* The tool is the member that is neither of these. */
static const struct jval *tool_of(const struct take *call)
{
	const struct jval *at = jval_first(call->object);

	while (at && (span_equals(at->key, span_str("tool_call_id")) ||
		      span_equals(at->key, span_str("context"))))
		at = at->next;
	return at;
}

static void say_call(struct said *said, struct take *call)
{
	struct span id = take_text(call, "tool_call_id");
	const struct jval *tool = tool_of(call);

	said->message.role = "assistant";
	said->message.visibility = "tool";
	take_done(call, tool);
	blocks_call(&said->blocks, id, tool ? tool->key : span_of(NULL, 0),
		    tool, call);
}

/* What a tool printed, in whichever of the ways that it ended: the object that
 * has it, the whole in the end, and its member. */
static const struct place {
	const char *inner;
	const char *text;
} places[] = {
	{ "command_finished", "output" }, { NULL, "output" },
	{ "long_running_command_snapshot", "output" },
	{ "error", "message" }, { NULL, "serialized_result" },
	{ NULL, "payload" }, { NULL, NULL }
};

static const struct place *place_of(const struct jval *result)
{
	const struct place *at = places;

	while (at->text && !jval_get_text(at->inner ?
			jval_get(result, at->inner) : result, at->text).len)
		at++;
	return at;
}

/* What it says beside stands in the message's native. */
static void keep_around(struct said *said, struct take *tool,
			struct take *inner, const char *inner_name)
{
	struct jcs_fields *native = &said->flat->native;
	struct jcs_fields around = JCS_FIELDS_INIT;

	take_done(tool, inner->object);
	take_rest(tool, &around);
	if (inner->object)
		take_rest_under(inner, inner_name, &around);
	fields_inner(native, "result", &around);
	jcs_fields_release(&around);
}

static void say_result(struct said *said, struct take *result)
{
	struct span id = take_text(result, "tool_call_id");
	const struct jval *tool = tool_of(result);
	const struct place *place = place_of(tool);
	struct take around = take_begin(tool);
	struct take inner = take_begin(place->inner ?
		jval_get(tool, place->inner) : NULL);
	const struct jval *output = place->text ?
		take_any(inner.object ? &inner : &around, place->text) : NULL;
	bool is_error = jval_get(tool, "error") ||
		jval_get(tool, "permission_denied") ||
		(tool && span_equals(tool->key, span_str("cancel")));

	said->message.role = "tool";
	said->message.visibility = "tool";
	take_done(result, tool);
	blocks_result(&said->blocks, id, output ? output : tool, is_error,
		      result);
	if (output)
		keep_around(said, &around, &inner, place->inner);
}

static void say_model(struct said *said, struct take *model)
{
	part_rest(&said->flat->parts, "model_used", model);
}

/* What the model is told in the place of what was said before. */
static void say_other(struct said *said, struct take *other)
{
	part_other(&said->flat->parts, other->object);
}

static const struct warp_kind {
	const char *name;
	void (*say)(struct said *said, struct take *inner);
} kinds[] = {
	{ "user_query", say_query },
	{ "agent_output", say_output },
	{ "agent_reasoning", say_reasoning },
	{ "tool_call", say_call },
	{ "tool_call_result", say_result },
	{ "model_used", say_model },
	{ "summarization", say_other },
	{ "system_query", say_other },
	{ "debug_output", say_other },
};

/* A skill is called with what the person wrote. */
static bool say_skill(struct said *said)
{
	struct take skill = take_begin(take_see(&said->take, "invoke_skill"));
	struct take query = take_begin(take_see(&skill, "user_query"));

	if (!query.object)
		return false;
	take_done(&said->take, skill.object);
	take_done(&skill, query.object);
	say_query(said, &query);
	take_rest_under(&skill, "invoke_skill", &said->flat->native);
	return true;
}

static void say_inner(struct said *said)
{
	struct take inner;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		inner = take_begin(take_see(&said->take, kinds[i].name));
		if (!inner.object)
			continue;
		take_done(&said->take, inner.object);
		kinds[i].say(said, &inner);
		return;
	}
	/* Of another kind all stays; its words are shown. */
	if (!say_skill(said) && prose_is_in(said->take.object))
		part_other(&said->flat->parts, said->take.object);
}

int warp_put_message(struct flat *flat, const struct jval *message,
		     struct err *err)
{
	struct said said = begin_said(flat, message);

	if (!said.take.object)
		return flat_leave_out(flat, "a message that is no object",
				      err);
	said.message.key = take_filled(&said.take, "id");
	said.message.created = take_time_as(&said.take, "timestamp",
					    clock_utc);
	say_inner(&said);
	return end_said(&said, err);
}

/* --- queries --------------------------------------------------------------- */

int warp_put_query(struct flat *flat, const struct jval *query,
		   struct err *err)
{
	struct said said = begin_said(flat, query);
	const struct jval *input = take_see(&said.take, "input");
	const struct jval *at = jval_first(input);
	struct take inner;

	said.message.key = take_filled(&said.take, "exchange_id");
	said.message.created = take_time_as(&said.take, "start_ts",
					    clock_utc);
	said.message.model = take_filled(&said.take, "model_id");
	if (!said.message.model.len)
		said.message.model = span_of(NULL, 0);
	said.blocks.is_prompt = true;
	for (; jval_is(input, JVAL_ARRAY) && at; at = at->next) {
		inner = take_begin(jval_get(at, "Query"));
		if (inner.object)
			blocks_text(&said.blocks, take_text(&inner, "text"));
		else if (prose_is_in(at))
			part_other(&flat->parts, at);
	}
	said.message.role = "user";
	if (said.blocks.has_text)
		said.message.visibility = "visible";
	return end_said(&said, err);
}
