#include "cmd/import/apps/app.h"

#include <stdlib.h>

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "lib/base/array.h"

#define SYSTEM_KEY "system"

static struct app begin_app(void)
{
	const struct app app = {
		.arena = ARENA_INIT,
		.known = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.folders = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};

	return app;
}

const struct flat_role app_roles[] = {
	{ "user", "user", NULL }, { "assistant", "assistant", NULL },
	{ "system", "system", NULL }, { "tool", "tool", "tool" },
	{ NULL, NULL, NULL }
};

const struct flat_role app_roles_hidden[] = {
	{ "user", "user", NULL }, { "assistant", "assistant", NULL },
	{ "system", "system", "hidden" }, { "tool", "tool", "tool" },
	{ NULL, NULL, NULL }
};

static void release_app(struct app *app)
{
	arena_release(&app->arena);
	table_release(&app->known);
	table_release(&app->folders);
	free(app->turns.at);
}

int app_read(struct import_job *job, struct import_source *source,
	     struct err *err)
{
	struct app app = begin_app();
	int rc = flat_read_own(job, source, &app, err);

	release_app(&app);
	return rc;
}

int app_read_given(struct import_job *job, struct import_source *source,
		   int (*give)(struct flat *flat, struct err *err),
		   struct err *err)
{
	struct app app = begin_app();
	int rc = flat_read_given(job, source, &app, give, err);

	release_app(&app);
	return rc;
}

void app_forget(struct flat *flat)
{
	static const struct table none =
		TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	struct app *app = flat->own;

	app->turns.n = 0;
	arena_release(&app->arena);
	table_release(&app->known);
	app->known = none;
}

/* "<key><between><number>" */
static int keep_key(struct app *app, struct span key, const char *between,
		    size_t number, struct span *out, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_span(&text, key);
	buf_putf(&text, "%s%zu", between, number);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = arena_keep(&app->arena, buf_span(&text), out, err);
	buf_release(&text);
	return rc;
}

/* No two turns of a conversation are one. */
static int claim_key(struct app *app, struct span *key, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	bool is_new = false;
	int rc = 0;

	if (!key->len)
		rc = keep_key(app, *key, "", app->turns.n, key, err);
	while (rc == 0 && !is_new) {
		sha256_of(key->at, key->len, digest);
		rc = table_include(&app->known, digest, &is_new, err);
		if (rc == 0 && !is_new)
			rc = keep_key(app, *key, "~", app->turns.n, key,
				      err);
	}
	return rc;
}

int app_add(struct flat *flat, const struct app_turn *turn, struct err *err)
{
	struct app *app = flat->own;
	struct app_turn *to;
	int rc;

	if (!jval_is(turn->value, JVAL_OBJECT))
		return flat_leave_out(flat, flat->format->no_turn, err);
	rc = array_room(&app->turns, err);
	if (rc < 0)
		return rc;
	to = &app->turns.at[app->turns.n];
	*to = *turn;
	rc = claim_key(app, &to->key, err);
	app->turns.n += rc == 0;
	return rc;
}

int app_key(struct flat *flat, struct span key, const char *between,
	    size_t number, struct span *out, struct err *err)
{
	return keep_key(flat->own, key, between, number, out, err);
}

/* --- a conversation -------------------------------------------------------- */

/* The prompt is the first turn, and what begins a branch follows it. */
static int link_all(struct flat *flat, const struct app_talk *talk,
		    struct err *err)
{
	static const struct link_talk none = LINK_TALK_INIT;
	const struct link reply = {
		.parent = talk->is_tree ? LINK_NONE : LINK_UNSAID,
	};
	struct span first = talk->system.len ? span_str(SYSTEM_KEY) :
		span_of(NULL, 0);
	const struct app *app = flat->own;
	size_t i;
	int rc = 0;

	link_talk_release(&flat->links);
	flat->links = none;
	if (first.len)
		rc = link_talk_add(&flat->links, &reply, first,
				   span_of(NULL, 0), err);
	for (i = 0; rc >= 0 && i < app->turns.n; i++)
		rc = link_talk_add(&flat->links, &reply, app->turns.at[i].key,
				   app->turns.at[i].parent.len ||
				   !talk->is_tree ? app->turns.at[i].parent :
				   first, err);
	if (rc >= 0)
		rc = link_talk_mend(&flat->links, err);
	if (rc < 0)
		return rc;
	flat->session.is_guessed |= link_talk_guessed(&flat->links, 0) > 0;
	flat->source->mended += link_talk_guessed(&flat->links, 0);
	return 0;
}

