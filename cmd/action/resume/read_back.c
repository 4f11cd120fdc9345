#include "cmd/action/resume/read_back.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd/action/resume/coming.h"
#include "cmd/import/run.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define ROOM "vvault-resume-"
#define ROOM_SECONDS (60 * 60)	/* nobody works in one for so long */

void read_back_release(struct read_back *back)
{
	made_release(&back->made);
	transcript_release(&back->transcript);
}

/* Where a file lies in a home of its own: as below the agent's, or below the
 * person's. */
static int place_in(const struct going_on *on, const char *room,
		    const char *path, struct buf *out, struct err *err)
{
	const char *home = buf_text(&on->home);
	const char *user_home = buf_text(&on->user_home);
	int rc = buf_add_str(out, room, err);

	if (rc == 0 && path_is_inside(home, path)) {
		rc = path_add(out, on->place, err);
		path += strlen(home);
	} else if (rc == 0 && path_is_inside(user_home, path)) {
		path += strlen(user_home);
	} else if (rc == 0) {
		path = path_base(path);
	}
	while (*path == '/')
		path++;
	return rc < 0 ? rc : path_add(out, path, err);
}

static int lay(const struct going_on *on, const char *room,
	       const struct resume_file *file, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf folder = PATH_BUF_INIT;
	int rc = place_in(on, room, buf_text(&file->path), &path, err);

	if (rc == 0)
		rc = path_parent(&folder, buf_text(&path), err);
	if (rc == 0)
		rc = dir_make_all(buf_text(&folder), 0700, err);
	if (rc == 0)
		rc = file_write_atomic(buf_text(&path), buf_span(&file->bytes),
				       0600, err);
	buf_release(&path);
	buf_release(&folder);
	return rc;
}

/* The first thing that an importer had to leave. */
static void note_left(const struct import_job *job, struct coming *out)
{
	const struct import_source *source = job->sources;

	for (; source < job->sources + job->sources_n; source++) {
		const struct import_skips *skips = source->malformed.n ?
			&source->malformed : &source->skips;

		if (source->imported && !out->from.len)
			buf_put_str(&out->from, source->input.path);
		if (skips->n && !source->imported && !out->left.len)
			buf_putf(&out->left, ": %s", skips->at[0].reason);
	}
}

static int import_room(const struct action_call *call, const char *room,
		       struct coming *out, struct err *err)
{
	const struct host nobody = { .arg = NULL };
	struct import_job job = {
		.options = {
			.is_dry_run = true, .input = -1,
			.allows_future = true,
			.temp_folder = call->settings.temp_folder,
		},
		.host = &nobody, .sink = coming_take, .sink_arg = out,
		.keeps_long = true,
	};
	struct import_results results = IMPORT_RESULTS_INIT;
	int rc = import_all(&job, &room, 1, &results, err);

	note_left(&job, out);
	import_results_release(&results);
	import_job_release(&job);
	return rc;
}

static bool is_of(const struct going_on *on, const struct coming_session *session)
{
	struct span entity = buf_span(&session->entity);
	const char *name = on->writer->importer ? on->writer->importer :
			   on->writer->name;
	size_t len = strlen(name);

	return entity.len > 8 + len && !memcmp(entity.at + 8, name, len) &&
	       entity.at[8 + len] == ':';
}

static int settle_back(const struct going_on *on, struct coming *coming,
		  struct read_back *out, struct err *err)
{
	const struct made_wish wish = {
		.writer = on->writer, .is_native = true, .now = on->target.now,
	};
	struct transcript *transcript = &out->transcript;
	struct coming_session *session = coming_choose(coming);
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	if (!session || !is_of(on, session))
		return err_set(err, ERR_CORRUPT, "what was made is not read "
			       "as a session of %s%s; nothing was written",
			       on->writer->title, buf_text(&coming->left));
	transcript->entity = session->entity;
	transcript->state = session->state;
	transcript->said = session->said;
	session->entity = none;
	session->state = none;
	session->said = (struct said_list){ NULL, 0, 0 };
	for (i = 0; i < transcript->said.n; i++) {
		if (transcript->said.at[i].index >= out->end)
			out->end = transcript->said.at[i].index + 1;
	}
	rc = transcript->state.len ? 0 :
	     buf_add_str(&transcript->state, "{}", err);
	if (rc == 0)
		rc = transcript_hang(transcript, err);
	return rc < 0 ? rc : made_of(transcript, &wish, &out->made, err);
}

int read_there(const struct action_call *call, const char *path,
	       const struct going_on *on, struct read_back *out,
	       struct err *err)
{
	struct coming coming = COMING_INIT;
	int rc = import_room(call, path, &coming, err);

	if (rc == 0)
		rc = settle_back(on, &coming, out, err);
	coming_release(&coming);
	return rc;
}

/* A room that a killed process has left. */
static int sweep_one(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	const char *temp = context;
	struct buf path = PATH_BUF_INIT;
	struct stat info;

	(void)err;
	if (kind == DIR_KIND_DIR && span_begins(span_str(name), ROOM) &&
	    path_join(&path, temp, name, NULL) == 0 &&
	    lstat(buf_text(&path), &info) == 0 && info.st_uid == geteuid() &&
	    info.st_mtime < time(NULL) - ROOM_SECONDS)
		(void)!dir_remove_all(temp, buf_text(&path), NULL);
	buf_release(&path);
	return 0;
}

/* Which file it was that the session was read from, in the room. */
static size_t find_file(const struct resume_out *files,
			const struct going_on *on, const char *room,
			struct span from)
{
	struct buf path = PATH_BUF_INIT;
	size_t i;

	for (i = files->files.n; i > 1; i--) {
		buf_reset(&path);
		if (place_in(on, room, buf_text(&files->files.at[i - 1].path),
			     &path, NULL) == 0 &&
		    span_equals(buf_span(&path), from))
			break;
	}
	buf_release(&path);
	return i ? i - 1 : 0;
}

int read_back(const struct action_call *call, const struct resume_out *files,
	      const struct going_on *on, struct read_back *out,
	      struct err *err)
{
	const char *temp = call->settings.temp_folder ?
			   call->settings.temp_folder : "/tmp";
	struct coming coming = COMING_INIT;
	struct buf room = PATH_BUF_INIT;
	size_t i;
	int rc;

	(void)!dir_each(temp, sweep_one, (void *)(uintptr_t)temp, NULL);
	rc = dir_make_temp(temp, ROOM, &room, err);

	for (i = 0; rc == 0 && i < files->files.n; i++)
		rc = lay(on, buf_text(&room), &files->files.at[i], err);
	if (rc == 0)
		rc = import_room(call, buf_text(&room), &coming, err);
	if (rc == 0)
		rc = settle_back(on, &coming, out, err);
	if (rc == 0)
		out->file = find_file(files, on, buf_text(&room),
				      buf_span(&coming.from));
	if (room.len && dir_remove_all(temp, buf_text(&room), NULL) < 0 &&
	    rc == 0)
		rc = err_set(err, ERR_IO, "'%s' cannot be removed",
			     buf_text(&room));
	coming_release(&coming);
	buf_release(&room);
	return rc;
}
