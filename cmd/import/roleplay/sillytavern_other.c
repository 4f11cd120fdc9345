#include "cmd/import/roleplay/sillytavern_internal.h"
#include "cmd/import/sniff.h"

bool tavern_other_sniff(struct span head)
{
	if (!head.len)
		return false;
	if (sniff_has(head, "data_visible") ||
	    sniff_has(head, "histories.histories"))
		return true;
	if (sniff_has(head, "internal") && sniff_has(head, "visible"))
		return true;
	return sniff_has(head, "messages") && sniff_mentions(head, "\"msg\"") &&
	       !sniff_mentions(head, "\"content\"");
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

/* The names that programs have for the same things. */
struct dialect {
	const char *text;
	const char *date;
	const char *name;
	const char *const *taken;
};

/* A turn; is_user: what the dialect tells of it. */
static int say_turn(struct talk *talk, const struct dialect *dialect,
		    const struct jval *turn, bool is_user, struct err *err)
{
	struct chat_message message = {
		.name = jval_text(jval_at(turn, dialect->name)),
		.created = tavern_time(jval_get(turn, dialect->date)),
		.content = jval_get_text(turn, dialect->text),
	};
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!message.content.at)
		return leave_out(talk, err);
	rc = chat_add_rest(&rest, turn, dialect->taken, err);
	message.native = buf_span(&rest);
	if (rc >= 0)
		rc = say(talk, &message, is_user, err);
	buf_release(&rest);
	return rc;
}

static int read_agnai(struct talk *talk, const struct jval *turns,
		      struct err *err)
{
	static const char *const taken[] = { "msg", NULL };
	static const struct dialect dialect = {
		"msg", "createdAt", "name", taken
	};
	const struct jval *turn = jval_first(turns);
	int rc;

	rc = begin(talk, jval_get_text(turn, "msg"),
		   jval_get_text(turn, "createdAt"), err);
	for (; rc >= 0 && turn; turn = turn->next)
		rc = say_turn(talk, &dialect, turn,
			      jval_get_text(turn, "userId").len > 0, err);
	return rc < 0 ? rc : tavern_end(&talk->tavern, err);
}

static int read_history(struct talk *talk, const struct jval *history,
			struct err *err)
{
	static const char *const taken[] = { "text", NULL };
	static const char *const own[] = { "msgs", NULL };
	static const struct dialect dialect = {
		"text", "created", "src.name", taken
	};
	const struct jval *turn = jval_first(jval_get(history, "msgs"));
	int rc;

	if (!turn)
		return import_leave_out(talk->source, "a history without "
					"turns", NULL, err);
	rc = begin(talk, jval_get_text(turn, "text"),
		   jval_get_text(turn, "created"), err);
	if (rc >= 0)
		rc = chat_add_rest(&talk->tavern.session_native, history, own,
				   err);
	for (; rc >= 0 && turn; turn = turn->next)
		rc = say_turn(talk, &dialect, turn,
			      jval_is(jval_at(turn, "src.is_human"),
				      JVAL_TRUE), err);
	return rc < 0 ? rc : tavern_end(&talk->tavern, err);
}

int tavern_other_read(struct import_job *job, struct import_source *source,
		      const struct jval *root, struct err *err)
{
	struct talk talk = {
		.tavern = TAVERN_INIT, .job = job, .source = source,
	};
	static const char *const taken[] = {
		"histories", "messages", "data_visible", "visible", NULL
	};
	const struct jval *list = jval_at(root, "histories.histories");
	int rc = 0;

	if (jval_is(list, JVAL_ARRAY)) {
		for (list = jval_first(list); rc >= 0 && list;
		     list = list->next)
			rc = read_history(&talk, list, err);
		goto out;
	}
	rc = chat_add_rest(&talk.tavern.session_native, root, taken, err);
	if (rc < 0)
		goto out;
	if (jval_is(jval_get(root, "messages"), JVAL_ARRAY)) {
		rc = read_agnai(&talk, jval_get(root, "messages"), err);
	} else {
		list = jval_get(root, "data_visible");
		rc = read_pairs(&talk, list ? list : jval_get(root, "visible"),
				err);
	}
out:
	tavern_release(&talk.tavern);
	return rc;
}
