#include "cmd/import/claude_code/claude_code.h"

#include "cmd/import/sniff.h"
#include "lib/base/xxh.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

int cc_lines_open(struct import_input *input, struct cc_lines *out,
		  struct err *err)
{
	const struct feed feed = input_feed(input);

	if (sniff_has(buf_span(&input->head), "loglines"))
		return array_items_new(feed, "loglines", &out->items, err);
	return value_lines_new(feed, &out->lines, err);
}

/* The array is cut short, or something strange stands behind it. */
static int give_end(struct value_line *out, const struct err *why,
		    const struct array_item *item, struct err *err)
{
	if (why->code != ERR_CORRUPT && why->code != ERR_INVALID)
		return err_set(err, (enum err_code)why->code, "%s",
			       why->text);
	out->why = *why;
	out->is_torn = why->code == ERR_CORRUPT;
	out->text = item->text;
	out->offset = item->offset;
	out->found = FOUND_BAD;
	return 0;
}

static int next_item(struct cc_lines *lines, struct value_line *out,
		     struct err *err)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP, .max_values = VALUE_LINE_VALUES
	};
	struct array_item item = { .offset = 0 };
	struct err why = ERR_INIT;
	int rc;

	memset(out, 0, sizeof(*out));
	jdoc_free(lines->doc);
	lines->doc = NULL;
	rc = array_items_next(lines->items, &item, &why);
	if (rc == 0 && item.found == FOUND_END)
		return 0;
	out->offset = item.offset;
	out->line = item.index + 1;
	if (rc < 0) {
		array_items_free(lines->items);
		lines->items = NULL;
		return give_end(out, &why, &item, err);
	}
	out->text = item.text;
	out->found = FOUND_BAD;
	if (item.found == FOUND_BAD) {
		out->long_len = item.long_len;
		err_set(&out->why, ERR_LIMIT, "an item is too long "
			"(byte %llu)", (unsigned long long)item.offset);
		return 0;
	}
	rc = jdoc_parse(item.text, &options, &lines->doc, &out->why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return 0;
	out->found = FOUND_ONE;
	out->value = jdoc_root(lines->doc);
	out->duplicates = jdoc_duplicates(lines->doc);
	return 0;
}

/* The next value; of an array what is in it, one after the other. */
static int next_of_line(struct cc_lines *lines, struct value_line *out,
			struct err *err)
{
	int rc;

	if (!lines->next) {
		rc = value_lines_next(lines->lines, out, err);
		if (rc < 0 || out->found != FOUND_ONE ||
		    !jval_is(jval_first(out->value), JVAL_OBJECT) ||
		    !jval_is(out->value, JVAL_ARRAY))
			return rc;
		lines->line = *out;
		lines->next = jval_first(out->value);
	}
	*out = lines->line;
	out->value = lines->next;
	out->offset += (uint64_t)(out->value->raw.at - out->text.at);
	out->text = out->value->raw;
	lines->next = out->value->next;
	lines->line.duplicates = 0;
	return 0;
}

int cc_lines_next(struct cc_lines *lines, struct value_line *out,
		  struct err *err)
{
	if (lines->lines)
		return next_of_line(lines, out, err);
	out->found = FOUND_END;
	return lines->items ? next_item(lines, out, err) : 0;
}

void cc_lines_release(struct cc_lines *lines)
{
	value_lines_free(lines->lines);
	array_items_free(lines->items);
	jdoc_free(lines->doc);
	lines->lines = NULL;
	lines->items = NULL;
	lines->doc = NULL;
}

bool cc_is_type(const struct jval *record, const char *type)
{
	return jval_is_text(jval_get(record, "type"), type);
}

/*
 * What the program writes for itself: progress of tools (whose results come
 * as messages), copies of files, of what it sent to the model and what that
 * cost, its queue, its own state.
 */
static const struct {
	const char *type;
	const char *subtype;
} asides[] = {
	{ "progress", NULL },
	{ "file-history-snapshot", NULL },
	{ "queue-operation", NULL },
	{ "last-prompt", NULL },
	{ "mode", NULL },
	{ "permission-mode", NULL },
	{ "api-request", NULL },
	{ "api-request-blob", NULL },
	{ "api-request-shape", NULL },
	{ "atis-latch", NULL },
	{ "cost-state", NULL },
	{ "tools-used", NULL },
	{ "system", "stop_hook_summary" },
	{ "system", "turn_duration" },
};

