#include "cmd/import/cursor/cursor_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/records/rest.h"
#include "lib/base/array.h"

#define NUMBER_MAX 32

/* A chat on its way. */
struct talk_state {
	struct cursor_run *run;
	const struct cursor_talk *talk;
	struct table seen;		/* keys of bubbles */
	struct table inlined;		/* those that stand in a list with
					   their words -> where */
	bool has_inlined;
	struct arena arena;
	struct cursor_places shown;	/* bubbles of the list, with times */
	struct cursor_places others;	/* that no list names */
	struct buf value;		/* of the bubble at hand */
	struct buf lost;		/* "[<entry>,<entry>" */
	struct buf active;		/* the last message that is shown */
	struct buf folder;		/* that a bubble names */
};

static void state_release(struct talk_state *state)
{
	table_release(&state->seen);
	table_release(&state->inlined);
	arena_release(&state->arena);
	free(state->shown.at);
	free(state->others.at);
	buf_release(&state->value);
	buf_release(&state->lost);
	buf_release(&state->active);
	buf_release(&state->folder);
}

/* --- bubbles --------------------------------------------------------------- */

static int note_place(struct talk_state *state, struct cursor_places *places,
		      int64_t micros, struct span key, struct err *err)
{
	struct cursor_place *place;
	int rc = array_room(places, err);

	if (rc < 0)
		return rc;
	place = &places->at[places->n];
	place->micros = micros;
	place->order = places->n;
	rc = arena_keep(&state->arena, key, &place->key, err);
	if (rc == 0)
		places->n++;
	return rc;
}

static int put_bubble(struct talk_state *state,
		      const struct cursor_bubble *bubble, struct err *err)
{
	struct chat_time time = cursor_time(jval_get(bubble->value,
						     "createdAt"));
	struct span folder = jval_get_text(bubble->value,
					   "workspaceProjectDir");
	int rc = cursor_put_bubble(state->run, bubble, err);

	if (!state->folder.len)
		buf_put_span(&state->folder, folder);
	if (rc == 0)
		rc = buf_end(&state->folder, err);
	if (rc == 0 && time.micros != CHAT_TIME_UNKNOWN)
		rc = note_place(state, &state->shown, time.micros,
				buf_span(&state->run->parent), err);
	return rc;
}

/* The value of a bubble that lies apart, parsed; NULL: there is none that can
 * be read. */
static int get_bubble(struct talk_state *state, struct span key,
		      struct jdoc **out, struct err *err)
{
	const struct cursor_bubbles *bubbles = state->talk->bubbles;
	struct buf what = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = false;
	int rc;

	*out = NULL;
	if (!bubbles || !key.len)
		return 0;
	rc = bubbles->get(bubbles->arg, state->talk->key, key, &state->value,
			  &is_there, err);
	if (rc < 0 || !is_there)
		return rc;
	buf_put_str(&what, "message ");
	buf_put_span(&what, key);
	buf_put_str(&what, " of chat ");
	buf_put_span(&what, state->talk->key);
	rc = buf_end(&what, err);
	if (rc == 0)
		rc = cursor_parse(state->run, buf_text(&what),
				  buf_span(&state->value), out, err);
	buf_release(&what);
	return rc;
}

static int tell_lost(struct talk_state *state, const struct jval *entry,
		     struct err *err)
{
	int rc;

	state->run->has_lost = true;
	buf_put_char(&state->lost, state->lost.len ? ',' : '[');
	buf_fail(&state->lost, jdoc_to_jcs(entry, &state->lost, err));
	rc = buf_end(&state->lost, err);
	return rc < 0 ? rc :
		import_skip(state->run->source, "a message of which only its "
			    "place in a chat is there", NULL, err);
}

/* What stands in the list itself has its words there. */
static bool is_whole(const struct jval *entry)
{
	return jval_get(entry, "text") || jval_get(entry, "rawText") ||
	       jval_get(entry, "richText") || jval_get(entry, "initText") ||
	       jval_get(entry, "thinking") ||
	       jval_get(entry, "toolFormerData");
}

static int note_inlined(struct talk_state *state, const char *name,
			struct err *err)
{
	const struct jval *list = jval_get(state->talk->composer, name);
	const struct jval *entry = jval_is(list, JVAL_ARRAY) ?
		jval_first(list) : NULL;
	unsigned char id[CURSOR_ID_BYTES];
	int rc = 0;

	for (; rc == 0 && entry; entry = entry->next) {
		if (!is_whole(entry))
			continue;
		cursor_id(jval_get_text(entry, jval_get(entry, "bubbleId") ?
					"bubbleId" : "id"), id);
		rc = table_add(&state->inlined, id, (uint64_t)(uintptr_t)entry,
			       NULL, err);
	}
	return rc;
}

