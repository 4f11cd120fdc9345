/*
 * Exports of big-AGI: {"conversations":[..],"models":{"sources":[..]}}, whose
 * sources hold keys and are not read, or one conversation alone. A message is
 * made of fragments, {"ft","fId","part":{"pt":"text"|..}}; an older one has a
 * text.
 */
#include "cmd/import/apps/app.h"
#include "cmd/import/apps/formats.h"
#include "cmd/import/records/rest.h"

/* Rests of fragments: a list without its end. */
static void keep_fragment(struct buf *rests, const struct take *fragment)
{
	if (!take_left(fragment, NULL))
		return;
	buf_put_char(rests, rests->len ? ',' : '[');
	take_put(fragment, rests);
}

static void say_call(struct blocks *blocks, struct take *part)
{
	struct take call = take_inner(part, "invocation");
	bool is_function = take_word(&call, "type", "function_call");
	struct span id = take_text(part, "id");
	struct span name;

	if (!is_function) {
		name = jval_get_text(call.object, "type");
		blocks_call(blocks, id, name.len ? name :
			    span_str("tool_invocation"), call.object, NULL);
		return;
	}
	name = take_text(&call, "name");
	blocks_call(blocks, id, name, take_any(&call, "args"), &call);
}

static void say_result(struct blocks *blocks, struct take *part)
{
	struct take response = take_inner(part, "response");
	const struct jval *error = take_see(part, "error");
	struct span id = take_text(part, "id");
	const struct jval *result = take_any(&response, "result");
	bool is_silent = !result || jval_is(result, JVAL_NULL) ||
		(jval_is(result, JVAL_STRING) && !jval_text(result).len);
	bool is_error = error && !jval_is(error, JVAL_FALSE) &&
		!jval_is(error, JVAL_NULL);

	if (is_silent && jval_is(error, JVAL_STRING))
		result = error;
	if (result == error || jval_is(error, JVAL_FALSE))
		take_done(part, error);
	blocks_result(blocks, id, result, is_error, &response);
}

/* A document that was attached: its text. */
static void say_document(struct flat *flat, struct blocks *blocks,
			 struct take *part)
{
	struct parts *parts = &flat->parts;
	struct span text = jval_text(jval_at(part->object, "data.text"));
	struct take data;
	struct buf ref = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc = text.len ? chat_add_blob(&flat->chat, text, "text/plain",
					  &ref, &why) : 0;

	blocks->has_file = true;
	part_begin(parts, "file");
	fields_fail(&parts->fields, rc, &why);
	fields_said(&parts->fields, "name", take_text(part, "l1Title"));
	if (rc >= 0 && text.len) {
		fields_raw(&parts->fields, "data", buf_span(&ref));
		data = take_inner(part, "data");
		(void)take_text(&data, "text");
		(void)take_word(&data, "idt", "text");
		take_rest_under(&data, "data_rest", &parts->fields);
	}
	take_rest_under(part, "native", &parts->fields);
	part_end(parts);
	buf_release(&ref);
}

/* Is it said; else the fragment stands as it is. */
static bool say_part(struct flat *flat, struct blocks *blocks,
		     struct take *part)
{
	const struct jval *type = take_any(part, "pt");
	struct span text = jval_get_text(part->object, "text");
	struct span thought = jval_get_text(part->object, "aText");

	if (jval_is_text(type, "text") && text.at) {
		(void)take_any(part, "text");
		blocks_text(blocks, text);
	} else if (jval_is_text(type, "error")) {
		app_error(blocks, take_any(part, "error"));
	} else if (jval_is_text(type, "ma") && thought.at) {
		(void)take_any(part, "aText");
		(void)take_word(part, "aType", "reasoning");
		blocks_thought(blocks, thought, NULL);
	} else if (jval_is_text(type, "tool_invocation")) {
		say_call(blocks, part);
	} else if (jval_is_text(type, "tool_response")) {
		say_result(blocks, part);
	} else if (jval_is_text(type, "doc")) {
		say_document(flat, blocks, part);
		part->object = NULL;
	} else {
		return false;
	}
	return true;
}

static void say_other(struct flat *flat, struct blocks *blocks,
		      const struct jval *fragment)
{
	const struct jval *type = jval_at(fragment, "part.pt");

	if (jval_is_text(type, "image_ref") ||
	    jval_is_text(type, "reference")) {
		blocks->has_file = true;
		part_native(&flat->parts, "image", fragment);
	} else if (jval_is_text(type, "annotations") ||
		   jval_is_text(type, "ph")) {
		part_native(&flat->parts, "fragment", fragment);
	} else if (fragment && !jval_is(fragment, JVAL_NULL)) {
		blocks_put_one(blocks, fragment);
	}
}

