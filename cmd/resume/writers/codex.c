/*
 * A rollout of Codex, ~/.codex/sessions/YYYY/MM/DD/rollout-<local time>-<id>:
 * a line is {"timestamp","type","payload"}. The model is sent response_items
 * alone, and the list of sessions goes by user_message events alone, so what a
 * person said stands twice. The title is a line of session_index.jsonl.
 */
#include <stdio.h>

#include "cmd/resume/pieces.h"
#include "cmd/resume/tool_names.h"
#include "cmd/resume/writers/writers.h"
#include "lib/json/jdoc.h"
#include "lib/os/file.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"

#define VERSION "0.171.0"	/* whose format this is */
#define INDEX_MAX ((size_t)64 << 20)
#define CONFIG_MAX ((size_t)4 << 20)

struct codex_draft {
	const struct passage *passage;
	const struct resume_target *target;
	struct buf *out;
	struct jcs_fields payload;	/* of the line at hand */
	struct buf list;		/* of what a message is made of */
	struct buf text;
	struct span model;		/* that was told last */
};

/* The line of the payload, which then is forgotten. */
static void put_codex_line(struct codex_draft *draft, const char *type,
			   int64_t time)
{
	struct jcs_fields line = JCS_FIELDS_INIT;

	fields_resume_time(&line, "timestamp", time);
	fields_str(&line, "type", type);
	fields_object(&line, "payload", &draft->payload);
	jcs_fields_reset(&draft->payload);
	resume_put_line(draft->out, &line);
	jcs_fields_release(&line);
}

/* --- the session ---------------------------------------------------------- */

/* The value of a line of TOML that sets the key to a text; absent: another. */
static struct span set_to(struct span line, const char *key)
{
	size_t at = strspn(line.at, " \t");
	char mark;
	const char *end;

	if (!span_begins(span_of(line.at + at, line.len - at), key))
		return span_of(NULL, 0);
	at += strlen(key);
	at += strspn(line.at + at, " \t");
	if (line.at[at] != '=')
		return span_of(NULL, 0);
	at += 1 + strspn(line.at + at + 1, " \t");
	mark = line.at[at];
	if ((mark != '"' && mark != '\'') || at >= line.len)
		return span_of(NULL, 0);
	at++;
	end = memchr(line.at + at, mark, line.len - at);
	return span_of(end ? line.at + at : NULL,
		       end ? (size_t)(end - line.at) - at : 0);
}

/*
 * Who is asked for answers, as the person has set it: a session that names
 * none, or one that the settings do not know, is refused.
 */
static int put_provider(struct codex_draft *draft, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span provider = span_of(NULL, 0);
	struct err why = ERR_INIT;
	struct span rest;
	struct span line;
	int rc = path_join(&path, draft->target->home, "config.toml", err);

	/* What cannot be read sets nothing. */
	if (rc == 0 && file_read(path.data, CONFIG_MAX, &text, &why) < 0)
		buf_reset(&text);
	rest = buf_span(&text);
	while (rest.len && !provider.len) {
		line = span_take_line(&rest);
		/* What follows is of a table. */
		if (line.len && line.at[strspn(line.at, " \t")] == '[')
			break;
		provider = set_to(line, "model_provider");
	}
	fields_text(&draft->payload, "model_provider", provider.len ?
		    provider : span_str("openai"));
	buf_release(&text);
	buf_release(&path);
	return rc;
}

static int put_meta(struct codex_draft *draft, struct err *err)
{
	struct jcs_fields *payload = &draft->payload;
	int rc = put_provider(draft, err);

	fields_str(payload, "id", draft->target->id);
	fields_resume_time(payload, "timestamp", draft->passage->created);
	fields_str(payload, "cwd", draft->target->cwd);
	fields_str(payload, "originator", "vvault");
	fields_str(payload, "cli_version", VERSION);
	fields_str(payload, "source", "cli");
	put_codex_line(draft, "session_meta", draft->passage->created);
	return rc;
}

/*
 * Which model answers. Only of a session of its own: where the settings name
 * no model, Codex goes on with the one that it finds here.
 */
static void put_context(struct codex_draft *draft,
			const struct passage_turn *turn)
{
	struct jcs_fields *payload = &draft->payload;
	struct jcs_fields policy = JCS_FIELDS_INIT;

	if (!span_equals(draft->passage->provider, span_str("codex")) ||
	    !turn->model.len || span_equals(turn->model, draft->model))
		return;
	draft->model = turn->model;
	fields_str(&policy, "type", "read-only");
	fields_str(payload, "approval_policy", "on-request");
	fields_str(payload, "cwd", draft->target->cwd);
	fields_text(payload, "model", turn->model);
	fields_object(payload, "sandbox_policy", &policy);
	fields_str(payload, "summary", "auto");
	put_codex_line(draft, "turn_context", turn->created);
	jcs_fields_release(&policy);
}

/* --- what is said --------------------------------------------------------- */

