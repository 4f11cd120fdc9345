#include "cmd/import/flat/flat.h"

#include <stdio.h>

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/uri.h"

int flat_begin(struct flat *flat, struct err *err)
{
	int rc;

	parts_reset(&flat->parts);
	jcs_fields_reset(&flat->native);
	buf_reset(&flat->key);
	buf_reset(&flat->last);
	table_reset(&flat->turn_keys);
	flat->index = 0;
	flat->session.provider = flat->format->provider;
	buf_put_span(&flat->key, buf_span(&flat->next_key));
	buf_fail(&flat->key, buf_end(&flat->next_key, NULL));
	rc = buf_end(&flat->key, err);
	return rc < 0 ? rc : chat_begin(&flat->chat, flat->job, flat->source,
					flat->format->provider,
					buf_span(&flat->key), err);
}

/* Everything collected, absent when that is nothing. */
static int write_native(struct flat *flat, struct span *out, struct err *err)
{
	buf_reset(&flat->text);
	fields_put(&flat->native, &flat->text);
	*out = flat->text.len ? buf_span(&flat->text) : span_of(NULL, 0);
	jcs_fields_reset(&flat->native);
	return buf_end(&flat->text, err);
}

/* Two messages of one key would be one. */
static int make_turn_key(struct flat *flat, struct span id, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct buf *key = &flat->turn_key;
	bool is_new = true;
	int rc;

	buf_reset(key);
	buf_put_span(key, id);
	if (!id.len)
		buf_putf(key, "%lld", (long long)flat->index);
	rc = buf_end(key, err);
	if (rc < 0)
		return rc;
	sha256_of(key->data, key->len, digest);
	rc = table_include(&flat->turn_keys, digest, &is_new, err);
	if (rc < 0 || is_new)
		return rc;
	buf_putf(key, "~%lld", (long long)flat->index);
	return buf_end(key, err);
}

int flat_put(struct flat *flat, struct chat_message *message, struct err *err)
{
	int rc = make_turn_key(flat, message->key, err);

	message->key = buf_span(&flat->turn_key);
	message->index = flat->index++;
	if (!message->parent.at && flat->last.len)
		message->parent = buf_span(&flat->last);
	message->content = buf_span(&flat->parts.content);
	if (rc >= 0)
		rc = parts_list(&flat->parts, &message->parts, err);
	if (rc >= 0)
		rc = write_native(flat, &message->native, err);
	if (rc >= 0)
		rc = chat_put_message(&flat->chat, message, err);
	buf_reset(&flat->last);
	if (rc >= 0)
		rc = buf_add_span(&flat->last, buf_span(&flat->turn_key),
				  err);
	parts_reset(&flat->parts);
	return rc;
}

int flat_end(struct flat *flat, struct err *err)
{
	struct chat_session *session = &flat->session;
	int rc;

	session->key = buf_span(&flat->key);
	if (!session->active.at && flat->last.len)
		session->active = buf_span(&flat->last);
	flat->source->guessed += session->is_guessed;
	rc = write_native(flat, &session->native, err);
	return rc < 0 ? rc : chat_put_session(&flat->chat, session, err);
}

/* What is said where a text should be: a list of blocks, say. */
static void add_said(struct parts *parts, const char *type,
		     const struct jval *said)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	prose_put(said, &text);
	part_begin(parts, type);
	if (text.len)
		part_place(&parts->content, buf_span(&text), &parts->fields);
	fields_fail(&parts->fields, text.failed, NULL);
	fields_value(&parts->fields, "native", said);
	part_end(parts);
	buf_release(&text);
}

void flat_say(struct flat *flat, struct flat_item *turn)
{
	const struct jval *said = turn->said;

	take_done(&turn->take, said);
	if (jval_is(said, JVAL_STRING))
		buf_put_span(&flat->parts.content, jval_text(said));
	else if (said && !jval_is(said, JVAL_NULL))
		add_said(&flat->parts, turn->said_at, said);
}

