#include "cmd/import/cline/cline_internal.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/import/records/rest.h"
#include "lib/base/array.h"
#include "lib/base/xxh.h"

#define NONE SIZE_MAX
#define ASKED_FOR "REQ_APP"

/* An item, and where it belongs. */
struct shown {
	const struct jval *item;
	enum cline_kind kind;
	struct chat_time time;
	long long behind;	/* the message that was the last one then; or
				   PLACE_UNSAID */
	size_t before;		/* the message that it stands before */
	bool is_told;		/* a message says it */
	bool is_open;		/* a request: its answer is still to come */
};

#define PLACE_UNSAID (-2)

/* A message, and what the items say of it. */
struct told {
	bool is_answer;
	struct chat_time own;	/* that it says itself */
	struct chat_time time;
	bool is_sure;		/* of an answer: it was being written then */
	size_t request;		/* an item; NONE */
};

struct cline_panel {
	struct {
		struct shown *at;
		size_t n;
		size_t cap;
	} items;
	struct {
		struct told *at;
		size_t n;
		size_t cap;
	} messages;
	struct table lines;	/* of all texts in the messages */
	struct buf said;	/* texts under the person's name */
	struct buf request;
	size_t next;		/* item to be put */
};

/* --- is it in a message? --------------------------------------------------- */

static bool is_between(char c)
{
	return c == '\n' || c == '\r' || c == '<' || c == '>';
}

/* The next line of a text, or what stands between two tags in it, without the
 * blanks around; false at the end. */
static bool next_piece(struct span *text, struct span *out)
{
	size_t len;

	do {
		while (text->len && (is_between(*text->at) ||
				     *text->at == ' ' || *text->at == '\t'))
			*text = span_of(text->at + 1, text->len - 1);
		for (len = 0; len < text->len && !is_between(text->at[len]); )
			len++;
		*out = span_of(text->at, len);
		*text = span_of(text->at + len, text->len - len);
		while (out->len && (out->at[out->len - 1] == ' ' ||
				    out->at[out->len - 1] == '\t'))
			out->len--;
	} while (!out->len && text->len);
	return out->len > 0;
}

static int add_pieces(struct cline_panel *panel, struct span text,
		      struct err *err)
{
	struct span piece;
	uint64_t hash;
	int rc = 0;

	while (rc == 0 && next_piece(&text, &piece)) {
		hash = xxh64_of(piece.at, piece.len);
		rc = table_include(&panel->lines, &hash, NULL, err);
	}
	return rc;
}

static bool has_pieces(const struct cline_panel *panel, struct span text)
{
	struct span piece;
	uint64_t hash;

	while (next_piece(&text, &piece)) {
		hash = xxh64_of(piece.at, piece.len);
		if (!table_get(&panel->lines, &hash, NULL))
			return false;
	}
	return true;
}

/* Files that a person names with an @ are named otherwise to the model. */
static bool has_beside_mentions(const struct cline_panel *panel,
				struct span text)
{
	struct span said = buf_span(&panel->said);
	struct buf piece = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = true;
	size_t len;

	while (text.len && is_there) {
		for (len = 0; len < text.len && text.at[len] != '@'; )
			len++;
		buf_reset(&piece);
		buf_put(&piece, text.at, len);
		is_there = !piece.failed &&
			(!piece.len || span_has(said, buf_text(&piece)));
		while (len < text.len && text.at[len] != ' ' &&
		       text.at[len] != '\n')
			len++;
		text = span_of(text.at + len, text.len - len);
	}
	buf_release(&piece);
	return is_there;
}

static bool is_text_or_none(const struct jval *item, const char *name)
{
	const struct jval *value = jval_get(item, name);

	return !value || jval_is(value, JVAL_NULL) ||
	       jval_is(value, JVAL_STRING);
}

static bool is_told(const struct cline_panel *panel, const struct shown *shown)
{
	struct span text = jval_get_text(shown->item, "text");

	/* Behind a command that the person was asked for. */
	if (shown->kind == CLINE_CALL && span_ends(text, ASKED_FOR))
		text.len -= strlen(ASKED_FOR);
	if (!panel->messages.n || !is_text_or_none(shown->item, "text"))
		return false;
	switch (shown->kind) {
	case CLINE_PERSON:
		return has_pieces(panel, text) ||
			(memchr(text.at, '@', text.len) &&
			 has_beside_mentions(panel, text));
	case CLINE_ANSWER:
	case CLINE_CALL:
	case CLINE_RESULT:
		/* A question with its options is the input of a call. */
		return span_begins(text, "{") || has_pieces(panel, text);
	case CLINE_THOUGHT:
		return has_pieces(panel, text);
	case CLINE_REQUEST:
	case CLINE_NOTICE:
		break;
	}
	return false;
}

