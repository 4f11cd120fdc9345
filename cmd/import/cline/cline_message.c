#include "cmd/import/cline/cline_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

#define HASH_SHOWN 8		/* bytes of it in a key */

/* --- a person's words ------------------------------------------------------ */

/* What a task's program puts around them. */
static const struct wrap {
	const char *open;
	const char *close;
} wraps[] = {
	{ "<task>", "</task>" },
	{ "<feedback>", "</feedback>" },
	{ "<user_message>", "</user_message>" },
	{ "<answer>", "</answer>" },
};

/* How what a program says under a person's name begins. */
static const char *const notices[] = {
	"[TASK RESUMPTION]", "[ERROR]", "[NOTE]", "[new_task completed]",
};

/* Without the line breaks that stand behind and before the tags. */
static struct span between_tags(struct span text)
{
	if (text.len && *text.at == '\n')
		text = span_of(text.at + 1, text.len - 1);
	if (text.len && text.at[text.len - 1] == '\n')
		text.len--;
	return text;
}

/* The wrap that opens a line at or behind from and is closed, the first of
 * them; NULL. */
static const struct wrap *find_wrap(struct span text, size_t from,
				    size_t *out_open, size_t *out_close)
{
	const struct wrap *found = NULL;
	size_t open;
	size_t close;
	size_t i;

	*out_open = SPAN_NOWHERE;
	for (i = 0; i < sizeof(wraps) / sizeof(wraps[0]); i++) {
		open = span_find(text, wraps[i].open, from);
		while (open != SPAN_NOWHERE && open && text.at[open - 1] != '\n')
			open = span_find(text, wraps[i].open, open + 1);
		if (open == SPAN_NOWHERE || open >= *out_open)
			continue;
		close = span_find(text, wraps[i].close, open);
		if (close == SPAN_NOWHERE)
			continue;
		*out_open = open;
		*out_close = close;
		found = &wraps[i];
	}
	return found;
}

struct span cline_said_in(struct span text, size_t *from)
{
	size_t open;
	size_t close = 0;
	const struct wrap *wrap = find_wrap(text, *from, &open, &close);

	if (!wrap)
		return span_of(NULL, 0);
	*from = close + strlen(wrap->close);
	open += strlen(wrap->open);
	return between_tags(span_of(text.at + open, close - open));
}

static void put_injected(struct blocks *blocks, struct span text)
{
	if (!span_trim(text, SPAN_BLANKS).len)
		return;
	blocks->has_injected = true;
	part_said(blocks->parts, "injected", text, NULL);
}

static bool is_notice(struct span text)
{
	size_t i;

	text = span_trim(text, SPAN_BLANKS);
	for (i = 0; i < sizeof(notices) / sizeof(notices[0]); i++) {
		if (span_begins(text, notices[i]))
			return true;
	}
	return false;
}

static void put_unwrapped(struct blocks *blocks, struct span text)
{
	if (!span_trim(text, SPAN_BLANKS).len)
		return;
	if (is_notice(text))
		put_injected(blocks, text);
	else
		blocks_text(blocks, text);
}

/* What stands before the words is the program's; so may be what is behind. */
static void put_words_of_task(struct blocks *blocks, struct span text)
{
	size_t from = 0;
	size_t open;
	size_t close = 0;
	const struct wrap *wrap;

	while ((wrap = find_wrap(text, from, &open, &close))) {
		put_injected(blocks, span_of(text.at + from, open - from));
		from = close + strlen(wrap->close);
		open += strlen(wrap->open);
		blocks_text(blocks, between_tags(span_of(text.at + open,
							 close - open)));
	}
	put_unwrapped(blocks, span_of(text.at + from, text.len - from));
}

/* The folder is said in what surrounds a prompt alone. */
static void look_for_cwd(struct cline_reading *reading, struct span text)
{
	static const char *const begins[] = {
		"# Current Working Directory (",
		"# Current Workspace Directory (",
	};
	size_t at;
	size_t end;
	size_t i;

	for (i = 0; i < 2 && !reading->cwd.len; i++) {
		at = span_find(text, begins[i], 0);
		if (at == SPAN_NOWHERE || (at && text.at[at - 1] != '\n'))
			continue;
		at += strlen(begins[i]);
		end = span_find(text, ") Files", at);
		if (end != SPAN_NOWHERE &&
		    !memchr(text.at + at, '\n', end - at))
			buf_put_span(&reading->cwd,
				     span_of(text.at + at, end - at));
	}
}

/* --- what a message is made of --------------------------------------------- */