static int put_system(struct flat *flat, struct span text, struct err *err)
{
	struct chat_message message = {
		.key = span_str(SYSTEM_KEY), .role = "system",
		.created = CHAT_TIME_NONE, .visibility = "hidden",
	};

	buf_put_span(&flat->parts.content, text);
	return flat_put(flat, &message, err);
}

/* What it says of its own place is taken where it is the place it has. */
static void take_place(struct flat_item *item, const struct app_talk *talk,
		       const struct chat_message *message)
{
	struct take *take = &item->take;
	const struct jval *parent = talk->parent_member ?
		take_see(take, talk->parent_member) : NULL;

	if (talk->key_member)
		(void)take_same(take, talk->key_member, message->key);
	if (jval_is(parent, JVAL_NULL) ||
	    (message->parent.len && jval_is(parent, JVAL_STRING) &&
	     span_equals(jval_text(parent), message->parent)))
		take_done(take, parent);
}

static int put_one(struct flat *flat, const struct app_talk *talk,
		   const struct app_turn *turn, struct err *err)
{
	const struct flat_format *format = flat->format;
	struct app *app = flat->own;
	struct chat_message message;
	struct flat_item item;
	int rc = flat_item(flat, format->turn, turn->value, &item, err);

	if (rc < 0)
		return rc;
	app->turn = turn;
	message = flat_message(&item);
	message.key = turn->key;
	message.parent = link_talk_parent(&flat->links, (size_t)flat->index);
	if (!talk->active.at)
		flat->session.is_guessed |= flat->last.len &&
			!span_equals(message.parent, buf_span(&flat->last));
	if (!message.parent.len)
		buf_reset(&flat->last);
	take_place(&item, talk, &message);
	if (!item.role && format->no_role)
		rc = import_skip(flat->source, format->no_role, NULL, err);
	if (rc >= 0)
		rc = format->say(flat, &item, &message, err);
	take_rest(&item.take, &flat->native);
	return rc < 0 ? rc : flat_put(flat, &message, err);
}

static bool has_turn(const struct app *app, struct span key)
{
	unsigned char digest[SHA256_BYTES];

	if (!key.len)
		return false;
	sha256_of(key.at, key.len, digest);
	return table_get(&app->known, digest, NULL);
}

static int put_all(struct flat *flat, struct app_talk *talk, struct err *err)
{
	const struct app *app = flat->own;
	size_t i;
	int rc;

	if (!has_turn(app, talk->active))
		talk->active = span_of(NULL, 0);
	flat->session.active = talk->active;
	rc = flat_begin(flat, err);
	if (rc >= 0)
		rc = link_all(flat, talk, err);
	if (rc >= 0 && talk->system.len)
		rc = put_system(flat, talk->system, err);
	for (i = 0; rc >= 0 && i < app->turns.n; i++)
		rc = put_one(flat, talk, &app->turns.at[i], err);
	return rc;
}

static int put_talk(struct flat *flat, struct app_talk *talk,
		    struct jcs_fields *about, struct err *err)
{
	struct flat_item *item = talk->item;
	const struct chat_session session = {
		.title = item->text[FLAT_TITLE],
		.model = item->text[FLAT_MODEL],
		.created = item->created, .updated = item->updated,
		.parent = talk->parent,
	};
	struct jcs_fields none;
	int rc;

	flat->session = session;
	rc = put_all(flat, talk, err);
	none = flat->native;
	flat->native = *about;
	*about = none;
	take_rest(&item->take, &flat->native);
	return rc < 0 ? rc : flat_end(flat, err);
}

int app_talk(struct flat *flat, struct app_talk *talk, struct err *err)
{
	struct jcs_fields about = flat->native;
	const struct jcs_fields none = JCS_FIELDS_INIT;
	bool is_new = false;
	int rc;

	flat->native = none;
	if (!flat_is_wanted(flat, talk->item)) {
		rc = flat_leave_out(flat, FLAT_OLD, err);
		goto out;
	}
	rc = flat_make_key(flat, talk->value, talk->item->text[FLAT_KEY],
			   &is_new, err);
	if (rc < 0)
		goto out;
	rc = is_new ? put_talk(flat, talk, &about, err) :
		flat_leave_out(flat, "a conversation that stands before",
			       err);
out:
	jcs_fields_release(&about);
	app_forget(flat);
	return rc;
}