/* --- the messages ---------------------------------------------------------- */

static int add_message(struct cline_panel *panel, const struct jval *message,
		       struct err *err)
{
	struct jval_walk walk = jval_walk_begin(message);
	bool is_prompt = jval_is_text(jval_get(message, "role"), "user");
	const struct told told = {
		jval_is_text(jval_get(message, "role"), "assistant"),
		chat_time_of_ms(jval_get(message, "ts")), CHAT_TIME_NONE,
		false, NONE
	};
	const struct jval *at;
	int rc = array_room(&panel->messages, err);

	if (rc == 0)
		panel->messages.at[panel->messages.n++] = told;
	while (rc == 0 && (at = jval_walk_next(&walk))) {
		if (!jval_is(at, JVAL_STRING))
			continue;
		rc = add_pieces(panel, jval_text(at), err);
		if (is_prompt) {
			buf_put_span(&panel->said, jval_text(at));
			buf_put_char(&panel->said, '\n');
		}
	}
	return rc;
}

/* --- the items ------------------------------------------------------------- */

static int add_item(struct cline_panel *panel, const struct jval *item,
		    struct err *err)
{
	struct shown shown = {
		.item = item, .behind = PLACE_UNSAID,
		.kind = cline_shown_kind(item, !panel->items.n),
		.time = chat_time_of_ms(jval_get(item, "ts")),
	};
	long long behind;
	int rc = array_room(&panel->items, err);

	if (jval_integer(jval_get(item, "conversationHistoryIndex"),
			 &behind) && behind >= -1)
		shown.behind = behind;
	shown.is_told = is_told(panel, &shown);
	if (rc == 0)
		panel->items.at[panel->items.n++] = shown;
	return rc;
}

/* Behind the message that was the last then; without word of it by its time;
 * never before an item that came earlier. */
static void place_items(struct cline_panel *panel)
{
	size_t count = panel->messages.n;
	size_t before = count ? 1 : 0;
	struct shown *shown = panel->items.at;
	struct chat_time own;

	for (; shown < panel->items.at + panel->items.n; shown++) {
		if (shown->behind != PLACE_UNSAID &&
		    (uint64_t)(shown->behind + 1) > before)
			before = (uint64_t)(shown->behind + 1) < count ?
				(size_t)shown->behind + 1 : count;
		for (; shown->behind == PLACE_UNSAID && before < count;
		     before++) {
			own = panel->messages.at[before].own;
			if (own.micros == CHAT_TIME_UNKNOWN ||
			    shown->time.micros == CHAT_TIME_UNKNOWN ||
			    own.micros > shown->time.micros)
				break;
		}
		shown->before = before;
	}
}

/*
 * An item knows which message was the last when it was shown: an answer began
 * with the first item behind its prompt, a prompt was sent with the last one
 * behind the answer before it.
 */
static void tell_time(struct told *told, const struct shown *shown)
{
	bool is_sure = shown->kind == CLINE_ANSWER ||
		       shown->kind == CLINE_THOUGHT ||
		       shown->kind == CLINE_CALL;

	if (!told->is_answer || told->time.micros == CHAT_TIME_UNKNOWN ||
	    (is_sure && !told->is_sure))
		told->time = shown->time;
	told->is_sure |= is_sure;
}

static void tell_times(struct cline_panel *panel)
{
	const struct shown *shown = panel->items.at;

	if (panel->messages.n && panel->items.n)
		panel->messages.at[0].time = shown->time;
	for (; shown < panel->items.at + panel->items.n; shown++) {
		if (shown->behind >= 0 &&
		    (uint64_t)shown->behind + 1 < panel->messages.n)
			tell_time(&panel->messages.at[shown->behind + 1],
				  shown);
	}
}

/* What a request cost stands with the answer to it; of several for one answer
 * the last. */
static void tell_requests(struct cline_panel *panel)
{
	struct shown *before;
	struct shown *shown;
	size_t i;
	size_t at;

	for (i = 0; i < panel->items.n; i++) {
		shown = &panel->items.at[i];
		if (shown->kind != CLINE_REQUEST)
			continue;
		at = shown->behind != PLACE_UNSAID ?
			(size_t)(shown->behind + 1) : shown->before;
		while (at < panel->messages.n &&
		       !panel->messages.at[at].is_answer)
			at++;
		shown->is_open = panel->messages.n &&
				 at >= panel->messages.n;
		if (at >= panel->messages.n)
			continue;
		if (panel->messages.at[at].request != NONE) {
			before = &panel->items.at[panel->messages.at[at]
						  .request];
			before->is_told = false;
		}
		panel->messages.at[at].request = i;
		shown->is_told = true;
	}
}

