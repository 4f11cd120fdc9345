#include "cmd/import/roleplay/sillytavern_chat.h"

#include "cmd/import/records/rest.h"

/* What belongs to one alternative: of the shown one it stands in the line, of
 * the others in swipe_info. */
static const char *const swipe_members[] = {
	"send_date", "gen_started", "gen_finished", "extra", NULL
};
static const char *const line_taken[] = {
	"name", "is_user", "mes", "swipes", "swipe_id", "swipe_info",
	"send_date", "gen_started", "gen_finished", "extra", NULL
};

/* A turn, and how it was said. */
struct turn {
	const struct jval *line;
	const struct jval *swipes;	/* array, or NULL */
	struct span shown;		/* mes */
	size_t shown_at;		/* in swipes; their number: in none */
	bool is_user;
	const char *role;
	const char *visibility;
};

static bool is_true(const struct jval *value)
{
	return jval_is(value, JVAL_TRUE);
}

/* The alternative that mes is: the one that swipe_id names, or an equal one. */
static size_t find_shown(const struct turn *turn)
{
	size_t count = jval_count(turn->swipes);
	const struct jval *swipe;
	struct span text;
	long long at;
	size_t i = 0;

	if (jval_integer(jval_get(turn->line, "swipe_id"), &at) && at >= 0 &&
	    (unsigned long long)at < count) {
		text = tavern_text(jval_item(turn->swipes, (size_t)at));
		if (text.at && (!turn->shown.at ||
				span_equals(text, turn->shown)))
			return (size_t)at;
	}
	for (swipe = jval_first(turn->swipes); swipe; swipe = swipe->next) {
		if (turn->shown.at &&
		    span_equals(tavern_text(swipe), turn->shown))
			return i;
		i++;
	}
	return count;
}

/* A narrator, or the program itself. */
static bool is_system_voice(const struct jval *line)
{
	const struct jval *type = jval_at(line, "extra.type");

	if (jval_is(type, JVAL_STRING) && !is_true(jval_get(line, "is_user")))
		return is_true(jval_get(line, "is_system")) ||
		       jval_is_text(type, "narrator");
	return is_true(jval_get(line, "is_system")) &&
	       jval_is_text(jval_get(line, "name"), "SillyTavern System");
}

static void turn_init(struct turn *turn, const struct jval *line)
{
	const struct jval *swipes = jval_get(line, "swipes");

	memset(turn, 0, sizeof(*turn));
	turn->line = line;
	turn->swipes = jval_is(swipes, JVAL_ARRAY) ? swipes : NULL;
	turn->shown = tavern_text(jval_get(line, "mes"));
	turn->shown_at = find_shown(turn);
	turn->is_user = is_true(jval_get(line, "is_user"));
	turn->role = turn->is_user ? "user" :
		is_system_voice(line) ? "system" : "assistant";
	/* The program leaves these out of what the model gets to read. */
	turn->visibility = is_true(jval_get(line, "is_system")) &&
		!jval_is_text(jval_at(line, "extra.type"), "narrator") ?
		"hidden" : "visible";
}

/* "extra" without what has a field of the message. */
static int add_extra(struct tavern *tavern, const struct chat_message *message,
		     const struct jval *extra, struct err *err)
{
	const char *taken[] = { NULL, NULL, NULL };
	size_t n = 0;

	if (!jval_is(extra, JVAL_OBJECT))
		return rest_add_value(&tavern->fields, "extra", extra, err);
	if (message->model.at)
		taken[n++] = "model";
	if (message->parts.at)
		taken[n++] = "reasoning";
	return rest_add_under(&tavern->fields, "extra", extra, taken, err);
}

/*
 * What the source says besides. The same members whether an alternative is
 * shown or not, so that showing another one changes nothing.
 */
static int make_native(struct tavern *tavern, const struct turn *turn,
		       const struct jval *info, size_t at,
		       struct chat_message *message, struct err *err)
{
	size_t i;
	int rc;

