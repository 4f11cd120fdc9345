/*
 * Sessions of Qwen Code: a line is a record, {"uuid","parentUuid","sessionId",
 * "timestamp","type","message":{"role","parts"}}, where what the program notes
 * for itself has the type "system" and says what in its subtype.
 */
#include "cmd/import/agents/agents.h"
#include "cmd/import/agents/gemini_parts.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/logs/log.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"

#define QWEN "qwen"

/* What all records of a session say. */
struct qwen_about {
	struct span cwd;
	struct span version;
	struct span branch;
	struct span owner;	/* the session that records name */
	bool is_titled;		/* by the person */
	struct buf copied;	/* the entity of what the line at hand repeats */
};

/* --- what there is --------------------------------------------------------- */

static bool is_subtype(const struct jval *line, const char *subtype)
{
	return jval_is_text(jval_get(line, "subtype"), subtype);
}

/* An agent that a session let work is a session of its own. */
static void learn_key(struct log *log, const struct jval *line,
		      struct span session)
{
	struct qwen_about *about = log->own;
	struct span agent = jval_get_text(line, "agentId");
	struct buf key = BUF_INIT(BUF_NO_LIMIT);

	log_learn(log, &about->owner, session);
	if (!agent.len || !jval_is(jval_get(line, "isSidechain"), JVAL_TRUE)) {
		log_learn(log, &log->session.key, session);
		return;
	}
	buf_put_span(&key, session);
	buf_put_char(&key, ':');
	buf_put_span(&key, agent);
	fields_fail(&log->about, buf_end(&key, NULL), NULL);
	log_learn(log, &log->session.key, buf_span(&key));
	log_learn(log, &log->session.parent, session);
	log_learn(log, &log->session.title, jval_get_text(line, "agentName"));
	buf_release(&key);
}

static void learn_title(struct log *log, const struct jval *payload)
{
	struct qwen_about *about = log->own;
	bool is_auto = jval_is_text(jval_get(payload, "titleSource"), "auto");

	if (about->is_titled && is_auto)
		return;
	about->is_titled |= !is_auto;
	log_learn(log, &log->session.title,
		  jval_get_text(payload, "customTitle"));
}

static void learn(struct log *log, const struct jval *line)
{
	struct qwen_about *about = log->own;
	const struct jval *payload = jval_get(line, "systemPayload");
	struct span session = jval_get_text(line, "sessionId");

	if (!log->session.key.len && session.len)
		learn_key(log, line, session);
	log_learn_once(log, &about->cwd, jval_get_text(line, "cwd"));
	log_learn_once(log, &about->version, jval_get_text(line, "version"));
	log_learn_once(log, &about->branch, jval_get_text(line, "gitBranch"));
	log_learn(log, &log->session.model, jval_get_text(line, "model"));
	if (is_subtype(line, "custom_title"))
		learn_title(log, payload);
	if (is_subtype(line, "parent_session"))
		log_learn_once(log, &log->session.parent,
			       jval_get_text(payload, "parentSessionId"));
}

/* What a program sends in the person's name says so. */
static bool is_typed(const struct jval *line)
{
	static const char *const others[] = {
		"notification", "background_task_completed", "cron",
		"agent_launch_prompt", "agent_bootstrap", "agent_retry",
	};
	const struct jval *from = jval_get(line, "provenance");
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (is_subtype(line, others[i]))
			return false;
	}
	return !jval_is(from, JVAL_STRING) || jval_is_text(from, "real_user");
}

/* What follows where the talk was rewound goes on from what that one names. */
static enum link_kind kind_of(const struct jval *line)
{
	const struct jval *type = jval_get(line, "type");

	if (jval_is_text(type, "user"))
		return is_typed(line) ? LINK_PROMPT : LINK_OTHER;
	if (jval_is_text(type, "assistant"))
		return LINK_ANSWER;
	if (jval_is_text(type, "tool_result"))
		return LINK_RESULT;
	return is_subtype(line, "rewind") ? LINK_ASIDE : LINK_OTHER;
}

static void qwen_look(struct log *log, const struct jval *line,
		      struct log_turn *turn)
{
	learn(log, line);
	turn->is_message = true;
	turn->kind = kind_of(line);
	turn->key = jval_get_text(line, "uuid");
	turn->parent = jval_get_text(line, "parentUuid");
	turn->is_first = jval_is(jval_get(line, "parentUuid"), JVAL_NULL);
	turn->time = chat_time_of(jval_get(line, "timestamp"));
}

