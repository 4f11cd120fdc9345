/*
 * Conversations in the form of ShareGPT: an array or lines of
 * {"id":..,"conversations":[{"from":..,"value":..}]}.
 *
 * Long ones were cut into slices, whose ids <id>_<number> say where: each is
 * a session of its own whose parent is the one before it in the file, when
 * its number is that one's plus its turns, or the next and it begins with an
 * answer. Numbers alone say nothing: whole conversations have them too.
 */
#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"
#include "cmd/import/parse/html.h"
#include "cmd/import/records/rest.h"

/* A conversation's id, and the one before it that it goes on with. */
struct slice {
	struct buf stem;	/* its id without the number; empty: no slice */
	int64_t number;
	bool goes_on;
	struct buf before;	/* key of the one before it */
	struct buf last;	/* key of that one's last turn */
};

/* Split "<stem>_<number>"; the stem is empty for anything else. */
static struct span split_id(struct span id, int64_t *number)
{
	size_t at = id.len;
	size_t digits;

	*number = 0;
	while (at && id.at[at - 1] >= '0' && id.at[at - 1] <= '9')
		at--;
	digits = id.len - at;
	if (!digits || digits > 9 || at < 2 || id.at[at - 1] != '_')
		return span_of(NULL, 0);
	for (; digits; digits--)
		*number = *number * 10 + (id.at[id.len - digits] - '0');
	return span_of(id.at, at - 1);
}

static bool begins_with_answer(const struct flat *flat,
			       const struct jval *turns)
{
	const struct flat_role *role = flat_role(flat->format,
		jval_get_text(jval_first(turns), "from"));

	return role && !strcmp(role->role, "assistant");
}

/* flat tells of the conversation before. */
static int sharegpt_begin(struct flat *flat, const struct flat_item *session,
			  const struct jval *turns, struct err *err)
{
	struct slice *slice = flat->own;
	int64_t number;
	struct span stem = split_id(session->text[FLAT_KEY], &number);
	bool is_next = number == slice->number + flat->index ||
		(number == slice->number + 1 &&
		 begins_with_answer(flat, turns));

	slice->goes_on = stem.len && flat->index && is_next &&
		span_equals(stem, buf_span(&slice->stem));
	slice->number = number;
	buf_reset(&slice->stem);
	buf_put_span(&slice->stem, stem);
	buf_reset(&slice->before);
	buf_put_span(&slice->before, buf_span(&flat->key));
	buf_reset(&slice->last);
	buf_put_span(&slice->last, buf_span(&flat->last));
	if (slice->goes_on)
		flat->session.parent = buf_span(&slice->before);
	buf_fail(&slice->stem, buf_end(&slice->before, err));
	buf_fail(&slice->stem, buf_end(&slice->last, err));
	return buf_end(&slice->stem, err);
}

/* An answer as the raw dumps have it, a page's block: not one that quotes
 * some HTML. */
static bool is_html(const char *role, struct span text)
{
	static const char *const blocks[] = {
		"div", "p", "ol", "ul", "pre", NULL
	};
	struct span begin_at = span_trim(text, SPAN_BLANKS);
	struct html_reader reader = HTML_READER_INIT(begin_at);
	struct html_token token;
	size_t i;

	if (strcmp(role, "assistant") || begin_at.len < 4 ||
	    begin_at.at[0] != '<' || begin_at.at[begin_at.len - 1] != '>' ||
	    !html_next(&reader, &token) || token.kind != HTML_START)
		return false;
	for (i = 0; blocks[i]; i++) {
		if (html_is(&token, blocks[i]))
			return true;
	}
	return false;
}

static int sharegpt_say(struct flat *flat, struct flat_item *turn,
			struct chat_message *message, struct err *err)
{
	const struct slice *slice = flat->own;
	struct span text = jval_text(turn->said);
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (slice->goes_on && !flat->index) {
		message->parent = buf_span(&slice->last);
		message->parent_session = buf_span(&slice->before);
	}
	if (!is_html(message->role, text)) {
		flat_say(flat, turn);
		return 0;
	}
	take_done(&turn->take, turn->said);
	fields_said(&flat->native, "html", text);
	rc = html_to_text(text, &plain, err);
	buf_put_span(&flat->parts.content, buf_span(&plain));
	buf_release(&plain);
	return rc;
}

static const struct flat_row session_rows[] = {
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_MODEL, "model", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row turn_rows[] = {
	{ FLAT_ROLE, "from", FLAT_STAYS },
	{ FLAT_SAID, "value", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_role roles[] = {
	{ "human", "user", NULL }, { "user", "user", NULL },
	{ "gpt", "assistant", NULL }, { "chatgpt", "assistant", NULL },
	{ "assistant", "assistant", NULL }, { "bing", "assistant", NULL },
	{ "bard", "assistant", NULL }, { "model", "assistant", NULL },
	{ "function_call", "assistant", NULL },
	{ "system", "system", "hidden" }, { "tool", "tool", "tool" },
	{ "function", "tool", "tool" }, { "observation", "tool", "tool" },
	{ "function_response", "tool", "tool" },
	{ "tool_response", "tool", "tool" }, { "tool_call", "assistant", NULL },
	{ NULL, NULL, NULL }
};

static const struct flat_format sharegpt_format = {
	.provider = "sharegpt",
	.turns = (const char *const[]){
		"conversations", "conversation", "items", NULL
	},
	.malformed = "a conversation without turns",
	.session = session_rows,
	.begin = sharegpt_begin,
	.turn = turn_rows,
	.roles = roles,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a turn that is no object",
	.say = sharegpt_say,
};

static int read_talks(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct slice slice = { .stem = none, .before = none, .last = none };
	int rc = flat_read_own(job, source, &slice, err);

	buf_release(&slice.stem);
	buf_release(&slice.before);
	buf_release(&slice.last);
	return rc;
}

const struct importer sharegpt_importer = {
	.name = "sharegpt",
	.one = "ShareGPT file",
	.many = "ShareGPT files",
	.construct = "sharegpt",
	.signs = (const char *const[]){
		"*from *value conversations|conversation|items", NULL
	},
	.read = read_talks,
	.flat = &sharegpt_format,
};