static bool is_result(const struct jval *block)
{
	return jval_is_text(jval_get(block, "type"), "tool_result");
}

/* "[execute_command for 'ls'] Result:": what tools gave, where calls stand in
 * the text of an answer. */
static bool is_written_result(struct span text)
{
	size_t end;

	text = span_trim(text, SPAN_BLANKS);
	if (!text.len || *text.at != '[')
		return false;
	end = span_find(text, "] Result:", 0);
	return end != SPAN_NOWHERE && !memchr(text.at, '\n', end);
}

static struct span text_of_block(const struct jval *block)
{
	return jval_is(block, JVAL_STRING) ? jval_text(block) :
		jval_is_text(jval_get(block, "type"), "text") ?
		jval_get_text(block, "text") : span_of(NULL, 0);
}

static bool is_environment(struct span text)
{
	return span_begins(span_trim(text, SPAN_BLANKS), "<environment_details");
}

/* What is left of a block whose text was put. */
static void put_block_rest(struct blocks *blocks, const struct jval *block)
{
	struct take take = take_begin(block);

	(void)take_word(&take, "type", "text");
	(void)take_text(&take, "text");
	if (take_left(&take, NULL))
		part_rest(blocks->parts, "block", &take);
}

static void answer_block(struct cline_reading *reading, struct blocks *blocks,
			 const struct jval *block)
{
	struct span text = text_of_block(block);

	if (reading->is_task && text.at) {
		cline_put_answer(blocks, text);
		put_block_rest(blocks, block);
		return;
	}
	blocks_put_one(blocks, block);
	if (jval_is_text(jval_get(block, "type"), "tool_use"))
		cline_put_said(blocks, jval_get_text(block, "name"),
			       jval_get(block, "input"));
}

static void block_put(struct cline_reading *reading, struct blocks *blocks,
		      const struct jval *block)
{
	struct span text = text_of_block(block);

	if (!blocks->is_prompt) {
		answer_block(reading, blocks, block);
		return;
	}
	if (text.at)
		look_for_cwd(reading, text);
	if (!reading->is_task || !text.at) {
		blocks_put_one(blocks, block);
		return;
	}
	put_words_of_task(blocks, text);
	put_block_rest(blocks, block);
}

/* --- keys ------------------------------------------------------------------ */

static void put_hash(const struct jval *value, struct buf *out)
{
	unsigned char hash[SHA256_BYTES];
	char hex[HEX_TEXT(HASH_SHOWN) + 1];
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = jdoc_to_jcs(value, &text, NULL);

	sha256_of(text.data, text.len, hash);
	hex_text(hash, HASH_SHOWN, hex);
	buf_put_str(out, hex);
	buf_fail(out, rc);
	buf_release(&text);
}

/* Its id; else when it was told, else its place and what it says: the same
 * again in a file that has grown. */
static void put_base(struct take *take, size_t place, struct buf *out)
{
	struct span id = take_filled(take, "id");
	const struct jval *ts = take_see(take, "ts");

	if (id.len) {
		buf_put_span(out, id);
	} else if (jval_is(ts, JVAL_NUMBER)) {
		buf_put_span(out, ts->raw);
	} else {
		buf_putf(out, "%zu-", place);
		put_hash(take->object, out);
	}
}

/* "<id>_tool_<call>", once. */
static void put_result_key(struct span base, struct span call, size_t number,
			   struct buf *out)
{
	struct buf end = BUF_INIT(BUF_NO_LIMIT);

	buf_put_str(&end, "_tool_");
	if (call.len)
		buf_put_span(&end, call);
	else
		buf_putf(&end, "%zu", number);
	buf_put_span(out, base);
	buf_fail(out, buf_end(&end, NULL));
	if (!end.failed && !span_ends(base, buf_text(&end)))
		buf_put_span(out, buf_span(&end));
	buf_release(&end);
}

/* --- putting --------------------------------------------------------------- */

/* A message on its way, with those that come out of it. */
struct put {
	struct cline_reading *reading;
	struct buf base;		/* key */
	struct buf key;
	struct chat_time time;
	struct take *rest;		/* what none of them is made of */
	size_t results;
};

static int turn_put(struct put *put, const struct cline_turn *as,
		    struct err *err)
{
	struct cline_turn turn = *as;

	turn.created = put->time;
	turn.rest = put->rest;
	turn.key = buf_span(&put->key);
	return cline_put_turn(put->reading, &turn, err);
}

