/*
 * Aider: Markdown that all sessions of a folder share, and what was typed with
 * its times. Its own reader tells by the begin of a line who speaks, also in a
 * fence; in an answer such lines are set in by a blank.
 */
#include "cmd/resume/writers/writers.h"

#include <string.h>

#include "cmd/resume/pieces.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"

#define HISTORY_MAX ((size_t)1 << 30)

struct aider {
	size_t set_in;		/* lines */
	struct buf history;
	struct buf typed;
	struct buf text;
};

/* "2026-05-04 09:00:00", and the rest of the second. */
static void put_time(int64_t micros, bool is_fine, struct buf *out)
{
	char text[TIMESTAMP_TEXT_MAX];

	timestamp_text(micros, text);
	buf_putf(out, "%.10s %.8s", text, text + 11);
	if (is_fine)
		buf_putf(out, ".%.6s", text + 20);
}

/* --- prompts --------------------------------------------------------------- */

static void put_aider_prompt(struct aider *to, const struct passage_step *step)
{
	struct span rest;
	struct span line;

	buf_reset(&to->text);
	resume_put_words(step, &to->text);
	rest = buf_span(&to->text);
	buf_put_char(&to->history, '\n');
	buf_put_str(&to->typed, "\n# ");
	put_time(step->created, true, &to->typed);
	buf_put_char(&to->typed, '\n');
	do {
		line = span_take_line(&rest);
		buf_put_str(&to->history, "#### ");
		buf_put_span(&to->history, line);
		buf_put_str(&to->history, "  \n");
		buf_put_char(&to->typed, '+');
		buf_put_span(&to->typed, line);
		buf_put_char(&to->typed, '\n');
	} while (rest.len);
}

/* --- answers --------------------------------------------------------------- */

static bool tells_who(struct span line)
{
	return span_begins(line, "# ") || span_begins(line, "> ") ||
	       span_begins(line, "####");
}

static void put_lines(struct aider *to, struct span text)
{
	struct span line;

	while (text.len) {
		line = span_take_line(&text);
		if (tells_who(line)) {
			buf_put_char(&to->history, ' ');
			to->set_in++;
		}
		buf_put_span(&to->history, line);
		buf_put_char(&to->history, '\n');
	}
}

static void put_answer(struct aider *to, const struct passage_step *step)
{
	buf_put_char(&to->history, '\n');
	buf_reset(&to->text);
	resume_put_words(step, &to->text);
	put_lines(to, buf_span(&to->text));
}

static void put_turns(struct aider *to, const struct passage *passage)
{
	const struct passage_turn *turn = passage->turns;
	struct passage_step step;

	buf_put_str(&to->history, "\n# aider chat started at ");
	put_time(passage->created, false, &to->history);
	buf_put_str(&to->history, "\n\n");
	if (passage->model.len) {
		buf_put_str(&to->history, "> Model: ");
		buf_put_span(&to->history, passage->model);
		buf_put_str(&to->history, "  \n");
	}
	for (; turn < passage->turns + passage->n; turn++) {
		step = (struct passage_step)PASSAGE_STEP_INIT;
		while (passage_step_next(turn, &step)) {
			if (turn->role == PASSAGE_USER)
				put_aider_prompt(to, &step);
			else
				put_answer(to, &step);
		}
	}
	buf_put_char(&to->history, '\n');
	buf_fail(&to->history, to->text.failed);
}

/* --- files ----------------------------------------------------------------- */

static int put_behind(const struct resume_target *target,
		      struct resume_out *out, const char *path,
		      const struct buf *text, struct err *err)
{
	struct resume_file *file;
	int rc = resume_add(out, RESUME_BEHIND, path, &file, err);

	if (rc == 0)
		rc = resume_read_before(target, file, HISTORY_MAX, err);
	if (rc == 0)
		rc = buf_end(text, err);
	return rc < 0 ? rc : buf_add_span(&file->bytes, buf_span(text), err);
}

/* The folder of the repository that cwd is in; else cwd. */
static int find_root(const char *cwd, struct buf *out, struct err *err)
{
	struct buf git = PATH_BUF_INIT;
	bool is_there = false;
	size_t len = strlen(cwd);
	int rc = 0;

	while (rc == 0 && !is_there && len) {
		buf_reset(&git);
		buf_put(&git, cwd, len);
		buf_put_str(&git, "/.git");
		rc = buf_end(&git, err);
		is_there = rc == 0 && file_exists(buf_text(&git));
		while (!is_there && len && cwd[--len] != '/')
			;
	}
	buf_release(&git);
	buf_put(out, cwd, is_there ? len : strlen(cwd));
	return rc < 0 ? rc : buf_end(out, err);
}

/* Where it lies: where a variable says, from the folder that it is started
 * in; else at the root. */
struct aider_file {
	const char *variable;
	const char *name;
	const struct buf *text;
};

static int put_aider_file(const struct resume_target *target,
		    const struct aider_file *at, struct resume_out *out,
		    struct err *err)
{
	const char *said = target->variable(at->variable);
	struct buf path = PATH_BUF_INIT;
	struct buf root = PATH_BUF_INIT;
	int rc = 0;

	if (target->room)
		rc = buf_add_str(&root, target->home, err);
	else if (!said || !*said)
		rc = find_root(target->cwd, &root, err);
	else if (*said != '/')
		rc = buf_add_str(&root, target->cwd, err);
	if (rc == 0)
		rc = path_join(&path, buf_text(&root), said && *said ? said :
			       at->name, err);
	if (rc == 0)
		rc = put_behind(target, out, buf_text(&path), at->text, err);
	buf_release(&path);
	buf_release(&root);
	return rc;
}

static void put_notes(const struct aider *to, const struct passage *passage,
		      struct resume_out *out)
{
	if (passage->counts.flattened)
		resume_note(out, "Aider knows no calls of tools: they stand in "
			    "words among the model's answers, and what they "
			    "gave back in fences");
	if (to->set_in)
		resume_note(out, "%zu line%s of answers set in by a blank, "
			    "or Aider would take %s for somebody else's",
			    to->set_in, to->set_in == 1 ? " is" : "s are",
			    to->set_in == 1 ? "it" : "them");
	resume_note(out, "Aider's history keeps neither a title nor times "
		    "of answers, and it goes on with all that stands in the "
		    "folder's history");
}

static int aider_write(const struct passage *passage,
		       const struct resume_target *target,
		       struct resume_out *out, struct err *err)
{
	struct aider to = {
		.history = BUF_INIT(BUF_NO_LIMIT),
		.typed = BUF_INIT(BUF_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct aider_file files[] = {
		{ "AIDER_CHAT_HISTORY_FILE", ".aider.chat.history.md",
		  &to.history },
		{ "AIDER_INPUT_HISTORY_FILE", ".aider.input.history",
		  &to.typed },
	};
	int rc;

	put_turns(&to, passage);
	rc = put_aider_file(target, &files[0], out, err);
	if (rc == 0)
		rc = put_aider_file(target, &files[1], out, err);
	put_notes(&to, passage, out);
	buf_release(&to.history);
	buf_release(&to.typed);
	buf_release(&to.text);
	resume_arg(&out->command, "aider");
	resume_option(&out->command, "--restore-chat-history");
	return rc;
}

const struct resume_writer aider_writer = {
	.name = "aider",
	.title = "Aider",
	.lacks = RESUME_NO_CALLS | RESUME_NO_FILES | RESUME_NO_CONTROLS,
	.write = aider_write,
};