enum cc_what cc_what_is(const struct jval *record)
{
	const struct jval *type = jval_get(record, "type");
	size_t i;

	if (!jval_is(record, JVAL_OBJECT))
		return CC_NO_RECORD;
	if (jval_is_text(type, "user") || jval_is_text(type, "assistant"))
		return CC_MESSAGE;
	for (i = 0; i < sizeof(asides) / sizeof(asides[0]); i++) {
		if (jval_is_text(type, asides[i].type) &&
		    (!asides[i].subtype ||
		     jval_is_text(jval_get(record, "subtype"),
				  asides[i].subtype)))
			return CC_ASIDE;
	}
	if ((jval_is_text(type, "summary") &&
	     !jval_get(record, "message")) ||
	    jval_is_text(type, "custom-title") ||
	    jval_is_text(type, "ai-title") ||
	    jval_is_text(type, "agent-name") ||
	    jval_is_text(type, "pr-link"))
		return CC_ABOUT;
	return CC_MESSAGE;
}

struct chat_time cc_time_of(const struct jval *record)
{
	const struct jval *time = jval_get(record, "timestamp");

	if (!time && cc_is_type(record, "file-history-snapshot"))
		time = jval_at(record, "snapshot.timestamp");
	return chat_time_of(time);
}

int cc_session_key(const struct jval *record, struct buf *out,
		   struct err *err)
{
	struct span id = jval_get_text(record, "sessionId");
	struct span agent = jval_get_text(record, "agentId");

	buf_reset(out);
	buf_put_span(out, id);
	if (id.len && agent.len &&
	    jval_is(jval_get(record, "isSidechain"), JVAL_TRUE)) {
		buf_put_str(out, ":agent-");
		buf_put_span(out, agent);
	}
	return buf_end(out, err);
}

int cc_made_key(struct cc_keys *keys, const struct value_line *line,
		struct buf *out, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t before = 0;
	int rc;

	buf_reset(out);
	sha256_of(line->text.at, line->text.len, digest);
	(void)table_get(&keys->seen, digest, &before);
	rc = table_put(&keys->seen, digest, before + 1, err);
	if (rc >= 0)
		rc = hex_add(out, digest, CC_ID_BYTES, err);
	if (before)
		buf_putf(out, "-%llu", (unsigned long long)before);
	return rc < 0 ? rc : buf_end(out, err);
}

int cc_message_key(struct cc_keys *keys, const struct value_line *line,
		   struct buf *out, struct err *err)
{
	struct span uuid = jval_get_text(line->value, "uuid");

	if (!uuid.len)
		return cc_made_key(keys, line, out, err);
	buf_reset(out);
	return buf_add_span(out, uuid, err);
}

uint64_t cc_said_hash(const struct jval *record)
{
	const struct jval *content = jval_at(record, "message.content");
	enum link_kind kind = cc_kind_of(record);
	const struct jval *block;
	struct span text = jval_text(content);
	uint64_t hash = 0;

	if (kind != LINK_PROMPT && kind != LINK_ANSWER)
		return 0;
	if (text.at)
		return xxh64_of(text.at, text.len);
	for (block = jval_first(content); block; block = block->next) {
		text = jval_get_text(block, "text");
		if (!text.at)
			text = block->raw;
		hash = hash * 31 + xxh64_of(text.at, text.len);
	}
	return hash;
}

const struct jval *cc_queued(const struct jval *record)
{
	const struct jval *attachment = jval_get(record, "attachment");

	return cc_is_type(record, "attachment") &&
	       jval_is_text(jval_get(attachment, "type"), "queued_command") ?
		attachment : NULL;
}

/* A command that was given outside of the talk, or what it said. */
static bool is_local_command(const struct jval *record)
{
	static const char *const begins[] = {
		"<command-", "<local-command-std", "<bash-", NULL
	};
	struct span text = jval_get_text(record, "content");
	size_t i;

	if (!cc_is_type(record, "system"))
		return false;
	for (i = 0; begins[i]; i++) {
		if (span_begins(text, begins[i]))
			return true;
	}
	return false;
}