static void add_text(struct codex_draft *draft, const char *type,
		     struct span text)
{
	struct jcs_fields block = JCS_FIELDS_INIT;

	fields_str(&block, "type", type);
	fields_text(&block, "text", text);
	resume_list_add(&draft->list, &block);
	jcs_fields_release(&block);
}

static void add_image(struct codex_draft *draft,
		      const struct passage_file *file)
{
	struct jcs_fields block = JCS_FIELDS_INIT;
	struct buf url = BUF_INIT(BUF_NO_LIMIT);

	resume_put_data_url(file, &url);
	fields_str(&block, "type", "input_image");
	fields_words(&block, "image_url", &url);
	resume_list_add(&draft->list, &block);
	jcs_fields_release(&block);
	buf_release(&url);
}

/* For the list of sessions; it is found by the same words in the item, and
 * without words by its pictures. */
static void put_user_event(struct codex_draft *draft,
			   const struct passage_step *step)
{
	struct jcs_fields *payload = &draft->payload;
	struct buf *text = &draft->text;
	size_t i;

	buf_reset(text);
	resume_put_words(step, text);
	fields_words(payload, "message", text);
	for (i = 0; !text->len && i < step->said; i++) {
		resume_put_data_url(&step->pieces[i].file, text);
		buf_put_char(&draft->list, i ? ',' : '[');
		jcs_put_string(&draft->list, buf_span(text));
		buf_fail(&draft->list, text->failed);
		buf_reset(text);
	}
	if (draft->list.len)
		fields_list(payload, "images", &draft->list);
	fields_str(payload, "type", "user_message");
	put_codex_line(draft, "event_msg", step->created);
}

static void put_codex_message(struct codex_draft *draft,
			const struct passage_turn *turn,
			const struct passage_step *step)
{
	bool is_user = turn->role == PASSAGE_USER;
	const char *type = is_user ? "input_text" : "output_text";
	struct jcs_fields *payload = &draft->payload;
	size_t i;

	for (i = 0; i < step->said; i++) {
		if (step->pieces[i].kind == PIECE_TEXT)
			add_text(draft, type, step->pieces[i].text);
		else
			add_image(draft, &step->pieces[i].file);
	}
	fields_str(payload, "type", "message");
	fields_str(payload, "role", is_user ? "user" : "assistant");
	fields_list(payload, "content", &draft->list);
	put_codex_line(draft, "response_item", step->created);
}

/* The answer once more for the screen, in one text. */
static void put_agent_event(struct codex_draft *draft,
			    const struct passage_step *step)
{
	buf_reset(&draft->text);
	resume_put_words(step, &draft->text);
	fields_str(&draft->payload, "type", "agent_message");
	fields_words(&draft->payload, "message", &draft->text);
	put_codex_line(draft, "event_msg", step->created);
}

/* --- calls ---------------------------------------------------------------- */

/* Arguments are a text: with an object in their place the line is lost. */
static void put_codex_call(struct codex_draft *draft,
		     const struct passage_call *call, int64_t time)
{
	struct jcs_fields *payload = &draft->payload;

	fields_str(payload, "type", "function_call");
	fields_text(payload, "name", call->name);
	fields_text(payload, "arguments", call->input);
	fields_text(payload, "call_id", call->id);
	put_codex_line(draft, "response_item", time);
}

static void put_codex_result(struct codex_draft *draft,
		       const struct passage_call *call)
{
	struct jcs_fields *payload = &draft->payload;
	size_t i;

	fields_str(payload, "type", "function_call_output");
	fields_text(payload, "call_id", call->id);
	if (call->files_n) {
		if (call->result.len)
			add_text(draft, "input_text", call->result);
		for (i = 0; i < call->files_n; i++)
			add_image(draft, &call->files[i]);
		fields_list(payload, "output", &draft->list);
	} else {
		fields_text(payload, "output", call->result);
	}
	put_codex_line(draft, "response_item", call->ended);
}

static void put_turn(struct codex_draft *draft,
		     const struct passage_turn *turn)
{
	struct passage_step step = PASSAGE_STEP_INIT;
	size_t i;

	if (turn->role == PASSAGE_MODEL)
		put_context(draft, turn);
	while (passage_step_next(turn, &step)) {
		if (turn->role == PASSAGE_USER)
			put_user_event(draft, &step);
		if (step.said)
			put_codex_message(draft, turn, &step);
		if (step.said && turn->role == PASSAGE_MODEL)
			put_agent_event(draft, &step);
		for (i = step.said; i < step.n; i++)
			put_codex_call(draft, &step.pieces[i].call,
				 step.created);
		for (i = step.said; i < step.n; i++)
			put_codex_result(draft, &step.pieces[i].call);
	}
}

/* --- files ---------------------------------------------------------------- */

/* sessions/2026/05/04/rollout-2026-05-04T11-00-00-<id>.jsonl, by the clock on
 * the wall. */
