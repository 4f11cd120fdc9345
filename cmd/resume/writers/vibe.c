/*
 * Mistral Vibe: messages as OpenAI's interfaces take them, a line each and
 * without times, and meta.json, which must say how many they are.
 */
#include "cmd/resume/writers/writers.h"

#include <stdio.h>

#include "cmd/resume/pieces.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"

struct vibe {
	const struct resume_target *target;
	struct buf *out;
	size_t lines;
	struct jcs_fields line;
	struct jcs_fields call;
	struct jcs_fields inner;
	struct buf calls;
	struct buf text;
};

static void vibe_put_message(struct vibe *to, const char *role)
{
	char id[37];

	resume_uuid(to->target, "vibe", to->lines++, id);
	fields_str(&to->line, "role", role);
	fields_words(&to->line, "content", &to->text);
	fields_str(&to->line, "message_id", id);
	resume_put_line(to->out, &to->line);
	buf_reset(&to->text);
}

static void put_vibe_call(struct vibe *to, const struct passage_call *call,
		     size_t nth)
{
	fields_text(&to->call, "id", call->id);
	fields_integer(&to->call, "index", (int64_t)nth);
	fields_str(&to->call, "type", "function");
	fields_text(&to->inner, "name", call->name);
	fields_text(&to->inner, "arguments", call->input);
	fields_object(&to->call, "function", &to->inner);
	jcs_fields_reset(&to->inner);
	resume_list_add(&to->calls, &to->call);
}

static void put_step(struct vibe *to, const struct passage_turn *turn,
		     const struct passage_step *step)
{
	const struct passage_call *call;
	size_t calls = step->n - step->said;
	size_t i;

	for (i = 0; i < calls; i++)
		put_vibe_call(to, passage_step_call(step, i), i);
	if (calls)
		fields_list(&to->line, "tool_calls", &to->calls);
	if (turn->is_summary)
		fields_bool(&to->line, "isSummary", true);
	resume_put_words(step, &to->text);
	vibe_put_message(to, turn->role == PASSAGE_USER ? "user" :
			 "assistant");
	for (i = 0; i < calls; i++) {
		call = passage_step_call(step, i);
		fields_text(&to->line, "tool_call_id", call->id);
		fields_text(&to->line, "name", call->name);
		buf_put_span(&to->text, call->result);
		vibe_put_message(to, "tool");
	}
}

static void put_turns(struct vibe *to, const struct passage *passage)
{
	struct passage_step step;
	size_t i;

	for (i = 0; i < passage->n; i++) {
		step = (struct passage_step)PASSAGE_STEP_INIT;
		while (passage_step_next(&passage->turns[i], &step))
			put_step(to, &passage->turns[i], &step);
	}
	jcs_fields_release(&to->line);
	jcs_fields_release(&to->call);
	jcs_fields_release(&to->inner);
	buf_release(&to->calls);
	buf_release(&to->text);
}

static int put_meta(const struct passage *passage,
		    const struct resume_target *target, size_t lines,
		    struct buf *out, struct err *err)
{
	struct jcs_fields meta = JCS_FIELDS_INIT;
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	resume_put_title(passage, &title);
	fields_str(&meta, "session_id", target->id);
	fields_resume_time(&meta, "start_time", passage->created);
	fields_resume_time(&meta, "end_time", passage->updated);
	fields_null(&meta, "git_commit");
	fields_null(&meta, "git_branch");
	fields_str(&inner, "working_directory", target->cwd);
	fields_object(&meta, "environment", &inner);
	fields_words(&meta, "title", &title);
	fields_str(&meta, "title_source", "user");
	fields_text(&meta, "model", passage->model);
	fields_integer(&meta, "total_messages", (int64_t)lines);
	rc = jcs_fields_write(&meta, out, err);
	jcs_fields_release(&meta);
	jcs_fields_release(&inner);
	buf_release(&title);
	return rc;
}

/* ".../session_20260504_090000_5eed0000/" */
static void put_folder(const struct passage *passage,
		       const struct resume_target *target, struct buf *out)
{
	char time[TIMESTAMP_TEXT_MAX];

	timestamp_text(passage->created, time);
	buf_putf(out, "%s/session_%.4s%.2s%.2s_%.2s%.2s%.2s_%.8s/",
		 target->home, time, time + 5, time + 8, time + 11, time + 14,
		 time + 17, target->id);
}

static int put_both(const struct passage *passage,
		    const struct resume_target *target, struct buf *path,
		    struct resume_out *out, struct err *err)
{
	struct vibe to = {
		.target = target, .line = JCS_FIELDS_INIT,
		.call = JCS_FIELDS_INIT, .inner = JCS_FIELDS_INIT,
		.calls = BUF_INIT(BUF_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
	};
	struct resume_file *file;
	size_t folder = path->len;
	int rc;

	buf_put_str(path, "messages.jsonl");
	rc = buf_end(path, err);
	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, buf_text(path), &file, err);
	if (rc < 0)
		return rc;
	file->modified = passage->updated;
	to.out = &file->bytes;
	put_turns(&to, passage);
	rc = buf_end(to.out, err);
	buf_cut(path, folder);
	buf_put_str(path, "meta.json");
	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, buf_text(path), &file, err);
	if (rc < 0)
		return rc;
	file->modified = passage->updated;
	return put_meta(passage, target, to.lines, &file->bytes, err);
}

static int vibe_write(const struct passage *passage,
		      const struct resume_target *target,
		      struct resume_out *out, struct err *err)
{
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	int rc;

	put_folder(passage, target, &path);
	rc = put_both(passage, target, &path, out, err);
	buf_release(&path);
	resume_arg(&out->command, "vibe");
	resume_option(&out->command, "--resume");
	resume_arg(&out->command, target->id);
	resume_note(out, "Vibe's messages have no times, and no model of "
		    "their own");
	return rc;
}

const struct resume_writer vibe_writer = {
	.name = "vibe",
	.title = "Mistral Vibe",
	.lacks = RESUME_NO_FILES | RESUME_NO_ERRORS,
	.write = vibe_write,
};