static void say_fragment(struct flat *flat, struct blocks *blocks,
			 const struct jval *value, struct buf *rests)
{
	struct take fragment = take_begin(value);
	struct take part = take_inner(&fragment, "part");
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);

	if (!part.object || !say_part(flat, blocks, &part)) {
		say_other(flat, blocks, value);
		return;
	}
	(void)take_word(&fragment, "ft", "content");
	if (part.object)
		take_put(&part, &rest);
	if (rest.len)
		fragment = take_begin(value);
	keep_fragment(rests, &fragment);
	buf_fail(rests, rest.failed);
	buf_release(&rest);
}

static int bigagi_say(struct flat *flat, struct flat_item *turn,
		      struct chat_message *message, struct err *err)
{
	struct blocks blocks = app_blocks(flat, message);
	const struct jval *list = take_value(&turn->take, "fragments",
					     JVAL_ARRAY);
	const struct jval *fragment = jval_first(list);
	struct buf rests = BUF_INIT(BUF_NO_LIMIT);

	(void)err;
	for (; fragment; fragment = fragment->next)
		say_fragment(flat, &blocks, fragment, &rests);
	if (!jval_first(list))
		blocks_text(&blocks, take_text(&turn->take, "text"));
	if (rests.len) {
		buf_put_char(&rests, ']');
		fields_buf(&flat->native, "fragments", &rests);
	}
	buf_release(&rests);
	app_shown(message, &blocks);
	return 0;
}

static int bigagi_talk(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *list = jval_get(value, "messages");
	const struct jval *message = jval_first(list);
	struct flat_item item;
	struct app_talk talk = {
		.item = &item, .value = value, .key_member = "id",
	};
	int rc = flat_item(flat, flat->format->session, value, &item, err);

	if (rc < 0)
		return rc;
	if (!jval_is(list, JVAL_ARRAY))
		return flat_malformed(flat, flat->format->malformed, value,
				      err);
	for (; rc >= 0 && message; message = message->next) {
		struct app_turn turn = { .value = message };

		turn.key = jval_get_text(message, "id");
		rc = app_add(flat, &turn, err);
	}
	take_done(&item.take, list);
	app_folder(flat, jval_get_text(value, "id"));
	if (rc >= 0)
		return app_talk(flat, &talk, err);
	app_forget(flat);
	return rc;
}

/* {"title","conversationIds":[..]} */
static int add_folder(struct flat *flat, const struct jval *folder,
		      struct err *err)
{
	const struct jval *id = jval_first(jval_get(folder,
						    "conversationIds"));
	int rc = 0;

	for (; rc >= 0 && id; id = id->next)
		rc = app_folder_add(flat, jval_text(id),
				    jval_get(folder, "title"), err);
	return rc;
}

static int bigagi_export(struct flat *flat, struct err *err)
{
	const struct jval *whole = flat->given->value;
	const struct jval *list = jval_get(whole, "conversations");
	const struct jval *folder = jval_first(jval_at(whole,
						       "folders.folders"));
	int rc = 0;

	for (; rc >= 0 && folder; folder = folder->next)
		rc = add_folder(flat, folder, err);
	if (rc < 0)
		return rc;
	return list ? app_each(flat, list, bigagi_talk, err) :
		bigagi_talk(flat, err);
}

static const struct flat_row session[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_TITLE, "userTitle", FLAT_TAKEN },
	{ FLAT_TITLE, "autoTitle", FLAT_TAKEN },
	{ FLAT_CREATED, "created", FLAT_TAKEN },
	{ FLAT_UPDATED, "updated", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = {
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_MODEL, "originLLM", FLAT_TAKEN },
	{ FLAT_MODEL, "generator.name", FLAT_STAYS },
	{ FLAT_CREATED, "created", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_format bigagi_format = {
	.provider = "bigagi",
	.document = "conversations|messages",
	.value = bigagi_export,
	.malformed = "a conversation without messages",
	.session = session,
	.turn = turn,
	.roles = app_roles,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a message that is no object",
	.say = bigagi_say,
	.time = chat_time_of_ms,
	.note = "conversations and titles of their folders are read: not the "
		"models and their keys that such an export may have beside "
		"them",
};

const struct importer bigagi_importer = {
	.name = "bigagi",
	.one = "big-AGI export",
	.many = "big-AGI exports",
	.construct = "bigagi",
	.signs = (const char *const[]){
		"conversations *systemPurposeId", "conversations models.sources",
		"messages systemPurposeId", NULL
	},
	.read = app_read,
	.flat = &bigagi_format,
	.has_settings = true,
};
