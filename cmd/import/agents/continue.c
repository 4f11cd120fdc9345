/*
 * Sessions of Continue: <id>.json, and sessions.json, which lists them and
 * alone says when each was begun. No message has a time. What a tool gave
 * stands with its call, and most often once more as a message.
 */
#include "cmd/import/agents/agents.h"

#include <stdio.h>

#include "cmd/import/beside/beside.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/flat/flat.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/records/blocks.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/session_title.h"
#include "cmd/import/records/uri.h"
#include "cmd/import/sniff.h"

#define PROVIDER "continue"

static struct blocks blocks_of(struct flat *flat, bool is_prompt)
{
	struct blocks blocks = { .parts = &flat->parts, .chat = &flat->chat,
				 .is_prompt = is_prompt };

	return blocks;
}

/* --- tools ----------------------------------------------------------------- */

static const struct jval *states_of(const struct jval *item)
{
	return jval_first(jval_get(item, "toolCallStates"));
}

/* What is kept of the call that a message answers; NULL. */
static const struct jval *state_of_call(const struct jval *history,
					struct span call)
{
	const struct jval *item = jval_first(history);
	const struct jval *state;

	for (; item && call.len; item = item->next) {
		for (state = states_of(item); state; state = state->next) {
			if (span_equals(jval_get_text(state, "toolCallId"),
					call))
				return state;
		}
	}
	return NULL;
}

static bool is_answered(const struct jval *item, struct span call)
{
	for (item = item->next; item && call.len; item = item->next) {
		if (span_equals(jval_text(jval_at(item, "message.toolCallId")),
				call))
			return true;
	}
	return false;
}

static bool is_failed(const struct jval *state)
{
	const struct jval *status = jval_get(state, "status");

	return jval_is_text(status, "errored") ||
	       jval_is_text(status, "canceled");
}

/* A call says {"id","type":"function","function":{"name","arguments"}}. */
static void continue_call(struct blocks *blocks, const struct jval *call)
{
	struct take take = take_begin(call);
	struct take function = take_inner(&take, "function");
	struct span id = take_text(&take, "id");
	struct span name = take_text(&function, "name");
	const struct jval *input = take_any(&function, "arguments");

	(void)take_word(&take, "type", "function");
	if (take_left(&function, NULL))
		take = take_begin(call);
	blocks_call(blocks, id, name, input, &take);
}

static bool says_same(const struct jval *a, const struct jval *b)
{
	struct buf one = BUF_INIT(BUF_NO_LIMIT);
	struct buf other = BUF_INIT(BUF_NO_LIMIT);
	bool is_same = a && b && jdoc_to_jcs(a, &one, NULL) == 0 &&
		       jdoc_to_jcs(b, &other, NULL) == 0 &&
		       span_equals(buf_span(&one), buf_span(&other));

	buf_release(&one);
	buf_release(&other);
	return is_same;
}

/* Does a message say this call, as it stands? */
static bool is_said(const struct jval *history, const struct jval *call)
{
	const struct jval *item = jval_first(history);
	struct span id = jval_get_text(call, "id");
	const struct jval *at;

	for (; item && id.len; item = item->next) {
		at = jval_first(jval_at(item, "message.toolCalls"));
		for (; at; at = at->next) {
			if (span_equals(jval_get_text(at, "id"), id) &&
			    says_same(at, call))
				return true;
		}
	}
	return false;
}

/* What is kept of the call that is not said by the messages. */
static void put_state(struct flat *flat, const struct jval *history,
		      struct take *state, bool is_repeated)
{
	const struct jval *output = take_see(state, "output");
	struct take inner = take_begin(jval_first(output));

	if (is_said(history, take_see(state, "toolCall")))
		(void)take_any(state, "toolCall");
	if (is_repeated && inner.object) {
		take_done(state, output);
		(void)take_text(&inner, "content");
		take_rest_under(&inner, "output", &flat->native);
	}
	take_rest_under(state, "state", &flat->native);
}

