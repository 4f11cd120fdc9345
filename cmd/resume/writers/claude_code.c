/*
 * A session of Claude Code, ~/.claude/projects/<cwd>/<id>.jsonl: a line is a
 * record that names the one before. Calls stand in an answer as blocks, each
 * result in a record of the user's right behind it; where room was made, a
 * boundary from which on the agent tells the model. A session that comes back
 * to it has the ids of its records again.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/resume/pieces.h"
#include "cmd/resume/tool_names.h"
#include "cmd/resume/writers/writers.h"
#include "lib/base/utf8.h"
#include "lib/os/path.h"

#define VERSION "2.1.332"	/* whose format this is */
#define FOLDER_UNITS 200	/* of a folder's name, before it is cut */

struct claude_draft {
	const struct passage *passage;
	const struct resume_target *target;
	struct buf *out;
	struct jcs_fields line;
	struct jcs_fields message;
	struct buf blocks;
	size_t records;
	bool is_own;		/* its ids come back */
	struct span entity;	/* whose id was used last */
	struct buf last;	/* the id of the record before */
	struct buf id;
};

/* --- ids ------------------------------------------------------------------- */

/* The id that a message had here before; absent: none that can stand. */
static struct span own_id(const struct claude_draft *draft,
			  struct span entity)
{
	size_t slash = span_find(entity, "/", 0);
	struct span id;
	size_t i;

	if (!draft->is_own || slash == SPAN_NOWHERE ||
	    span_equals(entity, draft->entity))
		return span_of(NULL, 0);
	id = span_of(entity.at + slash + 1, entity.len - slash - 1);
	for (i = 0; i < id.len; i++) {
		if (!strchr("0123456789abcdef-", id.at[i]) || !id.at[i])
			return span_of(NULL, 0);
	}
	return id.len == 36 ? id : span_of(NULL, 0);
}

static void choose_id(struct claude_draft *draft, struct span entity)
{
	struct span own = own_id(draft, entity);
	char made[37];

	resume_uuid(draft->target, "record", draft->records++, made);
	buf_reset(&draft->id);
	buf_put_span(&draft->id, own.len ? own : span_str(made));
	if (own.len)
		draft->entity = entity;
}

/* --- records --------------------------------------------------------------- */

/* The record that the line has begun. */
static void put_claude_record(struct claude_draft *draft, const char *type,
		       struct span entity, int64_t time)
{
	struct jcs_fields *line = &draft->line;

	choose_id(draft, entity);
	fields_text(line, "uuid", buf_span(&draft->id));
	if (draft->last.len)
		fields_text(line, "parentUuid", buf_span(&draft->last));
	else
		fields_null(line, "parentUuid");
	fields_str(line, "type", type);
	fields_str(line, "sessionId", draft->target->id);
	fields_resume_time(line, "timestamp", time);
	fields_str(line, "cwd", draft->target->cwd);
	fields_str(line, "version", VERSION);
	fields_str(line, "userType", "external");
	fields_str(line, "entrypoint", "cli");
	fields_bool(line, "isSidechain", false);
	resume_put_line(draft->out, line);
	buf_reset(&draft->last);
	buf_put_span(&draft->last, buf_span(&draft->id));
}

static void put_claude_message(struct claude_draft *draft, const char *role,
			const char *content)
{
	fields_str(&draft->message, "role", role);
	fields_list(&draft->message, content, &draft->blocks);
	fields_object(&draft->line, "message", &draft->message);
	jcs_fields_reset(&draft->message);
}

/* --- blocks ---------------------------------------------------------------- */

static void add_text(struct buf *blocks, struct span text)
{
	struct jcs_fields block = JCS_FIELDS_INIT;

	fields_str(&block, "type", "text");
	fields_text(&block, "text", text);
	resume_list_add(blocks, &block);
	jcs_fields_release(&block);
}

/* What the interface of its model shows. */
static bool holds(struct span media)
{
	static const char *const list[] = {
		"image/png", "image/jpeg", "image/gif", "image/webp",
		"application/pdf"
	};
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (span_equals(media, span_str(list[i])))
			return true;
	}
	return false;
}

static void add_named(struct buf *blocks, const struct passage_file *file)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	resume_put_file_text(file, &text);
	buf_fail(blocks, text.failed);
	add_text(blocks, buf_span(&text));
	buf_release(&text);
}

/* Pictures, and documents in PDF. */
static void add_claude_file(struct buf *blocks, const struct passage_file *file)
{
	struct jcs_fields block = JCS_FIELDS_INIT;
	struct jcs_fields source = JCS_FIELDS_INIT;

	if (!holds(file->media)) {
		add_named(blocks, file);
		return;
	}
	fields_str(&block, "type", resume_is_image(file) ? "image" :
		   "document");
	fields_str(&source, "type", "base64");
	fields_text(&source, "media_type", file->media);
	fields_base64(&source, "data", file->bytes);
	fields_object(&block, "source", &source);
	resume_list_add(blocks, &block);
	jcs_fields_release(&source);
	jcs_fields_release(&block);
}

