#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "cmd/import/roleplay/sillytavern_internal.h"
#include "cmd/import/sniff.h"

bool tavern_other_sniff(struct span head)
{
	static const char *const signs[] = {
		"data_visible", "histories.histories", "internal visible",
		"messages *msg !*content", NULL
	};

	return sniff_any(head, signs);
}

struct span tavern_other_name(const struct jval *root)
{
	static const char *const paths[] = {
		"character.name", "info.character.name", "char_name",
		"info.name", "name",
	};
	struct span name;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		name = jval_text(jval_at(root, paths[i]));
		if (name.len)
			return name;
	}
	return span_of(NULL, 0);
}

/* One conversation of such a document. */
struct talk {
	struct tavern tavern;
	struct import_job *job;
	struct import_source *source;
};

static int leave_out(struct talk *talk, struct err *err)
{
	return import_leave_out(talk->source, "a turn without text", NULL,
				err);
}

/* How it begins is all that tells it from others. */
static int begin(struct talk *talk, struct span first, struct span date,
		 struct err *err)
{
	const struct span texts[2] = { first, date };
	int rc;

	tavern_hash(&talk->tavern.session_key, texts, 2);
	rc = buf_end(&talk->tavern.session_key, err);
	return rc < 0 ? rc : tavern_begin(&talk->tavern, talk->job,
					  talk->source, err);
}

static int say(struct talk *talk, struct chat_message *message, bool is_user,
	       struct err *err)
{
	int rc;

	message->role = is_user ? "user" : "assistant";
	message->visibility = "visible";
	rc = tavern_say(&talk->tavern, message, is_user, true, err);
	tavern_turn_end(&talk->tavern);
	return rc;
}

/* What stands for the user before a greeting. */
#define OOBA_BEGIN "<|BEGIN-VISIBLE-CHAT|>"

static int say_pair(struct talk *talk, const struct jval *pair,
		    struct err *err)
{
	const struct jval *side = jval_first(pair);
	bool is_user = true;
	struct span text;
	int rc = 0;

	for (; rc >= 0 && side; side = side->next) {
		struct chat_message message = { .created = CHAT_TIME_NONE };

		text = jval_text(side);
		message.content = text;
		if (!text.at)
			rc = leave_out(talk, err);
		else if (text.len && !span_equals(text, span_str(OOBA_BEGIN)))
			rc = say(talk, &message, is_user, err);
		is_user = false;
	}
	return rc;
}

/* Oobabooga: pairs of what the user and what the character says. */
static int read_pairs(struct talk *talk, const struct jval *pairs,
		      struct err *err)
{
	const struct jval *pair = jval_first(pairs);
	int rc;

	rc = begin(talk, jval_text(jval_item(pair, 0)),
		   jval_text(jval_item(pair, 1)), err);
	for (; rc >= 0 && pair; pair = pair->next)
		rc = jval_count(pair) == 2 ? say_pair(talk, pair, err) :
			leave_out(talk, err);
	return rc < 0 ? rc : tavern_end(&talk->tavern, err);
}

/* The paths that programs have for the same things of a turn. */
struct dialect {
	const char *text;
	const char *date;
	const char *name;
	const char *user;	/* true, or who that is, where a user speaks */
};

static const struct dialect agnai = { "msg", "createdAt", "name", "userId" };
static const struct dialect character_ai = {
	"text", "created", "src.name", "src.is_human"
};

/* What was said in a turn's place before, and is not shown: texts. */
static int say_retries(struct talk *talk, struct take *take,
		       const struct chat_message *shown, bool is_user,
		       struct err *err)
{
	const struct jval *list = take_see(take, "retries");
	const struct jval *text = jval_is(list, JVAL_ARRAY) ?
		jval_first(list) : NULL;
	int rc = 0;

	while (jval_is(text, JVAL_STRING))
		text = text->next;
	if (!jval_is(list, JVAL_ARRAY) || text)
		return 0;
	take_done(take, list);
	for (text = jval_first(list); rc >= 0 && text; text = text->next) {
		struct chat_message message = {
			.name = shown->name, .created = CHAT_TIME_NONE,
			.content = jval_text(text),
			.role = is_user ? "user" : "assistant",
			.visibility = "visible",
		};

		rc = tavern_say(&talk->tavern, &message, is_user, false, err);
	}
	return rc;
}