/* Does a result tell it: the message that answers its call, or its output? */
static bool is_told(const struct jval *history, const struct jval *item,
		    const struct jval *state)
{
	struct span call = jval_get_text(state, "toolCallId");

	return is_answered(item, call) ? state_of_call(history, call) == state :
		jval_get(state, "output") != NULL;
}

/* What no result tells stands with the calls, by its place among them. */
static void put_untold(struct flat *flat, const struct jval *history,
		       const struct jval *item)
{
	struct jcs_fields untold = JCS_FIELDS_INIT;
	const struct jval *state = states_of(item);
	char place[24];
	unsigned n = 0;

	for (; state; state = state->next) {
		struct take take = take_begin(state);

		snprintf(place, sizeof(place), "%u", n++);
		if (is_told(history, item, state))
			continue;
		if (!take.object)
			fields_value(&untold, place, state);
		(void)take_same(&take, "toolCallId",
				jval_text(jval_at(state, "toolCall.id")));
		if (is_said(history, take_see(&take, "toolCall")))
			(void)take_any(&take, "toolCall");
		take_rest_under(&take, place, &untold);
	}
	fields_inner(&flat->native, "states", &untold);
	jcs_fields_release(&untold);
}

/* A result that no message repeats, or the text of the message that does. */
static struct chat_message result_of(struct span call)
{
	const struct chat_message message = {
		.role = "tool", .visibility = "tool", .key = call,
		.created = CHAT_TIME_NONE,
	};

	return message;
}

static int result_put(struct flat *flat, const struct jval *history,
		      const struct jval *said, const struct jval *state,
		      const struct chat_message *as, struct err *err)
{
	struct blocks blocks = blocks_of(flat, false);
	struct take take = take_begin(state);
	const struct jval *output = take_see(&take, "output");
	const struct jval *is_there = said;
	struct chat_message message = *as;
	bool is_repeated;

	if (!said && jval_count(output) == 1)
		said = jval_get(jval_first(output), "content");
	if (!jval_text(said).at)
		said = is_there;
	is_repeated = said && jval_count(output) == 1 && jval_text(said).at &&
		      span_equals(jval_text(said),
				  jval_get_text(jval_first(output),
						"content"));
	blocks_result(&blocks, as->key, said ? said : output,
		      is_failed(state), NULL);
	if (!said)
		take_done(&take, output);
	(void)take_same(&take, "toolCallId", as->key);
	put_state(flat, history, &take, is_repeated);
	return flat_put(flat, &message, err);
}

/* --- messages -------------------------------------------------------------- */

/* Files and the like that stood beside a prompt. */
static void put_attached(struct parts *parts, const struct jval *items)
{
	const struct jval *at = jval_first(items);

	for (; at; at = at->next) {
		struct take take = take_begin(at);
		struct span text = take_text(&take, "content");

		if (!take.object) {
			part_native(parts, "attachment", at);
			continue;
		}
		part_begin(parts, "attachment");
		fields_said(&parts->fields, "name", take_text(&take, "name"));
		fields_said(&parts->fields, "text", text);
		take_rest_under(&take, "native", &parts->fields);
		part_end(parts);
	}
}

static void thought(struct blocks *blocks, struct take *item)
{
	struct take reasoning = take_inner(item, "reasoning");
	struct span text = take_text(&reasoning, "text");

	if (text.len || take_left(&reasoning, NULL))
		blocks_thought(blocks, text, &reasoning);
}

static const struct take_role roles[] = {
	{ "user", "user" }, { "assistant", "assistant" },
	{ "system", "system" }, { "tool", "tool" },
	{ "thinking", "assistant" }, { NULL, "system" }
};

static void fill(struct flat *flat, struct take *item, struct take *said,
		 struct chat_message *message)
{
	bool is_thought = jval_is_text(take_see(said, "role"), "thinking");
	const char *role = take_role(said, "role", roles);
	/* No prompt is a summary of what was said before. */
	struct blocks blocks = blocks_of(flat, !strcmp(role, "user") &&
		!jval_is(take_see(item, "isSummary"), JVAL_TRUE));
	const struct jval *call;