static int put_path(const struct passage *passage,
		    const struct resume_target *target, struct buf *out,
		    struct err *err)
{
	int64_t shown = target->wall ?
		wall_shown(target->wall, passage->created) : passage->created;
	char text[RESUME_TIME_MAX];
	char name[128];

	resume_time_text(shown, text);
	text[13] = text[16] = '-';
	snprintf(name, sizeof(name), "sessions/%.4s/%.2s/%.2s/rollout-%.19s-"
		 "%s.jsonl", text, text + 5, text + 8, text, target->id);
	return path_join(out, target->home, name, err);
}

static int write_rollout(const struct passage *passage,
			 const struct resume_target *target,
			 struct resume_out *out, struct err *err)
{
	struct codex_draft draft = {
		.passage = passage, .target = target,
		.payload = JCS_FIELDS_INIT, .list = BUF_INIT(BUF_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT)
	};
	struct buf path = PATH_BUF_INIT;
	struct resume_file *file = NULL;
	size_t i;
	int rc = put_path(passage, target, &path, err);

	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, path.data, &file, err);
	if (rc < 0)
		goto out;
	file->modified = passage->updated;
	draft.out = &file->bytes;
	rc = put_meta(&draft, err);
	for (i = 0; rc == 0 && i < passage->n; i++)
		put_turn(&draft, &passage->turns[i]);
	if (rc == 0)
		rc = buf_end(&file->bytes, err);
out:
	jcs_fields_release(&draft.payload);
	buf_release(&draft.list);
	buf_release(&draft.text);
	buf_release(&path);
	return rc;
}

/* Does a line of the index name the session? Then it has the name that it was
 * given there. */
static bool is_codex_named(struct span index, const char *id)
{
	struct span line;

	while (index.len) {
		line = span_take_line(&index);
		if (span_has(line, id))
			return true;
	}
	return false;
}

static int put_codex_entry(const struct passage *passage,
		     const struct resume_target *target, struct buf *out,
		     struct err *err)
{
	struct jcs_fields line = JCS_FIELDS_INIT;
	struct buf title = BUF_INIT(BUF_NO_LIMIT);

	resume_put_title(passage, &title);
	fields_str(&line, "id", target->id);
	fields_words(&line, "thread_name", &title);
	fields_resume_time(&line, "updated_at", passage->updated);
	if (out->len && out->data[out->len - 1] != '\n')
		buf_put_char(out, '\n');
	resume_put_line(out, &line);
	jcs_fields_release(&line);
	buf_release(&title);
	return buf_end(out, err);
}

static int write_index(const struct passage *passage,
		       const struct resume_target *target,
		       struct resume_out *out, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf before = BUF_INIT(BUF_NO_LIMIT);
	struct resume_file *file;
	int rc = path_join(&path, target->home, "session_index.jsonl", err);

	if (rc == 0 && file_exists(path.data))
		rc = file_read_plain(path.data, INDEX_MAX, &before, err);
	if (rc < 0 || is_codex_named(buf_span(&before), target->id))
		goto out;
	rc = resume_add(out, RESUME_ENTRY, path.data, &file, err);
	if (rc < 0)
		goto out;
	buf_put_span(&file->before, buf_span(&before));
	buf_put_span(&file->bytes, buf_span(&before));
	rc = buf_end(&file->before, err);
	if (rc == 0)
		rc = put_codex_entry(passage, target, &file->bytes, err);
out:
	buf_release(&before);
	buf_release(&path);
	return rc;
}

static int write_codex(const struct passage *passage,
		       const struct resume_target *target,
		       struct resume_out *out, struct err *err)
{
	int rc = write_rollout(passage, target, out, err);

	if (rc == 0)
		rc = write_index(passage, target, out, err);
	resume_arg(&out->command, "codex");
	resume_arg(&out->command, "resume");
	resume_arg(&out->command, target->id);
	return rc;
}

/* While it has a session open it holds a lock, whose file it leaves behind
 * where it is killed. */
static bool is_open(const struct resume_target *target)
{
	struct buf path = PATH_BUF_INIT;
	struct lock lock = LOCK_INIT;
	struct err why = ERR_INIT;
	char name[128];
	bool is_held;

	snprintf(name, sizeof(name), "thread-writer-locks/%s.lock",
		 target->id);
	is_held = path_join(&path, target->home, name, &why) == 0 &&
		file_exists(path.data) &&
		lock_take(&lock, path.data, 0, &why) == ERR_LOCKED;
	lock_release(&lock);
	buf_release(&path);
	return is_held;
}

const struct resume_writer codex_writer = {
	.name = "codex",
	.title = "Codex",
	.tools = &tool_names_codex,
	.lacks = RESUME_NO_ERRORS | RESUME_NO_ANSWER_FILES,
	.holds = resume_is_picture,
	.wants_uuid = true,
	.write = write_codex,
	.is_open = is_open,
};
