/*
 * Goose: its own import takes a session of Claude Code, and gives it an id of
 * its own. It reads the title in another line, and a picture in a result as
 * text.
 */
#include "cmd/resume/writers/writers.h"

#include "cmd/resume/pieces.h"
#include "lib/os/path.h"

static int put_goose_title(const struct passage *passage,
		     const struct resume_target *target, struct buf *out,
		     struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf title = BUF_INIT(BUF_NO_LIMIT);

	resume_put_title(passage, &title);
	fields_str(&fields, "type", "ai-title");
	fields_words(&fields, "aiTitle", &title);
	fields_str(&fields, "sessionId", target->id);
	resume_put_line(out, &fields);
	jcs_fields_release(&fields);
	buf_release(&title);
	return buf_end(out, err);
}

/* The lines of Claude Code's file, which is made for a home that nobody has. */
static int put_lines(const struct passage *passage,
		     const struct resume_target *target, struct buf *out,
		     struct err *err)
{
	struct resume_out other = RESUME_OUT_INIT;
	int rc = claude_code_writer.write(passage, target, &other, err);

	if (rc == 0)
		rc = buf_add_span(out, buf_span(&other.files.at[0].bytes),
				  err);
	resume_out_release(&other);
	return rc < 0 ? rc : put_goose_title(passage, target, out, err);
}

static int goose_write(const struct passage *passage,
		       const struct resume_target *target,
		       struct resume_out *out, struct err *err)
{
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	struct resume_file *file;
	int rc;

	resume_put_cache(target, ".jsonl", target->id, &path);
	rc = buf_end(&path, err);
	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, buf_text(&path), &file, err);
	if (rc == 0)
		rc = put_lines(passage, target, &file->bytes, err);
	resume_arg(&out->before, "goose");
	resume_arg(&out->before, "session");
	resume_arg(&out->before, "import");
	resume_arg(&out->before, buf_text(&path));
	resume_arg(&out->command, "goose");
	resume_arg(&out->command, "session");
	resume_option(&out->command, "--resume");
	resume_note(out, "Goose gives it an id of its own: what is said there "
		    "comes back as another session");
	buf_release(&path);
	return rc;
}

static bool holds(struct span media)
{
	return claude_code_writer.holds(media) && resume_is_picture(media);
}

const struct resume_writer goose_writer = {
	.name = "goose",
	.title = "Goose",
	.importer = "claude-code",
	.lacks = RESUME_NO_RESULT_FILES | RESUME_NO_ANSWER_FILES,
	.holds = holds,
	.write = goose_write,
};
