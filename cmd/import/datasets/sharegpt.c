#include "cmd/import/datasets/sharegpt.h"

#include "cmd/import/input/values.h"
#include "cmd/import/parse/html.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/seen.h"
#include "cmd/import/records/turns.h"
#include "cmd/import/sniff.h"

#define SHAREGPT "sharegpt"
#define DEPTH_MAX 100

/* The conversation before the one at hand, that it may go on with. */
struct slice {
	struct buf stem;		/* its id without the number */
	struct buf key;
	struct buf last;		/* key of its last turn */
	int64_t number;
	int64_t turns;
};

struct reading {
	struct import_job *job;
	struct import_source *source;
	struct turns turns;
	struct seen seen;
	struct slice before;
	struct buf key;
};

static const struct jval *turns_of(const struct jval *value)
{
	const struct jval *list = jval_get(value, "conversations");

	if (!list)
		list = jval_get(value, "conversation");
	return list ? list : jval_get(value, "items");
}

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->bundle || input->is_folder ||
	    !sniff_mentions(head, "\"from\"") ||
	    !sniff_mentions(head, "\"value\""))
		return false;
	return sniff_has(head, "conversations") ||
	       sniff_has(head, "conversation") || sniff_has(head, "items");
}

/* Split "<stem>_<number>"; false when it is nothing of that kind. */
static bool split_id(struct span id, struct span *stem, int64_t *number)
{
	size_t at = id.len;

	*number = 0;
	while (at && id.at[at - 1] >= '0' && id.at[at - 1] <= '9')
		at--;
	if (at == id.len || id.len - at > 9 || at < 2 ||
	    id.at[at - 1] != '_')
		return false;
	*stem = span_of(id.at, at - 1);
	for (; at < id.len; at++)
		*number = *number * 10 + (id.at[at] - '0');
	return true;
}

static const char *role_of(struct span from)
{
	static const char *const roles[][2] = {
		{ "human", "user" }, { "user", "user" },
		{ "gpt", "assistant" }, { "chatgpt", "assistant" },
		{ "assistant", "assistant" }, { "bing", "assistant" },
		{ "bard", "assistant" }, { "model", "assistant" },
		{ "function_call", "assistant" }, { "system", "system" },
		{ "tool", "tool" }, { "function", "tool" },
		{ "observation", "tool" }, { "function_response", "tool" },
	};
	size_t i;

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (span_equals(from, span_str(roles[i][0])))
			return roles[i][1];
	}
	return NULL;
}

static struct span trim(struct span text)
{
	while (text.len && strchr(" \t\r\n", text.at[0]) && text.at[0])
		text = span_of(text.at + 1, text.len - 1);
	while (text.len && strchr(" \t\r\n", text.at[text.len - 1]) &&
	       text.at[text.len - 1])
		text.len--;
	return text;
}

/* An answer as the raw dumps have it, a page's block: not one that quotes
 * some HTML. */
static bool is_html(const char *role, struct span text)
{
	static const char *const blocks[] = {
		"div", "p", "ol", "ul", "pre", NULL
	};
	struct span begin = trim(text);
	struct html_reader reader = HTML_READER_INIT(begin);
	struct html_token token;
	size_t i;

	if (strcmp(role, "assistant") || begin.len < 4 ||
	    begin.at[0] != '<' || begin.at[begin.len - 1] != '>' ||
	    !html_next(&reader, &token) || token.kind != HTML_START)
		return false;
	for (i = 0; blocks[i]; i++) {
		if (html_is(&token, blocks[i]))
			return true;
	}
	return false;
}

static int add_text(struct reading *reading, const char *role,
		    struct span text, struct err *err)
{
	struct turns *turns = &reading->turns;
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!is_html(role, text)) {
		part_text(&turns->parts, text);
		return 0;
	}
	rc = html_to_text(text, &plain, err);
	part_text(&turns->parts, buf_span(&plain));
	if (rc >= 0)
		rc = rest_add_text(&turns->native, "html", text, err);
	buf_release(&plain);
	return rc;
}

/* Of the first turn of a slice: where it goes on. */
static void link_slice(const struct reading *reading,
		       struct chat_message *message)
{
	message->parent = buf_span(&reading->before.last);
	message->parent_session = buf_span(&reading->before.key);
}