static int qwen_looked(struct log *log, struct err *err)
{
	const struct qwen_about *about = log->own;

	(void)err;
	if (about->cwd.len)
		fields_said(&log->about, "cwd", about->cwd);
	if (about->version.len)
		fields_said(&log->about, "version", about->version);
	if (about->branch.len)
		fields_said(&log->about, "gitBranch", about->branch);
	return 0;
}

/* --- what is said ---------------------------------------------------------- */

#define FILES_BEGIN "--- Content from referenced files ---"
#define FILES_END "--- End of content ---"

/*
 * A prompt: what the person typed is told beside where it is not the whole;
 * else the content of files that they named follows their words.
 */
static void say_prompt(struct blocks *blocks, const struct jval *parts,
		       struct span typed)
{
	const struct jval *part = jval_first(parts);
	bool is_file = false;
	struct span words;

	if (typed.len)
		blocks_text(blocks, typed);
	for (; part; part = part->next) {
		words = gemini_part_words(part);
		is_file |= span_has(words, FILES_BEGIN);
		if (typed.len && span_equals(words, typed))
			typed = span_of("", 0);
		else if (words.len && (is_file || typed.at))
			part_said(blocks->parts, "injected", words, NULL);
		else
			gemini_part_put(blocks, part);
		is_file &= !span_has(words, FILES_END);
	}
}

static void say_parts(struct blocks *blocks, const struct jval *parts)
{
	const struct jval *part = jval_first(parts);

	for (; part; part = part->next)
		gemini_part_put(blocks, part);
}

static void say_message(struct log *log, struct take *line,
			struct chat_message *message)
{
	bool is_user = jval_is_text(take_see(line, "type"), "user");
	bool is_result = jval_is_text(take_see(line, "type"), "tool_result");
	bool is_prompt = is_user && is_typed(line->object);
	struct blocks blocks = log_blocks(log, is_prompt);
	struct take inner = take_inner(line, "message");
	const struct jval *parts = take_value(&inner, "parts", JVAL_ARRAY);
	struct span typed = jval_text(jval_at(line->object,
					      "systemPayload.displayText"));

	if (is_prompt)
		say_prompt(&blocks, parts, typed);
	else
		say_parts(&blocks, parts);
	if (!parts)
		prose_put(inner.object, &log->parts.content);
	message->model = take_text(line, "model");
	message->role = is_result ? "tool" :
		blocks_role(&blocks, is_user ? "user" : "assistant");
	message->visibility = is_user && !is_prompt ? "meta" :
		blocks_visibility(&blocks);
	(void)take_word(&inner, "role", is_user || is_result ? "user" :
			"model");
	take_rest_under(&inner, "message", &log->native);
}

/* --- what the program notes ------------------------------------------------ */

/* A command that the person gave the program, and what it showed. */
static void say_command(struct log *log, const struct jval *payload,
			struct chat_message *message)
{
	bool is_hidden = jval_is(jval_get(payload, "sentToModel"),
				 JVAL_TRUE) ||
		jval_is(jval_get(payload, "hiddenInvocation"), JVAL_TRUE);

	if (jval_is_text(jval_get(payload, "phase"), "result")) {
		prose_put(jval_get(payload, "outputHistoryItems"),
			  &log->parts.content);
		return;
	}
	buf_put_span(&log->parts.content, jval_get_text(payload,
							"rawCommand"));
	message->role = "user";
	message->visibility = is_hidden ? "meta" : "visible";
}

/* What named files that could not be read never became a prompt. */
static void say_at_command(struct log *log, const struct jval *payload,
			   struct chat_message *message)
{
	struct span why = jval_get_text(payload, "message");

	if (!jval_is_text(jval_get(payload, "status"), "error"))
		return;
	buf_put_span(&log->parts.content, jval_get_text(payload, "userText"));
	if (why.len)
		log_error(log, why);
	message->role = "user";
	message->visibility = "visible";
}

/* What the model now sees instead begins with a summary. */
static void say_compression(struct log *log, const struct jval *payload,
			    struct chat_message *message)
{
	const struct jval *history = jval_get(payload, "compressedHistory");
	const struct jval *part = jval_first(jval_get(jval_first(history),
						      "parts"));

	buf_put_span(&log->parts.content, gemini_part_words(part));
	message->visibility = "hidden";
}

