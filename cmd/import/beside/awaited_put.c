#include "cmd/import/beside/awaited_internal.h"

#include "cmd/import/beside/awaited_text.h"
#include "cmd/import/input/media.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/identity/lineage.h"
#include "refs/view/view.h"

struct putting {
	struct awaited_text to;
	struct view *view;		/* of the vault; NULL: not opened */
	bool is_found;
};

/* On top of what the message says so far; another file of it stands on this
 * one. */
static int put_whole(struct putting *putting, struct awaited_thing *thing,
		     struct err *err)
{
	struct record_parts parts = {
		.type = thing->type, .entity = thing->entity,
		.at = thing->at,
	};
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = false;
	int rc;

	rc = awaited_text(&putting->to, thing->data, &data, &is_there, err);
	putting->is_found |= is_there;
	parts.data = buf_span(&data);
	if (rc == 0 && data.len)
		rc = import_put(putting->to.job, putting->to.source, NULL,
				&parts, err);
	if (rc == 0 && data.len)
		rc = arena_keep(&putting->to.job->awaited->arena,
				buf_span(&data), &thing->data, err);
	buf_release(&data);
	return rc;
}

/* What the file is called without what is behind its dot: the id of a call. */
static struct span stem_of(struct span name)
{
	const char *dot = memchr(name.at, '.', name.len);

	return dot ? span_of(name.at, (size_t)(dot - name.at)) : name;
}

static int put_all(struct putting *putting, struct span name, struct err *err)
{
	struct awaited *awaited = putting->to.job->awaited;
	size_t at = awaited_find(awaited, putting->to.file->session, name);
	int rc = 0;

	for (; rc == 0 && at != AWAITED_NONE; at = awaited->links.at[at].next)
		rc = put_whole(putting, &awaited->things.at[
			       awaited->links.at[at].thing], err);
	return rc;
}

/* By the words that name the file; else by its call. */
static int put_named(struct putting *putting, struct err *err)
{
	int rc = put_all(putting, putting->to.file->name, err);

	return rc < 0 || putting->is_found ? rc :
		put_all(putting, stem_of(putting->to.file->name), err);
}

/* --- the vault ------------------------------------------------------------- */

static struct awaited_thing thing_of(const struct view_entity *entity)
{
	struct awaited_thing thing = {
		entity->entity, entity->state, "message:create", ""
	};

	memcpy(thing.at, view_newest(entity)->record.at.at, HLC_TEXT);
	return thing;
}

static int gather_message(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct putting *putting = arg;
	struct awaited *awaited = putting->to.job->awaited;
	struct awaited_thing thing;

	if (!span_begins(entity->entity, "message:") || !entity->state.at)
		return 0;
	thing = thing_of(entity);
	return awaited_note_thing(awaited, &thing, putting->to.file->session,
				  putting->to.file->folder, err);
}

static int look_in(struct putting *putting, struct span session,
		   struct err *err)
{
	const struct view_visitor visitor = { gather_message, putting };
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&entity, "session:%s:", putting->to.file->provider);
	chat_put_key(&entity, session);
	rc = buf_end(&entity, err);
	if (rc == 0)
		rc = view_home(putting->view, buf_span(&entity), &visitor,
			       err);
	buf_release(&entity);
	return rc;
}

/* Once in a run, however many files there are. */
static int gather_session(struct putting *putting, struct span session,
		  struct err *err)
{
	bool is_new;
	int rc = awaited_look(putting->to.job, session, &is_new, err);

	return rc < 0 || !is_new ? rc : look_in(putting, session, err);
}

/* Is this a session of an agent of the file's session? */
static bool is_agent(const struct awaited_file *file, struct span session)
{
	return session.len > file->session.len &&
	       span_equals(span_of(session.at, file->session.len),
			   file->session) &&
	       session.at[file->session.len] == ':';
}

static struct span whole_key(struct span key)
{
	return key;
}

static int gather_agents(struct putting *putting, struct err *err)
{
	struct lineage *lineage = NULL;
	uint32_t i;
	int rc;

	rc = lineage_get(putting->to.job, putting->to.file->provider,
			 &lineage, err);
	if (rc == 0)
		rc = lineage_look(lineage, putting->to.job,
				  putting->to.source->construct, whole_key,
				  err);
	for (i = 0; rc == 0 && i < lineage_count(lineage); i++) {
		if (is_agent(putting->to.file, lineage_key(lineage, i)))
			rc = gather_session(putting, lineage_key(lineage, i),
					    err);
	}
	return rc;
}

static int look_in_view(struct putting *putting, struct err *err)
{
	int rc = gather_session(putting, putting->to.file->session, err);

	if (rc == 0)
		rc = put_named(putting, err);
	if (rc < 0 || putting->is_found)
		return rc;
	rc = gather_agents(putting, err);
	return rc < 0 ? rc : put_named(putting, err);
}

static int look_in_vault(struct putting *putting, struct err *err)
{
	struct err why = ERR_INIT;
	int rc;

	if (putting->to.job->sink)
		return 0;
	rc = view_open(putting->to.job->vault,
		       putting->to.source->construct, &putting->view, &why);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc < 0)
		return err_copy(err, rc, &why);
	rc = look_in_view(putting, err);
	view_free(putting->view);
	return rc;
}

int awaited_put(struct import_job *job, struct import_source *source,
		const struct awaited_file *file, bool *out_is_found,
		struct err *err)
{
	struct putting putting = { .to = { job, source, file } };
	int rc = awaited_open(job, err);

	if (rc == 0)
		rc = put_named(&putting, err);
	if (rc == 0 && !putting.is_found)
		rc = look_in_vault(&putting, err);
	*out_is_found = putting.is_found;
	return rc;
}

int awaited_read(struct import_job *job, struct import_source *source,
		 const struct awaited_file *about, struct err *err)
{
	struct awaited_file file = *about;
	bool is_found = false;
	int rc = whole_load(source, WHOLE_MAX_BYTES, err);

	if (rc)
		return rc;
	file.bytes = buf_span(&source->input.head);
	file.media = media_of_file(file.name.at, file.bytes);
	rc = awaited_put(job, source, &file, &is_found, err);
	if (rc < 0 || is_found)
		return rc;
	/* It is looked at again when its session has come. */
	source->is_unfinished = true;
	return import_leave_out(source, "what a tool gave, of a call that is "
				"in no session here: it comes with its "
				"session", NULL, err);
}