static int put_turn(struct reading *reading, const struct jval *turn,
		    bool goes_on, struct err *err)
{
	static const char *const taken[] = { "value", NULL };
	struct span from = jval_get_text(turn, "from");
	const struct jval *value = jval_get(turn, "value");
	struct chat_message message = { .created = CHAT_TIME_NONE };
	struct turns *turns = &reading->turns;
	int rc = 0;

	message.role = role_of(from);
	if (!message.role) {
		message.role = "user";
		rc = import_skip(reading->source, "a speaker of unknown kind: "
				 "taken as a person", NULL, err);
	}
	message.visibility = !strcmp(message.role, "tool") ? "tool" :
		!strcmp(message.role, "system") ? "hidden" : "visible";
	if (goes_on && !turns->index)
		link_slice(reading, &message);
	if (rc >= 0 && jval_is(value, JVAL_STRING))
		rc = add_text(reading, message.role, jval_text(value), err);
	else if (rc >= 0 && value && !jval_is(value, JVAL_NULL))
		part_native(&turns->parts, "value", value);
	if (rc >= 0)
		rc = rest_add(&turns->native, turn, taken, err);
	return rc < 0 ? rc : turns_put(turns, &message, err);
}

/* Does the conversation go on with the one before it in the file? */
static bool is_next_slice(const struct slice *before, struct span id,
			  const struct jval *list)
{
	const char *role = role_of(jval_get_text(jval_first(list), "from"));
	struct span stem;
	int64_t number;

	if (!before->stem.len || !split_id(id, &stem, &number) ||
	    !span_equals(stem, buf_span(&before->stem)))
		return false;
	return number == before->number + before->turns ||
	       (number == before->number + 1 && role &&
		!strcmp(role, "assistant"));
}

static int remember_slice(struct reading *reading, struct span id,
			  struct err *err)
{
	struct slice *before = &reading->before;
	struct span stem = { NULL, 0 };
	int rc = 0;

	buf_reset(&before->stem);
	buf_reset(&before->key);
	buf_reset(&before->last);
	before->turns = reading->turns.index;
	if (before->turns && split_id(id, &stem, &before->number))
		rc = buf_add_span(&before->stem, stem, err);
	if (rc >= 0)
		rc = buf_add_span(&before->key, buf_span(&reading->key), err);
	return rc < 0 ? rc : buf_add_span(&before->last,
		buf_span(&reading->turns.last), err);
}

static int put_talk(struct reading *reading, const struct jval *value,
		    struct span id, struct err *err)
{
	static const char *const taken[] = {
		"conversations", "conversation", "items", "model", NULL
	};
	struct chat_session session = {
		.provider = SHAREGPT, .created = CHAT_TIME_NONE,
		.updated = CHAT_TIME_NONE,
	};
	const struct jval *list = turns_of(value);
	const struct jval *turn = jval_first(list);
	bool goes_on = is_next_slice(&reading->before, id, list);
	struct turns *turns = &reading->turns;
	int rc;

	rc = turns_begin(turns, reading->job, reading->source, SHAREGPT,
			 buf_span(&reading->key), err);
	for (; rc >= 0 && turn; turn = turn->next)
		rc = jval_is(turn, JVAL_OBJECT) ?
			put_turn(reading, turn, goes_on, err) :
			import_leave_out(reading->source, "a turn that is no "
					 "object", NULL, err);
	session.key = buf_span(&reading->key);
	session.model = jval_get_text(value, "model");
	if (goes_on)
		session.parent = buf_span(&reading->before.key);
	if (rc >= 0)
		rc = rest_add(&turns->native, value, taken, err);
	if (rc >= 0 && !session.model.at)
		rc = rest_add_value(&turns->native, "model",
				    jval_get(value, "model"), err);
	if (rc >= 0)
		rc = turns_end(turns, &session, err);
	return rc < 0 ? rc : remember_slice(reading, id, err);
}

static int take_value(void *arg, const struct source_value *given,
		      struct err *err)
{
	struct reading *reading = arg;
	const struct jval *id = jval_get(given->value, "id");
	struct span key = jval_is(id, JVAL_NUMBER) ? id->raw : jval_text(id);
	int rc;

	if (!jval_is(turns_of(given->value), JVAL_ARRAY))
		return import_malformed(reading->job, reading->source,
					"a conversation without turns",
					given->offset, given->text, err);
	rc = seen_key(&reading->seen, given->value, key, &reading->key, err);
	if (rc == 0)
		return import_leave_out(reading->source, "a conversation that "
					"stands before", NULL, err);
	return rc < 0 ? rc : put_talk(reading, given->value, key, err);
}

static int read_talks(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct reading reading = {
		.job = job, .source = source, .turns = TURNS_INIT,
		.seen = SEEN_INIT, .before = { none, none, none, 0, 0 },
		.key = none,
	};
	const struct values_visitor visitor = { take_value, &reading };
	int rc;

	rc = values_each(job, source, NULL, DEPTH_MAX, &visitor, err);
	turns_release(&reading.turns);
	seen_release(&reading.seen);
	buf_release(&reading.before.stem);
	buf_release(&reading.before.key);
	buf_release(&reading.before.last);
	buf_release(&reading.key);
	return rc;
}

const struct importer sharegpt_importer = {
	.name = SHAREGPT,
	.one = "ShareGPT file",
	.many = "ShareGPT files",
	.construct = SHAREGPT,
	.sniff = sniff,
	.read = read_talks,
};