/* A bubble of the list of today that only the older list has the words of. */
static int find_inlined(struct talk_state *state, struct span key,
			const struct jval **out, struct err *err)
{
	unsigned char id[CURSOR_ID_BYTES];
	uint64_t at = 0;
	int rc = 0;

	if (!state->has_inlined) {
		rc = note_inlined(state, "conversation", err);
		if (rc == 0)
			rc = note_inlined(state, "bubbles", err);
	}
	state->has_inlined = true;
	cursor_id(key, id);
	*out = rc == 0 && table_get(&state->inlined, id, &at) ?
		(const struct jval *)(uintptr_t)at : NULL;
	return rc;
}

static int put_entry(struct talk_state *state, const struct jval *entry,
		     struct span key, struct err *err)
{
	struct cursor_bubble bubble = { .entry = entry, .key = key };
	struct jdoc *doc = NULL;
	int rc = 0;

	bubble.value = is_whole(entry) ? entry :
		jval_get_span(jval_get(state->talk->composer,
				       "conversationMap"), key);
	if (!jval_is(bubble.value, JVAL_OBJECT)) {
		rc = get_bubble(state, key, &doc, err);
		bubble.value = doc ? jdoc_root(doc) : NULL;
	}
	if (rc == 0 && !jval_is(bubble.value, JVAL_OBJECT))
		rc = find_inlined(state, key, &bubble.value, err);
	if (rc == 0 && jval_is(bubble.value, JVAL_OBJECT))
		rc = put_bubble(state, &bubble, err);
	else if (rc == 0)
		rc = tell_lost(state, entry, err);
	jdoc_free(doc);
	return rc;
}

/* One without an id goes by its number. */
static struct span bubble_key_of(const struct jval *entry, size_t number,
			  char room[NUMBER_MAX])
{
	struct span key = jval_get_text(entry, "bubbleId");

	if (!key.len)
		key = jval_get_text(entry, "id");
	if (key.len)
		return key;
	(void)snprintf(room, NUMBER_MAX, "n%zu", number);
	return span_str(room);
}

static int put_new(struct talk_state *state, const struct jval *entry,
		   struct span key, struct err *err)
{
	unsigned char id[CURSOR_ID_BYTES];
	bool is_new = false;
	int rc;

	cursor_id(key, id);
	rc = table_include(&state->seen, id, &is_new, err);
	return rc == 0 && is_new ? put_entry(state, entry, key, err) : rc;
}

static int put_list(struct talk_state *state, const struct jval *list,
		    struct err *err)
{
	const struct jval *entry = jval_is(list, JVAL_ARRAY) ?
		jval_first(list) : NULL;
	char room[NUMBER_MAX];
	size_t number = 0;
	int rc = 0;

	for (; rc == 0 && entry; entry = entry->next, number++) {
		if (jval_is(entry, JVAL_OBJECT))
			rc = put_new(state, entry,
				     bubble_key_of(entry, number, room), err);
		else
			rc = import_malformed(state->run->job,
					      state->run->source,
					      "a message that is no object", 0,
					      entry->raw, err);
	}
	return rc;
}

static int put_map(struct talk_state *state, const struct jval *map,
		   struct err *err)
{
	const struct jval *entry = jval_is(map, JVAL_OBJECT) ?
		jval_first(map) : NULL;
	int rc = 0;

	for (; rc == 0 && entry; entry = entry->next) {
		if (jval_is(entry, JVAL_OBJECT))
			rc = put_new(state, entry, entry->key, err);
	}
	return rc;
}

/* --- bubbles that no list names -------------------------------------------- */

