/*
 * Conversations of LM Studio, a file each: messages are versions of each
 * other of which one is selected, {"versions":[..],"currentlySelected":n}. A
 * version is a singleStep with content, or a multiStep whose steps are blocks
 * of content, thoughts by their style, calls of tools and what came back.
 * Messages have neither ids nor times: a version is called by its place,
 * "<message>.<version>", and what follows answers the selected one.
 */
#include <stdio.h>

#include "cmd/import/apps/app.h"
#include "cmd/import/apps/formats.h"
#include "cmd/import/records/rest.h"

#define FOLDERS_MAX 16

static void say_call(struct blocks *blocks, const struct jval *block)
{
	struct take take = take_begin(block);
	struct span id = take_filled(&take, "toolCallRequestId");
	struct span name = take_text(&take, "name");
	const struct jval *input = take_any(&take, "parameters");

	if (!id.len)
		id = take_filled(&take, "callId");
	if (!input)
		input = take_any(&take, "arguments");
	(void)take_any(&take, "type");
	blocks_call(blocks, id, name, input, &take);
}

/* A result is a text, in which blocks may stand as JSON. */
static void put_output(struct blocks *blocks, struct span id,
		       const struct jval *result, bool is_error,
		       const struct take *rest)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct err why = ERR_INIT;
	struct jdoc *doc = NULL;
	const struct jval *list;

	if (jval_is(result, JVAL_STRING) &&
	    jdoc_parse(jval_text(result), &options, &doc, &why) < 0)
		doc = NULL;
	list = doc ? jdoc_root(doc) : NULL;
	if (jval_is(list, JVAL_ARRAY) && jval_get(jval_first(list), "type"))
		result = list;
	blocks_result(blocks, id, result, is_error, rest);
	jdoc_free(doc);
}

static void say_result(struct blocks *blocks, const struct jval *block)
{
	struct take take = take_begin(block);
	struct span id = take_filled(&take, "toolCallRequestId");
	const struct jval *result = take_any(&take, "content");
	bool is_error = take_flag(&take, "isError");

	if (!id.len)
		id = take_filled(&take, "toolCallId");
	if (!id.len)
		id = take_filled(&take, "callId");
	(void)take_any(&take, "type");
	put_output(blocks, id, result, is_error, &take);
}

static void say_block(struct flat *flat, struct blocks *blocks,
		      const struct jval *block)
{
	const struct jval *type = jval_get(block, "type");

	if (jval_is_text(type, "toolCallRequest")) {
		say_call(blocks, block);
	} else if (jval_is_text(type, "toolCallResult")) {
		say_result(blocks, block);
	} else if (jval_is_text(type, "file")) {
		blocks->has_file = true;
		part_native(&flat->parts, jval_is_text(jval_get(block,
			    "fileType"), "image") ? "image" : "file", block);
	} else {
		blocks_put_one(blocks, block);
	}
}

static void say_content(struct flat *flat, struct blocks *blocks,
			const struct jval *content)
{
	const struct jval *block = jval_first(content);

	if (jval_is(content, JVAL_STRING))
		blocks_text(blocks, jval_text(content));
	for (; jval_is(content, JVAL_ARRAY) && block; block = block->next)
		say_block(flat, blocks, block);
}

/* rests: what was not understood, a list without its end. Of what is no object
 * that is all. */
static void keep_rest(const struct take *take, const struct jval *value,
		      struct buf *rests)
{
	if (take->object && !take_left(take, NULL))
		return;
	buf_put_char(rests, rests->len ? ',' : '[');
	if (take->object)
		take_put(take, rests);
	else
		buf_fail(rests, jdoc_to_jcs(value, rests, NULL));
}