static void add_call(struct buf *blocks, const struct passage_call *call)
{
	struct jcs_fields block = JCS_FIELDS_INIT;

	fields_str(&block, "type", "tool_use");
	fields_text(&block, "id", call->id);
	fields_text(&block, "name", call->name);
	fields_raw(&block, "input", call->input);
	resume_list_add(blocks, &block);
	jcs_fields_release(&block);
}

static void add_result(struct buf *blocks, const struct passage_call *call)
{
	struct jcs_fields block = JCS_FIELDS_INIT;
	struct buf inner = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	fields_str(&block, "type", "tool_result");
	fields_text(&block, "tool_use_id", call->id);
	if (call->files_n && call->result.len)
		add_text(&inner, call->result);
	for (i = 0; i < call->files_n; i++)
		add_claude_file(&inner, &call->files[i]);
	if (call->files_n)
		fields_list(&block, "content", &inner);
	else
		fields_text(&block, "content", call->result);
	if (call->is_error)
		fields_bool(&block, "is_error", true);
	resume_list_add(blocks, &block);
	buf_release(&inner);
	jcs_fields_release(&block);
}

/* --- turns ----------------------------------------------------------------- */

/* The agent sends a model only what follows it. */
static void put_boundary(struct claude_draft *draft, int64_t time)
{
	struct jcs_fields about = JCS_FIELDS_INIT;

	fields_str(&draft->line, "subtype", "compact_boundary");
	fields_str(&draft->line, "content", "Conversation compacted");
	fields_str(&draft->line, "level", "info");
	fields_str(&about, "trigger", "auto");
	fields_object(&draft->line, "compactMetadata", &about);
	fields_text(&draft->line, "logicalParentUuid",
		    buf_span(&draft->last));
	buf_reset(&draft->last);
	put_claude_record(draft, "system", span_of(NULL, 0), time);
	jcs_fields_release(&about);
}

static void put_claude_prompt(struct claude_draft *draft,
		       const struct passage_turn *turn)
{
	const struct passage_piece *piece = turn->pieces;

	if (turn->is_summary) {
		if (draft->last.len)
			put_boundary(draft, turn->created);
		fields_bool(&draft->line, "isCompactSummary", true);
		fields_bool(&draft->line, "isVisibleInTranscriptOnly", true);
	}
	if (turn->n == 1 && piece->kind == PIECE_TEXT) {
		fields_text(&draft->message, "content", piece->text);
		fields_str(&draft->message, "role", "user");
		fields_object(&draft->line, "message", &draft->message);
		jcs_fields_reset(&draft->message);
	} else {
		for (; piece < turn->pieces + turn->n; piece++) {
			if (piece->kind == PIECE_TEXT)
				add_text(&draft->blocks, piece->text);
			else
				add_claude_file(&draft->blocks, &piece->file);
		}
		put_claude_message(draft, "user", "content");
	}
	put_claude_record(draft, "user", turn->entity, turn->created);
}

/* Results that stood in one message stand in one again, if it is the agent's
 * own. */
static void put_results(struct claude_draft *draft,
			const struct passage_step *step)
{
	size_t i = step->said;

	while (i < step->n) {
		const struct passage_call *call = &step->pieces[i].call;

		do {
			add_result(&draft->blocks, &step->pieces[i++].call);
		} while (draft->is_own && i < step->n &&
			 span_equals(step->pieces[i].call.entity,
				     call->entity));
		put_claude_message(draft, "user", "content");
		put_claude_record(draft, "user", call->entity, call->ended);
	}
}

static void put_answer(struct claude_draft *draft,
		       const struct passage_turn *turn,
		       const struct passage_step *step, size_t nth,
		       int64_t time)
{
	const struct passage_piece *piece = step->pieces;
	char id[37];
	char name[48];

	for (; piece < step->pieces + step->n; piece++) {
		if (piece->kind == PIECE_TEXT)
			add_text(&draft->blocks, piece->text);
		else if (piece->kind == PIECE_CALL)
			add_call(&draft->blocks, &piece->call);
		else
			add_claude_file(&draft->blocks, &piece->file);
	}
	resume_uuid(draft->target, "message", nth, id);
	snprintf(name, sizeof(name), "msg_%s", id);
	fields_str(&draft->message, "id", name);
	fields_str(&draft->message, "type", "message");
	fields_text(&draft->message, "model",
		    resume_model(draft->passage, turn));
	fields_str(&draft->message, "stop_reason", step->said < step->n ?
		   "tool_use" : "end_turn");
	put_claude_message(draft, "assistant", "content");
	put_claude_record(draft, "assistant", turn->entity, time);
}

static void put_turn(struct claude_draft *draft,
		     const struct passage_turn *turn)
{
	struct passage_step step = PASSAGE_STEP_INIT;

	if (turn->role == PASSAGE_USER) {
		put_claude_prompt(draft, turn);
		return;
	}
	while (passage_step_next(turn, &step)) {
		put_answer(draft, turn, &step, draft->records, step.created);
		put_results(draft, &step);
	}
}