/* What it answers, where turns say so; of another word the rest tells. */
static void find_parent(struct flat *flat, const struct flat_item *item,
			struct chat_message *message)
{
	struct span named = item->text[FLAT_PARENT];

	if (!flat->is_tree)
		return;
	message->parent = link_talk_parent(&flat->links, (size_t)flat->index);
	if (named.len && !span_equals(named, message->parent))
		fields_said(&flat->native, "named_parent", named);
	flat->session.is_guessed |= flat->last.len &&
		!span_equals(message->parent, buf_span(&flat->last));
	if (!message->parent.len)
		buf_reset(&flat->last);
}

static const struct jval *unwrap(const struct flat_format *format,
				 const struct jval *turn)
{
	const struct jval *inner = format->wrapped ?
		jval_get(turn, format->wrapped) : NULL;

	return jval_is(inner, JVAL_OBJECT) ? inner : turn;
}

/* What stands around the object and is not taken, where something does. */
static void keep_around(struct flat *flat, const struct take *around,
			const struct jval *object)
{
	if (around->object != object)
		take_rest_under(around, "around", &flat->native);
}

struct chat_message flat_message(const struct flat_item *item)
{
	const struct flat_role *role = item->role;
	struct chat_message message = {
		.key = item->text[FLAT_KEY],
		.parent = item->text[FLAT_PARENT],
		/* Whom we do not know is no person: closest is the model. */
		.role = role ? role->role : "assistant",
		.name = item->text[FLAT_NAME],
		.created = item->created,
		.visibility = role && role->visibility ? role->visibility :
			"visible",
		.model = item->text[FLAT_MODEL],
	};

	if (!message.parent.len)
		message.parent = span_of(NULL, 0);
	return message;
}

static int put_turn(struct flat *flat, struct flat_item *item,
		    const struct jval *turn, struct err *err)
{
	struct take around = take_begin(turn);
	const struct flat_format *format = flat->format;
	struct chat_message message = flat_message(item);
	int rc = 0;

	find_parent(flat, item, &message);
	if (!item->role && format->no_role)
		rc = import_skip(flat->source, format->no_role, NULL, err);
	if (rc >= 0 && format->say)
		rc = format->say(flat, item, &message, err);
	else
		flat_say(flat, item);
	take_done(&around, item->value);
	keep_around(flat, &around, item->value);
	take_rest(&item->take, &flat->native);
	return rc < 0 ? rc : flat_put(flat, &message, err);
}

int flat_turn(struct flat *flat, const struct jval *turn, struct err *err)
{
	const struct flat_format *format = flat->format;
	struct flat_item item;
	int rc;

	rc = flat_item(flat, format->turn, unwrap(format, turn), &item, err);
	if (rc < 0)
		return rc;
	if (!item.take.object ||
	    (format->needs_text && !jval_is(item.said, JVAL_STRING)))
		return flat_leave_out(flat, format->no_turn, err);
	return put_turn(flat, &item, turn, err);
}

/* The first text of that kind. */
static struct span text_of(const struct flat_format *format,
			   const struct jval *turn, enum flat_what what)
{
	const struct flat_row *row;
	const struct jval *value;
	struct span text = { NULL, 0 };

	for (row = format->turn; row->what != FLAT_END && !text.len; row++) {
		if (row->what != what)
			continue;
		value = jval_at(turn, row->path);
		text = jval_is(value, JVAL_NUMBER) ? value->raw :
			jval_text(value);
	}
	return text;
}

/* Does any of the turns name what it answers? */
static bool is_tree(const struct flat_format *format, const struct jval *turn)
{
	while (turn && !text_of(format, unwrap(format, turn), FLAT_PARENT).len)
		turn = turn->next;
	return turn != NULL;
}

/* Who answers whom, of the turns that will be put. */
static int link_turns(struct flat *flat, const struct jval *turn,
		      struct err *err)
{
	static const struct link_talk none = LINK_TALK_INIT;
	static const struct link reply = { .parent = LINK_NONE };
	char made[24];
	int rc = 0;