static int note_other(void *arg, struct span key, struct err *err)
{
	struct talk_state *state = arg;
	unsigned char id[CURSOR_ID_BYTES];
	struct jdoc *doc = NULL;
	bool is_new = false;
	int rc;

	cursor_id(key, id);
	rc = table_include(&state->seen, id, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	rc = get_bubble(state, key, &doc, err);
	if (rc == 0 && jval_is(doc ? jdoc_root(doc) : NULL, JVAL_OBJECT))
		rc = note_place(state, &state->others,
				cursor_time(jval_get(jdoc_root(doc),
						     "createdAt")).micros,
				key, err);
	jdoc_free(doc);
	return rc;
}

static int put_other(struct talk_state *state, struct cursor_place *place,
		     struct span before, struct err *err)
{
	struct cursor_run *run = state->run;
	struct cursor_bubble bubble = { .key = place->key };
	struct jdoc *doc = NULL;
	int rc = get_bubble(state, place->key, &doc, err);

	buf_reset(&run->parent);
	buf_put_span(&run->parent, before);
	bubble.value = doc ? jdoc_root(doc) : NULL;
	if (rc == 0 && jval_is(bubble.value, JVAL_OBJECT)) {
		run->beside++;
		rc = cursor_put_bubble(run, &bubble, err);
	}
	if (rc == 0)
		rc = arena_keep(&state->arena, buf_span(&run->parent),
				&place->key, err);
	jdoc_free(doc);
	return rc;
}

static int put_others(struct talk_state *state, struct err *err)
{
	const struct cursor_place *last = NULL;
	struct cursor_places *others = &state->others;
	struct cursor_places *shown = &state->shown;
	struct span before;
	size_t at = 0;
	size_t i;
	int rc = 0;

	cursor_places_sort(others);
	cursor_places_sort(shown);
	for (i = 0; rc == 0 && i < others->n; i++) {
		struct cursor_place *other = &others->at[i];

		while (at < shown->n && shown->at[at].micros <= other->micros)
			at++;
		before = at ? shown->at[at - 1].key : span_of(NULL, 0);
		if (last && (!at || last->micros >= shown->at[at - 1].micros))
			before = last->key;
		rc = put_other(state, other, before, err);
		/* Of an unknown time: nothing is known to follow it. */
		if (other->micros != CHAT_TIME_UNKNOWN)
			last = other;
	}
	return rc;
}

static int read_others(struct talk_state *state, struct err *err)
{
	const struct cursor_bubbles *bubbles = state->talk->bubbles;
	int rc;

	buf_put_span(&state->active, buf_span(&state->run->parent));
	rc = buf_end(&state->active, err);
	if (rc == 0 && bubbles)
		rc = bubbles->each(bubbles->arg, state->talk->key, note_other,
				   state, err);
	return rc < 0 ? rc : put_others(state, err);
}

/* --- the chat -------------------------------------------------------------- */

static struct span parent_of(const struct cursor_talk *talk)
{
	const struct jval *const from[] = { talk->composer,
					    talk->header.value };
	struct span parent = talk->header.parent;
	size_t i;

	for (i = 0; i < 2 && !parent.len; i++) {
		parent = jval_get_text(from[i], "parentComposerId");
		if (!parent.len)
			parent = jval_text(jval_at(from[i], "subagentInfo."
						   "parentComposerId"));
	}
	return span_equals(parent, talk->key) ? span_of(NULL, 0) : parent;
}

static void take_better(struct chat_time *time, struct take *from,
			const char *name)
{
	struct chat_time other = take_time_as(from, name, cursor_time);

	if (time->micros == CHAT_TIME_UNKNOWN)
		*time = other;
}

/* What the list of chats says as the chat itself does is said once. */
static void put_header(struct talk_state *state, struct take *header,
		       struct chat_session *session)
{
	static const char *const same[] = {
		"isArchived", "isSubagent", "unifiedMode", "forceMode",
		"subtitle", NULL
	};
	const struct jval *own;
	const struct jval *member;
	size_t i;

	(void)take_same(header, "composerId", state->talk->key);
	if (!session->title.len)
		session->title = take_filled(header, "name");
	else
		(void)take_same(header, "name", session->title);
	take_better(&session->created, header, "createdAt");
	take_better(&session->updated, header, "lastUpdatedAt");
	for (i = 0; same[i]; i++) {
		own = jval_get(state->talk->composer, same[i]);
		member = take_see(header, same[i]);
		if (own && member && span_equals(own->raw, member->raw))
			take_done(header, member);
	}
	cursor_take_hollow(header);
}

/* The row has the entry in it, and times that it has, too. */
static void put_row(const struct talk_state *state,
		    struct chat_session *session, struct jcs_fields *fields)
{
	const struct jval *value = state->talk->header.value;
	struct take row = take_begin(state->talk->header.row);

	if (value && take_see(&row, "value") == value)
		take_done(&row, value);
	(void)take_same(&row, "composerId", state->talk->key);
	take_better(&session->created, &row, "createdAt");
	take_better(&session->updated, &row, "lastUpdatedAt");
	cursor_take_hollow(&row);
	(void)take_value(&row, "checkpointAt", JVAL_NULL);
	(void)take_value(&row, "subagentTypeName", JVAL_NULL);
	take_rest_under(&row, "listed", fields);
}

static void put_native(struct talk_state *state, struct take *take,
		       const struct take *header,
		       struct chat_session *session)
{
	struct cursor_run *run = state->run;
	struct jcs_fields *fields = &run->fields;

	jcs_fields_reset(fields);
	if (state->talk->header.cwd.len)
		fields_said(fields, "cwd", state->talk->header.cwd);
	else if (state->folder.len)
		fields_said(fields, "cwd", buf_span(&state->folder));
	if (state->lost.len) {
		buf_put_char(&state->lost, ']');
		fields_buf(fields, "lost", &state->lost);
	}
	take_rest_under(header, "header", fields);
	put_row(state, session, fields);
	cursor_take_hollow(take);
	take_rest(take, fields);
	buf_reset(&run->native);
	fields_put(fields, &run->native);
}

static int talk_put_session(struct talk_state *state, struct err *err)
{
	struct cursor_run *run = state->run;
	struct take take = take_begin(state->talk->composer);
	struct take header = take_begin(state->talk->header.value);
	struct chat_session session = {
		.provider = run->provider, .key = state->talk->key,
		.title = take_filled(&take, "name"),
		.created = take_time_as(&take, "createdAt", cursor_time),
		.updated = take_time_as(&take, "lastUpdatedAt", cursor_time),
		.model = jval_text(jval_at(state->talk->composer,
					   "modelConfig.modelName")),
		.parent = parent_of(state->talk),
	};
	int rc;

	if (!session.title.len)
		session.title = take_filled(&take, "chatTitle");
	take_better(&session.updated, &take, "lastSendTime");
	(void)take_same(&take, "composerId", state->talk->key);
	(void)take_same(&take, "tabId", state->talk->key);
	(void)take_word(&take, "text", "");
	(void)take_value(&take, "fullConversationHeadersOnly", JVAL_ARRAY);
	(void)take_value(&take, "conversation", JVAL_ARRAY);
	(void)take_value(&take, "bubbles", JVAL_ARRAY);
	(void)take_value(&take, "conversationMap", JVAL_OBJECT);
	put_header(state, &header, &session);
	put_native(state, &take, &header, &session);
	rc = buf_end(&run->native, err);
	session.native = buf_span(&run->native);
	if (state->active.len)
		session.active = buf_span(&state->active);
	return rc < 0 ? rc : chat_put_session(&run->chat, &session, err);
}

static int64_t last_time(const struct cursor_talk *talk)
{
	const struct jval *const from[] = { talk->composer,
					    talk->header.value };
	static const char *const names[] = {
		"lastUpdatedAt", "createdAt", "lastSendTime"
	};
	int64_t last = CHAT_TIME_UNKNOWN;
	int64_t time;
	size_t i;

	for (i = 0; i < 6; i++) {
		time = cursor_time(jval_get(from[i / 3], names[i % 3])).micros;
		last = time > last ? time : last;
	}
	return last;
}

/* Nothing was said in it; what waits in its input may never be sent. */
static int leave_blank(const struct talk_state *state, struct err *err)
{
	return import_leave_out(state->run->source, jval_get_text(
		state->talk->composer, "text").len ?
		"a chat with nothing but words that were not sent" :
		"a chat in which nothing was said", NULL, err);
}

static int put_messages(struct talk_state *state, struct err *err)
{
	const struct jval *composer = state->talk->composer;
	int rc = put_list(state, jval_get(composer,
					  "fullConversationHeadersOnly"), err);

	if (rc == 0)
		rc = put_list(state, jval_get(composer, "conversation"), err);
	if (rc == 0)
		rc = put_list(state, jval_get(composer, "bubbles"), err);
	if (rc == 0)
		rc = put_map(state, jval_get(composer, "conversationMap"),
			     err);
	return rc < 0 ? rc : read_others(state, err);
}

int cursor_put_talk(struct cursor_run *run, const struct cursor_talk *talk,
		    struct err *err)
{
	struct talk_state state = {
		.run = run, .talk = talk,
		.seen = TABLE_INIT(CURSOR_ID_BYTES, TABLE_NO_LIMIT),
		.inlined = TABLE_INIT(CURSOR_ID_BYTES, TABLE_NO_LIMIT),
		.arena = ARENA_INIT, .value = BUF_INIT(BUF_NO_LIMIT),
		.lost = BUF_INIT(BUF_NO_LIMIT),
		.active = BUF_INIT(BUF_NO_LIMIT),
		.folder = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc;

	if (!import_is_wanted(run->job, last_time(talk)))
		return import_leave_out(run->source, "older than --since",
					NULL, err);
	run->index = 0;
	run->has_lost = false;
	buf_reset(&run->parent);
	rc = chat_begin(&run->chat, run->job, run->source, run->provider,
			talk->key, err);
	if (rc == 0)
		rc = put_messages(&state, err);
	if (rc == 0)
		rc = run->index || state.lost.len ?
			talk_put_session(&state, err) : leave_blank(&state, err);
	state_release(&state);
	return rc;
}
