/*
 * Sessions of Mistral Vibe: messages.jsonl, messages as OpenAI's interfaces
 * take them, without times; meta.json beside it tells of the session.
 */
#include "cmd/import/agents/agents.h"
#include "cmd/import/beside/beside.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/logs/log.h"
#include "cmd/import/logs/document.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"

#define VIBE "vibe"
#define MESSAGES "messages.jsonl"
#define META "meta.json"

static bool is_role(const struct jval *line, const char *role)
{
	return jval_is_text(jval_get(line, "role"), role);
}

/* What it writes itself under a person's name. */
static bool is_injected(const struct jval *line)
{
	return jval_is(jval_get(line, "injected"), JVAL_TRUE);
}

/* Of what was said before, as another agent made it. */
static bool is_summary(const struct jval *line)
{
	return jval_is(jval_get(line, "isSummary"), JVAL_TRUE);
}

static void vibe_look(struct log *log, const struct jval *line,
		      struct log_turn *turn)
{
	(void)log;
	turn->is_message = true;
	turn->key = jval_get_text(line, "message_id");
	turn->kind = is_role(line, "user") && !is_injected(line) ?
		LINK_PROMPT : is_role(line, "assistant") ? LINK_ANSWER :
		is_role(line, "tool") ? LINK_RESULT : LINK_OTHER;
}

/* The program's settings hold what is no part of the talk, and keys. */
static int learn_meta(struct log *log, const struct jval *meta,
		      struct err *err)
{
	struct take take = take_begin(meta);
	struct chat_session *session = &log->session;
	const struct jval *model = jval_at(meta, "config.active_model");
	struct span cwd = jval_text(jval_at(meta, "environment."
					    "working_directory"));

	log_learn(log, &session->key, take_filled(&take, "session_id"));
	log_learn(log, &session->parent,
		  take_filled(&take, "parent_session_id"));
	log_learn(log, &session->title, take_text(&take, "title"));
	log_learn(log, &session->model, jval_text(model));
	log_learn(log, &session->model, take_text(&take, "model"));
	session->created = take_time(&take, "start_time");
	session->updated = take_time(&take, "end_time");
	if (cwd.len)
		fields_said(&log->about, "cwd", cwd);
	take_done(&take, take_see(&take, "config"));
	take_done(&take, take_see(&take, "tools_available"));
	take_rest_under(&take, "meta", &log->about);
	return jval_get(meta, "config") || jval_get(meta, "tools_available") ?
		import_skip(log->source, "settings and lists of tools beside "
			    "a session", NULL, err) : 0;
}

static int vibe_begin(struct log *log, struct err *err)
{
	struct span folder = beside_get(log->source, "folder");
	int rc = log_document(log, "meta", learn_meta, err);

	log_learn_once(log, &log->session.key, folder);
	return rc;
}

static void vibe_say(struct log *log, struct take *line,
		     struct chat_message *message)
{
	bool is_user = is_role(line->object, "user");
	struct blocks blocks = log_blocks(log, is_user &&
					  !is_injected(line->object) &&
					  !is_summary(line->object));
	const struct jval *role = take_see(line, "role");
	const struct jval *content = take_see(line, "content");

	(void)take_same(line, "message_id", message->key);
	if (is_role(line->object, "tool")) {
		take_done(line, content);
		blocks_result(&blocks, take_text(line, "tool_call_id"),
			      content, span_begins(jval_text(content),
						   "<tool_error>"), NULL);
		message->role = "tool";
	} else {
		blocks_take_openai(&blocks, line);
		message->role = is_user ? "user" :
			is_role(line->object, "assistant") ? "assistant" :
			"system";
	}
	message->visibility = !strcmp(message->role, "system") ? "hidden" :
		is_user && is_injected(line->object) ? "meta" :
		blocks_visibility(&blocks);
	if (jval_is_text(role, message->role))
		take_done(line, role);
}

static const struct log_format vibe_format = {
	.provider = VIBE,
	.begin = vibe_begin,
	.look = vibe_look,
	.say = vibe_say,
};

static int vibe_read(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	return log_read(job, source, &vibe_format, NULL, err);
}

/* ~/.vibe/logs/session/session_<time>_<id>/messages.jsonl. */
static const struct import_home vibe_home = {
	.folder = ".vibe",
	.rooms = (const char *const[]){ "logs", NULL },
	.signs = (const char *const[]){ "trusted_folders.toml", NULL },
	.reason = "of Mistral Vibe, and no part of its sessions",
};

static bool is_one(struct span name, const char *known)
{
	return span_equals(name, span_str(known));
}

static enum import_place vibe_place(const struct import_input *input,
				    struct span place,
				    const char **out_reason)
{
	struct span name = beside_part(place, 0);

	(void)out_reason;
	if (!span_begins(beside_part(place, 1), "session_"))
		return PLACE_ANYWHERE;
	if (is_one(name, META) && beside_is_there(input, place, MESSAGES))
		return PLACE_BESIDE;
	return is_one(name, MESSAGES) && beside_is_there(input, place, META) ?
		PLACE_OWN : PLACE_ANYWHERE;
}

static int vibe_beside(const struct import_input *input, struct span place,
		       struct beside *to, struct err *err)
{
	int rc;

	(void)input;
	if (!is_one(beside_part(place, 0), MESSAGES) ||
	    !span_begins(beside_part(place, 1), "session_"))
		return 0;
	rc = beside_say(to, "folder", beside_part(place, 1), err);
	return rc < 0 ? rc : beside_file(to, "meta", META, err);
}

const struct importer vibe_importer = {
	.name = VIBE,
	.one = "session of Mistral Vibe",
	.many = "sessions of Mistral Vibe",
	.construct = VIBE,
	.signs = (const char *const[]){
		"role message_id content|tool_calls !uuid|sessionId|ts", NULL
	},
	.home = &vibe_home,
	.place = vibe_place,
	.beside = vibe_beside,
	.read = vibe_read,
	.is_of_agents = true,
};