/* A person who says no, or answers a question, is heard by the tool. */
static int put_said_to_tool(struct put *put, struct span text,
			    struct err *err)
{
	struct cline_reading *reading = put->reading;
	struct blocks blocks = { .parts = &reading->parts,
				 .chat = &reading->chat, .is_prompt = true };
	const struct cline_turn turn = { .role = "user",
					 .visibility = "visible" };
	struct span said;
	size_t from = 0;
	size_t len = put->key.len;
	int rc = 0;

	while (rc == 0 && (said = cline_said_in(text, &from)).at) {
		if (!span_trim(said, SPAN_BLANKS).len)
			continue;
		blocks_text(&blocks, said);
		buf_put_str(&put->key, "_said");
		rc = buf_end(&put->key, err);
		if (rc == 0)
			rc = turn_put(put, &turn, err);
		buf_cut(&put->key, len);
	}
	return rc;
}

/* Has this result come already, in a message that says no more? */
static int is_double(struct put *put, const struct jval *block, bool *out,
		     struct err *err)
{
	unsigned char hash[SHA256_BYTES];
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	uint64_t before = 0;
	int rc = jdoc_to_jcs(block, &text, err);

	if (rc == 0 && jval_get_text(block, "tool_use_id").len) {
		sha256_of(text.data, text.len, hash);
		rc = table_count(&put->reading->given, hash, &before, err);
	}
	*out = before > 0;
	buf_release(&text);
	return rc;
}

static int result_put(struct put *put, const struct jval *block,
		      struct err *err)
{
	static const struct cline_turn turn = { .role = "tool",
						.visibility = "tool" };
	struct cline_reading *reading = put->reading;
	struct blocks blocks = { .parts = &reading->parts,
				 .chat = &reading->chat };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = false;
	int rc = is_double(put, block, &is_there, err);

	if (rc < 0 || is_there) {
		put->results++;
		return rc < 0 ? rc :
			import_skip(reading->source, "a result that stands "
				    "twice", NULL, err);
	}
	blocks_put_one(&blocks, block);
	buf_put_span(&text, buf_span(&reading->parts.content));
	buf_reset(&put->key);
	put_result_key(buf_span(&put->base),
		       jval_get_text(block, "tool_use_id"), put->results++,
		       &put->key);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = buf_end(&put->key, err);
	if (rc == 0)
		rc = turn_put(put, &turn, err);
	if (rc == 0)
		rc = put_said_to_tool(put, buf_span(&text), err);
	buf_release(&text);
	return rc;
}

/* What comes behind a result that is written so: its text may be several
 * blocks, and pictures. */
static const struct jval *behind_written(const struct jval *block)
{
	struct span text;

	do {
		block = block->next;
		text = text_of_block(block);
	} while (text.at && !is_written_result(text) &&
		 !is_environment(text) && !is_notice(text));
	while (block && jval_is_text(jval_get(block, "type"), "image"))
		block = block->next;
	return block;
}

/* "[execute_command for 'ls']" */
static void put_tool_name(struct span text, struct jcs_fields *fields)
{
	size_t len = 0;

	text = span_trim(text, SPAN_BLANKS);
	text = span_of(text.at + 1, text.len - 1);
	while (len < text.len && text.at[len] != ' ' && text.at[len] != ']')
		len++;
	fields_said(fields, "name", span_of(text.at, len));
}

static int put_written(struct put *put, const struct jval *block,
		       struct err *err)
{
	static const struct cline_turn turn = { .role = "tool",
						.visibility = "tool" };
	const struct jval *end = behind_written(block);
	struct cline_reading *reading = put->reading;
	struct parts *parts = &reading->parts;
	struct blocks blocks = { .parts = parts, .chat = &reading->chat };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *at = block;
	int rc;

	for (; at != end && text_of_block(at).at; at = at->next) {
		if (text.len)
			buf_put_char(&text, '\n');
		buf_put_span(&text, text_of_block(at));
	}
	part_begin(parts, "tool_result");
	put_tool_name(text_of_block(block), &parts->fields);
	part_place(&parts->content, buf_span(&text), &parts->fields);
	part_end(parts);
	for (; at != end; at = at->next)
		blocks_put_one(&blocks, at);
	buf_reset(&put->key);
	put_result_key(buf_span(&put->base), span_of(NULL, 0), put->results++,
		       &put->key);
	rc = buf_end(&put->key, err);
	if (rc == 0)
		rc = buf_end(&text, err);
	if (rc == 0)
		rc = turn_put(put, &turn, err);
	if (rc == 0)
		rc = put_said_to_tool(put, buf_span(&text), err);
	buf_release(&text);
	return rc;
}

/* First what tools gave, then all that is no such thing. */
static int results_put(struct put *put, const struct jval *content,
		       struct err *err)
{
	const struct jval *block = jval_is(content, JVAL_ARRAY) ?
		jval_first(content) : NULL;
	int rc = 0;