static bool is_true(const struct jval *record, const char *name)
{
	return jval_is(jval_get(record, name), JVAL_TRUE);
}

/* Does it name one that is no person? Each word is written with - and _. */
static bool is_program(struct span word)
{
	static const char *const programs[] = {
		"task-notification", "coordinator", "peer", "teammate",
		"agent", "subagent", "auto-continuation", "system", "hook",
		"scheduled", "cron", NULL
	};
	size_t i;
	size_t at;

	for (i = 0; programs[i]; i++) {
		for (at = 0; at < word.len && programs[i][at]; at++) {
			if (word.at[at] != programs[i][at] &&
			    (word.at[at] != '_' || programs[i][at] != '-'))
				break;
		}
		if (at == word.len && !programs[i][at])
			return true;
	}
	return false;
}

/* Did a person give it, as far as its origin is told? */
static bool is_given(const struct jval *value)
{
	return !is_true(value, "isMeta") &&
	       !is_program(jval_get_text(value, "promptSource")) &&
	       !is_program(jval_get_text(value, "turnOrigin")) &&
	       !is_program(jval_text(jval_at(value, "origin.kind")));
}

bool cc_is_typed(const struct jval *record)
{
	const struct jval *queued = cc_queued(record);
	struct span mode = jval_get_text(queued, "commandMode");

	if (queued)
		return is_given(record) && is_given(queued) &&
		       (!mode.len || span_equals(mode, span_str("prompt")) ||
			span_equals(mode, span_str("bash")));
	if (is_local_command(record))
		return is_given(record);
	return cc_is_type(record, "user") && is_given(record) &&
	       jval_is(jval_get(record, "message"), JVAL_OBJECT) &&
	       !is_true(record, "isCompactSummary") &&
	       !is_true(record, "isVisibleInTranscriptOnly");
}

bool cc_is_result(const struct jval *record)
{
	const struct jval *block;

	if (!cc_is_type(record, "user"))
		return false;
	for (block = jval_first(jval_at(record, "message.content")); block;
	     block = block->next) {
		if (jval_is_text(jval_get(block, "type"), "tool_result"))
			return true;
	}
	return false;
}

/* Does its text, or the first block of it, begin with one of these? */
static bool begins_with(const struct jval *record, const char *const *begins)
{
	const struct jval *content = jval_at(record, "message.content");
	struct span text = jval_text(content);

	if (!text.at)
		text = jval_get_text(jval_first(content), "text");
	for (; *begins; begins++) {
		if (span_begins(text, *begins))
			return true;
	}
	return false;
}

bool cc_is_command(const struct jval *record)
{
	static const char *const begins[] = {
		"<command-", "<bash-input>", NULL
	};

	return cc_is_type(record, "user") && begins_with(record, begins);
}

bool cc_is_output(const struct jval *record)
{
	static const char *const begins[] = {
		"<local-command-std", "<bash-std", NULL
	};

	return cc_is_type(record, "user") && begins_with(record, begins);
}

/* What the program says in the user's name, and what stands for no words. */
static bool is_echo(const struct jval *record)
{
	static const char *const begins[] = {
		"<local-command-", "<bash-std", "<task-notification>",
		"[Request interrupted by user", NULL
	};

	return begins_with(record, begins);
}

enum link_kind cc_kind_of(const struct jval *record)
{
	bool is_typed = cc_is_typed(record);

	if (cc_is_type(record, "assistant"))
		return LINK_ANSWER;
	if (cc_is_result(record))
		return LINK_RESULT;
	if (cc_is_type(record, "user"))
		return is_typed && !is_echo(record) ? LINK_PROMPT : LINK_OTHER;
	/* What is typed while the model works stands in the place of nothing. */
	if (is_typed)
		return LINK_ANSWER;
	if (jval_is_text(jval_get(record, "subtype"), "compact_boundary"))
		return LINK_WALL;
	/* A state of the program has neither a place nor words. */
	if (cc_what_is(record) == CC_ASIDE ||
	    (!jval_get(record, "uuid") && !jval_get(record, "message") &&
	     !jval_get_text(record, "content").len))
		return LINK_ASIDE;
	return LINK_OTHER;
}