/* A thought may stand in several texts. */
static bool say_thought(struct blocks *blocks, struct take *step,
			struct buf *rests)
{
	const struct jval *content = take_see(step, "content");
	const struct jval *block;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	for (block = jval_first(content); block; block = block->next) {
		if (!jval_is_text(jval_get(block, "type"), "text") ||
		    !jval_is(jval_get(block, "text"), JVAL_STRING))
			return false;
	}
	for (block = jval_first(content); block; block = block->next) {
		struct take take = take_begin(block);

		(void)take_any(&take, "type");
		buf_put_span(&text, take_text(&take, "text"));
		keep_rest(&take, block, rests);
	}
	if (jval_is(content, JVAL_ARRAY))
		take_done(step, content);
	blocks_thought(blocks, buf_span(&text), step);
	fields_fail(&blocks->parts->fields, text.failed, NULL);
	buf_release(&text);
	return true;
}

static void say_step(struct flat *flat, struct blocks *blocks,
		     const struct jval *value, struct buf *rests)
{
	struct take step = take_begin(value);
	bool is_block = take_word(&step, "type", "contentBlock");

	if (is_block && jval_is_text(jval_at(value, "style.type"),
				     "thinking") &&
	    say_thought(blocks, &step, rests))
		return;
	if (is_block)
		say_content(flat, blocks, take_value(&step, "content",
						     JVAL_ARRAY));
	keep_rest(&step, value, rests);
}

static void say_steps(struct flat *flat, struct blocks *blocks,
		      const struct jval *list)
{
	const struct jval *step = jval_first(list);
	struct buf rests = BUF_INIT(BUF_NO_LIMIT);

	for (; step; step = step->next)
		say_step(flat, blocks, step, &rests);
	if (rests.len) {
		buf_put_char(&rests, ']');
		fields_buf(&flat->native, "steps", &rests);
	}
	buf_release(&rests);
}

/* The version that is shown; of a number that is none's, the last. */
static size_t selected_of(const struct jval *message)
{
	const struct jval *versions = jval_get(message, "versions");
	const struct jval *version = jval_first(versions);
	long long selected;
	size_t last = 0;
	size_t i;

	if (jval_integer(jval_get(message, "currentlySelected"), &selected) &&
	    selected >= 0 && (size_t)selected < jval_count(versions) &&
	    jval_is(jval_item(versions, (size_t)selected), JVAL_OBJECT))
		return (size_t)selected;
	for (i = 0; version; version = version->next, i++) {
		if (jval_is(version, JVAL_OBJECT))
			last = i;
	}
	return last;
}

static int lmstudio_say(struct flat *flat, struct flat_item *turn,
			struct chat_message *message, struct err *err)
{
	const struct app *app = flat->own;
	struct take around = take_begin(app->turn->around);
	struct take *take = &turn->take;
	struct blocks blocks = app_blocks(flat, message);
	const struct jval *content = take_see(take, "content");
	const struct jval *steps = take_value(take, "steps", JVAL_ARRAY);
	long long selected;

	(void)err;
	if (jval_is(content, JVAL_STRING) || jval_is(content, JVAL_ARRAY)) {
		take_done(take, content);
		say_content(flat, &blocks, content);
	}
	say_steps(flat, &blocks, steps);
	if (!strcmp(message->role, "assistant"))
		message->model = jval_text(jval_at(turn->value,
						   "senderInfo.senderName"));
	(void)take_value(&around, "versions", JVAL_ARRAY);
	/* The active branch says it. */
	if (jval_integer(take_see(&around, "currentlySelected"), &selected) &&
	    (size_t)selected == selected_of(around.object))
		(void)take_any(&around, "currentlySelected");
	take_rest_under(&around, "message", &flat->native);
	app_shown(message, &blocks);
	return 0;
}