	while (block && rc == 0) {
		if (is_result(block)) {
			rc = result_put(put, block, err);
		} else if (put->reading->is_task &&
			   is_written_result(text_of_block(block))) {
			rc = put_written(put, block, err);
			block = behind_written(block);
			continue;
		}
		block = block->next;
	}
	return rc;
}

static void others_put(struct put *put, struct blocks *blocks,
		       const struct jval *content)
{
	const struct jval *block = jval_is(content, JVAL_ARRAY) ?
		jval_first(content) : NULL;

	if (jval_is(content, JVAL_STRING))
		block_put(put->reading, blocks, content);
	else if (!jval_is(content, JVAL_ARRAY))
		blocks_put(blocks, content);
	while (block) {
		if (blocks->is_prompt && put->reading->is_task &&
		    is_written_result(text_of_block(block))) {
			block = behind_written(block);
			continue;
		}
		if (!blocks->is_prompt || !is_result(block))
			block_put(put->reading, blocks, block);
		block = block->next;
	}
}

static const struct take_role roles[] = {
	{ "user", "user" }, { "assistant", "assistant" },
	{ "system", "system" }, { "tool", "tool" }, { NULL, "system" }
};

static const char *visibility_of(const struct take *take,
				 const struct blocks *blocks, const char *role)
{
	if (jval_is(take_see(take, "isSummary"), JVAL_TRUE) ||
	    jval_is(take_see(take, "isTruncationMarker"), JVAL_TRUE))
		return "hidden";
	/* What is no more than encrypted thoughts. */
	if (jval_is_text(take_see(take, "type"), "reasoning"))
		return "thinking";
	if (!strcmp(role, "system"))
		return "hidden";
	return blocks_visibility(blocks);
}

static struct span model_of(const struct take *take)
{
	const struct jval *info = take_see(take, "modelInfo");
	struct span model = jval_get_text(info, "id");

	return model.len ? model : jval_get_text(info, "modelId");
}

/* Of thoughts that are encrypted a summary can be read. */
static void put_summary(struct blocks *blocks, struct take *take)
{
	const struct jval *list = take_value(take, "summary", JVAL_ARRAY);
	const struct jval *at = jval_first(list);
	struct take inner;
	struct span text;

	for (; at; at = at->next) {
		inner = take_begin(at);
		(void)take_word(&inner, "type", "summary_text");
		text = take_text(&inner, "text");
		if (text.at)
			blocks_thought(blocks, text, &inner);
		else
			part_other(blocks->parts, at);
	}
}

static int rest_put(struct put *put, const char *role,
		    const struct jval *content,
		    const struct cline_around *around, struct err *err)
{
	struct cline_reading *reading = put->reading;
	struct blocks blocks = { .parts = &reading->parts,
				 .chat = &reading->chat,
				 .is_prompt = !strcmp(role, "user") };
	struct cline_turn turn = { .role = role, .request = around->request };

	blocks.is_prompt &= !jval_is(take_see(put->rest, "isSummary"),
				     JVAL_TRUE);
	put_summary(&blocks, put->rest);
	others_put(put, &blocks, content);
	turn.model = model_of(put->rest);
	turn.visibility = visibility_of(put->rest, &blocks, role);
	/* Nothing beside what its results say already. */
	if (put->results && !reading->parts.count &&
	    !reading->parts.content.len)
		return 0;
	buf_reset(&put->key);
	buf_put_span(&put->key, buf_span(&put->base));
	return turn_put(put, &turn, err);
}

int cline_message(struct cline_reading *reading, const struct jval *value,
		  const struct cline_around *around, struct err *err)
{
	struct take take = take_begin(value);
	const char *role = take_role(&take, "role", roles);
	struct put put = { .reading = reading, .base = BUF_INIT(BUF_NO_LIMIT),
			   .key = BUF_INIT(BUF_NO_LIMIT) };
	const struct jval *content = take_any(&take, "content");
	int rc;

	put.rest = &take;
	put_base(&take, around->place, &put.base);
	put.time = take_time_as(&take, "ts", chat_time_of_ms);
	if (put.time.micros == CHAT_TIME_UNKNOWN)
		put.time = around->time;
	rc = buf_end(&put.base, err);
	if (rc == 0 && !strcmp(role, "user"))
		rc = results_put(&put, content, err);
	if (rc == 0)
		rc = rest_put(&put, role, content, around, err);
	buf_release(&put.base);
	buf_release(&put.key);
	return rc;
}
