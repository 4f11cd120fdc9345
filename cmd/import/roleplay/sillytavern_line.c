#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "cmd/import/roleplay/sillytavern_internal.h"

/* What belongs to one alternative: of the shown one it stands in the line, of
 * the others in swipe_info. */
static const char *const swipe_members[] = {
	"send_date", "gen_started", "gen_finished", "extra", NULL
};

/* A turn, and how it was said. */
struct turn {
	struct take line;		/* what is left of it is of all */
	struct span name;
	const struct jval *swipes;	/* array, or NULL */
	const struct jval *infos;	/* the first of swipe_info, or NULL */
	const struct jval *mes;		/* what is shown */
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
	struct span shown = tavern_text(turn->mes);
	const struct jval *swipe;
	struct span text;
	long long at;
	size_t i = 0;

	if (jval_integer(take_see(&turn->line, "swipe_id"), &at) && at >= 0 &&
	    (unsigned long long)at < count) {
		text = tavern_text(jval_item(turn->swipes, (size_t)at));
		if (text.at && (!shown.at || span_equals(text, shown)))
			return (size_t)at;
	}
	for (swipe = jval_first(turn->swipes); swipe; swipe = swipe->next) {
		if (shown.at && span_equals(tavern_text(swipe), shown))
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

/* They are taken when each is of an alternative. */
static const struct jval *take_infos(struct turn *turn)
{
	const struct jval *infos = take_see(&turn->line, "swipe_info");
	const struct jval *info = jval_first(infos);

	while (jval_is(info, JVAL_OBJECT))
		info = info->next;
	if (jval_is(infos, JVAL_ARRAY) && !info &&
	    jval_count(infos) <= jval_count(turn->swipes))
		take_done(&turn->line, infos);
	return jval_first(infos);
}

static void turn_init(struct turn *turn, const struct jval *line)
{
	const char *const *name = swipe_members;
	struct take *take = &turn->line;
	long long id;

	memset(turn, 0, sizeof(*turn));
	*take = take_begin(line);
	turn->name = take_text(take, "name");
	turn->swipes = take_value(take, "swipes", JVAL_ARRAY);
	turn->infos = take_infos(turn);
	turn->mes = take_see(take, "mes");
	turn->shown_at = find_shown(turn);
	if (tavern_text(turn->mes).at && (jval_count(turn->mes) < 2 ||
			turn->shown_at == jval_count(turn->swipes)))
		take_done(take, turn->mes);
	if (jval_integer(take_see(take, "swipe_id"), &id) &&
	    (!id || (id > 0 && (size_t)id < jval_count(turn->swipes))))
		(void)take_any(take, "swipe_id");
	while (*name)
		(void)take_any(take, *name++);
	turn->is_user = take_flag(take, "is_user");
	turn->role = turn->is_user ? "user" :
		is_system_voice(line) ? "system" : "assistant";
	/* The program leaves these out of what the model gets to read. */
	turn->visibility = is_true(jval_get(line, "is_system")) &&
		!jval_is_text(jval_at(line, "extra.type"), "narrator") ?
		"hidden" : "visible";
}

/* [{"text":...,"type":"reasoning"}] */
static void make_parts(struct tavern *tavern, struct span reasoning)
{
	struct buf *parts = &tavern->parts;

	buf_reset(parts);
	if (!reasoning.len)
		return;
	buf_put_str(parts, "[{\"text\":");
	chat_put_text(parts, reasoning);
	buf_put_str(parts, ",\"type\":\"reasoning\"}]");
}

/* "extra" without what has a field of the message. */
static void add_extra(struct tavern *tavern, struct chat_message *message,
		      const struct jval *value)
{
	struct take extra = take_begin(value);

	message->model = take_filled(&extra, "model");
	make_parts(tavern, take_filled(&extra, "reasoning"));
	message->parts = buf_span(&tavern->parts);
	if (extra.object)
		take_rest_under(&extra, "extra", &tavern->fields);
	else
		fields_value(&tavern->fields, "extra", value);
}

/* Does swipe_info repeat what the line says of the shown alternative? */
static void take_repeated(struct take *info, const struct jval *own,
			  const char *name)
{
	const struct jval *value = jval_get(own, name);
	const struct jval *repeated = take_see(info, name);

	if (value && repeated && span_equals(value->raw, repeated->raw))
		take_done(info, repeated);
}

/*
 * What the source says besides. The same members whether an alternative is
 * shown or not, so that showing another one changes nothing.
 */
static void make_native(struct tavern *tavern, const struct turn *turn,
			const struct jval *said, const struct jval *info,
			size_t at, struct chat_message *message)
{
	const struct jval *own = at == turn->shown_at ? turn->line.object :
		info;
	struct take around = take_begin(said);
	struct jcs_fields *fields = &tavern->fields;
	struct take besides = take_begin(info);
	const char *const *name = swipe_members;

	jcs_fields_reset(fields);
	buf_reset(&tavern->native);
	for (; *name; name++) {
		if (!strcmp(*name, "extra"))
			add_extra(tavern, message, jval_get(own, *name));
		else
			fields_value(fields, *name, jval_get(own, *name));
		take_repeated(&besides, own, *name);
	}
	take_rest_under(&besides, "swipe_info", fields);
	(void)take_text(&around, "message");
	take_rest_under(&around, "around", fields);
	if (at < jval_count(turn->swipes))
		fields_integer(fields, "swipe_id", (int64_t)at);
	take_rest(&turn->line, fields);
	fields_put(fields, &tavern->native);
	message->native = buf_span(&tavern->native);
}

static int say(struct tavern *tavern, const struct turn *turn,
	       const struct jval *said, const struct jval *info, size_t at,
	       struct err *err)
{
	bool is_shown = at == turn->shown_at;
	struct chat_message message = {
		.role = turn->role, .name = turn->name,
		.created = tavern_time(jval_get(is_shown ? turn->line.object :
						info, "send_date")),
		.content = tavern_text(said), .visibility = turn->visibility,
	};
	int rc;

	make_native(tavern, turn, said, info, at, &message);
	rc = buf_end(&tavern->native, err);
	if (rc == 0)
		rc = buf_end(&tavern->parts, err);
	return rc < 0 ? rc : tavern_say(tavern, &message, turn->is_user,
					is_shown, err);
}

static int say_swipes(struct tavern *tavern, const struct turn *turn,
		      struct err *err)
{
	const struct jval *info = turn->infos;
	const struct jval *swipe = jval_first(turn->swipes);
	size_t at = 0;
	int rc = 0;

	for (; rc == 0 && swipe; swipe = swipe->next) {
		rc = tavern_text(swipe).at ?
			say(tavern, turn, swipe, info, at, err) :
			import_leave_out(tavern->chat.source, "an alternative "
					 "that is no text", NULL, err);
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
	if (!tavern_text(turn.mes).at && turn.shown_at == count)
		return import_leave_out(tavern->chat.source, "a line without "
					"a message", NULL, err);
	rc = say_swipes(tavern, &turn, err);
	/* Changed without its alternative, or there are none. */
	if (rc == 0 && turn.shown_at == count)
		rc = say(tavern, &turn, turn.mes, NULL, count, err);
	tavern_turn_end(tavern);
	return rc;
}
