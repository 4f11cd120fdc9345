#include "cmd/import/claude_code/claude_code.h"

#include "cmd/import/records/injected.h"
#include "lib/base/xxh.h"
#include "lib/json/jcs_scan.h"
#include "refs/view/view.h"

/*
 * Messages of one uuid are copies only where they say the same. What a record
 * says is compared with what became of it in the vault, so this is made as the
 * content of a message is; 0 where that cannot be told: of several lines, of
 * blocks that are read otherwise, of secrets that were left out.
 */
#define MARKER " left out: "

static uint64_t words_of(struct span text, bool is_answer)
{
	return !text.len ? 0 :
		xxh64_of(text.at, text.len) << 1 | (is_answer ? 1 : 0);
}

static bool has_no_words(const struct jval *block)
{
	static const char *const silent[] = {
		"thinking", "redacted_thinking", "tool_use", "image",
		"document", NULL
	};
	size_t i = 0;

	while (silent[i] && !jval_is_text(jval_get(block, "type"), silent[i]))
		i++;
	return silent[i] != NULL;
}

/* False where it cannot be told. */
static bool add_words(const struct jval *block, bool is_answer,
		      struct buf *out)
{
	struct span text = jval_is(block, JVAL_STRING) ? jval_text(block) :
		jval_get_text(block, "text");
	size_t begin = out->len;

	if (!text.at)
		return has_no_words(block);
	if (begin)
		buf_put_str(out, "\n\n");
	if (is_answer)
		buf_put_span(out, text);
	else if (injected_words(text, out, NULL) < 0)
		return false;
	if (!is_answer && begin && out->len == begin + 2)
		out->len = begin;
	return true;
}

uint64_t cc_words(const struct jval *record)
{
	const struct jval *content = jval_at(record, "message.content");
	enum link_kind kind = cc_kind_of(record);
	bool is_answer = kind == LINK_ANSWER;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *block = content;
	uint64_t words = 0;
	bool is_told;

	if (!jval_is(content, JVAL_STRING))
		block = jval_first(content);
	is_told = block && (kind == LINK_PROMPT ||
			    (is_answer && cc_is_type(record, "assistant")));
	for (; is_told && block; block = block->next) {
		is_told = add_words(block, is_answer, &text);
		if (block == content)
			break;
	}
	if (is_told && !buf_end(&text, NULL) &&
	    !span_has(buf_span(&text), MARKER))
		words = words_of(buf_span(&text), is_answer);
	buf_release(&text);
	return words;
}

/* --- what the vault has ----------------------------------------------------- */

struct learning {
	struct lineage *lineage;
	uint32_t session;
	size_t prefix;		/* of what stands before its messages' keys */
};

static uint64_t words_in(struct span state)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span content;
	struct span role;
	uint64_t words = 0;
	bool is_answer;

	if (!state.at || !jcs_find_string(state, "role", &role) ||
	    !jcs_find(state, "content", &content) ||
	    jcs_type_of(content) != JCS_STRING)
		return 0;
	is_answer = span_equals(role, span_str("assistant"));
	if ((is_answer || span_equals(role, span_str("user"))) &&
	    !jcs_string_decode(content, &text, NULL) &&
	    !span_has(buf_span(&text), MARKER))
		words = words_of(buf_span(&text), is_answer);
	buf_release(&text);
	return words;
}

static int learn_message(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	struct learning *learning = arg;
	struct span id = entity->entity;

	(void)err;
	if (!span_begins(id, "message:") || id.len <= learning->prefix)
		return 0;
	id = span_of(id.at + learning->prefix, id.len - learning->prefix);
	lineage_learn(learning->lineage, id, learning->session,
		      words_in(entity->state));
	return 0;
}

static int learn_session(struct view *view, struct lineage *lineage,
			 uint32_t session, struct err *err)
{
	struct learning learning = { lineage, session, 0 };
	const struct view_visitor visitor = { learn_message, &learning };
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_str(&entity, "session:" CLAUDE_CODE ":");
	chat_put_key(&entity, lineage_key(lineage, session));
	learning.prefix = entity.len + 1;	/* message:.../ */
	rc = buf_end(&entity, err);
	if (rc == 0)
		rc = view_home(view, buf_span(&entity), &visitor, err);
	buf_release(&entity);
	return rc;
}

int cc_learn_words(const struct cc_skeleton *skeleton, struct import_job *job,
		   const char *construct, struct lineage *lineage,
		   struct err *err)
{
	const struct cc_message *message;
	struct lineage_owner owner;
	struct view *view = NULL;
	struct err why = ERR_INIT;
	uint32_t session;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < skeleton->messages.n; i++) {
		message = &skeleton->messages.at[i];
		if (!message->words || message->session == CC_NONE)
			continue;
		session = skeleton->sessions.at[message->session].number;
		owner = lineage_owner(lineage, message->key, session);
		if ((owner.session == session &&
		     cc_is_ours(skeleton, message->session)) ||
		    !lineage_is_to_learn(lineage, &owner))
			continue;
		if (!view)
			rc = view_open(job->vault, construct, &view, &why);
		if (rc < 0)
			err_copy(err, rc, &why);
		else
			rc = learn_session(view, lineage, owner.session, err);
	}
	view_free(view);
	return rc;
}
