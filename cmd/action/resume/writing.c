#include "cmd/action/resume/writing.h"

#include "cmd/resume/compare.h"
#include "lib/os/dir.h"
#include "lib/os/path.h"

#define OPEN_MICROS (60 * INT64_C(1000000))

void writing_forget(struct resuming *resuming)
{
	resume_out_release(&resuming->out);
	read_back_release(&resuming->back);
	resuming->back = (struct read_back)READ_BACK_INIT;
}

/* A log of the folder's may lie above it, at the root of a repository. */
static bool is_above(const struct resume_file *file, const char *cwd)
{
	struct buf folder = PATH_BUF_INIT;
	bool is_above = file->kind == RESUME_BEHIND &&
		path_parent(&folder, buf_text(&file->path), NULL) == 0 &&
		path_is_inside(buf_text(&folder), cwd);

	buf_release(&folder);
	return is_above;
}

/* A writer knows only where its own agent keeps things. */
static int check_path(const struct resuming *resuming,
		      const struct resume_file *file, struct err *err)
{
	const struct going_on *on = &resuming->on;
	const char *path = buf_text(&file->path);
	size_t i;

	for (i = 0; path[i]; i++) {
		if ((unsigned char)path[i] < ' ')
			break;
	}
	if (i == file->path.len &&
	    (path_is_inside(buf_text(&on->home), path) ||
	     path_is_inside(buf_text(&on->user_home), path) ||
	     path_is_inside(buf_text(&on->cwd), path) ||
	     is_above(file, buf_text(&on->cwd))))
		return 0;
	return err_set(err, ERR_DENIED, "nothing is written there: '%s'",
		       path);
}

/* What stands in the place of its files: the worst of them. */
static int look_writing(struct resuming *resuming, enum placed *out,
			struct err *err)
{
	int64_t recent = resuming->on.target.now - OPEN_MICROS;
	const struct resume_writer *writer = resuming->on.writer;
	size_t i;
	int rc = 0;

	*out = PLACED_SAME;
	for (i = 0; rc == 0 && i < resuming->out.files.n; i++) {
		const struct resume_file *file = &resuming->out.files.at[i];
		enum placed placed;
		int64_t changed;

		rc = check_path(resuming, file, err);
		if (rc == 0)
			rc = placing_look(file, &placed, &changed, err);
		if (rc < 0 || placed == PLACED_SAME)
			continue;
		if (file->kind == RESUME_FILE && placed > PLACED_SAME &&
		    !writer->is_open && changed > recent)
			resuming->is_open = true;
		if (*out == PLACED_SAME || placed > *out)
			*out = placed;
	}
	if (rc == 0 && writer->is_open)
		resuming->is_open = writer->is_open(&resuming->on.target);
	return rc;
}

static int write_as(struct resuming *resuming, enum placed *out,
		    struct err *err)
{
	const struct going_on *on = &resuming->on;
	int rc;

	writing_forget(resuming);
	resuming->is_open = false;
	rc = resume_write(on->writer, &resuming->made.passage, &on->target,
			  &resuming->out, err);
	return rc < 0 ? rc : look_writing(resuming, out, err);
}

static int refuse_open(const struct resuming *resuming, struct err *err)
{
	return err_set(err, ERR_LOCKED, "the session is open in %s, or was a "
		       "moment ago: two that write to it would fork it; close "
		       "it there first", resuming->on.writer->title);
}

static int note_copy(void *arg, struct span copy, struct span original,
		     struct err *err)
{
	return again_note(arg, copy, original, err);
}

/* Does the agent read in it what was to be written? */
static int prove(struct resuming *resuming, struct err *err)
{
	const struct compare_visitor visitor = { note_copy, resuming };
	int rc = read_back(resuming->call, &resuming->out, &resuming->on,
			   &resuming->back, err);

	return rc < 0 ? rc :
	       passage_compare(&resuming->made.passage,
			       &resuming->back.made.passage,
			       resuming->on.writer->lacks, &visitor, err);
}

/* New files first, then the lists that name them. */
static int place_all(struct resuming *resuming, struct err *err)
{
	struct buf room = PATH_BUF_INIT;
	enum placed placed;
	int64_t changed;
	size_t i;
	int rc = path_parent(&room, buf_text(&resuming->on.home), err);

	if (rc == 0)
		rc = dir_make_all(buf_text(&room), 0700, err);
	for (i = 0; rc == 0 && i < 2 * resuming->out.files.n; i++) {
		const struct resume_file *file =
			&resuming->out.files.at[i % resuming->out.files.n];

		if ((file->kind == RESUME_FILE) !=
		    (i < resuming->out.files.n))
			continue;
		rc = placing_look(file, &placed, &changed, err);
		if (rc == 0 && placed != PLACED_SAME)
			rc = placing_put(file, buf_text(&room), err);
	}
	buf_release(&room);
	return rc;
}

/* Under its own id where that is free, else under one of the session's. */
static int choose_id(struct resuming *resuming, enum placed *out,
		     struct err *err)
{
	bool is_usable = false;
	bool is_here = false;
	int rc = again_own_id(resuming, &is_usable, &is_here, err);

	if (rc < 0 || resuming->state)
		return rc;
	if (is_usable) {
		rc = write_as(resuming, out, err);
		if (rc < 0 || *out == PLACED_SAME || *out == PLACED_GROWN ||
		    (*out == PLACED_NOT && !is_here))
			return rc;
	}
	rc = again_find_copy(resuming, err);
	if (rc < 0 || resuming->state)
		return rc;
	again_made_id(resuming);
	return write_as(resuming, out, err);
}

static int go_on(struct resuming *resuming, struct err *err)
{
	enum placed placed = PLACED_NOT;
	int rc = choose_id(resuming, &placed, err);

	if (rc < 0 || resuming->state)
		return rc;
	if (placed == PLACED_GROWN) {
		resuming->state = "grown";
		return 0;
	}
	if (resuming->is_open)
		return refuse_open(resuming, err);
	if (placed == PLACED_OTHER)
		return err_set(err, ERR_EXISTS, "'%s' is there already with "
			       "something else in it, and is left as it is",
			       buf_text(&resuming->out.files.at[0].path));
	rc = prove(resuming, err);
	if (rc == 0 && action_flag(resuming->call, "dry-run")) {
		resuming->state = "would write";
		return 0;
	}
	/* Who is killed in between has remembered too much, not too little. */
	if (rc == 0)
		rc = again_remember(resuming, err);
	if (rc == 0)
		rc = place_all(resuming, err);
	resuming->state = placed == PLACED_SAME ? "here" : "written";
	return rc;
}

/* What was killed may have been for another agent, whose room is the person's
 * home or beside it. */
static void sweep(const struct going_on *on)
{
	struct buf room = PATH_BUF_INIT;

	placing_sweep(buf_text(&on->user_home));
	if (path_parent(&room, buf_text(&on->home), NULL) == 0)
		placing_sweep(buf_text(&room));
	buf_release(&room);
}

int writing_go_on(struct resuming *resuming, struct err *err)
{
	const struct resume_out *out = &resuming->out;
	int rc;

	if (!action_flag(resuming->call, "dry-run"))
		sweep(&resuming->on);
	rc = go_on(resuming, err);
	/* Another session may have been written since. */
	if (rc == 0 && resuming->on.writer->goes_by_time && out->files.n &&
	    !action_flag(resuming->call, "dry-run"))
		rc = placing_touch(&out->files.at[0], err);
	return rc;
}