static void put_claude_title(struct claude_draft *draft)
{
	struct buf title = BUF_INIT(BUF_NO_LIMIT);

	resume_put_title(draft->passage, &title);
	fields_fail(&draft->line, title.failed, NULL);
	fields_str(&draft->line, "type", "custom-title");
	fields_text(&draft->line, "customTitle", buf_span(&title));
	fields_str(&draft->line, "sessionId", draft->target->id);
	if (title.len)
		resume_put_line(draft->out, &draft->line);
	jcs_fields_reset(&draft->line);
	buf_release(&title);
}

/* --- its file -------------------------------------------------------------- */

/* The absolute value in base 36 of a hash of 32 bits that goes over units of
 * UTF-16: h = 31 * h + unit. */
static void put_hash(uint32_t hash, struct buf *out)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint32_t left = hash & 0x80000000u ? 0u - hash : hash;
	char text[8];
	size_t n = 0;

	do {
		text[n++] = digits[left % 36];
		left /= 36;
	} while (left);
	while (n)
		buf_put_char(out, text[--n]);
}

/* Each unit of UTF-16 that is no letter or digit of ASCII becomes "-". */
static void put_folder(const char *cwd, struct buf *out)
{
	struct span rest = span_str(cwd);
	uint32_t hash = 0;
	uint32_t point;
	size_t len;

	while (rest.len) {
		len = utf8_decode(rest, &point);
		if (!len) {
			point = 0xfffd;
			len = 1;
		}
		if (point > 0xffff) {
			hash = 31 * hash + (0xd800 + ((point - 0x10000) >> 10));
			buf_put_char(out, '-');
			point = 0xdc00 + ((point - 0x10000) & 0x3ff);
		}
		hash = 31 * hash + point;
		buf_put_char(out, (point >= '0' && point <= '9') ||
			     (point >= 'A' && point <= 'Z') ||
			     (point >= 'a' && point <= 'z') ? (char)point :
			     '-');
		rest = span_of(rest.at + len, rest.len - len);
	}
	if (out->len > FOLDER_UNITS) {
		buf_cut(out, FOLDER_UNITS);
		buf_put_char(out, '-');
		put_hash(hash, out);
	}
}

static int put_path(const struct resume_target *target, struct buf *out,
		    struct err *err)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	char name[64];
	int rc;

	put_folder(target->cwd, &folder);
	snprintf(name, sizeof(name), "%s.jsonl", target->id);
	rc = buf_end(&folder, err);
	if (rc == 0)
		rc = path_join(out, target->home, buf_text(&folder), err);
	buf_release(&folder);
	return rc < 0 ? rc : path_add(out, name, err);
}

static bool is_own(const struct passage *passage,
		   const struct resume_target *target)
{
	static const char begin[] = "session:claude-code:";
	struct span session = passage->session;

	return span_begins(session, begin) &&
	       span_equals(span_of(session.at + sizeof(begin) - 1,
				   session.len - (sizeof(begin) - 1)),
			   span_str(target->id));
}

/* Its time is now: what is older than 30 days by that the agent deletes. */
static int write_claude(const struct passage *passage,
			const struct resume_target *target,
			struct resume_out *out, struct err *err)
{
	struct claude_draft draft = {
		.passage = passage, .target = target,
		.line = JCS_FIELDS_INIT, .message = JCS_FIELDS_INIT,
		.blocks = BUF_INIT(BUF_NO_LIMIT),
		.is_own = is_own(passage, target),
		.last = BUF_INIT(BUF_NO_LIMIT), .id = BUF_INIT(BUF_NO_LIMIT),
	};
	struct buf path = PATH_BUF_INIT;
	struct resume_file *file = NULL;
	size_t i;
	int rc = put_path(target, &path, err);

	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, buf_text(&path), &file, err);
	if (rc < 0)
		goto out;
	draft.out = &file->bytes;
	for (i = 0; i < passage->n; i++)
		put_turn(&draft, &passage->turns[i]);
	put_claude_title(&draft);
	rc = buf_end(&file->bytes, err);
	if (rc == 0)
		rc = buf_end(&draft.last, err);
	resume_arg(&out->command, "claude");
	resume_option(&out->command, "--resume");
	resume_arg(&out->command, target->id);
out:
	jcs_fields_release(&draft.line);
	jcs_fields_release(&draft.message);
	buf_release(&draft.blocks);
	buf_release(&draft.last);
	buf_release(&draft.id);
	buf_release(&path);
	return rc;
}

const struct resume_writer claude_code_writer = {
	.name = "claude-code",
	.title = "Claude Code",
	.tools = &tool_names_claude_code,
	.lacks = RESUME_NO_ANSWER_FILES,
	.holds = holds,
	.wants_uuid = true,
	.write = write_claude,
};