	thought(&blocks, item);
	if (is_thought)
		blocks_thought(&blocks, take_text(said, "content"), NULL);
	else
		blocks_put(&blocks, take_any(said, "content"));
	call = jval_first(take_value(said, "toolCalls", JVAL_ARRAY));
	for (; call; call = call->next)
		continue_call(&blocks, call);
	put_attached(&flat->parts, take_value(item, "contextItems", JVAL_ARRAY));
	message->role = role;
	message->visibility = !strcmp(role, "system") ? "hidden" :
		blocks_visibility(&blocks);
}

static int message_put(struct flat *flat, const struct jval *history,
		       const struct jval *value, struct err *err)
{
	struct take item = take_begin(value);
	struct take said = take_inner(&item, "message");
	struct chat_message message = {
		.created = CHAT_TIME_NONE, .key = take_filled(&said, "id"),
	};
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *state;
	int rc;

	buf_putf(&key, "%lld", (long long)flat->index);
	if (!message.key.len)
		message.key = buf_span(&key);
	fill(flat, &item, &said, &message);
	(void)take_value(&item, "toolCallStates", JVAL_ARRAY);
	put_untold(flat, history, value);
	take_rest_under(&said, "message", &flat->native);
	take_rest(&item, &flat->native);
	rc = buf_end(&key, err);
	if (rc == 0)
		rc = flat_put(flat, &message, err);
	for (state = states_of(value); rc >= 0 && state; state = state->next) {
		const struct chat_message as = result_of(
			jval_get_text(state, "toolCallId"));

		if (!is_answered(value, as.key) && jval_get(state, "output"))
			rc = result_put(flat, history, NULL, state, &as, err);
	}
	buf_release(&key);
	return rc;
}

static int answer_put(struct flat *flat, const struct jval *history,
		      const struct jval *value, struct err *err)
{
	struct take item = take_begin(value);
	struct take said = take_inner(&item, "message");
	struct span call = take_filled(&said, "toolCallId");
	const struct jval *content = take_any(&said, "content");
	const struct jval *attached_to = take_see(&item, "contextItems");
	struct chat_message as;

	(void)take_word(&said, "role", "tool");
	if (!jval_count(attached_to))
		take_done(&item, attached_to);
	take_rest_under(&said, "message", &flat->native);
	take_rest(&item, &flat->native);
	as = result_of(call);
	return result_put(flat, history, content, state_of_call(history, call),
			  &as, err);
}

static int item_put(struct flat *flat, const struct jval *history,
		    const struct jval *item, struct err *err)
{
	if (!jval_is(item, JVAL_OBJECT))
		return flat_malformed(flat, "a message that is no object",
				      item, err);
	return jval_is_text(jval_at(item, "message.role"), "tool") ?
		answer_put(flat, history, item, err) :
		message_put(flat, history, item, err);
}

/* --- sessions -------------------------------------------------------------- */

static const struct flat_row session_rows[] = {
	{ FLAT_KEY, "sessionId", FLAT_TAKEN },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_CREATED, "dateCreated", FLAT_TAKEN },
	{ FLAT_MODEL, "chatModelTitle", FLAT_TAKEN },
	{ FLAT_CWD, "workspaceDirectory", FLAT_TAKEN },
	FLAT_ROWS_END
};

static int put_history(struct flat *flat, struct flat_item *item,
		       const struct jval *history, struct err *err)
{
	const struct chat_session session = {
		.title = item->text[FLAT_TITLE],
		.model = item->text[FLAT_MODEL],
		.created = item->created, .updated = CHAT_TIME_NONE,
	};
	const struct jval *at = jval_first(history);
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	flat->session = session;
	rc = flat_begin(flat, err);
	for (; rc >= 0 && at; at = at->next)
		rc = item_put(flat, history, at, err);
	take_done(&item->take, history);
	uri_put_path(item->text[FLAT_CWD], &path);
	if (rc >= 0)
		rc = buf_end(&path, err);
	if (path.len)
		fields_said(&flat->native, "cwd", buf_span(&path));
	take_rest(&item->take, &flat->native);
	buf_release(&path);
	return rc < 0 ? rc : flat_end(flat, err);
}