/* What only programs care for, and what repeats what was said. */
static bool is_silent(const struct jval *subtype)
{
	static const char *const silent[] = {
		"ui_telemetry", "attribution_snapshot",
		"file_history_snapshot", "user_text_elements", "turn_result",
		"session_artifact_event", "session_artifact_snapshot",
		"session_sources_snapshot", "session_model", "session_source",
		"session_approval_mode", "session_execution_engine",
		"custom_title", "parent_session", "branch_checkpoint",
		"agent_bootstrap", "agent_session_ready", "rewind",
		"goal_turn_end",
	};
	size_t i;

	for (i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		if (jval_is_text(subtype, silent[i]))
			return true;
	}
	return false;
}

static void say_noted(struct log *log, struct take *line,
		      struct chat_message *message)
{
	const struct jval *payload = take_see(line, "systemPayload");
	const struct jval *subtype = take_see(line, "subtype");

	if (jval_is_text(subtype, "slash_command"))
		say_command(log, payload, message);
	else if (jval_is_text(subtype, "at_command"))
		say_at_command(log, payload, message);
	else if (jval_is_text(subtype, "chat_compression"))
		say_compression(log, payload, message);
	else if (!is_silent(subtype))
		prose_put(line->object, &log->parts.content);
}

/* A record of a branch names what it is a copy of. */
static void say_copy(struct log *log, struct take *line,
		     struct chat_message *message, struct buf *entity)
{
	const struct jval *from = take_see(line, "forkedFrom");
	struct span session = jval_get_text(from, "sessionId");
	struct span key = jval_get_text(from, "messageUuid");

	if (!session.len || !key.len)
		return;
	chat_put_entity(log->provider, session, key, entity);
	fields_fail(&log->native, buf_end(entity, NULL), NULL);
	message->copy_of = buf_span(entity);
	log_learn_once(log, &log->session.parent, session);
}

static void qwen_say(struct log *log, struct take *line,
		     struct chat_message *message)
{
	struct qwen_about *about = log->own;
	const struct jval *type = take_see(line, "type");

	message->created = take_time(line, "timestamp");
	(void)take_same(line, "uuid", message->key);
	(void)take_same(line, "sessionId", about->owner);
	(void)take_same(line, "cwd", about->cwd);
	(void)take_same(line, "version", about->version);
	(void)take_same(line, "gitBranch", about->branch);
	log_take_parent(line, "parentUuid", message);
	buf_reset(&about->copied);
	say_copy(log, line, message, &about->copied);
	if (jval_is_text(type, "user") || jval_is_text(type, "assistant") ||
	    jval_is_text(type, "tool_result"))
		say_message(log, line, message);
	else
		say_noted(log, line, message);
	if (jval_is_text(type, message->role))
		take_done(line, type);
}

/* --- the importer ---------------------------------------------------------- */

static const struct log_format qwen_format = {
	.provider = QWEN,
	.look = qwen_look,
	.looked = qwen_looked,
	.say = qwen_say,
};

static int qwen_read(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct qwen_about about = { .copied = BUF_INIT(BUF_NO_LIMIT) };
	int rc = log_read(job, source, &qwen_format, &about, err);

	buf_release(&about.copied);
	return rc;
}

/* ~/.qwen/projects/<folder>/chats/<id>.jsonl. */
static const struct import_home qwen_home = {
	.folder = ".qwen",
	.rooms = (const char *const[]){ "projects", "tmp", NULL },
	.signs = (const char *const[]){
		"oauth_creds.json", "source.json", "installation_id", NULL
	},
	.reason = "of Qwen Code, and no part of its sessions",
};

static bool is_record(struct span line)
{
	return sniff_has(line, "sessionId") && sniff_has(line, "uuid") &&
	       sniff_has(line, "parentUuid") && sniff_has(line, "type") &&
	       (sniff_has(line, "message.parts") ||
		sniff_has(line, "systemPayload"));
}

static bool qwen_sniff(const struct import_input *input)
{
	return !input->is_folder && !input->bundle &&
	       sniff_any_line(buf_span(&input->head), is_record);
}

const struct importer qwen_importer = {
	.name = QWEN,
	.one = "session of Qwen Code",
	.many = "sessions of Qwen Code",
	.construct = QWEN,
	.sniff = qwen_sniff,
	.home = &qwen_home,
	.read = qwen_read,
	.is_of_agents = true,
};