int cline_panel_new(const struct jval *items, const struct jval *messages,
		    struct cline_panel **out, struct err *err)
{
	const struct cline_panel empty = {
		.lines = TABLE_INIT(sizeof(uint64_t), TABLE_NO_LIMIT),
		.said = BUF_INIT(BUF_NO_LIMIT),
		.request = BUF_INIT(BUF_NO_LIMIT),
	};
	struct cline_panel *panel = malloc(sizeof(*panel));
	const struct jval *at;
	int rc = 0;

	if (!panel)
		return err_set(err, ERR_NOMEM, "out of memory");
	*panel = empty;
	for (at = jval_first(messages); rc == 0 && at; at = at->next)
		rc = add_message(panel, at, err);
	if (rc == 0)
		rc = buf_end(&panel->said, err);
	for (at = jval_first(items); rc == 0 && at; at = at->next)
		rc = add_item(panel, at, err);
	if (rc < 0) {
		cline_panel_free(panel);
		return rc;
	}
	place_items(panel);
	tell_times(panel);
	tell_requests(panel);
	*out = panel;
	return 0;
}

void cline_panel_free(struct cline_panel *panel)
{
	if (!panel)
		return;
	free(panel->items.at);
	free(panel->messages.at);
	table_release(&panel->lines);
	buf_release(&panel->said);
	buf_release(&panel->request);
	free(panel);
}

/* --- what they tell -------------------------------------------------------- */

/* Counts and costs; the words of the request are those of the messages. */
static void put_request(const struct jval *item, struct buf *out)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct take take = take_begin(item);
	struct jdoc *doc = NULL;
	struct take inner;

	(void)take_word(&take, "type", "say");
	(void)take_word(&take, "say", "api_req_started");
	if (jdoc_parse(jval_get_text(item, "text"), &options, &doc, NULL) == 0 &&
	    jval_is(jdoc_root(doc), JVAL_OBJECT)) {
		inner = take_begin(jdoc_root(doc));
		(void)take_text(&inner, "request");
		take_rest(&inner, &fields);
		(void)take_text(&take, "text");
	}
	take_rest(&take, &fields);
	fields_put(&fields, out);
	jcs_fields_release(&fields);
	jdoc_free(doc);
}

struct cline_around cline_panel_around(struct cline_panel *panel, size_t place)
{
	struct cline_around around = { place, CHAT_TIME_NONE, { NULL, 0 } };
	const struct told *told;

	if (!panel || place >= panel->messages.n)
		return around;
	told = &panel->messages.at[place];
	around.time = told->time;
	buf_reset(&panel->request);
	if (told->request != NONE)
		put_request(panel->items.at[told->request].item,
			    &panel->request);
	if (!panel->request.failed)
		around.request = buf_span(&panel->request);
	return around;
}

/* A request whose answer is still to come, and what the panel shows of a
 * message before it is there to be read. */
static bool is_on_its_way(const struct cline_panel *panel,
			  const struct shown *shown, bool is_live)
{
	struct span text = jval_get_text(shown->item, "text");

	if (shown->kind == CLINE_REQUEST)
		return shown->is_open && !span_has(text, "\"cancelReason\"");
	return is_live && shown->kind != CLINE_NOTICE && !shown->is_told &&
	       panel->messages.n && shown->before == panel->messages.n;
}

/* Checkpoints, questions whether to go on, and their like. */
static bool is_wordless(const struct shown *shown)
{
	const struct jval *item = shown->item;

	return !jval_get_text(item, "text").len &&
	       !jval_count(jval_get(item, "images")) &&
	       is_text_or_none(item, "text") && is_text_or_none(item, "say") &&
	       is_text_or_none(item, "ask");
}

int cline_panel_put(struct cline_panel *panel, struct cline_reading *reading,
		    size_t place, struct err *err)
{
	struct import_source *source = reading->source;
	const struct shown *shown;
	int rc = 0;

	while (rc == 0 && panel && panel->next < panel->items.n &&
	       panel->items.at[panel->next].before <= place) {
		shown = &panel->items.at[panel->next++];
		if (!jval_is(shown->item, JVAL_OBJECT))
			rc = import_skip(source, "what the panel "
					 "shows that is no object", NULL, err);
		else if (is_wordless(shown))
			rc = import_skip(source, "what the panel "
					 "shows without words: checkpoints, "
					 "whether to go on", NULL, err);
		else if (is_on_its_way(panel, shown, source->is_live))
			source->is_unfinished |= source->is_live;
		else if (shown->is_told)
			rc = import_skip(source, "what the panel shows of what "
					 "a message has", NULL, err);
		else
			rc = cline_put_shown(reading, shown->item,
					     shown->kind, err);
	}
	return rc;
}
