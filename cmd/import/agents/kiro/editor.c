/*
 * Sessions of Kiro's editor: <uuid>.json below workspace-sessions, with a list
 * of them beside; before, a .chat file for each time that the agent ran, which
 * has all that was said up to it. The answers of the first kind may be no more
 * than "On it.": what was done stands in logs of the editor's own.
 */
#include "cmd/import/agents/clock.h"
#include "cmd/import/agents/kiro/kiro_internal.h"
#include "cmd/import/records/rest.h"

#define LOGS_ELSEWHERE							\
	"what the editor's agent did for an answer stands in logs of its "	\
	"own, which are not read"

static const struct flat_role roles[] = {
	{ "user", "user", NULL }, { "human", "user", NULL },
	{ "assistant", "assistant", NULL }, { "bot", "assistant", NULL },
	{ "system", "system", "hidden" }, { "tool", "tool", "tool" },
	{ NULL, NULL, NULL }
};

static const struct flat_role *role_of(struct take *message)
{
	const struct jval *said = take_see(message, "role");
	const struct flat_role *role = roles;

	while (role->said && !jval_is_text(said, role->said))
		role++;
	if (role->said && jval_is_text(said, role->role))
		take_done(message, said);
	return role->said ? role : NULL;
}

/* What the program tells the model before anybody speaks, under the person's
 * name. */
static bool is_instruction(struct span text)
{
	static const char *const begins[] = {
		"# System Prompt", "# Identity", "<identity>",
		"## Included Rules", "You are operating in a workspace", NULL
	};
	size_t i;

	for (i = 0; begins[i]; i++) {
		if (span_begins(text, begins[i]))
			return true;
	}
	return false;
}

static int put_said(struct flat *flat, struct take *take,
		       struct err *err)
{
	const struct flat_role *role = role_of(take);
	struct blocks blocks = {
		.parts = &flat->parts, .chat = &flat->chat,
		.is_prompt = role && !strcmp(role->role, "user"),
	};
	const struct jval *content = take_any(take, "content");
	struct chat_message message = {
		.role = role ? role->role : "assistant",
		.created = CHAT_TIME_NONE,
		.key = take_filled(take, "id"),
	};

	if (role && !strcmp(role->role, "tool"))
		blocks_result(&blocks, span_of(NULL, 0), content, false, NULL);
	else
		blocks_put(&blocks, content);
	message.visibility = role && role->visibility ? role->visibility :
		blocks.is_prompt && is_instruction(jval_text(content)) ?
		"hidden" : blocks_visibility(&blocks);
	take_rest(take, &flat->native);
	return flat_put(flat, &message, err);
}

/* {"message":{..},"executionId",..}, or the message itself. */
static int put_entry(struct flat *flat, const struct jval *entry,
		     struct err *err)
{
	struct take take = take_begin(entry);
	struct take message = take_inner(&take, "message");

	if (!take.object)
		return flat_leave_out(flat, flat->format->no_turn, err);
	if (!message.object)
		return put_said(flat, &take, err);
	take_rest(&take, &flat->native);
	return put_said(flat, &message, err);
}

/* What is told of a session beside its messages. */
struct told {
	struct span id;
	struct span cwd;
	struct take listed;	/* in the list beside; what is not known yet */
};

static const struct jval *listed_as(const struct jdoc *list, struct span id)
{
	const struct jval *at = jval_first(jdoc_root(list));

	while (at && !span_equals(jval_get_text(at, "sessionId"), id))
		at = at->next;
	return at;
}

static void learn_listed(struct flat *flat, struct told *told)
{
	struct chat_session *session = &flat->session;
	struct take *listed = &told->listed;
	const struct jval *created = take_see(listed, "dateCreated");

	session->created = chat_time_of_ms(created);
	if (session->created.micros == CHAT_TIME_UNKNOWN)
		session->created = clock_utc(created);
	if (chat_time_is_whole(&session->created))
		take_done(listed, created);
	if (!session->title.len)
		session->title = take_text(listed, "title");
	(void)take_same(listed, "title", session->title);
	(void)take_same(listed, "sessionId", told->id);
	(void)take_same(listed, "workspaceDirectory", told->cwd);
}

/* All of it, where it is wanted. */
static int put_all(struct flat *flat, struct take *take, const char *list,
		   const struct told *told, struct err *err)
{
	const struct jval *turns = take_any(take, list);
	const struct jval *entry = jval_first(turns);
	bool is_new;
	int rc;

	if (!jval_is(turns, JVAL_ARRAY))
		return flat_malformed(flat, "a session without messages",
				      flat->given->value, err);
	if (!import_is_wanted(flat->job, flat->session.updated.micros))
		return flat_leave_out(flat, FLAT_OLD, err);
	rc = flat_make_key(flat, flat->given->value, told->id, &is_new, err);
	if (rc == 0)
		rc = flat_begin(flat, err);
	for (; rc == 0 && entry; entry = entry->next)
		rc = put_entry(flat, entry, err);
	fields_said(&flat->native, "cwd", told->cwd);
	take_rest_under(&told->listed, "listed", &flat->native);
	take_rest(take, &flat->native);
	return rc < 0 ? rc : flat_end(flat, err);
}

static struct told told_of(const struct flat *flat, struct span id)
{
	struct told told = { .id = id, .listed = take_begin(NULL) };

	if (!id.len)
		told.id = kiro_stem(flat->source);
	return told;
}

int kiro_put_session(struct flat *flat, struct err *err)
{
	static const struct chat_session none = {
		.created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE,
	};
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct span list = beside_get(flat->source, KIRO_ABOUT);
	struct take take = take_begin(flat->given->value);
	struct told told = told_of(flat, take_filled(&take, "sessionId"));
	struct jdoc *doc = NULL;
	int rc;

	flat->session = none;
	flat->session.title = take_text(&take, "title");
	told.cwd = take_filled(&take, "workspaceDirectory");
	if (list.len && jdoc_parse(list, &options, &doc, NULL) == 0)
		told.listed = take_begin(listed_as(doc, told.id));
	learn_listed(flat, &told);
	rc = put_all(flat, &take, "history", &told, err);
	jdoc_free(doc);
	return rc < 0 ? rc : import_note(flat->source, err, "%s",
					 LOGS_ELSEWHERE);
}

int kiro_put_chat(struct flat *flat, struct err *err)
{
	struct take take = take_begin(flat->given->value);
	struct told told = told_of(flat, take_filled(&take, "executionId"));
	const struct jval *about = take_see(&take, "metadata");
	struct chat_session session = {
		.created = chat_time_of_ms(jval_get(about, "startTime")),
		.updated = chat_time_of_ms(jval_get(about, "endTime")),
		.model = jval_get_text(about, "modelId"),
	};

	flat->session = session;
	return put_all(flat, &take, "chat", &told, err);
}