int app_folder_add(struct flat *flat, struct span id, const struct jval *name,
		   struct err *err)
{
	struct app *app = flat->own;
	unsigned char digest[SHA256_BYTES];

	if (!id.len || !jval_text(name).len)
		return 0;
	sha256_of(id.at, id.len, digest);
	return table_add(&app->folders, digest, (uint64_t)(uintptr_t)name,
			 NULL, err);
}

void app_folder(struct flat *flat, struct span id)
{
	const struct app *app = flat->own;
	unsigned char digest[SHA256_BYTES];
	uint64_t name = 0;

	if (!id.len)
		return;
	sha256_of(id.at, id.len, digest);
	if (table_get(&app->folders, digest, &name))
		fields_said(&flat->native, "folder", jval_text(
			(const struct jval *)(uintptr_t)name));
}

int app_each(struct flat *flat, const struct jval *list,
	     int (*read)(struct flat *flat, struct err *err),
	     struct err *err)
{
	const struct source_value *whole = flat->given;
	const struct jval *value = jval_first(list);
	struct source_value given;
	int rc = 0;

	for (; rc >= 0 && value; value = value->next) {
		given.value = value;
		given.text = value->raw;
		given.offset = whole->offset +
			(uint64_t)(value->raw.at - whole->value->raw.at);
		flat->given = &given;
		rc = jval_is(value, JVAL_OBJECT) ? read(flat, err) :
			flat_malformed(flat, flat->format->malformed, value,
				       err);
	}
	flat->given = whole;
	return rc;
}

void app_children(struct flat_item *turn, const char *member,
		  const struct jval *map, const char *parent)
{
	const struct jval *list = take_see(&turn->take, member);
	const struct jval *child = jval_first(list);
	const struct jval *other;
	struct span key = turn->value->key;

	for (; child; child = child->next) {
		other = jval_get(jval_get_span(map, jval_text(child)), parent);
		if (!jval_is(other, JVAL_STRING) ||
		    !span_equals(jval_text(other), key))
			return;
	}
	if (jval_is(list, JVAL_ARRAY))
		take_done(&turn->take, list);
}

/* --- what they say --------------------------------------------------------- */

struct blocks app_blocks(struct flat *flat,
			 const struct chat_message *message)
{
	const struct blocks blocks = {
		.parts = &flat->parts, .chat = &flat->chat,
		.is_answer = !strcmp(message->role, "assistant"),
	};

	return blocks;
}

void app_shown(struct chat_message *message, const struct blocks *blocks)
{
	if (!strcmp(message->visibility, "visible"))
		message->visibility = blocks_visibility(blocks);
}

void app_error(struct blocks *blocks, const struct jval *error)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct parts *parts = blocks->parts;

	if (jval_is(error, JVAL_STRING))
		buf_put_span(&text, jval_text(error));
	else
		prose_put(error, &text);
	part_begin(parts, "error");
	part_place(&parts->content, buf_span(&text), &parts->fields);
	fields_fail(&parts->fields, text.failed, NULL);
	if (!jval_is(error, JVAL_STRING))
		fields_value(&parts->fields, "native", error);
	part_end(parts);
	blocks->has_text = true;
	buf_release(&text);
}

int app_remember(struct flat *flat, const struct jval *value,
		 const struct app_persona *persona, struct err *err)
{
	struct buf hash = BUF_INIT(BUF_NO_LIMIT);
	struct flat_item item;
	struct span said;
	int rc;

	rc = flat_item(flat, persona->rows, value, &item, err);
	said = jval_text(item.said);
	if (rc < 0 || !item.take.object || !said.len)
		return rc < 0 || !value ? rc :
			flat_leave_out(flat, "a persona or prompt without a "
				       "text", err);
	if (!flat_is_wanted(flat, &item))
		return flat_leave_out(flat, FLAT_OLD, err);
	if (!item.text[FLAT_KEY].len)
		flat_hash(&said, 1, &hash);
	rc = buf_end(&hash, err);
	if (rc < 0)
		goto out;
	flat_memory_begin(flat, persona->folder, hash.len ? buf_span(&hash) :
			  item.text[FLAT_KEY]);
	fields_said(&flat->memory.fields, "name", item.text[FLAT_TITLE]);
	if (item.text[FLAT_MODEL].len)
		fields_said(&flat->memory.fields, "model",
			    item.text[FLAT_MODEL]);
	flat_memory_says(flat, persona->type, said);
	take_done(&item.take, item.said);
	rc = flat_remember(flat, &item, err);
out:
	buf_release(&hash);
	return rc;
}
