#include "cmd/import/claude_code/claude_code.h"

#include "lib/base/array.h"

static int add_call(struct cc_skeleton *to, uint32_t message, struct span id,
		    struct err *err)
{
	struct cc_call call = { .message = message };
	int rc = array_room(&to->calls, err);

	if (rc == 0)
		rc = arena_keep(&to->arena, id, &call.id, err);
	if (rc == 0)
		to->calls.at[to->calls.n++] = call;
	return rc;
}

/* By its own id, in what came back. */
static int note_agent(struct cc_skeleton *to, const struct jval *record,
		      uint32_t message, struct err *err)
{
	struct span agent = jval_text(jval_at(record,
					      "toolUseResult.agentId"));
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!agent.len)
		return 0;
	buf_put_span(&key, jval_get_text(record, "sessionId"));
	buf_putf(&key, ":agent-%.*s", (int)agent.len, agent.at);
	rc = buf_end(&key, err);
	if (rc == 0)
		rc = add_call(to, message, buf_span(&key), err);
	buf_release(&key);
	return rc;
}

/* Most calls are of these, which call nobody else. */
static bool calls_nobody(struct span tool)
{
	static const char *const names[] = {
		"Bash", "Read", "Edit", "Write", "Grep", "Glob", "LS",
		"TodoWrite", "MultiEdit", "WebFetch", "WebSearch",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (span_equals(tool, span_str(names[i])))
			return true;
	}
	return false;
}

int cc_note_calls(struct cc_skeleton *to, const struct jval *record,
		  uint32_t message, struct err *err)
{
	const struct jval *block = jval_first(jval_at(record,
						      "message.content"));
	int rc = note_agent(to, record, message, err);

	for (; rc == 0 && block; block = block->next) {
		if (jval_is_text(jval_get(block, "type"), "tool_use") &&
		    jval_get_text(block, "id").len &&
		    !calls_nobody(jval_get_text(block, "name")))
			rc = add_call(to, message, jval_get_text(block, "id"),
				      err);
	}
	return rc;
}
