#include "cmd/import/roleplay/sillytavern_internal.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"

/*
 * group chats/<chat>.jsonl, and groups/<id>.json beside that folder: {"name",
 * "members":["<card>.png"],"chats":["<chat>"],"past_metadata":{"<chat>":...}},
 * of which several chats may be.
 */
#define CHATS "group chats"
#define GROUPS "../groups/"

enum import_place tavern_place(const struct import_input *input,
			       struct span place, const char **out_reason)
{
	(void)out_reason;
	return span_equals(beside_part(place, 1), span_str("groups")) &&
	       span_ends(place, ".json") &&
	       beside_is_there(input, place, "../" CHATS "/") ?
		PLACE_BESIDE : PLACE_ANYWHERE;
}

int tavern_beside(const struct import_input *input, struct span place,
		  struct beside *to, struct err *err)
{
	struct span name = beside_part(place, 0);
	int rc;

	(void)input;
	if (!span_equals(beside_part(place, 1), span_str(CHATS)) ||
	    !span_ends(name, ".jsonl"))
		return 0;
	name.len -= strlen(".jsonl");
	rc = beside_say(to, "chat", name, err);
	return rc < 0 ? rc : beside_folder(to, "groups", GROUPS, ".json", err);
}

static bool has_chat(const struct jval *group, struct span chat)
{
	const struct jval *item = jval_first(jval_get(group, "chats"));

	while (item && !span_equals(jval_text(item), chat))
		item = item->next;
	return item || span_equals(jval_get_text(group, "chat_id"), chat);
}

/* What is said of the group, without what is of its other chats. */
static void put_group(const struct jval *group, struct span chat,
		      struct jcs_fields *fields)
{
	struct take take = take_begin(group);
	const struct jval *past = take_any(&take, "past_metadata");
	struct jcs_fields inner = JCS_FIELDS_INIT;

	(void)take_any(&take, "chats");
	(void)take_any(&take, "chat_id");
	(void)take_any(&take, "chat_metadata");
	take_rest(&take, &inner);
	past = jval_get_span(past, chat);
	if (!past && span_equals(jval_get_text(group, "chat_id"), chat))
		past = jval_get(group, "chat_metadata");
	if (past)
		fields_value(&inner, "chat_metadata", past);
	fields_inner(fields, "group", &inner);
	jcs_fields_release(&inner);
}

int tavern_group(const struct import_source *source, struct buf *title,
		 struct jcs_fields *fields, struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct span chat = beside_get(source, "chat");
	struct span rest = beside_get(source, "groups");
	struct jdoc *doc = NULL;
	size_t len;
	int rc = 0;

	for (; rc == 0 && rest.len; rest = span_of(rest.at + len + 1,
						   rest.len - len - 1)) {
		struct err why = ERR_INIT;

		len = strnlen(rest.at, rest.len - 1);
		if (jdoc_parse(span_of(rest.at, len), &options, &doc, &why) ==
		    ERR_NOMEM)
			rc = err_set(err, ERR_NOMEM, "out of memory");
		if (rc == 0 && doc && has_chat(jdoc_root(doc), chat)) {
			buf_reset(title);
			buf_put_span(title, jval_get_text(jdoc_root(doc),
							  "name"));
			put_group(jdoc_root(doc), chat, fields);
			rest.len = len + 1;
		}
		jdoc_free(doc);
		doc = NULL;
	}
	return rc;
}