static int continue_value(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *history = jval_get(value, "history");
	struct flat_item item;
	bool is_new = true;
	int rc = flat_item(flat, session_rows, value, &item, err);

	if (rc < 0)
		return rc;
	if (!item.take.object || !jval_is(history, JVAL_ARRAY))
		return flat_malformed(flat, flat->format->malformed, value,
				      err);
	if (!flat_is_wanted(flat, &item))
		return flat_leave_out(flat, FLAT_OLD, err);
	rc = flat_make_key(flat, value, item.text[FLAT_KEY], &is_new, err);
	return rc < 0 ? rc : put_history(flat, &item, history, err);
}

static const struct flat_format continue_format = {
	.provider = PROVIDER,
	.document = "sessionId history",
	.value = continue_value,
	.malformed = "a session without its history",
	.session = session_rows,
	.time = chat_time_of_ms,
};

/* --- the list of them ------------------------------------------------------ */

static int continue_listed(struct import_job *job, struct import_source *source,
		      const struct jval *entry, struct err *err)
{
	struct take take = take_begin(entry);
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	const struct chat_time created = take_time_as(&take, "dateCreated",
						      chat_time_of_ms);
	struct session_title title = {
		.provider = PROVIDER,
		.session = take_filled(&take, "sessionId"),
		.title = take_text(&take, "title"),
		.time = CHAT_TIME_NONE, .created = &created, .rest = &take,
	};
	int rc;

	if (!title.session.len)
		return import_leave_out(source, "a session without sessionId",
					NULL, err);
	if (!import_is_wanted(job, created.micros))
		return import_leave_out(source, FLAT_OLD, NULL, err);
	uri_put_path(take_text(&take, "workspaceDirectory"), &path);
	rc = buf_end(&path, err);
	if (path.len)
		title.cwd = buf_span(&path);
	if (rc == 0)
		rc = session_title_put(job, source, &title, err);
	buf_release(&path);
	return rc;
}

static int continue_list(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct jdoc *doc = NULL;
	const struct jval *at;
	int rc = whole_read(source, &doc, err);

	if (rc)
		return rc;
	for (at = jval_first(jdoc_root(doc)); rc == 0 && at; at = at->next)
		rc = continue_listed(job, source, at, err);
	jdoc_free(doc);
	return rc;
}

static int continue_read(struct import_job *job, struct import_source *source,
			 struct err *err)
{
	return span_begins(sniff_begin(buf_span(&source->input.head)), "[") ?
		continue_list(job, source, err) : flat_read(job, source, err);
}

/* The editor Kiro has a list of that kind, where folders are no URIs. */
static bool continue_sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->bundle || input->is_folder)
		return false;
	return sniff_signs(head, "sessionId workspaceDirectory|title history "
			   "!*executionId") ||
	       (sniff_signs(head, "sessionId title dateCreated !history") &&
		sniff_mentions(head, "\"file://"));
}

static enum import_place continue_place(const struct import_input *input,
					struct span place,
					const char **out_reason)
{
	(void)input;
	(void)out_reason;
	return span_equals(beside_part(place, 0), span_str("sessions.json")) &&
	       span_equals(beside_part(place, 2), span_str(".continue")) ?
		PLACE_OWN : PLACE_ANYWHERE;
}

static const struct import_home continue_home = {
	.folder = ".continue",
	.rooms = (const char *const[]){ "sessions", NULL },
	.signs = (const char *const[]){ NULL },
	.reason = "of Continue, and no session",
};

const struct importer continue_importer = {
	.name = "continue",
	.one = "session of Continue",
	.many = "sessions of Continue",
	.construct = "continue",
	.sniff = continue_sniff,
	.place = continue_place,
	.home = &continue_home,
	.read = continue_read,
	.flat = &continue_format,
	.is_of_agents = true,
};