/* shown: the key of the version that what follows answers. */
static int add_versions(struct flat *flat, const struct jval *message,
			size_t number, struct span *shown, struct err *err)
{
	const struct jval *versions = jval_get(message, "versions");
	const struct jval *version = jval_first(versions);
	size_t selected = selected_of(message);
	char begin[24];
	struct app_turn turn = { .parent = *shown };
	size_t i;
	int rc = 0;

	snprintf(begin, sizeof(begin), "%zu", number);
	for (i = 0; rc >= 0 && version; version = version->next, i++) {
		rc = app_key(flat, span_str(begin), ".", i, &turn.key, err);
		if (rc >= 0 && i == selected &&
		    jval_is(version, JVAL_OBJECT))
			*shown = turn.key;
		turn.value = version;
		turn.around = i == selected ? message : NULL;
		if (rc >= 0)
			rc = app_add(flat, &turn, err);
	}
	return rc;
}

static int lmstudio_talk(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *list = jval_get(value, "messages");
	const struct jval *message = jval_first(list);
	struct span name = beside_get(flat->source, "name");
	struct span shown = { NULL, 0 };
	struct flat_item item;
	struct app_talk talk = {
		.item = &item, .value = value, .is_tree = true,
	};
	size_t number;
	int rc = flat_item(flat, flat->format->session, value, &item, err);

	if (rc < 0)
		return rc;
	if (!jval_is(list, JVAL_ARRAY))
		return flat_malformed(flat, flat->format->malformed, value,
				      err);
	for (number = 0; rc >= 0 && message; message = message->next)
		rc = jval_first(jval_get(message, "versions")) ?
			add_versions(flat, message, number++, &shown, err) :
			(number++, flat_leave_out(flat, "a message without "
						  "versions", err));
	talk.active = shown;
	talk.system = take_filled(&item.take, "systemPrompt");
	if (name.len)
		item.text[FLAT_KEY] = name;
	fields_said(&flat->native, "folder",
		    beside_get(flat->source, "folder"));
	take_done(&item.take, list);
	if (rc >= 0)
		return app_talk(flat, &talk, err);
	app_forget(flat);
	return rc;
}

/* <folder of the person>/<ms>.conversation.json: its name is its id, which a
 * copy of it does not share. */
static int lmstudio_beside(const struct import_input *input,
			   struct span place, struct beside *to,
			   struct err *err)
{
	struct span name = beside_between(beside_part(place, 0), "",
					  ".conversation.json");
	struct span above = beside_part(place, 1);
	size_t up;
	int rc = 0;

	(void)input;
	if (name.len)
		rc = beside_say(to, "name", name, err);
	for (up = 2; rc >= 0 && up < FOLDERS_MAX; up++) {
		if (span_equals(beside_part(place, up),
				span_str("conversations")))
			return beside_say(to, "folder", above, err);
	}
	return rc;
}

static const struct flat_row session[] = {
	{ FLAT_KEY, "createdAt", FLAT_STAYS },
	{ FLAT_TITLE, "name", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	{ FLAT_UPDATED, "assistantLastMessagedAt", FLAT_TAKEN },
	{ FLAT_UPDATED, "userLastMessagedAt", FLAT_STAYS },
	{ FLAT_MODEL, "lastUsedModel.identifier", FLAT_STAYS },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = {
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_format lmstudio_format = {
	.provider = "lmstudio",
	.document = "messages *versions|*lastUsedModel|*perChatPredictionConfig",
	.value = lmstudio_talk,
	.malformed = "a conversation without messages",
	.session = session,
	.turn = turn,
	.roles = app_roles_hidden,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a version that is no object",
	.say = lmstudio_say,
	.time = chat_time_of_ms,
};

const struct importer lmstudio_importer = {
	.name = "lmstudio",
	.one = "LM Studio conversation",
	.many = "LM Studio conversations",
	.construct = "lmstudio",
	.signs = (const char *const[]){
		"messages *versions *currentlySelected",
		"messages lastUsedModel|perChatPredictionConfig clientInput",
		NULL
	},
	.beside = lmstudio_beside,
	.read = app_read,
	.flat = &lmstudio_format,
	.has_settings = true,
};
