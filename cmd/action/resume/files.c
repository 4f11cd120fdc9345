#include "cmd/action/resume/files.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/config/secrets.h"
#include "cmd/action/resume/again.h"
#include "cmd/action/result.h"
#include "cmd/export/folder.h"
#include "lib/base/array.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/time/timestamp.h"

struct writing_all {
	struct action_call *call;
	struct view *view;
	const struct resume_writer *writer;
	const char *folder;	/* as it will be called, */
	const char *room;	/* and as it is until all are there */
	bool redacts;
	struct { struct buf *at; size_t n, cap; } sessions;
	size_t written;
	size_t left_out;
};

static int take_session(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct writing_all *all = arg;
	int rc = entity->state.at ? array_room(&all->sessions, err) : 0;

	if (rc < 0 || !entity->state.at)
		return rc;
	all->sessions.at[all->sessions.n] =
		(struct buf)BUF_INIT(BUF_NO_LIMIT);
	return buf_add_span(&all->sessions.at[all->sessions.n++],
			    entity->entity, err);
}

static int write_file(const struct writing_all *all,
		      const struct resume_file *file, struct err *err)
{
	const char *inner = buf_text(&file->path) + strlen(all->folder);
	struct buf all_of = BUF_INIT(BUF_NO_LIMIT);
	struct buf folder = PATH_BUF_INIT;
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, all->room, inner + (*inner == '/'), err);

	if (rc == 0)
		rc = path_parent(&folder, buf_text(&path), err);
	if (rc == 0)
		rc = dir_make_all(buf_text(&folder), 0700, err);
	if (rc == 0 && file->kind == RESUME_BEHIND)
		rc = buf_add_span(&all_of, buf_span(&file->before), err);
	if (rc == 0)
		rc = buf_add_span(&all_of, buf_span(&file->bytes), err);
	if (rc == 0)
		rc = file_write_atomic(buf_text(&path), buf_span(&all_of),
				       0600, err);
	buf_release(&all_of);
	buf_release(&folder);
	buf_release(&path);
	return rc;
}

/* Lists that lie elsewhere are the agent's own, and stay with it. */
static int write_files(const struct writing_all *all,
		       const struct resume_out *out, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < out->files.n; i++) {
		if (path_is_inside(all->folder,
				   buf_text(&out->files.at[i].path)))
			rc = write_file(all, &out->files.at[i], err);
	}
	return rc;
}

/* What belongs to this machine says nothing of where files will lie. */
static const char *no_variable(const char *name)
{
	(void)name;
	return NULL;
}

static int write_made(struct writing_all *all, struct resuming *resuming,
		      struct err *err)
{
	const struct passage *passage = &resuming->made.passage;
	struct going_on *on = &resuming->on;
	int rc = buf_add_span(&on->cwd, passage->cwd, err);

	if (rc == 0 && !on->cwd.len)
		rc = buf_add_str(&on->cwd, "/", err);
	on->writer = all->writer;
	on->target.home = all->folder;
	on->target.user_home = all->folder;
	on->target.cwd = buf_text(&on->cwd);
	on->target.now = timestamp_now();
	on->target.room = all->room;
	on->target.variable = no_variable;
	again_made_id(resuming);
	if (rc == 0)
		rc = resume_write(all->writer, passage, &on->target,
				  &resuming->out, err);
	if (rc == 0)
		rc = write_files(all, &resuming->out, err);
	all->written += rc == 0;
	return rc;
}

static int write_session(struct writing_all *all, struct span entity,
			 struct err *err)
{
	const struct made_wish wish = {
		.writer = all->writer, .redacts = all->redacts,
		.now = timestamp_now(),
	};
	struct resuming resuming = RESUMING_INIT(all->call);
	struct err why = ERR_INIT;
	int rc = transcript_read(all->view, entity, 0, &resuming.transcript,
				 err);

	if (rc == 0) {
		rc = made_of(&resuming.transcript, &wish, &resuming.made,
			     &why);
		if (rc == ERR_NOT_FOUND)
			all->left_out++;
		else if (rc < 0)
			err_copy(err, rc, &why);
		else
			rc = write_made(all, &resuming, err);
	}
	resume_out_release(&resuming.out);
	made_release(&resuming.made);
	transcript_release(&resuming.transcript);
	going_on_release(&resuming.on);
	return rc == ERR_NOT_FOUND && why.code ? 0 : rc;
}

static int tell_made(const struct writing_all *all, const char *folder,
		struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "agent", all->writer->name);
	result_construct(&fields, all->view);
	result_outside(&fields, "folder", folder);
	fields_integer(&fields, "sessions", (int64_t)all->written);
	fields_integer(&fields, "left_out", (int64_t)all->left_out);
	rc = host_object(all->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int choose_secrets(struct writing_all *all, struct err *err)
{
	enum import_secrets secrets = SECRETS_STAY;
	int rc = secrets_choose(all->call, false, &secrets, err);

	all->redacts = secrets != SECRETS_STAY;
	return rc;
}

int resume_files(struct action_call *call, struct view *view,
		 const struct resume_writer *writer, const char *folder,
		 struct err *err)
{
	struct writing_all all = { .call = call, .view = view,
				   .writer = writer };
	const struct view_visitor visitor = { take_session, &all };
	struct export_folder place = EXPORT_FOLDER_INIT;
	size_t i;
	int rc = choose_secrets(&all, err);

	if (rc == 0)
		rc = view_each(view, kind_find(span_str("session")), false, &visitor,
			       err);
	if (rc == 0)
		rc = export_folder_begin(&place, folder, err);
	if (rc == 0) {
		all.folder = buf_text(&place.place);
		all.room = buf_text(&place.path);
		for (i = 0; rc == 0 && i < all.sessions.n; i++)
			rc = write_session(&all,
					   buf_span(&all.sessions.at[i]), err);
		rc = export_folder_end(&place, rc, err);
	}
	if (rc == 0)
		rc = tell_made(&all, folder, err);
	for (i = 0; i < all.sessions.n; i++)
		buf_release(&all.sessions.at[i]);
	free(all.sessions.at);
	export_folder_release(&place);
	return rc;
}
