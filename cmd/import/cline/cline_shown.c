#include "cmd/import/cline/cline_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

static const struct word {
	const char *word;
	enum cline_kind kind;
} words[] = {
	{ "task", CLINE_PERSON },
	{ "user_feedback", CLINE_PERSON },
	{ "user_feedback_diff", CLINE_PERSON },
	{ "text", CLINE_ANSWER },
	{ "completion_result", CLINE_ANSWER },
	{ "followup", CLINE_ANSWER },
	{ "plan_mode_respond", CLINE_ANSWER },
	{ "act_mode_respond", CLINE_ANSWER },
	{ "reasoning", CLINE_THOUGHT },
	{ "command", CLINE_CALL },
	{ "tool", CLINE_CALL },
	{ "use_mcp_server", CLINE_CALL },
	{ "use_subagents", CLINE_CALL },
	{ "browser_action", CLINE_CALL },
	{ "browser_action_launch", CLINE_CALL },
	{ "mcp_server_request_started", CLINE_CALL },
	{ "command_output", CLINE_RESULT },
	{ "mcp_server_response", CLINE_RESULT },
	{ "browser_action_result", CLINE_RESULT },
	{ "codebase_search_result", CLINE_RESULT },
	{ "subtask_result", CLINE_RESULT },
	{ "api_req_started", CLINE_REQUEST },
};

struct span cline_shown_word(const struct jval *item)
{
	struct span word = jval_get_text(item, "say");

	return word.len ? word : jval_get_text(item, "ask");
}

enum cline_kind cline_shown_kind(const struct jval *item, bool is_first)
{
	struct span word = cline_shown_word(item);
	size_t i;

	/* A task begins with what its person wants. */
	if (is_first && span_equals(word, span_str("text")))
		return CLINE_PERSON;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (span_equals(word, span_str(words[i].word)))
			return words[i].kind;
	}
	return CLINE_NOTICE;
}

/* The value in a text that is one; or NULL. */
static struct jdoc *parsed(struct span text)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct jdoc *doc = NULL;

	if (!text.len || *text.at != '{' ||
	    jdoc_parse(text, &options, &doc, NULL) < 0)
		return NULL;
	return doc;
}

/* A question, an answer or an error in an object, or the text as it is. */
static void shown_words(struct blocks *blocks, struct span text)
{
	static const char *const names[] = {
		"question", "response", "text", "message", "result", NULL
	};
	struct jdoc *doc = parsed(text);
	struct span said = { NULL, 0 };
	size_t i;

	for (i = 0; doc && names[i] && !said.len; i++)
		said = jval_get_text(jdoc_root(doc), names[i]);
	if (doc && !said.len)
		part_other(blocks->parts, jdoc_root(doc));
	else
		blocks_text(blocks, said.len ? said : text);
	jdoc_free(doc);
}

static void shown_call(struct blocks *blocks, const struct jval *item)
{
	struct jdoc *doc = parsed(jval_get_text(item, "text"));
	struct span name = jval_get_text(doc ? jdoc_root(doc) : NULL, "tool");

	blocks_call(blocks, span_of(NULL, 0), name.len ? name :
		    cline_shown_word(item), doc ? jdoc_root(doc) :
		    jval_get(item, "text"), NULL);
	jdoc_free(doc);
}

/* Fills the parts, and says who speaks. */
static const char *fill_parts(struct blocks *blocks, const struct jval *item,
			    enum cline_kind kind)
{
	struct span text = jval_get_text(item, "text");

	switch (kind) {
	case CLINE_PERSON:
		blocks_text(blocks, text);
		return "user";
	case CLINE_ANSWER:
		shown_words(blocks, text);
		return "assistant";
	case CLINE_THOUGHT:
		blocks_thought(blocks, text, NULL);
		return "assistant";
	case CLINE_CALL:
		shown_call(blocks, item);
		return "assistant";
	case CLINE_RESULT:
		blocks_result(blocks, span_of(NULL, 0), jval_get(item, "text"),
			      false, NULL);
		return "tool";
	case CLINE_REQUEST:
		break;
	case CLINE_NOTICE:
		shown_words(blocks, text);
		break;
	}
	return "system";
}

int cline_put_shown(struct cline_reading *reading, const struct jval *item,
		    enum cline_kind kind, struct err *err)
{
	struct blocks blocks = { .parts = &reading->parts,
				 .chat = &reading->chat };
	struct take take = take_begin(item);
	struct cline_turn turn = { .rest = &take };
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *ts = take_see(&take, "ts");
	int rc;

	buf_put_str(&key, "ui-");
	if (jval_is(ts, JVAL_NUMBER))
		buf_put_span(&key, ts->raw);
	turn.created = take_time_as(&take, "ts", chat_time_of_ms);
	turn.role = fill_parts(&blocks, item, kind);
	turn.visibility = kind == CLINE_REQUEST || kind == CLINE_NOTICE ?
		"meta" : blocks_visibility(&blocks);
	/* What is more than its words stays as it was written too. */
	if (kind != CLINE_REQUEST &&
	    !span_begins(jval_get_text(item, "text"), "{"))
		(void)take_text(&take, "text");
	rc = buf_end(&key, err);
	turn.key = buf_span(&key);
	if (rc == 0)
		rc = cline_put_turn(reading, &turn, err);
	buf_release(&key);
	return rc;
}