	jcs_fields_reset(&tavern->fields);
	buf_reset(&tavern->native);
	rc = rest_add(&tavern->fields, turn->line, line_taken, err);
	for (i = 0; rc >= 0 && swipe_members[i]; i++) {
		if (!strcmp(swipe_members[i], "extra"))
			rc = add_extra(tavern, message,
				       jval_get(info, "extra"), err);
		else
			rc = rest_add_value(&tavern->fields, swipe_members[i],
				       jval_get(info, swipe_members[i]), err);
	}
	if (rc >= 0 && turn->swipes && at < jval_count(turn->swipes))
		rc = jcs_fields_integer(&tavern->fields, "swipe_id",
					(int64_t)at, err);
	if (rc >= 0 && info != turn->line)
		rc = rest_add_under(&tavern->fields, "swipe_info", info,
				    swipe_members, err);
	if (rc >= 0 && tavern->fields.count)
		rc = jcs_fields_write(&tavern->fields, &tavern->native, err);
	if (tavern->native.len)
		message->native = buf_span(&tavern->native);
	return rc;
}

/* [{"text":...,"type":"reasoning"}] */
static int make_parts(struct tavern *tavern, struct span reasoning,
		      struct chat_message *message, struct err *err)
{
	int rc;

	if (!reasoning.len)
		return 0;
	buf_reset(&tavern->parts);
	rc = buf_add_str(&tavern->parts, "[{\"text\":", err);
	if (rc >= 0)
		rc = chat_add_text(&tavern->parts, reasoning, err);
	if (rc >= 0)
		rc = buf_add_str(&tavern->parts, ",\"type\":\"reasoning\"}]",
				 err);
	message->parts = buf_span(&tavern->parts);
	return rc;
}

static int say(struct tavern *tavern, const struct turn *turn,
	       const struct jval *info, struct span text, size_t at,
	       struct err *err)
{
	struct chat_message message = {
		.role = turn->role,
		.name = jval_get_text(turn->line, "name"),
		.created = tavern_time(jval_get(info, "send_date")),
		.content = text,
		.visibility = turn->visibility,
	};
	struct span model = jval_text(jval_at(info, "extra.model"));
	struct span reasoning = jval_text(jval_at(info, "extra.reasoning"));
	int rc;

	if (model.len)
		message.model = model;
	rc = make_parts(tavern, reasoning, &message, err);
	if (rc >= 0)
		rc = make_native(tavern, turn, info, at, &message, err);
	return rc < 0 ? rc : tavern_say(tavern, &message, turn->is_user,
					at == turn->shown_at, err);
}

static int say_swipes(struct tavern *tavern, const struct turn *turn,
		      struct err *err)
{
	const struct jval *info = jval_first(jval_get(turn->line,
						      "swipe_info"));
	const struct jval *swipe = jval_first(turn->swipes);
	size_t at = 0;
	int rc = 0;

	for (; rc >= 0 && swipe; swipe = swipe->next) {
		if (!tavern_text(swipe).at)
			rc = import_leave_out(tavern->chat.source,
					      "an alternative that is no text",
					      NULL, err);
		else
			rc = say(tavern, turn, at == turn->shown_at ?
				 turn->line : info, tavern_text(swipe), at,
				 err);
		info = info ? info->next : NULL;
		at++;
	}
	return rc;
}

int tavern_line(struct tavern *tavern, const struct jval *line,
		struct err *err)
{
	struct turn turn;
	size_t count;
	int rc;

	turn_init(&turn, line);
	count = jval_count(turn.swipes);
	if (!turn.shown.at && turn.shown_at == count)
		return 1;
	rc = say_swipes(tavern, &turn, err);
	/* Changed without its alternative, or there are none. */
	if (rc >= 0 && turn.shown_at == count)
		rc = say(tavern, &turn, line, turn.shown, count, err);
	tavern_turn_end(tavern);
	return rc < 0 ? rc : 0;
}