	link_talk_release(&flat->links);
	flat->links = none;
	for (; rc >= 0 && turn; turn = turn->next) {
		const struct jval *said = unwrap(flat->format, turn);
		struct span key = text_of(flat->format, said, FLAT_KEY);

		if (!jval_is(said, JVAL_OBJECT))
			continue;
		snprintf(made, sizeof(made), "%zu", flat->links.turns.n);
		rc = link_talk_add(&flat->links, &reply,
				   key.len ? key : span_str(made),
				   text_of(flat->format, said, FLAT_PARENT),
				   err);
	}
	if (rc >= 0)
		rc = link_talk_mend(&flat->links, err);
	if (rc < 0)
		return rc;
	flat->session.is_guessed |= link_talk_guessed(&flat->links, 0) > 0;
	flat->source->mended += link_talk_guessed(&flat->links, 0);
	return 0;
}

int flat_turns(struct flat *flat, const struct jval *list, struct err *err)
{
	const struct jval *turn = jval_first(list);
	int rc = 0;

	flat->is_tree = is_tree(flat->format, turn);
	if (flat->is_tree)
		rc = link_turns(flat, turn, err);
	for (; rc >= 0 && turn; turn = turn->next)
		rc = flat_turn(flat, turn, err);
	return rc;
}

static const struct jval *turns_of(const struct flat *flat)
{
	const char *const *name = flat->format->turns;

	while (name[1] && !jval_get(flat->given->value, *name))
		name++;
	return jval_get(flat->given->value, *name);
}

/* Editors write it as a URI. */
static void put_cwd(struct flat *flat, struct span cwd)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);

	uri_put_path(cwd.len ? cwd : beside_get(flat->source, "cwd"), &path);
	fields_fail(&flat->native, buf_end(&path, NULL), NULL);
	if (path.len)
		fields_said(&flat->native, "cwd", buf_span(&path));
	buf_release(&path);
}

/* The rest of it, and what stands around what it tells of itself. */
static void keep_rest(struct flat *flat, struct flat_item *item,
		      const struct jval *list)
{
	struct take around = take_begin(flat->given->value);

	take_done(&item->take, list);
	take_done(&around, list);
	take_done(&around, item->value);
	keep_around(flat, &around, item->value);
	put_cwd(flat, item->text[FLAT_CWD]);
	take_rest(&item->take, &flat->native);
}

static int put_talk(struct flat *flat, struct flat_item *item,
		    const struct jval *list, struct err *err)
{
	const struct chat_session session = {
		.title = item->text[FLAT_TITLE],
		.model = item->text[FLAT_MODEL],
		.created = item->created, .updated = item->updated,
	};
	int rc = 0;

	flat->session = session;
	if (item->text[FLAT_PARENT].len)
		flat->session.parent = item->text[FLAT_PARENT];
	if (flat->format->begin)
		rc = flat->format->begin(flat, item, list, err);
	if (rc >= 0)
		rc = flat_begin(flat, err);
	if (rc >= 0)
		rc = flat_turns(flat, list, err);
	keep_rest(flat, item, list);
	return rc < 0 ? rc : flat_end(flat, err);
}

int flat_talk(struct flat *flat, struct err *err)
{
	const struct flat_format *format = flat->format;
	const struct jval *value = flat->given->value;
	const struct jval *list = turns_of(flat);
	struct flat_item item;
	bool is_new;
	int rc;

	rc = flat_item(flat, format->session, format->about ?
		       jval_get(value, format->about) : value, &item, err);
	if (rc < 0)
		return rc;
	if (!item.take.object || !jval_is(list, JVAL_ARRAY))
		return flat_malformed(flat, format->malformed, value, err);
	if (!flat_is_wanted(flat, &item))
		return flat_leave_out(flat, FLAT_OLD, err);
	rc = flat_make_key(flat, value, item.text[FLAT_KEY], &is_new, err);
	if (rc == 0 && !is_new)
		return flat_leave_out(flat, "a conversation that stands "
				      "before", err);
	return rc < 0 ? rc : put_talk(flat, &item, list, err);
}
