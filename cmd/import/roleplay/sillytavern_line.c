#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "cmd/import/roleplay/sillytavern_internal.h"

/* What belongs to one alternative: of the shown one it stands in the line, of
 * the others in swipe_info. */
static const char *const swipe_members[] = {
	"send_date", "gen_started", "gen_finished", "extra", NULL
};

/* One way in which a turn was said. */
struct swipe {
	const struct jval *said;
	const struct jval *info;	/* what swipe_info says, or NULL */
	size_t at;			/* of swipes; their number: in none */
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

/* The program tells in the character's name which tools it called. */
static bool is_tools(const struct jval *line)
{
	return !is_true(jval_get(line, "is_user")) &&
	       jval_is(jval_at(line, "extra.tool_invocations"), JVAL_ARRAY);
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
		is_tools(line) ? "tool" :
		is_system_voice(line) ? "system" : "assistant";
	/* The program leaves these out of what the model gets to read. */
	turn->visibility = is_tools(line) ? "tool" :
		is_true(jval_get(line, "is_system")) &&
		!jval_is_text(jval_at(line, "extra.type"), "narrator") ?
		"hidden" : "visible";
}

/* A file whose text stands with it: {"name":...,"text":<blob>,"type":...}. */
static void put_file(struct tavern *tavern, const struct jval *file)
{
	struct parts *parts = &tavern->parts;
	const struct jval *text = jval_get(file, "text");
	struct err why = ERR_INIT;

	if (!jval_text(text).len || text->marks & JVAL_TEXT_WTF)
		return;
	part_begin(parts, "file");
	fields_said(&parts->fields, "name", jval_get_text(file, "name"));
	buf_reset(&tavern->value);
	fields_fail(&parts->fields, chat_add_blob(&tavern->chat,
		jval_text(text), "text/plain;charset=utf-8", &tavern->value,
		&why), &why);
	fields_buf(&parts->fields, "text", &tavern->value);
	part_end(parts);
}

/* "extra" without what has a field of the message. */
static int add_extra(struct tavern *tavern, struct chat_message *message,
		     const struct jval *value, struct err *err)
{
	struct take extra = take_begin(value);
	const struct jval *file = jval_first(take_see(&extra, "files"));
	struct span reasoning;

	parts_reset(&tavern->parts);
	message->model = take_filled(&extra, "model");
	reasoning = take_filled(&extra, "reasoning");
	if (reasoning.len)
		part_said(&tavern->parts, "reasoning", reasoning, NULL);
	put_file(tavern, take_see(&extra, "file"));
	for (; file; file = file->next)
		put_file(tavern, file);
	if (extra.object)
		take_rest_under(&extra, "extra", &tavern->fields);
	else
		fields_value(&tavern->fields, "extra", value);
	return parts_list(&tavern->parts, &message->parts, err);
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
static int make_native(struct tavern *tavern, const struct turn *turn,
		       const struct swipe *swipe,
		       struct chat_message *message, struct err *err)
{
	const struct jval *own = swipe->at == turn->shown_at ?
		turn->line.object : swipe->info;
	struct take around = take_begin(swipe->said);
	struct jcs_fields *fields = &tavern->fields;
	struct take besides = take_begin(swipe->info);
	const char *const *name = swipe_members;
	int rc = 0;

	jcs_fields_reset(fields);
	buf_reset(&tavern->native);
	for (; *name; name++) {
		if (!strcmp(*name, "extra"))
			rc = add_extra(tavern, message, jval_get(own, *name),
				       err);
		else
			fields_value(fields, *name, jval_get(own, *name));
		take_repeated(&besides, own, *name);
	}
	take_rest_under(&besides, "swipe_info", fields);
	(void)take_text(&around, "message");
	take_rest_under(&around, "around", fields);
	if (swipe->at < jval_count(turn->swipes))
		fields_integer(fields, "swipe_id", (int64_t)swipe->at);
	take_rest(&turn->line, fields);
	fields_put(fields, &tavern->native);
	message->native = buf_span(&tavern->native);
	return rc < 0 ? rc : buf_end(&tavern->native, err);
}

/* An alternative's own time, which the line of the shown one need not have. */
static struct chat_time swipe_time(const struct turn *turn,
				const struct jval *info, bool is_shown)
{
	struct chat_time own = tavern_time(jval_get(info, "send_date"));

	return is_shown && own.micros == CHAT_TIME_UNKNOWN ?
		tavern_time(jval_get(turn->line.object, "send_date")) : own;
}

static int say(struct tavern *tavern, const struct turn *turn,
	       const struct swipe *swipe, struct err *err)
{
	bool is_shown = swipe->at == turn->shown_at;
	struct chat_message message = {
		.role = turn->role, .name = turn->name,
		.created = swipe_time(turn, swipe->info, is_shown),
		.content = tavern_text(swipe->said),
		.visibility = turn->visibility,
	};
	int rc;

	rc = make_native(tavern, turn, swipe, &message, err);
	return rc < 0 ? rc : tavern_say(tavern, &message, turn->is_user,
					is_shown, err);
}

static int say_swipes(struct tavern *tavern, const struct turn *turn,
		      struct err *err)
{
	struct swipe swipe = { jval_first(turn->swipes), turn->infos, 0 };
	int rc = 0;

	for (; rc == 0 && swipe.said; swipe.said = swipe.said->next) {
		rc = tavern_text(swipe.said).at ?
			say(tavern, turn, &swipe, err) :
			import_leave_out(tavern->chat.source, "an alternative "
					 "that is no text", NULL, err);
		swipe.info = swipe.info ? swipe.info->next : NULL;
		swipe.at++;
	}
	return rc;
}

/* Does it name an alternative that it has not? */
static bool is_misnamed(const struct jval *line, size_t count)
{
	long long at;

	return jval_integer(jval_get(line, "swipe_id"), &at) && at &&
	       (at < 0 || (unsigned long long)at >= count);
}

int tavern_line(struct tavern *tavern, const struct jval *line,
		struct err *err)
{
	struct swipe alone = { NULL, NULL, 0 };
	struct turn turn;
	size_t count;
	int rc;

	turn_init(&turn, line);
	count = jval_count(turn.swipes);
	alone.said = turn.mes;
	alone.at = count;
	tavern->misnamed += is_misnamed(line, count);
	if (!tavern_text(turn.mes).at && turn.shown_at == count)
		return import_leave_out(tavern->chat.source, "a line without "
					"a message", NULL, err);
	rc = say_swipes(tavern, &turn, err);
	/* Changed without its alternative, or there are none. */
	if (rc == 0 && turn.shown_at == count)
		rc = say(tavern, &turn, &alone, err);
	tavern_turn_end(tavern);
	return rc;
}