static int say_turn(struct talk *talk, const struct dialect *dialect,
		    const struct jval *turn, struct err *err)
{
	const struct jval *user = jval_at(turn, dialect->user);
	struct take take = take_begin(turn);
	struct chat_message message = {
		.name = jval_text(jval_at(turn, dialect->name)),
		.created = tavern_time(jval_get(turn, dialect->date)),
		.content = take_text(&take, dialect->text),
	};
	bool is_user = jval_is(user, JVAL_TRUE) || jval_text(user).len;
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!message.content.at)
		return leave_out(talk, err);
	rc = say_retries(talk, &take, &message, is_user, err);
	take_put(&take, &rest);
	message.native = buf_span(&rest);
	if (rc >= 0)
		rc = buf_end(&rest, err);
	if (rc >= 0)
		rc = say(talk, &message, is_user, err);
	buf_release(&rest);
	return rc;
}

static int read_turns(struct talk *talk, const struct dialect *dialect,
		      const struct jval *turn, struct err *err)
{
	int rc = begin(talk, jval_get_text(turn, dialect->text),
		       jval_get_text(turn, dialect->date), err);

	for (; rc >= 0 && turn; turn = turn->next)
		rc = say_turn(talk, dialect, turn, err);
	return rc < 0 ? rc : tavern_end(&talk->tavern, err);
}

/* One of Character.AI's histories; about: the rest of the document. */
static int read_history(struct talk *talk, const struct jval *history,
			struct jcs_fields *about, struct err *err)
{
	struct jcs_fields native = JCS_FIELDS_INIT;
	struct take take = take_begin(history);
	const struct jval *turn = jval_first(take_value(&take, "msgs",
							JVAL_ARRAY));

	if (!turn)
		return import_leave_out(talk->source, "a history without "
					"turns", NULL, err);
	if (about->count)
		fields_object(&native, "about", about);
	take_rest(&take, &native);
	fields_put(&native, &talk->tavern.session_native);
	jcs_fields_release(&native);
	return read_turns(talk, &character_ai, turn, err);
}

/* The name of the character is that of the construct. */
static int read_histories(struct talk *talk, struct take *root,
			  struct err *err)
{
	struct take list = take_inner(root, "histories");
	const struct jval *info = take_see(root, "info");
	const struct jval *history = jval_first(take_any(&list, "histories"));
	struct jcs_fields about = JCS_FIELDS_INIT;
	int rc = 0;

	if (jval_count(info) == 1 && jval_count(jval_first(info)) == 1 &&
	    jval_text(jval_at(info, "character.name")).at)
		take_done(root, info);
	take_rest_under(&list, "histories", &about);
	take_rest(root, &about);
	for (; rc >= 0 && history; history = history->next)
		rc = read_history(talk, history, &about, err);
	jcs_fields_release(&about);
	return rc;
}

int tavern_other_read(struct import_job *job, struct import_source *source,
		      const struct jval *root, struct err *err)
{
	struct talk talk = {
		.tavern = TAVERN_INIT, .job = job, .source = source,
	};
	struct take take = take_begin(root);
	const struct jval *turns;
	const struct jval *pairs;
	int rc;

	if (jval_is(jval_at(root, "histories.histories"), JVAL_ARRAY)) {
		rc = read_histories(&talk, &take, err);
	} else {
		turns = take_value(&take, "messages", JVAL_ARRAY);
		pairs = turns ? NULL : take_value(&take, jval_get(root,
			"data_visible") ? "data_visible" : "visible",
			JVAL_ARRAY);
		take_put(&take, &talk.tavern.session_native);
		rc = turns ? read_turns(&talk, &agnai, jval_first(turns),
					err) :
			read_pairs(&talk, pairs, err);
	}
	tavern_release(&talk.tavern);
	return rc;
}
